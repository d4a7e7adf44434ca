// Directories that a verb needs while it runs.
#include "tools/cli/scratch.hpp"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include <fmt/format.h>

#include "engine/storage/posix_file.hpp"

namespace o2c {
namespace {

std::mutex guard;
std::set<std::filesystem::path> directories;  // under the lock

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
  return set;
}

void let_signals_through() {
  const sigset_t set = ending_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

/// A child that is ending too may still write, so a directory may have to be removed again; a second at most. Under the lock.
void remove_all_directories() {
  for (const auto& directory : directories) {
    std::error_code failed;
    for (int tries = 0; tries < 50; ++tries) {
      std::filesystem::remove_all(directory, failed);
      if (!std::filesystem::exists(directory)) break;
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
  }
}

/// Waits for the signal that ends the program, cleans up, and lets it end the program. The lock is not given back: whoever would remove a directory
/// now, on its way to another exit code, waits for the end.
void await_end() {
  const sigset_t set = ending_signals();
  int received = SIGTERM;
  sigwait(&set, &received);
  guard.lock();
  remove_all_directories();
  signal(received, SIG_DFL);
  let_signals_through();
  kill(getpid(), received);
}

void watch_signals() {
  static std::once_flag once;
  std::call_once(once, [] {
    const sigset_t set = ending_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    pthread_atfork(nullptr, nullptr, let_signals_through);  // the thread that waits for them is not in a child
    std::thread(await_end).detach();
  });
}

}  // namespace

Result<ScratchDirectory> ScratchDirectory::make(std::string_view purpose) {
  std::error_code failed;
  const std::filesystem::path place = std::filesystem::temp_directory_path(failed);
  if (failed) return Error{ErrorCode::unavailable, fmt::format("no directory for scratch files: {}", failed.message())};
  watch_signals();
  std::string made = (place / fmt::format("o2c-{}-XXXXXX", purpose)).string();
  const std::lock_guard lock(guard);
  if (mkdtemp(made.data()) == nullptr) return storage::system_error("cannot create", made, errno);
  ScratchDirectory directory;
  directory.path_ = made;
  directories.insert(directory.path_);
  return directory;
}

ScratchDirectory::~ScratchDirectory() {
  if (path_.empty()) return;
  const std::lock_guard lock(guard);
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
  directories.erase(path_);
}

}  // namespace o2c
