#include "engine/storage/directory_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace o2c::storage {
namespace {

/// What the holder wrote; only for people, the lock itself is the kernel's.
std::string holder_of(const File& file) {
  std::array<char, 24> text{};
  const ssize_t size = ::pread(file.descriptor(), text.data(), text.size(), 0);
  std::string pid(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  pid.erase(std::find_if_not(pid.begin(), pid.end(), [](char c) { return c >= '0' && c <= '9'; }), pid.end());
  return pid.empty() ? "another process" : "process " + pid;
}

}  // namespace

Result<DirectoryLock> DirectoryLock::acquire(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / "lock";
  Result<File> file = open_file(path, O_RDWR | O_CREAT);
  if (!file) return file.error();
  if (::flock(file->descriptor(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return system_error("cannot lock", path, errno);
    return Error{ErrorCode::conflict,
                 fmt::format("data directory {} is in use by {}", directory.string(), holder_of(*file)),
                 Remedy::fix_first};
  }
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file->descriptor(), 0) != 0) return system_error("cannot write", path, errno);
  if (auto written = write_at(*file, bytes_of(pid), 0); !written) return written.error();
  return DirectoryLock(std::move(*file));
}

}  // namespace o2c::storage
