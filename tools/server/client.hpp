#pragma once
#include <filesystem>
#include <memory>

#include "tools/host/access.hpp"

namespace o2c {

/// Connects to `o2c serve` on its Unix socket.
/// errors  not_found: nobody listens there (no socket, or one left behind). unavailable: it listens but does not answer.
Result<std::unique_ptr<Access>> connect_to_server(const std::filesystem::path& socket);

}  // namespace o2c
