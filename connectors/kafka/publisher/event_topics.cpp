#include "connectors/kafka/publisher/event_topics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/kafka/public/events.hpp"
#include "connectors/kafka/publisher/read_to_end.hpp"
#include "events/base/money.hpp"

namespace o2c::kafka {
namespace {

constexpr std::int64_t tail_records = 2'000;

Headers resume_headers(const Record& record) {
  Headers headers;
  for (const auto* name : {"ce_sequence", "ce_entryseq", "ce_eventindex"}) {
    if (const auto value = record.header(name)) headers.emplace_back(name, std::string(text_of(*value)));
  }
  return headers;
}

}  // namespace

Result<EventTopics> EventTopics::open(const ClientConfig& config, const TopicPlan& topics, LaneId lane, Outbox& outbox,
                                      const std::atomic<bool>& stopping) {
  auto binary = open_topic(config, topic_name(topics, TopicKind::events), lane, outbox, stopping);
  if (!binary) return binary.error();
  auto json = open_topic(config, topic_name(topics, TopicKind::events_json), lane, outbox, stopping);
  if (!json) return json.error();
  return EventTopics{outbox, std::move(*binary), std::move(*json)};
}

Result<EventTopics::Topic> EventTopics::open_topic(const ClientConfig& config, const std::string& name, LaneId lane,
                                                   Outbox& outbox, const std::atomic<bool>& stopping) {
  auto reader = PartitionReader::open(config, name, static_cast<std::int32_t>(lane), 0);
  if (!reader) return reader.error();
  std::vector<Headers> tail;
  const auto keep = [&tail](const Record& record) -> Result<void> {
    tail.push_back(resume_headers(record));
    return {};
  };
  if (auto read = read_to_end(**reader, tail_records, keep, stopping); !read) return read.error();
  const auto point = resume_after(tail);
  if (!point) return integrity(fmt::format("{}[{}]: {}", name, lane, point.error().message));
  const auto to = outbox.partition(name, static_cast<std::int32_t>(lane));
  if (!to) return to.error();
  return Topic{fmt::format("{}[{}]", name, lane), *to, *point};
}

Result<void> EventTopics::publish(const FrameView& entry, std::uint64_t first_sequence) {
  const auto binary = wants(binary_, entry, first_sequence), json = wants(json_, entry, first_sequence);
  if (!binary) return binary.error();
  if (!json) return json.error();
  if (!*binary && !*json) return {};
  const auto records = events_records(entry, first_sequence);
  if (!records) return records.error();
  if (*binary) {
    if (auto sent = send(binary_, entry, *records); !sent) return sent;
  }
  if (*json) {
    if (auto sent = send(json_, entry, events_json_records(*records)); !sent) return sent;
  }
  return {};
}

/// Whether the topic lacks some of the entry's events.
Result<bool> EventTopics::wants(const Topic& topic, const FrameView& entry, std::uint64_t first_sequence) {
  const std::uint64_t seq = entry.entry->seq(), count = event_count(entry);
  if (seq < topic.at.entry_seq) return false;
  if (seq == topic.at.entry_seq && (topic.at.first_sequence() != first_sequence || topic.at.events_done > count))
    return integrity(fmt::format("{}: its event {} comes from another journal: here entry {} has {} events from {} on",
                                 topic.name, topic.at.next_sequence - 1, seq, count, first_sequence));
  return count > (seq == topic.at.entry_seq ? topic.at.events_done : 0);
}

Result<void> EventTopics::send(Topic& topic, const FrameView& entry, std::span<const PublicRecord> records) {
  const std::uint64_t seq = entry.entry->seq();
  const std::uint32_t done = seq == topic.at.entry_seq ? topic.at.events_done : 0;
  for (const PublicRecord& record : records.subspan(done)) {
    if (auto sent = outbox_->send(topic.to, record, seq, from_fb(*entry.entry->recorded_at())); !sent) return sent;
  }
  topic.at = {topic.at.next_sequence + records.size() - done, seq, static_cast<std::uint32_t>(records.size())};
  return {};
}

Result<void> EventTopics::check_end(std::uint64_t entry_seq) const {
  for (const Topic* topic : {&binary_, &json_}) {
    if (topic->at.entry_seq <= std::max<std::uint64_t>(entry_seq, 1)) continue;
    return integrity(fmt::format("{}: it holds an event of entry {}, the journal ends with entry {}", topic->name,
                                 topic->at.entry_seq, entry_seq));
  }
  return {};
}

}  // namespace o2c::kafka
