#include "tests/connectors/kafka/writer_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <sstream>

#include "tests/connectors/kafka/broker.hpp"

namespace o2c::test {

WriterProcess::WriterProcess(const Start& start, LoadListener& listener) : writer_(start.writer) {
  std::array<int, 2> in{}, out{};
  O2C_ASSERT(::pipe2(in.data(), O_CLOEXEC) == 0 && ::pipe2(out.data(), O_CLOEXEC) == 0);
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, in[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
  std::array<std::string, 6> texts{
      O2C_KAFKA_JOURNAL_WRITER, TestBroker::servers(), start.topic, start.places.string(), writer_,
      start.turn.string()};
  std::array<char*, 7> arguments{};
  for (std::size_t i = 0; i < texts.size(); ++i) arguments[i] = texts[i].data();
  const int failed = ::posix_spawn(&process_, arguments[0], &files, nullptr, arguments.data(), environ);
  O2C_ASSERT(failed == 0);
  ::posix_spawn_file_actions_destroy(&files);
  ::close(in[0]);
  ::close(out[1]);
  input_ = in[1];
  output_ = out[0];
  thread_ = std::thread([this, &listener] { listen(listener); });
}

WriterProcess::~WriterProcess() { kill(); }

void WriterProcess::signal(int number) const { O2C_ASSERT(process_ > 0 && ::kill(process_, number) == 0); }

int WriterProcess::stop() {
  ::close(std::exchange(input_, -1));
  return end();
}

void WriterProcess::kill() {
  if (process_ < 0) return;
  signal(SIGKILL);
  end();
}

int WriterProcess::end() {
  thread_.join();  // at the end of its output
  int status = 0;
  ::waitpid(std::exchange(process_, -1), &status, 0);
  for (int* file : {&input_, &output_}) {
    if (*file >= 0) ::close(std::exchange(*file, -1));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void WriterProcess::listen(LoadListener& listener) {
  std::string text;
  std::array<char, 4096> part{};
  for (;;) {
    const ssize_t size = ::read(output_, part.data(), part.size());
    if (size <= 0) return;
    text.append(part.data(), static_cast<std::size_t>(size));
    for (std::size_t end; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1))
      hear(text.substr(0, end), listener);
  }
}

void WriterProcess::hear(const std::string& line, LoadListener& listener) {
  std::istringstream in(line);
  std::string word;
  std::uint64_t first = 0, second = 0;
  in >> word;
  if (word == "gone") {
    gone_ = true;
    return;
  }
  if (word == "refused") return listener.refused(Error{ErrorCode::unavailable, line, Remedy::retry});
  in >> first >> second;
  O2C_ASSERT(!in.fail());
  const SentEntries entries{writer_, first, static_cast<std::size_t>(second)};
  if (word == "opened") return listener.opened(Tip{second, first, {}});
  if (word == "sent") return listener.sent(entries);
  if (word == "durable") return listener.answered(entries, AppendStatus::durable);
  if (word == "fenced") return listener.answered(entries, AppendStatus::fenced);
  O2C_ASSERT(word == "unknown");
  listener.answered(entries, AppendStatus::unknown);
}

}  // namespace o2c::test
