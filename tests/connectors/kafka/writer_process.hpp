#pragma once
#include <sys/types.h>

#include <filesystem>

#include "tests/support/journal_load.hpp"

namespace o2c::test {

/// A process of o2c_kafka_journal_writer; what it says goes to a listener. It is killed, if it runs, when this ends.
/// threads  one of its own reads what the process says.
class WriterProcess {
 public:
  struct Start {
    std::string topic;
    std::filesystem::path places;
    std::string writer = "a";
    std::filesystem::path turn{};  // file that names the writer whose turn it is; empty: it goes away once it is fenced
  };
  WriterProcess(const Start& start, LoadListener& listener);
  ~WriterProcess();
  WriterProcess(const WriterProcess&) = delete;
  WriterProcess& operator=(const WriterProcess&) = delete;

  void signal(int number) const;
  /// Lets it settle what it sent and end. returns  its exit code; -1 if a signal ended it.
  int stop();
  /// kill -9. Everything that it said has gone to the listener on return.
  void kill();
  bool gone() const { return gone_; }  // it was fenced and went away

 private:
  void listen(LoadListener& listener);
  void hear(const std::string& line, LoadListener& listener);
  int end();

  const std::string writer_;
  pid_t process_ = -1;
  int input_ = -1, output_ = -1;
  std::atomic<bool> gone_{false};
  std::thread thread_;
};

}  // namespace o2c::test
