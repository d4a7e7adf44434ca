#pragma once
#include <filesystem>
#include <string>

#include "events/base/hash.hpp"
#include "events/base/result.hpp"

namespace o2c::storage {

/// An open file that closes itself. Moved, never copied; empty after a move.
class File {
 public:
  File() = default;
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept;
  ~File();
  int descriptor() const { return descriptor_; }
  explicit operator bool() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

/// open(2) with O_CLOEXEC. errors: not_found when it does not exist, else unavailable.
Result<File> open_file(const std::filesystem::path& path, int flags);
/// The whole range or an error.
Result<void> write_at(const File& file, Bytes bytes, std::uint64_t offset);
/// Makes created and renamed files of a directory survive a power cut.
Result<void> sync_directory(const std::filesystem::path& directory);
/// `unavailable`, with what was tried and the system's reason.
Error system_error(std::string_view what, const std::filesystem::path& path, int number);

}  // namespace o2c::storage
