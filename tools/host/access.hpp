#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "engine/runtime/request.hpp"
#include "projections/runtime/report.hpp"
#include "tools/host/queries.hpp"
#include "tools/host/settings.hpp"

namespace o2c {

/// How the verbs reach an instance: through the socket of a running `o2c serve`, or by opening the directory themselves.
///
/// threads  one at a time.
class Access {
 public:
  /// One command's answer. The reply's frame lives as long as the call.
  using OnAnswer = std::function<void(std::size_t index, const Reply& reply)>;

  virtual ~Access() = default;
  /// Submits in order, many in flight, and waits until every one is answered. Commands are checked ones (check_command).
  virtual Result<void> submit(std::span<const Request> commands, const OnAnswer& on_answer) = 0;
  /// As submit, on a private copy: what would be answered. Nothing is appended.
  virtual Result<void> rehearse(std::span<const Request> commands, const OnAnswer& on_answer) = 0;
  virtual Result<Answer> query(std::string_view name, const Parameters& parameters) = 0;
  /// The entry as a sealed frame, 8-byte aligned words; empty when there is none.
  virtual Result<std::vector<std::uint64_t>> entry(LaneId lane, std::uint64_t seq) = 0;
  virtual std::uint32_t lanes() = 0;
  /// The instance itself when this process has it open; null through the socket.
  virtual Instance* local() { return nullptr; }
};

enum class AccessMode { read, write, create };  // create: a missing directory is made
/// The socket of the directory when a server listens there, else the directory.
Result<std::unique_ptr<Access>> open_access(const std::filesystem::path& data, AccessMode mode,
                                            const Settings& settings = {});

struct InstanceOptions;
/// Opens the instance of a directory, and waits a few seconds while another verb has it. A server that listens there is not waited for.
/// errors  as of Instance::open.
Result<std::unique_ptr<Instance>> open_when_free(const InstanceOptions& options);

/// The socket only; null when no server listens there.
Result<std::unique_ptr<Access>> server_access(const std::filesystem::path& data);

/// DIR/o2c.sock
std::filesystem::path socket_path(const std::filesystem::path& data);

}  // namespace o2c
