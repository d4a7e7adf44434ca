#pragma once
#include <filesystem>

#include "events/base/result.hpp"

namespace o2c {

/// O2C-1 through the socket: a server process on `directory` and `clients` connections with `window` commands in flight each; every
/// client sends whole blocks of its own.  returns  commands per second, after the result was checked.
Result<std::uint64_t> run_o2c1_socket(const std::filesystem::path& directory, std::uint64_t cycles, unsigned clients,
                                      unsigned window);

}  // namespace o2c
