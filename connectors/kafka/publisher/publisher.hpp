#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "connectors/kafka/topics/topics.hpp"
#include "projections/runtime/follower.hpp"

namespace o2c::kafka {

class LanePublisher;

struct PublisherOptions {
  ClientConfig client;
  TopicPlan topics;  // a checked one
};

/// How far one lane's public topics are, for metrics.
struct PublishedLane {
  enum class Phase {
    resuming,     // asks its partitions where it was
    catching_up,  // reads the journal; the state topics rest
    live,         // publishes entries as they become durable
  };
  LaneId lane = 0;
  Phase phase = Phase::resuming;
  std::uint64_t published = 0;        // every record of the entries up to this one has arrived
  std::uint64_t durable = 0;          // newest entry that it knows of
  std::uint64_t records = 0;          // arrived since the lane was taken
  std::uint64_t records_waiting = 0;  // handed to the client, not arrived yet: bounded by its queue
  std::uint64_t rows_repaired = 0;    // written again because an older row had landed behind them
  std::uint64_t failures = 0;         // how often it began anew
  std::string error;                  // why it does not go on just now; empty: it does
  std::uint64_t lag_entries() const { return durable > published ? durable - published : 0; }
};
std::string_view name_of(PublishedLane::Phase phase);

/// Publishes the lanes that this process owns to the public topics (connectors/kafka/README.md), each on a thread of its own with clients of
/// its own: a lane that waits holds up no other.
///
/// Where it goes on is read from the lane's own partitions, so nothing is kept here and any process may take a lane over. Events are sent in
/// order without a gap: the client keeps a record until the brokers have it, however long that takes, and a record that they refuse for good
/// ends the attempt; the next one begins behind what lies there. State topics are compared with the read models when a lane is taken and
/// followed from then on, see StateTopic.
///
/// When the brokers are slow or away it waits: memory holds the client's queue and some megabytes of batches; what came meanwhile is read back
/// from the journal. Whatever goes wrong is said in `status` and tried again until the lane is released.
///
/// owner    journal and models outlive it. The models are followed by somebody else; rows are asked of them as they were at each entry.
/// threads  push: the journal's, it never waits for a broker. take, release, status: any.
class Publisher {
 public:
  Publisher(PublisherOptions options, Journal& journal, Follower& models);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  /// Begins to publish a lane; nothing happens if it does already. Everything durable is published, whether it was pushed or not.
  void take(LaneId lane);
  /// Ends it and waits for that: a second for what is on its way, and for a question to the brokers that was just asked. The next owner goes on
  /// wherever this stops.
  void release(LaneId lane);

  /// A batch that became durable, in order per lane; those of lanes that are not taken are let go.
  void push(const SharedBatch& batch);

  /// Of the lanes that are taken, by number.
  std::vector<PublishedLane> status() const;

 private:
  const PublisherOptions options_;
  Journal& journal_;
  Follower& models_;
  mutable std::mutex mutex_;
  std::map<LaneId, std::shared_ptr<LanePublisher>> lanes_;  // under mutex_
};

}  // namespace o2c::kafka
