#include "connectors/kafka/publisher/tenure.hpp"

#include "connectors/kafka/public/events.hpp"
#include "connectors/kafka/public/schemas.hpp"
#include "connectors/kafka/publisher/read_to_end.hpp"
#include "events/base/money.hpp"

namespace o2c::kafka {
namespace {

/// Any owner of any lane, unless it lies there already: it may be the first of a new version. Two at once write the same.
Result<void> publish_schema(const PublisherOptions& options, Outbox& outbox, const std::atomic<bool>& stopping) {
  const std::string name = topic_name(options.topics, TopicKind::schemas);
  const PublicRecord schema = public_schema_record();
  auto reader = PartitionReader::open(options.client, name, 0, 0);
  if (!reader) return reader.error();
  bool is_there = false;
  const auto look = [&](const Record& record) -> Result<void> {
    if (text_of(record.key) == schema.key) is_there = text_of(record.value) == *schema.value;
    return {};
  };
  if (auto read = read_to_end(**reader, all_records, look, stopping); !read || is_there) return read;
  const auto to = outbox.partition(name, 0);
  if (!to) return to.error();
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return outbox.send(*to, schema, 1, Instant{std::chrono::duration_cast<std::chrono::microseconds>(now).count()});
}

}  // namespace

Result<std::unique_ptr<Tenure>> Tenure::open(const PublisherOptions& options, LaneId lane, Outbox& outbox,
                                             Follower& models, const std::atomic<bool>& stopping) {
  auto events = EventTopics::open(options.client, options.topics, lane, outbox, stopping);
  if (!events) return events.error();
  auto state = StateTopics::open(options.client, options.topics, lane, outbox, models, stopping);
  if (!state) return state.error();
  if (auto published = publish_schema(options, outbox, stopping); !published) return published.error();
  return std::unique_ptr<Tenure>{new Tenure{std::move(*events), std::move(*state)}};
}

Result<void> Tenure::publish(const FrameView& entry) {
  O2C_ASSERT(entry.entry->seq() == standing_.entry_seq + 1);
  const std::uint64_t first_sequence = standing_.sequence + 1;
  const std::uint64_t events = event_count(entry);
  ++standing_.entry_seq;
  standing_.sequence += events;
  if (events > 0) standing_.last_event = standing_.entry_seq;
  recorded_at_ = from_fb(*entry.entry->recorded_at());
  const auto day = days_.pass(entry);
  if (auto published = events_.publish(entry, first_sequence); !published) return published;
  return settled_ && day ? state_.publish(entry, *day, standing_) : Result<void>{};
}

Result<void> Tenure::settle() {
  if (auto checked = events_.check_end(standing_.entry_seq); !checked) return checked;
  if (auto settled = state_.settle(days_, standing_, recorded_at_); !settled) return settled;
  settled_ = true;
  return {};
}

}  // namespace o2c::kafka
