#pragma once
#include <atomic>
#include <filesystem>
#include <functional>

#include "tools/host/instance.hpp"

namespace o2c {

/// Serves an instance on a Unix socket until `stop` is set: commands (binary, pipelined), queries, entries. The socket is readable by
/// its owner only; it is removed at the end. `ready` is called once clients can connect. A frame is: length, kind (u32), tag (u64), then the payload, little endian.
Result<void> serve(Instance& instance, const std::filesystem::path& socket, const std::atomic<bool>& stop,
                   const std::function<void()>& ready);

}  // namespace o2c
