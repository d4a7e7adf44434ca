#pragma once
#include "connectors/kafka/public/resume.hpp"
#include "connectors/kafka/publisher/outbox.hpp"
#include "connectors/kafka/topics/topics.hpp"
#include "engine/ports/journal.hpp"
#include "events/codec/frame.hpp"

namespace o2c::kafka {

/// One lane's partitions of the two event topics: each goes on behind the furthest record that lies there.
///
/// Only the last records are looked at. Should all of them be late ones of a former publisher, this one repeats what lies before them: a
/// number that is found stands behind all smaller ones, so going on too early repeats, and nothing can be left out.
/// threads  one.
class EventTopics {
 public:
  /// Asks both partitions where to go on.
  /// errors  unavailable; integrity: records that are none of ours.
  static Result<EventTopics> open(const ClientConfig& config, const TopicPlan& topics, LaneId lane, Outbox& outbox,
                                  const std::atomic<bool>& stopping);

  /// The lane's next entry, from the first one on; `first_sequence` is that of its first event. Sends what is not published yet.
  /// errors  integrity: what lies in a topic does not come from this journal, or the entry holds an unknown event. unavailable.
  Result<void> publish(const FrameView& entry, std::uint64_t first_sequence);

  /// Call with the journal's last entry: no topic may know of a later one.
  /// errors  integrity.
  Result<void> check_end(std::uint64_t entry_seq) const;

 private:
  struct Topic {
    std::string name;
    Outbox::Partition to;
    ResumePoint at;  // what is published next
  };
  EventTopics(Outbox& outbox, Topic binary, Topic json)
      : outbox_(&outbox), binary_(std::move(binary)), json_(std::move(json)) {}
  static Result<Topic> open_topic(const ClientConfig& config, const std::string& name, LaneId lane, Outbox& outbox,
                                  const std::atomic<bool>& stopping);
  static Result<bool> wants(const Topic& topic, const FrameView& entry, std::uint64_t first_sequence);
  Result<void> send(Topic& topic, const FrameView& entry, std::span<const PublicRecord> records);

  Outbox* outbox_;
  Topic binary_, json_;
};

}  // namespace o2c::kafka
