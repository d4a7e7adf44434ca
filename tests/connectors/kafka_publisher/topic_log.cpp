#include "tests/connectors/kafka_publisher/topic_log.hpp"

#include <gtest/gtest.h>

#include "connectors/kafka/client/partition_reader.hpp"
#include "tests/connectors/kafka/broker.hpp"

namespace o2c::test {

std::vector<kafka::PublicRecord> read_partition(const std::string& topic, std::int32_t partition) {
  const auto reader = kafka::PartitionReader::open(TestBroker::config(), topic, partition, 0);
  EXPECT_TRUE(reader) << reader.error().message;
  std::optional<kafka::OffsetRange> range;
  const bool led = eventually([&] {  // a broker that has just started may have to look for its partitions first
    if (const auto asked = (*reader)->watermarks(std::chrono::seconds{10})) range = *asked;
    return range.has_value();
  });
  EXPECT_TRUE(led) << topic;
  if (!led) return {};
  EXPECT_TRUE((*reader)->seek(range->from));
  std::vector<kafka::PublicRecord> records;
  const bool whole = eventually([&] {
    for (const auto& record : (*reader)->poll(10'000, std::chrono::milliseconds{100}).records) {
      kafka::PublicRecord& copy = records.emplace_back();
      copy.key = text_of(record.key);
      for (const auto& [name, value] : record.headers()) copy.headers.emplace_back(name, text_of(value));
      if (!record.tombstone) copy.value = text_of(record.value);
    }
    return (*reader)->position() >= range->until;
  });
  EXPECT_TRUE(whole) << topic;
  return records;
}

Taken take_once(const std::vector<kafka::PublicRecord>& records) {
  Taken taken;
  for (const kafka::PublicRecord& record : records) {
    const std::uint64_t sequence = std::stoull(std::string(kafka::find_header(record.headers, "ce_sequence")));
    const std::uint64_t last = taken.events.size();
    EXPECT_LE(sequence, last + 1) << "a gap";
    if (sequence == last + 1) taken.events.push_back(record);
    else ++taken.repeats;
  }
  return taken;
}

std::map<std::string, std::string> last_rows(const std::vector<kafka::PublicRecord>& records) {
  std::map<std::string, std::string> rows;
  for (const kafka::PublicRecord& record : records) {
    if (record.value) rows[record.key] = *record.value;
    else rows.erase(record.key);
  }
  return rows;
}

}  // namespace o2c::test
