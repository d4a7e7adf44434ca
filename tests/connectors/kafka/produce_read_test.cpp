#include <fmt/format.h>
#include <gtest/gtest.h>

#include "connectors/kafka/client/partition_reader.hpp"
#include "tests/connectors/kafka/collector.hpp"

namespace o2c::test {
namespace {

using namespace std::chrono_literals;
using kafka::PartitionReader;
using kafka::ReadStatus;

std::unique_ptr<PartitionReader> reader_at(const std::string& topic, std::int64_t offset) {
  auto reader = PartitionReader::open(TestBroker::config(), topic, 0, offset);
  EXPECT_TRUE(reader) << reader.error().message;
  return std::move(*reader);
}

/// Texts of all records from the reader's position to the end, each checked to follow the one before.
std::vector<std::string> read_to_end(PartitionReader& reader) {
  std::vector<std::string> out;
  for (int polls = 0; polls < 2000; ++polls) {
    const std::int64_t from = reader.position();
    const auto batch = reader.poll(1000, 100ms);
    std::int64_t expected = from;
    for (const auto& record : batch.records) {
      EXPECT_EQ(record.offset, expected++);
      out.emplace_back(text_of(record.value));
    }
    if (batch.status == ReadStatus::end) return out;
    EXPECT_EQ(batch.status, ReadStatus::open) << batch.error.message;
    if (batch.status != ReadStatus::open) return out;
  }
  ADD_FAILURE() << "no end";
  return out;
}

/// The first poll that ends with something else than waiting.
kafka::ReadBatch first_news(PartitionReader& reader) {
  kafka::ReadBatch batch;
  const bool came = eventually([&] {
    batch = reader.poll(10, 200ms);
    return batch.status != ReadStatus::open || !batch.records.empty();
  });
  EXPECT_TRUE(came);
  return batch;
}

TEST(GivenAPartition, WhenRecordsAreProducedThenReportedAndReadInOrder) {
  const std::string topic = TestBroker::new_topic();
  Collector collector;
  const auto texts = produce_all(collector, topic, 5000);
  const auto reports = collector.reports();
  ASSERT_EQ(reports.size(), texts.size());
  for (std::size_t i = 0; i < reports.size(); ++i) {
    ASSERT_TRUE(reports[i].delivered()) << reports[i].reason;
    ASSERT_EQ(reports[i].offset, static_cast<std::int64_t>(i));
    ASSERT_EQ(reports[i].opaque, reinterpret_cast<void*>(i + 1));
    ASSERT_EQ(reports[i].persisted, kafka::Persisted::yes);
  }
  const auto reader = reader_at(topic, 0);
  EXPECT_EQ(read_to_end(*reader), texts);
  EXPECT_EQ(reader->position(), 5000);
}

TEST(GivenARecord, WhenReadThenKeyHeadersTimeAndTombstoneAreWhatWasWritten) {
  const std::string topic = TestBroker::new_topic();
  Collector collector;
  const std::vector<kafka::Header> headers{
      {"ce_type", bytes_of("a")}, {"ce_id", bytes_of("1")}, {"ce_type", bytes_of("b")}, {"none", {}}};
  collector.produce(
      topic, {.key = bytes_of("上海"), .value = bytes_of("v"), .headers = headers, .timestamp_ms = 1'700'000'000'123});
  collector.produce(topic, {.key = bytes_of("k"), .tombstone = true});
  collector.produce(topic, {.value = Bytes{}});
  ASSERT_TRUE(collector.producer().flush(10s));
  const auto reader = reader_at(topic, 0);
  std::size_t seen = 0;
  ASSERT_TRUE(eventually([&] {
    const auto batch = reader->poll(10, 200ms);
    for (const auto& record : batch.records) {
      ++seen;
      if (record.offset == 0) {
        EXPECT_EQ(text_of(record.key), "上海");
        EXPECT_EQ(record.timestamp_ms, 1'700'000'000'123);
        EXPECT_EQ(record.headers().size(), 4U);
        EXPECT_EQ(record.headers()[0].name, "ce_type");
        EXPECT_EQ(text_of(*record.header("ce_type")), "b");
        EXPECT_TRUE(record.header("none")->empty());
        EXPECT_FALSE(record.header("ce_time"));
      }
      EXPECT_EQ(record.tombstone, record.offset == 1) << record.offset;
      EXPECT_EQ(record.key.empty(), record.offset == 2) << record.offset;
    }
    return seen == 3;
  }));
}

TEST(GivenBorrowedBytes, WhenReportedThenTheyWereSentFromWhereTheyLie) {
  const std::string topic = TestBroker::new_topic();
  Collector collector;
  std::vector<std::string> values;
  for (int i = 0; i < 100; ++i) values.push_back(fmt::format("value {}", i));
  for (const auto& value : values) collector.produce(topic, {.value = bytes_of(value)}, kafka::ValueBytes::borrowed);
  ASSERT_TRUE(collector.producer().flush(10s));
  EXPECT_EQ(read_to_end(*reader_at(topic, 0)), values);
}

TEST(GivenAReader, WhenOpenedOrMovedThenItBeginsThere) {
  const std::string topic = TestBroker::new_topic();
  Collector collector;
  const auto texts = produce_all(collector, topic, 100);
  const auto reader = reader_at(topic, 60);
  EXPECT_EQ(read_to_end(*reader), std::vector<std::string>(texts.begin() + 60, texts.end()));
  ASSERT_TRUE(reader->seek(10));
  EXPECT_EQ(read_to_end(*reader), std::vector<std::string>(texts.begin() + 10, texts.end()));
  const auto range = reader->watermarks(5s);
  ASSERT_TRUE(range) << range.error().message;
  EXPECT_EQ(range->from, 0);
  EXPECT_EQ(range->until, 100);
}

TEST(GivenAReaderAtTheEnd, WhenMoreIsProducedThenItGoesOn) {
  const std::string topic = TestBroker::new_topic();
  const auto reader = reader_at(topic, 0);
  EXPECT_EQ(first_news(*reader).status, ReadStatus::end);
  Collector collector;
  const auto texts = produce_all(collector, topic, 3);
  EXPECT_EQ(read_to_end(*reader), texts);
}

TEST(GivenAPausedReader, WhenResumedThenNothingIsMissingAndNothingTwice) {
  const std::string topic = TestBroker::new_topic();
  Collector collector;
  const auto texts = produce_all(collector, topic, 50);
  const auto reader = reader_at(topic, 0);
  const auto first = first_news(*reader);
  std::vector<std::string> seen;
  for (const auto& record : first.records) seen.emplace_back(text_of(record.value));
  ASSERT_FALSE(seen.empty());
  ASSERT_TRUE(reader->pause());
  EXPECT_TRUE(reader->poll(100, 500ms).records.empty());
  ASSERT_TRUE(reader->resume());
  for (const auto& text : read_to_end(*reader)) seen.push_back(text);
  EXPECT_EQ(seen, texts);
}

TEST(GivenAPositionBeyondTheEnd, WhenReadThenTruncatedUntilMoved) {
  const std::string topic = TestBroker::new_topic();
  Collector collector;
  const auto texts = produce_all(collector, topic, 5);
  const auto reader = reader_at(topic, 9);
  const auto batch = first_news(*reader);
  EXPECT_EQ(batch.status, ReadStatus::truncated);
  EXPECT_EQ(batch.error.code, ErrorCode::integrity);
  EXPECT_NE(batch.error.message.find("position 9 is gone: the partition holds [0, 5)"), std::string::npos)
      << batch.error.message;
  EXPECT_EQ(reader->poll(1, 10ms).status, ReadStatus::truncated);
  ASSERT_TRUE(reader->seek(0));
  EXPECT_EQ(read_to_end(*reader), texts);
}

TEST(GivenDeletedRecords, WhenReadFromBeforeThenDeleted) {
  const std::string topic = TestBroker::new_topic();
  Collector collector;
  produce_all(collector, topic, 20);
  const auto deleted = TestBroker::admin()->delete_records(topic, 0, 12);
  ASSERT_TRUE(deleted) << deleted.error().message;
  const auto reader = reader_at(topic, 3);
  const auto batch = first_news(*reader);
  EXPECT_EQ(batch.status, ReadStatus::deleted);
  EXPECT_NE(batch.error.message.find("[12, 20)"), std::string::npos) << batch.error.message;
}

TEST(GivenAnUnknownTopic, WhenReadOrAskedThenNotFound) {
  const auto admin = TestBroker::admin();
  const auto topic = admin->describe_topic(TestBroker::random_prefix());
  ASSERT_FALSE(topic);
  EXPECT_EQ(topic.error().code, ErrorCode::not_found) << topic.error().message;
  const auto reader = reader_at(TestBroker::random_prefix(), 0);
  const auto range = reader->watermarks(5s);
  ASSERT_FALSE(range);
  EXPECT_EQ(range.error().code, ErrorCode::not_found) << range.error().message;
}

TEST(GivenARecordThatIsTooLarge, WhenProducedThenRefusedAtOnce) {
  const std::string topic = TestBroker::new_topic();
  Collector collector;
  const std::string large(2'000'000, 'x');
  const auto topic_of = collector.producer().topic(topic);
  ASSERT_TRUE(topic_of);
  const auto taken = collector.producer().produce(*topic_of, {.value = bytes_of(large)});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::invalid_input) << taken.error().message;
  EXPECT_TRUE(collector.reports().empty());
}

TEST(GivenACluster, WhenAskedThenItDescribesItself) {
  const auto admin = TestBroker::admin();
  const auto id = admin->cluster_id();
  ASSERT_TRUE(id) << id.error().message;
  EXPECT_EQ(id->size(), 22U);
  const auto brokers = admin->brokers();
  ASSERT_TRUE(brokers) << brokers.error().message;
  ASSERT_EQ(brokers->size(), 1U);
  EXPECT_EQ(TestBroker::servers(), fmt::format("127.0.0.1:{}", (*brokers)[0].port));
  const std::string name = TestBroker::new_topic(3, {{"retention.ms", "123456"}});
  const auto topic = admin->describe_topic(name);
  ASSERT_TRUE(topic) << topic.error().message;
  ASSERT_EQ(topic->partitions.size(), 3U);
  EXPECT_EQ(topic->partitions[2].partition, 2);
  EXPECT_EQ(topic->partitions[2].replicas, (*topic).partitions[2].in_sync);
  const auto config = admin->describe_config(name);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->at("retention.ms").value, "123456");
  EXPECT_TRUE(config->at("retention.ms").own);
  EXPECT_FALSE(config->at("retention.bytes").own);
  const auto again = admin->create_topic({name, 1, 1, {}});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::conflict);
  ASSERT_TRUE(admin->delete_topic(name));
  EXPECT_TRUE(eventually([&] {
    const auto names = admin->topics();
    return names && std::find(names->begin(), names->end(), name) == names->end();
  }));
}

}  // namespace
}  // namespace o2c::test
