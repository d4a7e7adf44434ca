#pragma once
#include <filesystem>
#include <memory>

#include "engine/ports/state_store.hpp"

namespace o2c {

/// State in a RocksDB database at `path`, made if it is missing. It is a cache: when anything here answers `integrity`, remove the
/// directory and fold the journal again.
/// errors  conflict: somebody has it open. integrity: damaged.
Result<std::unique_ptr<StateStore>> open_rocks_state_store(const std::filesystem::path& path);

}  // namespace o2c
