#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "connectors/kafka/client/group_member.hpp"
#include "engine/ports/journal.hpp"
#include "tools/host/settings.hpp"

namespace o2c {

/// Which lanes of a journal this process is to have: those that the group of its processes names, none before.
///
/// threads  is_named, wait_for_any: any. join, leave: the owner's.
class LaneShare {
 public:
  explicit LaneShare(std::uint32_t lanes) : named_(lanes) {}
  ~LaneShare() { leave(); }

  bool is_named(LaneId lane) const { return named_[lane].load(std::memory_order_acquire); }

  /// Called one at a time, from a thread of the group's. A lane is named before `gained` and not any more before `given_up` is called; another
  /// process gets it when `given_up` returns.
  struct Callbacks {
    std::function<void(LaneId)> gained, given_up;
  };
  /// Joins the group in the background.
  /// errors  invalid_input: the configuration.
  Result<void> join(const KafkaSettings& settings, Callbacks callbacks);
  /// Waits until the group has named lanes.  returns  whether it has.
  bool wait_for_any(std::chrono::milliseconds patience);
  /// Gives up all lanes and leaves. Idempotent.
  void leave();

 private:
  void name(std::span<const std::int32_t> lanes);
  void give_up(std::span<const std::int32_t> lanes);

  std::vector<std::atomic<bool>> named_;
  Callbacks callbacks_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool any_ = false;
  std::unique_ptr<kafka::GroupMember> member_;
};

}  // namespace o2c
