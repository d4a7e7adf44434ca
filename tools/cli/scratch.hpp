#pragma once
#include <filesystem>
#include <string_view>
#include <utility>

#include "events/base/result.hpp"

namespace o2c {

/// A new directory in the system's place for such, named after what it is for, and gone with its owner, also when the program is interrupted. Never
/// one that was there: process numbers come again, and a killed process leaves its directory half removed.
///
/// The first one makes SIGINT, SIGTERM and SIGHUP wait for a thread of its own, so it is made before any other thread is. A forked child gets them as
/// ever.
class ScratchDirectory {
 public:
  static Result<ScratchDirectory> make(std::string_view purpose);
  ScratchDirectory() = default;
  ScratchDirectory(ScratchDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchDirectory& operator=(ScratchDirectory&& other) noexcept {
    path_.swap(other.path_);
    return *this;
  }
  ~ScratchDirectory();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace o2c
