#pragma once

#include <filesystem>
#include <string_view>

#include "events/base/result.hpp"

namespace o2c {

/// A new empty directory in the system's place for such, named after what it is for; the caller removes it. Never one that
/// was there: process numbers come again, and a killed process leaves its directory half removed.
[[nodiscard]] Result<std::filesystem::path> make_scratch_directory(std::string_view purpose);

}  // namespace o2c
