#pragma once
#include <condition_variable>
#include <deque>
#include <thread>

#include "connectors/kafka/publisher/tenure.hpp"

namespace o2c::kafka {

/// Publishes one lane on a thread of its own: one tenure after another until it is stopped.
/// threads  push, status, stop: any. wait and the destructor: one.
class LanePublisher {
 public:
  LanePublisher(const PublisherOptions& options, Journal& journal, Follower& models, LaneId lane);
  ~LanePublisher();
  LanePublisher(const LanePublisher&) = delete;
  LanePublisher& operator=(const LanePublisher&) = delete;

  /// Keeps the batch, or lets go of all when they are too many: then they are read back.
  void push(const SharedBatch& batch);
  PublishedLane status() const;
  void stop();
  void wait();

 private:
  void run();
  /// Publishes until something fails or it is stopped.
  Result<void> hold_tenure();
  Result<void> catch_up(Tenure& tenure);
  Result<void> publish_pushed(Tenure& tenure);
  Result<void> publish(Tenure& tenure, const FrameBatch& batch);
  void enter(PublishedLane::Phase phase);
  void pause(std::chrono::milliseconds time);

  const PublisherOptions& options_;
  Journal& journal_;
  Follower& models_;
  const LaneId lane_;
  std::atomic<bool> stopping_{false};

  mutable std::mutex mutex_;  // guards what lies below
  std::condition_variable news_;
  std::deque<SharedBatch> pushed_;
  std::size_t pushed_bytes_ = 0;
  bool behind_ = false;  // batches were let go
  PublishedLane status_;
  std::uint64_t walked_ = 0;          // last entry whose records were all handed to the outbox
  std::uint64_t arrived_before_ = 0;  // in former tenures
  std::shared_ptr<Outbox> outbox_;    // of the tenure; none between two

  std::chrono::steady_clock::time_point looked_at_{};  // when the thread last read the journal
  std::thread thread_;
};

}  // namespace o2c::kafka
