#include <fmt/format.h>
#include <signal.h>

#include <cstdlib>

#include "tests/connectors/kafka/journal_writers.hpp"
#include "tests/connectors/kafka/writer_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::test {
namespace {

using namespace std::chrono_literals;

int kills() {
  const char* wanted = std::getenv("O2C_JOURNAL_KILLS");  // 100 for a long evening
  return wanted ? std::atoi(wanted) : 20;
}

TEST(GivenWriterProcessUnderLoad, WhenKilledAtAnyMomentAgainAndAgainThenEverythingAcknowledgedCountsOnce) {
  const std::string topic = TestBroker::new_topic();
  TemporaryDirectory places;
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::minstd_rand chance(seed);
  JournalOracle oracle;
  for (int i = 0; i < kills(); ++i) {
    OracleListener listener(oracle);
    WriterProcess process({topic, places.path(), fmt::format("p{}", i)}, listener);
    const bool early = chance() % 8 == 0;  // while it takes the lane; most die under load
    ASSERT_TRUE(early || eventually([&] { return listener.durable > 0; }));
    std::this_thread::sleep_for(std::chrono::microseconds{chance() % 100'000});
    process.kill();
    ASSERT_TRUE(listener.refusals().empty()) << listener.refusals()[0].message;
    if (i % 10 == 9) oracle.check(read_by_two(topic), false);
  }
  const auto journal = start_journal(topic, {.places = places.path()});
  const Result<Tip> opened = journal->open(0);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_GT(oracle.answers(AppendStatus::durable), static_cast<std::size_t>(kills()) / 2);
  oracle.check(read_by_two(topic), true);
}

TEST(GivenBrokerKilledUnderLoad, WhenItComesBackThenTheSameProcessOpensAgainAndNothingAcknowledgedIsLost) {
  const std::string topic = TestBroker::new_topic();
  JournalOracle oracle;
  OracleListener listener(oracle);
  const auto journal = start_journal(topic, {.client = {{"message.timeout.ms", "2000"}}, .open_patience = 3s});
  JournalLoad load(*journal, listener, {.writer = "a"});
  ASSERT_TRUE(eventually([&] { return listener.durable > 20; }));
  TestBroker::kill();
  EXPECT_TRUE(eventually([&] { return listener.unknown > 0; }, 6s));  // message.timeout.ms and a margin
  // Opening gives up in bounded time, and says so.
  EXPECT_TRUE(eventually([&] { return !listener.refusals().empty(); }, 12s));
  TestBroker::start();
  const std::size_t before = listener.durable;
  EXPECT_TRUE(eventually([&] { return listener.durable > before + 20; }, 20s));
  load.stop();
  EXPECT_GE(listener.tenures, 2u);
  for (const Error& error : listener.refusals()) EXPECT_EQ(error.code, ErrorCode::unavailable) << error.message;
  ASSERT_TRUE(journal->open(0));
  oracle.check(read_by_two(topic), true);
}

}  // namespace
}  // namespace o2c::test
