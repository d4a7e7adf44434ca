#include <signal.h>

#include <fstream>

#include "tests/connectors/kafka/journal_writers.hpp"
#include "tests/connectors/kafka/writer_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::test {
namespace {

using namespace std::chrono_literals;

TEST(GivenLaneTakenByAnother, WhenFormerWriterAppendsOneEntryThenFenced) {
  const std::string topic = TestBroker::new_topic();
  const auto former = start_journal(topic), next = start_journal(topic);
  JournalOracle oracle;
  Writer a(*former, oracle, "a"), b(*next, oracle, "b");
  a.open();
  EXPECT_EQ(a.append(3), AppendStatus::durable);
  b.open();
  EXPECT_EQ(a.append(1), AppendStatus::fenced);  // the LaneOpened of b has the seq that this entry was to have
  EXPECT_EQ(b.append(1), AppendStatus::durable);
  oracle.check(read_by_two(topic), true);
}

/// Both served, more than once, and the log bears out what each was told.
void expect_turns(const std::string& topic, JournalOracle& oracle, const OracleListener& a, const OracleListener& b) {
  for (const OracleListener* each : {&a, &b}) {
    EXPECT_GE(each->tenures, 2u);
    EXPECT_GT(each->durable, 0u);
    EXPECT_GT(each->fenced + each->unknown, 0u);
  }
  const auto journal = start_journal(topic);
  ASSERT_TRUE(journal->open(0));
  oracle.check(read_by_two(topic), true);
}

constexpr auto turn_time = 600ms;
constexpr int turns = 8;

TEST(GivenTwoJournalsOnOneLane, WhenTheyAreNamedInTurnsUnderLoadThenOneServesAndNothingAcknowledgedIsLost) {
  const std::string topic = TestBroker::new_topic();
  std::atomic<char> turn{'a'};
  JournalOracle oracle;
  OracleListener a(oracle), b(oracle);
  const auto first = start_journal(topic, {.named = [&](LaneId) { return turn == 'a'; }});
  const auto second = start_journal(topic, {.named = [&](LaneId) { return turn == 'b'; }});
  {
    JournalLoad load_a(*first, a, {.writer = "a", .seed = 1}), load_b(*second, b, {.writer = "b", .seed = 2});
    for (int i = 0; i < turns; ++i) {
      std::this_thread::sleep_for(turn_time);
      turn = turn == 'a' ? 'b' : 'a';
    }
  }
  expect_turns(topic, oracle, a, b);
}

TEST(GivenTwoProcessesOnOneLane, WhenTheyAreNamedInTurnsUnderLoadThenOneServesAndNothingAcknowledgedIsLost) {
  const std::string topic = TestBroker::new_topic();
  TemporaryDirectory places_a, places_b, common;
  const auto turn = common.path() / "turn";
  JournalOracle oracle;
  OracleListener a(oracle), b(oracle);
  WriterProcess first({topic, places_a.path(), "a", turn}, a), second({topic, places_b.path(), "b", turn}, b);
  for (int i = 0; i < turns; ++i) {
    std::ofstream(turn) << (i % 2 == 0 ? 'a' : 'b');
    std::this_thread::sleep_for(turn_time);
  }
  EXPECT_EQ(first.stop(), 0);
  EXPECT_EQ(second.stop(), 0);
  expect_turns(topic, oracle, a, b);
}

// Nobody names an owner, so each takes the lane whenever it lost it: no promise of progress, but nothing acknowledged may be lost.
TEST(GivenTwoJournalsThatBothStayNamed, WhenTheyAppendUnderLoadThenNothingAcknowledgedIsLost) {
  const std::string topic = TestBroker::new_topic();
  JournalOracle oracle;
  OracleListener a(oracle), b(oracle);
  const auto first = start_journal(topic, {.open_patience = 3s}), second = start_journal(topic, {.open_patience = 3s});
  {
    JournalLoad load_a(*first, a, {.writer = "a", .seed = 3}), load_b(*second, b, {.writer = "b", .seed = 4});
    std::this_thread::sleep_for(3s);
  }
  EXPECT_GT(a.durable + b.durable, 0u);
  const auto journal = start_journal(topic);
  ASSERT_TRUE(journal->open(0));
  oracle.check(read_by_two(topic), true);
}

TEST(GivenFrozenWriter, WhenAnotherTookTheLaneAndItThawsThenItStandsDownAndAcknowledgesNothingMore) {
  const std::string topic = TestBroker::new_topic();
  TemporaryDirectory places;
  JournalOracle oracle;
  OracleListener frozen(oracle);
  WriterProcess process({topic, places.path()}, frozen);
  ASSERT_TRUE(eventually([&] { return frozen.durable > 20; }));
  process.signal(SIGSTOP);

  const auto journal = start_journal(topic);
  Writer next(*journal, oracle, "b");
  next.open();
  const std::size_t entries_at_takeover = read_all(*journal, 0)->size();
  EXPECT_EQ(next.append(20), AppendStatus::durable);
  std::this_thread::sleep_for(1s);
  process.signal(SIGCONT);
  EXPECT_TRUE(eventually([&] { return process.gone(); }));
  EXPECT_EQ(process.stop(), 0);
  EXPECT_EQ(frozen.tenures, 1u);
  EXPECT_GT(frozen.fenced, 0u);
  EXPECT_EQ(next.append(1), AppendStatus::durable);  // it was left in peace
  const auto log = read_by_two(topic);
  EXPECT_EQ(log.size(), entries_at_takeover + 21);  // and nothing of the thawed one counts behind
  oracle.check(log, true);
}

}  // namespace
}  // namespace o2c::test
