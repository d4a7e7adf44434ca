#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <span>

#include "connectors/kafka/commands/commands.hpp"

namespace o2c::kafka {

class LaneForwarder;

/// Sends commands for lanes that another process has through o2c.commands.v1 and waits for their answers on o2c.answers.v1. The lane's owner
/// decides them like any other record, exactly once; the same command sent again, here or there, gets the first answer.
///
/// threads  submit: any. The destructor answers what still waits as `unknown`.
class Forwarder {
 public:
  /// patience  how long a command waits for its answer before it is answered `unknown`.
  explicit Forwarder(CommandsOptions options, std::chrono::milliseconds patience = std::chrono::seconds{15});
  ~Forwarder();
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;

  /// Each request is answered through its sink exactly once: decided (without its entry: lane and seq say which it is), conflict, too_old;
  /// unavailable: it was not sent; busy: too many wait; unknown: it was sent and no answer came.
  void submit(LaneId lane, std::span<Request> requests);

 private:
  const CommandsOptions options_;
  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::map<LaneId, std::unique_ptr<LaneForwarder>> lanes_;  // under mutex_; made with the first command for the lane
};

}  // namespace o2c::kafka
