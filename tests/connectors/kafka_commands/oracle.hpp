#pragma once
#include <map>
#include <set>
#include <string>

#include "tests/connectors/kafka_commands/serving.hpp"

namespace o2c::test {

/// What a journal says of the commands that came from the topic.
struct Counted {
  std::map<std::string, std::uint64_t> entry_of;  // by command id
  std::map<LaneId, std::int64_t> covered;         // the source positions
  std::uint64_t skipped = 0;                      // records in entries of their own
};

/// Reads all lanes as somebody who knows nothing. Fails the test when a record counts twice or out of order, or an id counts twice.
Counted counted(const CommandTopics& topics);

/// Each of these ids counts exactly once, no other does, and each has its answer: the one of its entry.
void expect_once(const CommandTopics& topics, const std::set<std::string>& ids);
/// Whether each of these ids has an answer by now.
bool all_answered(const CommandTopics& topics, const std::set<std::string>& ids);

}  // namespace o2c::test
