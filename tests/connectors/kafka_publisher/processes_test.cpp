// Publishing processes that are killed, or stand still and come back when another one has gone on.
#include <signal.h>

#include <thread>

#include "connectors/kafka/client/producer.hpp"
#include "connectors/kafka/public/resume.hpp"
#include "tests/connectors/kafka/collector.hpp"
#include "tests/connectors/kafka_publisher/child_process.hpp"
#include "tests/connectors/kafka_publisher/published.hpp"

namespace o2c::test {
namespace {

using namespace std::chrono_literals;
using kafka::PublicRecord;
using kafka::Publisher;
using kafka::TopicKind;

constexpr std::uint64_t seed = 4711;

/// o2c_publishing, with so few records on their way that it takes seconds.
std::unique_ptr<ChildProcess> publishing(const std::filesystem::path& books, const PublicTopics& topics,
                                         const std::string& queue = "2") {
  return std::make_unique<ChildProcess>(std::vector<std::string>{O2C_PUBLISHING, "publish", books.string(),
                                                                 TestBroker::servers(), topics.plan().prefix, queue});
}

struct GivenBooksOnDisk : testing::Test {
  GivenBooksOnDisk() { LivingBooks(books, seed).live(200); }
  TemporaryDirectory directory;
  const std::filesystem::path books = directory.path() / "books";
  PublicTopics topics;
};

TEST_F(GivenBooksOnDisk, WhenThePublisherIsKilledAgainAndAgainThenNoGapAndNothingTakenTwice) {
  sim::Random random(static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()));
  const auto count = [&] { return topics.read(TopicKind::events, 0).size() + topics.read(TopicKind::aging, 0).size(); };
  int while_it_wrote = 0;
  for (int kills = 0; kills < 10; ++kills) {
    const std::size_t before = count();
    const auto child = publishing(books, topics);
    // Most are killed when they have begun to write, some at any moment before.
    if (kills % 4 == 3) std::this_thread::sleep_for(std::chrono::milliseconds{random.between(1, 600)});
    else if (eventually([&] { return count() > before || child->says("live", 1ms); })) ++while_it_wrote;
    std::this_thread::sleep_for(std::chrono::milliseconds{random.between(0, 60)});
    child->signal(SIGKILL);
  }
  EXPECT_GT(while_it_wrote, 4);
  const auto last = publishing(books, topics, "1000");
  ASSERT_TRUE(last->says("live", 60s));
  EXPECT_EQ(last->finish(), 0);
  LivingBooks again(books, seed);
  topics.expect_events(again.journal());
  topics.expect_rows(again);
  topics.expect_sums(again);
}

TEST_F(GivenBooksOnDisk, WhenAFormerPublisherThawsThenItsOldRowsAreRightAgainWithinSeconds) {
  std::filesystem::copy(books, directory.path() / "former", std::filesystem::copy_options::recursive);
  const auto former = publishing(directory.path() / "former", topics);
  ASSERT_TRUE(eventually([&] { return topics.read(TopicKind::events, 0).size() > 20; }));
  former->signal(SIGSTOP);

  LivingBooks now(books, seed + 1);
  Publisher publisher(topics.options(), now.journal(), now.models());
  now.push_to(&publisher);
  take_all(publisher);
  now.live(100);
  ASSERT_TRUE(published(publisher, now.journal()));
  topics.expect_rows(now);

  former->signal(SIGCONT);
  ASSERT_TRUE(former->says("live", 60s)) << "it publishes what it knows, as if nothing had happened";
  former->signal(SIGKILL);
  EXPECT_TRUE(eventually([&] { return publisher.status()[0].rows_repaired + publisher.status()[1].rows_repaired > 0; }))
      << "the former one wrote no old row: the test proves nothing";
  std::this_thread::sleep_for(3s);
  topics.expect_rows(now);
  EXPECT_GT(topics.expect_events(now.journal()), 0u) << "the former one repeated no event: the test proves nothing";
  now.push_to(nullptr);
}

TEST_F(GivenBooksOnDisk, WhenAnOldRecordOfAKeyLandsThenItsLastRowIsRightAgain) {
  LivingBooks now(books, seed + 1);
  Publisher publisher(topics.options(), now.journal(), now.models());
  now.push_to(&publisher);
  take_all(publisher);
  ASSERT_TRUE(published(publisher, now.journal()));
  const auto first = topics.read(TopicKind::aging, 0);
  ASSERT_FALSE(first.empty());
  now.live(100);
  ASSERT_TRUE(published(publisher, now.journal()));
  {
    Collector late;
    for (const PublicRecord& record : first) {
      const std::string entry{kafka::find_header(record.headers, "o2c_entry_seq")};
      const std::vector<kafka::Header> headers{{"o2c_entry_seq", bytes_of(entry)}};
      late.produce(topics.name(TopicKind::aging),
                   {.key = bytes_of(record.key), .value = bytes_of(*record.value), .headers = headers});
    }
    late.produce(topics.name(TopicKind::aging), {.key = bytes_of("nobody/C-1/EUR"), .value = bytes_of("{}")});
    ASSERT_TRUE(late.producer().flush(10s));
  }
  EXPECT_TRUE(eventually([&] { return publisher.status().front().rows_repaired > 1; }))
      << "the stranger and what has changed since; what has not is right as it is";
  ASSERT_TRUE(published(publisher, now.journal()));
  topics.expect_rows(now);
  EXPECT_FALSE(last_rows(topics.read(TopicKind::aging, 0)).contains("nobody/C-1/EUR"));
  now.push_to(nullptr);
}

}  // namespace
}  // namespace o2c::test
