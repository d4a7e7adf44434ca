#include <fmt/format.h>

#include <ctime>

#include "tests/connectors/kafka/journal_writers.hpp"
#include "tests/support/tcp_proxy.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::test {
namespace {

using namespace std::chrono_literals;
using Direction = TcpProxy::Direction;

// --- a produce request that is late ---------------------------------------------------------------------------------------------------------

/// A writer whose requests go through a proxy, with one entry on its way that timed out and is held there.
class GivenProduceRequestThatTimedOut : public testing::Test {
 protected:
  void SetUp() override {
    late_ = start_journal(topic_, {.client = {{"bootstrap.servers", fmt::format("127.0.0.1:{}", proxy_.port())},
                                              {"message.timeout.ms", "1000"},
                                              {"socket.timeout.ms", "3000"}}});
    writer_.emplace(*late_, oracle_, "late");
    writer_->open();
    EXPECT_EQ(writer_->append(3), AppendStatus::durable);
    proxy_.hold(Direction::to_server, TcpProxy::Which::present);
    EXPECT_EQ(writer_->append(1), AppendStatus::unknown);
    EXPECT_NE(late_->status(0).trouble.find("entry 5 failed"), std::string::npos) << late_->status(0).trouble;
    EXPECT_GT(proxy_.held(Direction::to_server), 0u);
  }
  /// Lets the late request go on and waits until the log is longer than it was by a record at least, if it can be.
  bool release_and_land(std::chrono::milliseconds wait = 5s) {
    const std::int64_t before = end();
    proxy_.release(Direction::to_server);
    return eventually([&] { return end() > before; }, wait);
  }
  std::int64_t end() { return TestBroker::admin()->describe_topic(topic_)->partitions[0].offsets->until; }

