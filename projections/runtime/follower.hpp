#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "engine/ports/journal.hpp"
#include "projections/runtime/read_models.hpp"

namespace o2c {

/// Keeps read models up with the journal on a thread of its own, and lets readers wait for a position.
///
/// threads  push: the journal's. with, wait_for: any.
class Follower {
 public:
  explicit Follower(std::uint32_t lanes)
      : lanes_(lanes), models_(std::make_unique<ReadModels>(lanes)), folded_to_(lanes) {}
  ~Follower() { stop(); }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  /// Folds everything durable of the journal from where the models stand, on the calling thread, while nobody looks at them yet.
  Result<void> catch_up(Journal& journal);
  /// Follows batches from now on; entries that are folded already are passed over. When the fold falls far behind, batches are let go and
  /// read back from `journal`, which outlives this: memory stays bounded, and the journal's thread never waits for a read model.
  void start(Journal& journal);
  void push(const SharedBatch& batch);
  void stop();

  /// Waits until entry `seq` of the lane is folded; false after `patience`.
  bool wait_for(LaneIndex lane, std::uint64_t seq, std::chrono::milliseconds patience);
  /// f sees the models standing still.
  void with(const std::function<void(const ReadModels&)>& f) const;

  /// Builds the models anew from entry 1 beside the live ones, brings both to the same position and compares. On equal hashes the new
  /// ones take over.  returns  the two hashes, live first.  progress: entries done.
  struct Rebuilt {
    Hash32 live, rebuilt;
    std::uint64_t entries = 0;
  };
  Result<Rebuilt> rebuild(Journal& journal, const std::function<void(std::uint64_t)>& progress);

 private:
  void run();
  void fold(const SharedBatch& batch);
  void fold_next(const FrameView& frame);
  void read_back();
  Result<void> read_on(Journal& journal);
  void tell_folded();
  const std::uint32_t lanes_;
  Journal* journal_ = nullptr;
  // The order of the locks: whoever folds, then the models', then the journal's own, or the queue's. A journal may call its sinks under its own,
  // so a sink here locks nothing.
  std::mutex folding_mutex_;  // held by the one who changes the models
  mutable std::shared_mutex models_mutex_;
  std::unique_ptr<ReadModels> models_;
  std::mutex queue_mutex_;
  std::condition_variable arrived_, folded_;
  std::vector<std::uint64_t> folded_to_;  // by lane: what those who wait are told
  std::deque<SharedBatch> queue_;
  bool behind_ = false;  // batches were let go
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace o2c
