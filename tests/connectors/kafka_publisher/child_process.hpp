#pragma once
#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace o2c::test {

/// A program that runs beside the test, with its input and output in pipes. Gone at the latest with its owner.
class ChildProcess {
 public:
  explicit ChildProcess(const std::vector<std::string>& command);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Whether its output holds this text now or within `patience`.
  bool says(const std::string& text, std::chrono::milliseconds patience);
  void signal(int number) const;
  /// Ends its input and waits for its end.  returns  its exit code; -1: it did not end of itself.
  int finish();

 private:
  void reap();

  pid_t pid_ = -1;
  int input_ = -1, output_ = -1, status_ = 0;
  std::string said_;
};

}  // namespace o2c::test
