#include <gtest/gtest.h>

#include <set>

#include "connectors/kafka/public/events.hpp"
#include "connectors/kafka/public/keys.hpp"
#include "events/base/money.hpp"
#include "tests/connectors/kafka_public/samples.hpp"

namespace o2c::test {
namespace {

using kafka::find_header;
using kafka::PublicRecord;

std::vector<PublicRecord> records_of(const FrameView& frame, std::uint64_t first_sequence) {
  auto records = kafka::events_records(frame, first_sequence);
  EXPECT_TRUE(records.has_value()) << records.error().message;
  return *std::move(records);
}

const fb::PublicEvent& event_in(const PublicRecord& record) {
  flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t*>(record.value->data()), record.value->size());
  EXPECT_TRUE(verifier.VerifyBuffer<fb::PublicEvent>(nullptr));
  return *flatbuffers::GetRoot<fb::PublicEvent>(record.value->data());
}

std::string data_in(const PublicRecord& json) {
  const std::size_t begin = json.value->find(R"("data":)") + 7;
  return json.value->substr(begin, json.value->size() - 1 - begin);
}

TEST(GivenEveryTypeOfEvent, WhenPublishedThenBothTopicsSayTheSame) {
  Frames frames(3);
  std::set<std::string> types;
  for (const EntrySpec& spec : sample_entries()) {
    const FrameView frame = frames.add(spec);
    const fb::Event& stored = *frame.entry->events()->Get(0);
    SCOPED_TRACE(event_name(stored.body_type()));
    const auto records = records_of(frame, frame.entry->seq());
    ASSERT_EQ(records.size(), 1U);
    const fb::PublicEvent& event = event_in(records[0]);
    types.emplace(event_name(event.body_type()));
    EXPECT_EQ(event.body_type(), stored.body_type());
    EXPECT_EQ(event.company()->str(), spec.company);
    EXPECT_EQ(event.sequence(), frame.entry->seq());
    EXPECT_EQ(event.lane(), 3U);
    EXPECT_EQ(event.stream_version(), stored.stream_version());
    EXPECT_EQ(from_fb(*event.occurred_on()), from_fb(*stored.occurred_on()));
    EXPECT_EQ(from_fb(*event.posted_on()), from_fb(*stored.posted_on()));
    EXPECT_EQ(Id16::from(*event.id()), event_id(Id16::from(*frame.command->command_id()), 0));

    const auto json = kafka::events_json_records(records);
    ASSERT_EQ(json.size(), 1U);
    EXPECT_EQ(json[0].key, records[0].key);
    fmt::memory_buffer text;
    append_json(text, &event, "PublicEvent");
    EXPECT_EQ(data_in(json[0]), fmt::to_string(text));
    for (const auto& [name, value] : records[0].headers) {
      if (name == "content-type") continue;
      EXPECT_EQ(find_header(json[0].headers, name), value);
    }
  }
  EXPECT_EQ(types.size(), static_cast<std::size_t>(fb::EventBody::MAX)) << "a type of event without a sample";
}

TEST(GivenRecord, WhenReadAsCloudEventThenEachAttributeIsAllowed) {
  Frames frames;
  const auto records = records_of(frames.add(sample_entries().at(0)), 1);
  std::set<std::string> names;
  for (const auto& [name, value] : records.at(0).headers) {
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_FALSE(value.empty()) << name;
    if (name == "content-type") continue;
    ASSERT_TRUE(name.starts_with("ce_")) << name;
    EXPECT_LE(name.size() - 3, 20U) << name;
    for (const char c : name.substr(3)) EXPECT_TRUE((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) << name;
  }
  for (const char* required : {"ce_id", "ce_source", "ce_specversion", "ce_type", "ce_sequence", "ce_correlationid",
                               "ce_causationid", "ce_subject", "ce_time", "ce_dataschema"}) {
    EXPECT_TRUE(names.contains(required)) << required;
  }
  EXPECT_EQ(find_header(records[0].headers, "ce_source"), "/companies/%E5%AE%A2%E6%88%B7%2F1");
}

TEST(GivenEntriesWithNoneOneAndSeveralEvents, WhenPublishedThenSequenceIsDense) {
  const auto samples = sample_entries();
  const auto take = [&samples](std::size_t from, std::size_t count) {
    EntrySpec spec;
    for (std::size_t i = 0; i < count; ++i) spec.events.push_back(samples.at(from + i).events.front());
    return spec;
  };
  Frames frames;
  const std::vector<FrameView> entries = {frames.add_lane_opened(), frames.add(take(0, 3)),   frames.add(take(0, 0)),
                                          frames.add(take(5, 1)),   frames.add_lane_opened(), frames.add(take(9, 7))};
  std::uint64_t next = 1;
  std::string last;
  std::set<std::string> ids;
  for (const FrameView& entry : entries) {
    const auto records = records_of(entry, next);
    EXPECT_EQ(records.size(), kafka::event_count(entry));
    for (const PublicRecord& record : records) {
      const std::string sequence(find_header(record.headers, "ce_sequence"));
      EXPECT_EQ(event_in(record).sequence(), next);
      EXPECT_EQ(sequence, fmt::format("{:020}", next++));
      EXPECT_LT(last, sequence);  // as texts
      EXPECT_TRUE(ids.emplace(find_header(record.headers, "ce_id")).second);
      last = sequence;
    }
  }
  EXPECT_EQ(next, 12U);
}

TEST(GivenEntry, WhenPublishedTwiceThenSameRecords) {
  Frames frames;
  const FrameView entry = frames.add(sample_entries().at(20));
  EXPECT_EQ(records_of(entry, 5), records_of(entry, 5));
}

TEST(GivenEntryOfATimer, WhenPublishedThenTheSystemActed) {
  Frames frames;
  EntrySpec spec = sample_entries().at(0);
  for (const auto& [source, actor] : {std::pair{"timer", "system"},
                                      {"message", "system"},
                                      {"api", "app_user"},
                                      {"file", "app_user"},
                                      {"topic", "app_user"},
                                      {"", "app_user"}}) {
    spec.source = source;
    EXPECT_EQ(find_header(records_of(frames.add(spec), 1).at(0).headers, "ce_authtype"), actor) << source;
  }
}

TEST(GivenIdsWithSlashes, WhenMadeIntoKeysThenNoTwoAreTheSame) {
  const std::set<std::string> keys = {kafka::key_of({"A", "order", "B/C"}), kafka::key_of({"A", "order/B", "C"}),
                                      kafka::key_of({"A/order", "B", "C"}), kafka::key_of({"A", "order", "B%2FC"}),
                                      kafka::key_of({"A", "order", "B", "C"})};
  EXPECT_EQ(keys.size(), 5U);
  EXPECT_EQ(kafka::key_of({"ACME", "invoice", "INV-1"}), "ACME/invoice/INV-1");
}

TEST(GivenEventOfALaterVersion, WhenPublishedThenRefusedAndNamed) {
  Frames frames;
  const FrameView entry = frames.add(sample_entries().at(0));
  auto& event = const_cast<fb::Event&>(*entry.entry->events()->Get(0));
  auto* type = const_cast<std::uint8_t*>(
      reinterpret_cast<const flatbuffers::Table&>(event).GetAddressOf(fb::Event::VT_BODY_TYPE));
  *type = 250;
  const auto records = kafka::events_records(entry, 1);
  ASSERT_FALSE(records.has_value());
  EXPECT_EQ(records.error().code, ErrorCode::integrity);
  EXPECT_EQ(records.error().message, "entry 1: event 0 is of type 250, which this program does not know");
}

}  // namespace
}  // namespace o2c::test