  const std::string topic_ = TestBroker::new_topic();
  TcpProxy proxy_{TestBroker::proxy_port(), TestBroker::proxied_port()};
  JournalOracle oracle_;
  std::unique_ptr<kafka::KafkaJournal> late_;
  std::optional<Writer> writer_;
};

TEST_F(GivenProduceRequestThatTimedOut, WhenItLandsAfterATakeoverThenItNeverCounts) {
  const auto journal = start_journal(topic_);
  Writer next(*journal, oracle_, "next");
  next.open();
  EXPECT_EQ(next.append(2), AppendStatus::durable);
  oracle_.check(read_by_two(topic_), true);
  ASSERT_TRUE(release_and_land());
  oracle_.check(read_by_two(topic_), true);
  EXPECT_EQ(next.append(2), AppendStatus::durable);  // a gap, but its own entries count
  EXPECT_EQ(journal->status(0).ignored, 1u);
  EXPECT_EQ(writer_->append(1), AppendStatus::unknown);
  oracle_.check(read_by_two(topic_), true);
}

TEST_F(GivenProduceRequestThatTimedOut, WhenItLandsBeforeTheNextOpenThenItCountsOnce) {
  const std::size_t before = read_by_two(topic_).size();
  ASSERT_TRUE(release_and_land());
  writer_->open();
  EXPECT_EQ(writer_->append(1), AppendStatus::durable);
  const auto log = read_by_two(topic_);
  EXPECT_EQ(log.size(), before + 3);  // it, the LaneOpened, and the one behind
  oracle_.check(log, true);
}

TEST_F(GivenProduceRequestThatTimedOut, WhenItsWriterOpensAgainThenItNeverCountsHoweverLate) {
  writer_->open();
  EXPECT_EQ(writer_->append(2), AppendStatus::durable);
  oracle_.check(read_by_two(topic_), true);
  std::ignore = release_and_land(1s);  // the broker may refuse it by itself, as its producer has gone on
  EXPECT_EQ(writer_->append(2), AppendStatus::durable);
  oracle_.check(read_by_two(topic_), true);
}

TEST_F(GivenProduceRequestThatTimedOut, WhenItsWriterStartsAnewThenItLandsAndNeverCounts) {
  writer_.reset();
  late_.reset();
  const auto journal = start_journal(topic_);
  Writer next(*journal, oracle_, "next");
  next.open();
  oracle_.check(read_by_two(topic_), true);
  ASSERT_TRUE(release_and_land());
  EXPECT_EQ(next.append(1), AppendStatus::durable);
  EXPECT_EQ(journal->status(0).ignored, 1u);
  oracle_.check(read_by_two(topic_), true);
}

TEST_F(GivenProduceRequestThatTimedOut, WhenReadMeanwhileThenTheWriterStillAnswers) {
  ASSERT_TRUE(release_and_land());
  EXPECT_EQ(late_->tip(0)->seq, 5u);  // follows the log as a reader now
  EXPECT_EQ(writer_->append(1), AppendStatus::unknown);
  writer_->open();
  EXPECT_EQ(writer_->append(1), AppendStatus::durable);
  oracle_.check(read_by_two(topic_), true);
}

TEST(GivenBrokerThatDoesNotAnswer, WhenTheJournalEndsThenItWaitsQuietlyAndReportsGoNowhere) {
  const std::string topic = TestBroker::new_topic(2);
  TcpProxy proxy{TestBroker::proxy_port(), TestBroker::proxied_port()};
  JournalOracle oracle;
  {
    const auto journal = start_journal(
        topic,
        {.client = {{"bootstrap.servers", fmt::format("127.0.0.1:{}", proxy.port())}, {"message.timeout.ms", "2000"}}});
    Writer writer(*journal, oracle, "a");
    writer.open();
    proxy.hold(Direction::to_server);
    auto first = writer.send(2);
    std::this_thread::sleep_for(1500ms);
    auto second = writer.send(2);
    EXPECT_EQ(Writer::answer_of(std::move(first)), AppendStatus::unknown);
    EXPECT_EQ(Writer::answer_of(std::move(second)), AppendStatus::unknown);
    // The reports of the second batch are still to come when the journal ends.
  }
  const auto journal = start_journal(topic);
  proxy.release(Direction::to_server);
  ASSERT_TRUE(journal->open(0));
  oracle.check(read_by_two(topic), true);
}

TEST(GivenEntriesOnTheirWay, WhenTheJournalEndsThenItWaitsWithoutTurningRound) {
  const std::string topic = TestBroker::new_topic();
  TcpProxy proxy{TestBroker::proxy_port(), TestBroker::proxied_port()};
  JournalOracle oracle;
  auto journal = start_journal(topic, {.client = {{"bootstrap.servers", fmt::format("127.0.0.1:{}", proxy.port())},
                                                  {"message.timeout.ms", "2000"}}});
  Writer writer(*journal, oracle, "a");
  writer.open();
  proxy.hold(Direction::to_server);
  auto outcome = writer.send(1);
  const std::clock_t before = std::clock();
  journal.reset();
  EXPECT_LT(std::clock() - before, CLOCKS_PER_SEC / 2);  // it waited for two seconds
  EXPECT_EQ(Writer::answer_of(std::move(outcome)), AppendStatus::unknown);
}

// --- the Nth of M in flight fails -----------------------------------------------------------------------------------------------------------

// The topic takes records of 4,000 bytes at most, each record is a request of its own (batch.num.messages), up to five of them are on their way,
// and only the Nth is larger: so it is the Nth that the broker refuses, and the reason which the journal tells names its seq.
class GivenRecordTooLargeForTheTopic : public testing::TestWithParam<std::size_t> {};

TEST_P(GivenRecordTooLargeForTheTopic, WhenItIsTheNthInFlightThenNeitherItNorALaterOneCounts) {
  constexpr std::size_t in_flight = 5;
  const std::string topic = TestBroker::new_topic(1, {{"max.message.bytes", "4000"}});
  const auto journal = start_journal(
      topic, {.client = {{"batch.num.messages", "1"}, {"compression.type", "none"}, {"message.timeout.ms", "5000"}}});
  JournalOracle oracle;
  Writer writer(*journal, oracle, "a");
  writer.open();
  std::vector<std::future<AppendStatus>> outcomes;
  for (std::size_t i = 1; i <= in_flight; ++i) outcomes.push_back(writer.send(1, i == GetParam() ? 8000 : 0));
  for (std::size_t i = 1; i <= in_flight; ++i) {
    const AppendStatus answer = Writer::answer_of(std::move(outcomes[i - 1]));
    if (i >= GetParam()) {
      EXPECT_EQ(answer, AppendStatus::unknown) << i;
    }
  }
  const std::string trouble = journal->status(0).trouble;
  EXPECT_NE(trouble.find(fmt::format("{} lane 0: entry {} failed", topic, 1 + GetParam())), std::string::npos)
      << trouble;
  EXPECT_NE(trouble.find("Message size too large"), std::string::npos) << trouble;
  writer.open();
  EXPECT_EQ(writer.append(3), AppendStatus::durable);
  const auto log = read_by_two(topic);
  EXPECT_EQ(log.size(), 1 + (GetParam() - 1) + 1 + 3);  // what came before it counts, nothing behind
  oracle.check(log, true);
}
INSTANTIATE_TEST_SUITE_P(Each, GivenRecordTooLargeForTheTopic, testing::Range<std::size_t>(1, 6));

TEST(GivenBatchWithOneRecordTooLargeForTheTopic, WhenAppendedThenUnknownWithTheReasonAndNotDurableInPart) {
  const std::string topic = TestBroker::new_topic(1, {{"max.message.bytes", "4000"}});
  const auto journal = start_journal(topic, {.client = {{"compression.type", "none"}, {"message.timeout.ms", "5000"}}});
  JournalOracle oracle;
  Writer writer(*journal, oracle, "a");
  writer.open();
  EXPECT_EQ(writer.append(50), AppendStatus::unknown);  // each entry is small enough, the request is not
  EXPECT_NE(journal->status(0).trouble.find("Message size too large"), std::string::npos);
  writer.open();
  EXPECT_EQ(writer.append(1), AppendStatus::durable);
  oracle.check(read_by_two(topic), true);
}

}  // namespace
}  // namespace o2c::test
