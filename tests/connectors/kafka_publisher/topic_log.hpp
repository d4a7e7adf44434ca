#pragma once
#include <map>
#include <string>
#include <vector>

#include "connectors/kafka/public/record.hpp"
#include "connectors/kafka/topics/topics.hpp"

// What lies in the public topics, and what a subscriber makes of it.
namespace o2c::test {

/// Every record that is still in a partition, in its order.
std::vector<kafka::PublicRecord> read_partition(const std::string& topic, std::int32_t partition);

/// What a subscriber takes that follows the rule: last + 1, nothing else. A gap fails the test.
struct Taken {
  std::vector<kafka::PublicRecord> events;
  std::size_t repeats = 0;
};
Taken take_once(const std::vector<kafka::PublicRecord>& records);

/// What compaction leaves: the last row of each key that is not gone.
std::map<std::string, std::string> last_rows(const std::vector<kafka::PublicRecord>& records);

}  // namespace o2c::test
