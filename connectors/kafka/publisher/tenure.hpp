#pragma once
#include "connectors/kafka/publisher/event_topics.hpp"
#include "connectors/kafka/publisher/publisher.hpp"
#include "connectors/kafka/publisher/state_topics.hpp"

namespace o2c::kafka {

/// One attempt at publishing a lane, from the question where to go on to the first failure. It is shown the journal from entry 1 on: which
/// number an event has and what day it is for a company follow from all that came before.
/// threads  one.
class Tenure {
 public:
  /// Asks the partitions where they stand, and publishes the schema if it is not there.
  /// errors  as of EventTopics, StateTopics. The outbox outlives the tenure.
  static Result<std::unique_ptr<Tenure>> open(const PublisherOptions& options, LaneId lane, Outbox& outbox,
                                              Follower& models, const std::atomic<bool>& stopping);

  /// Last entry that was shown.
  std::uint64_t position() const { return standing_.entry_seq; }
  /// The entry behind it. State rows only once settled.
  Result<void> publish(const FrameView& entry);
  /// Call once, at the end of the journal: brings the state topics to that position.
  Result<void> settle();
  /// Once settled, now and then. returns  rows written again.
  Result<std::uint64_t> watch() { return state_.watch(days_, standing_, recorded_at_); }

 private:
  Tenure(EventTopics events, StateTopics state) : events_(std::move(events)), state_(std::move(state)) {}

  EventTopics events_;
  StateTopics state_;
  BusinessDays days_;
  Standing standing_;
  Instant recorded_at_;  // of the last entry
  bool settled_ = false;
};

}  // namespace o2c::kafka
