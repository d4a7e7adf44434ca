// Directories that a verb needs while it runs.
#include "tools/cli/scratch.hpp"

#include <stdlib.h>

#include <cerrno>
#include <string>

#include <fmt/format.h>

#include "engine/storage/posix_file.hpp"

namespace o2c {

Result<std::filesystem::path> make_scratch_directory(std::string_view purpose) {
  std::error_code failed;
  const std::filesystem::path place = std::filesystem::temp_directory_path(failed);
  if (failed) return Error{ErrorCode::unavailable, fmt::format("no directory for scratch files: {}", failed.message())};
  std::string made = (place / fmt::format("o2c-{}-XXXXXX", purpose)).string();
  if (mkdtemp(made.data()) == nullptr) return storage::system_error("cannot create", made, errno);
  return std::filesystem::path(made);
}

}  // namespace o2c
