#pragma once
#include "engine/storage/posix_file.hpp"

namespace o2c::storage {

/// Keeps a second process (or a second journal of this one) out of a data directory; held until destroyed. The kernel lets go of it when
/// the process ends in whatever way, so no stale lock can be left behind.
class DirectoryLock {
 public:
  /// Creates `directory`/lock if needed and writes this process id into it.
  /// errors  conflict, naming the process that holds it.
  static Result<DirectoryLock> acquire(const std::filesystem::path& directory);

 private:
  explicit DirectoryLock(File file) : file_(std::move(file)) {}
  File file_;
};

}  // namespace o2c::storage
