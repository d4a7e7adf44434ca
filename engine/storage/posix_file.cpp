#include "engine/storage/posix_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace o2c::storage {

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}
File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Error system_error(std::string_view what, const std::filesystem::path& path, int number) {
  const bool forbidden = number == EACCES || number == EPERM || number == EROFS;
  const ErrorCode code = number == ENOENT ? ErrorCode::not_found
                         : forbidden      ? ErrorCode::not_allowed
                                          : ErrorCode::unavailable;
  return {code, fmt::format("{} {}: {}", what, path.string(), std::generic_category().message(number)),
          Remedy::fix_first};
}

Result<File> open_file(const std::filesystem::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0640);
  if (descriptor < 0) return system_error("cannot open", path, errno);
  return File(descriptor);
}

Result<void> write_at(const File& file, Bytes bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file.descriptor(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return system_error("cannot write", "file", written < 0 ? errno : ENOSPC);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

Result<void> sync_directory(const std::filesystem::path& directory) {
  const Result<File> opened = open_file(directory, O_RDONLY | O_DIRECTORY);
  if (!opened) return opened.error();
  if (::fsync(opened->descriptor()) != 0) return system_error("cannot sync directory", directory, errno);
  return {};
}

}  // namespace o2c::storage
