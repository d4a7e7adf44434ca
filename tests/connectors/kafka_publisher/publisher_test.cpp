// Publishing in this process: what lies in the topics afterwards, whatever happened in between.
#include "tests/connectors/kafka_publisher/published.hpp"

namespace o2c::test {
namespace {

using namespace std::chrono_literals;
using kafka::Publisher;
using kafka::TopicKind;

struct GivenBooks : testing::Test {
  TemporaryDirectory directory;
  std::uint64_t seed = 20261122;
  LivingBooks books{directory.path(), seed};
  PublicTopics topics;
};

struct GivenHistory : GivenBooks {
  GivenHistory() { books.live(300); }
};

TEST_F(GivenHistory, WhenPublishedThenEveryEventOnceAndSumsAreThoseOfTheReadModels) {
  Publisher publisher(topics.options(), books.journal(), books.models());
  take_all(publisher);
  ASSERT_TRUE(published(publisher, books.journal()));
  EXPECT_EQ(topics.expect_events(books.journal()), 0u);
  topics.expect_rows(books);
  topics.expect_sums(books);
  for (const auto& lane : publisher.status()) {
    EXPECT_EQ(lane.lag_entries(), 0u);
    EXPECT_GT(lane.records, 0u);
    EXPECT_EQ(lane.failures, 0u) << lane.error;
  }
}

TEST_F(GivenHistory, WhenTakenAgainThenNothingIsWrittenTwiceAndTheSchemaOnce) {
  {
    Publisher publisher(topics.options(), books.journal(), books.models());
    take_all(publisher);
    ASSERT_TRUE(published(publisher, books.journal()));
  }
  const auto rows = topics.read(TopicKind::order_status, 0).size();
  Publisher publisher(topics.options(), books.journal(), books.models());
  take_all(publisher);
  ASSERT_TRUE(published(publisher, books.journal()));
  EXPECT_EQ(topics.expect_events(books.journal()), 0u);
  EXPECT_EQ(topics.read(TopicKind::order_status, 0).size(), rows);
  EXPECT_EQ(publisher.status().front().records, 0u);
  const auto schemas = topics.read(TopicKind::schemas, 0);
  ASSERT_LE(schemas.size(), 2u) << "two lanes that begin at once may both find it missing";
  EXPECT_EQ(schemas.front().key, "public/1");
}

TEST_F(GivenBooks, WhenCommandsComeThenTheirRowsFollowAndLanesMayBeReleased) {
  Publisher publisher(topics.options(), books.journal(), books.models());
  books.push_to(&publisher);
  take_all(publisher);
  books.live(150);
  ASSERT_TRUE(published(publisher, books.journal()));
  topics.expect_rows(books);
  publisher.release(1);
  EXPECT_EQ(publisher.status().size(), 1u);
  books.live(60);
  ASSERT_TRUE(published(publisher, books.journal()));
  publisher.take(1);
  ASSERT_TRUE(published(publisher, books.journal()));
  EXPECT_EQ(topics.expect_events(books.journal()), 0u);
  topics.expect_rows(books);
  books.push_to(nullptr);
}

TEST_F(GivenBooks, WhenTheBrokerDiesThenTheEngineGoesOnAndThePublisherWhenItIsBack) {
  Publisher publisher(topics.options(), books.journal(), books.models());
  books.push_to(&publisher);
  take_all(publisher);
  books.live(60);
  ASSERT_TRUE(published(publisher, books.journal()));
  TestBroker::kill();
  books.live(60);
  EXPECT_TRUE(eventually([&] { return !publisher.status().front().error.empty(); }));
  EXPECT_GT(publisher.status().front().lag_entries(), 0u);
  TestBroker::start();
  ASSERT_TRUE(published(publisher, books.journal()));
  EXPECT_EQ(topics.expect_events(books.journal()), 0u);
  topics.expect_rows(books);
  books.push_to(nullptr);
}

TEST_F(GivenHistory, WhenTheQueueHoldsThreeRecordsThenItWaitsAndNothingIsLost) {
  auto options = topics.options();
  options.client = TestBroker::config({{"queue.buffering.max.messages", "3"}, {"linger.ms", "0"}});
  Publisher publisher(options, books.journal(), books.models());
  take_all(publisher);
  ASSERT_TRUE(eventually(
      [&] {
        for (const auto& lane : publisher.status()) EXPECT_LE(lane.records_waiting, 4u);
        return publisher.status().front().phase == kafka::PublishedLane::Phase::live;
      },
      60s));
  ASSERT_TRUE(published(publisher, books.journal()));
  EXPECT_EQ(topics.expect_events(books.journal()), 0u);
  topics.expect_rows(books);
}

TEST_F(GivenHistory, WhenTheTopicsAreOfAnotherJournalThenItSaysSoAndWritesNothing) {
  {
    Publisher publisher(topics.options(), books.journal(), books.models());
    take_all(publisher);
    ASSERT_TRUE(published(publisher, books.journal()));
  }
  TemporaryDirectory other_directory;
  LivingBooks other(other_directory.path(), seed + 1);
  other.live(20);
  const auto records = topics.read(TopicKind::events, 0).size();
  Publisher publisher(topics.options(), other.journal(), other.models());
  publisher.take(0);
  EXPECT_TRUE(eventually([&] { return publisher.status().front().failures > 1; }));
  EXPECT_NE(publisher.status().front().error.find(topics.name(TopicKind::events) + "[0]: it"), std::string::npos)
      << publisher.status().front().error;
  EXPECT_EQ(topics.read(TopicKind::events, 0).size(), records);
}

}  // namespace
}  // namespace o2c::test
