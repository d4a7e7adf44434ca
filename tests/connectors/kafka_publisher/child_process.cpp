#include "tests/connectors/kafka_publisher/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

extern char** environ;

namespace o2c::test {

ChildProcess::ChildProcess(const std::vector<std::string>& command) {
  std::array<int, 2> in{}, out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  std::vector<char*> arguments;
  for (const std::string& each : command) arguments.push_back(const_cast<char*>(each.c_str()));
  arguments.push_back(nullptr);
  const int code = ::posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]), ::close(out[1]);
  input_ = in[1], output_ = out[0];
  if (code != 0) throw std::runtime_error("cannot start " + command[0]);
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {
    signal(SIGKILL);
    reap();
  }
  if (input_ >= 0) ::close(input_);
  ::close(output_);
}

bool ChildProcess::says(const std::string& text, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (said_.find(text) == std::string::npos) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd output{output_, POLLIN, 0};
    if (::poll(&output, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0))) <= 0) return false;
    std::array<char, 256> bytes{};
    const auto count = ::read(output_, bytes.data(), bytes.size());
    if (count <= 0) return false;
    said_.append(bytes.data(), static_cast<std::size_t>(count));
  }
  return true;
}

void ChildProcess::signal(int number) const { ::kill(pid_, number); }

int ChildProcess::finish() {
  ::close(std::exchange(input_, -1));
  reap();
  return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
}

void ChildProcess::reap() {
  ::waitpid(pid_, &status_, 0);
  pid_ = -1;
}

}  // namespace o2c::test
