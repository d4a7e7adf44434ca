#include "tests/connectors/kafka_commands/oracle.hpp"

#include "events/base/flat.hpp"

namespace o2c::test {

Counted counted(const CommandTopics& topics) {
  Counted counted;
  const auto journal = topics.journal();
  for (LaneId lane = 0; lane < lanes; ++lane) {
    std::int64_t& covered = counted.covered[lane];
    const auto read = journal->read(lane, 1, [&](const FrameView& frame) {
      const fb::Entry& entry = *frame.entry;
      if (const fb::SourceSkipped* skipped = entry.skipped()) {
        EXPECT_EQ(skipped->from(), covered) << "entry " << entry.seq();
        EXPECT_GT(skipped->until(), skipped->from());
        counted.skipped += skipped->repeated() + skipped->malformed() + skipped->not_allowed();
        covered = skipped->until();
      } else if (entry.source()) {
        EXPECT_EQ(entry.source()->kind(), fb::SourceKind::topic);
        EXPECT_EQ(entry.source()->partition(), static_cast<std::int32_t>(lane));
        EXPECT_GE(entry.source()->offset(), covered) << "entry " << entry.seq() << ": a record counts again";
        covered = entry.source()->offset() + 1;
        const std::string id = to_hex(Id16::from(*frame.command->command_id()));
        EXPECT_TRUE(counted.entry_of.emplace(id, entry.seq()).second) << id << " counts twice";
      }
      return true;
    });
    EXPECT_TRUE(read) << read.error().message;
  }
  return counted;
}

bool all_answered(const CommandTopics& topics, const std::set<std::string>& ids) {
  const auto answers = topics.answers();
  return std::all_of(ids.begin(), ids.end(), [&](const std::string& id) { return answers.contains(id); });
}

void expect_once(const CommandTopics& topics, const std::set<std::string>& ids) {
  const Counted journal = counted(topics);
  EXPECT_EQ(journal.entry_of.size(), ids.size());
  const auto answers = topics.answers();
  for (const std::string& id : ids) {
    const auto entry = journal.entry_of.find(id);
    ASSERT_NE(entry, journal.entry_of.end()) << id << " does not count";
    const auto answer = answers.find(id);
    ASSERT_NE(answer, answers.end()) << id << " has no answer";
    EXPECT_EQ(kafka::find_header(answer->second.front().headers, "entry-seq"), std::to_string(entry->second)) << id;
  }
}

}  // namespace o2c::test
