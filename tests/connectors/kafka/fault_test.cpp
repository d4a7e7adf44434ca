#include <fmt/format.h>
#include <gtest/gtest.h>

#include "connectors/kafka/client/partition_reader.hpp"
#include "tests/connectors/kafka/collector.hpp"
#include "tests/support/tcp_proxy.hpp"

namespace o2c::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Direction = TcpProxy::Direction;

/// Clients with this configuration reach the broker through a proxy on proxy_port().
kafka::ClientConfig through_proxy(kafka::ClientConfig::Settings settings = {}) {
  settings.emplace("bootstrap.servers", fmt::format("127.0.0.1:{}", TestBroker::proxy_port()));
  return TestBroker::config(std::move(settings));
}

std::unique_ptr<kafka::PartitionReader> direct_reader(const std::string& topic) {
  auto reader = kafka::PartitionReader::open(TestBroker::config(), topic, 0, 0);
  EXPECT_TRUE(reader) << reader.error().message;
  return std::move(*reader);
}

/// Texts of the first `count` records, or of fewer if they do not come.
std::vector<std::string> read(kafka::PartitionReader& reader, std::size_t count) {
  std::vector<std::string> out;
  eventually([&] {
    for (const auto& record : reader.poll(count - out.size(), 100ms).records) out.emplace_back(text_of(record.value));
    return out.size() >= count;
  });
  return out;
}

/// Ends in time, or the test program with it.
class Deadline {
 public:
  explicit Deadline(Clock::duration limit) : limit_(limit) {}
  ~Deadline() { EXPECT_LT(Clock::now() - from_, limit_); }

 private:
  Clock::duration limit_;
  Clock::time_point from_ = Clock::now();
};

TEST(GivenAProduceRequestThatIsHeld, WhenItTimesOutThenUnknownAndItLandsWhenReleased) {
  const std::string topic = TestBroker::new_topic();
  TcpProxy proxy{TestBroker::proxy_port(), TestBroker::proxied_port()};
  Collector former{through_proxy({{"message.timeout.ms", "1000"}, {"request.timeout.ms", "60000"}})};
  former.produce(topic, {.value = bytes_of("before")});
  ASSERT_TRUE(former.producer().flush(10s));

  proxy.hold(Direction::to_server, TcpProxy::Which::present);
  former.produce(topic, {.value = bytes_of("late")});
  ASSERT_TRUE(eventually([&] { return former.reports().size() == 2; }, 10s));
  EXPECT_FALSE(former.reports()[1].delivered());
  EXPECT_EQ(former.reports()[1].persisted, kafka::Persisted::possibly);
  former.end();
  EXPECT_GT(proxy.held(Direction::to_server), 0U);

  Collector next{through_proxy()};
  next.produce(topic, {.value = bytes_of("next")});
  ASSERT_TRUE(next.producer().flush(10s));
  const auto reader = direct_reader(topic);
  EXPECT_EQ(read(*reader, 2), (std::vector<std::string>{"before", "next"}));  // reading the tail proves nothing
  EXPECT_EQ(reader->watermarks(5s)->until, 2);

  proxy.release(Direction::to_server);
  EXPECT_EQ(read(*reader, 1), std::vector<std::string>{"late"});
}

TEST(GivenAnAnswerThatIsLost, WhenTheConnectionIsCutThenTheRetryDoesNotDouble) {
  const std::string topic = TestBroker::new_topic();
  TcpProxy proxy{TestBroker::proxy_port(), TestBroker::proxied_port()};
  Collector collector{through_proxy()};
  collector.produce(topic, {.value = bytes_of("a")});
  ASSERT_TRUE(collector.producer().flush(10s));
  proxy.hold(Direction::to_client, TcpProxy::Which::present);
  collector.produce(topic, {.value = bytes_of("b")});
  const auto reader = direct_reader(topic);
  ASSERT_EQ(read(*reader, 2), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(collector.reports().size(), 1U);
  proxy.cut();
  ASSERT_TRUE(collector.producer().flush(15s));
  EXPECT_TRUE(collector.reports().at(1).delivered()) << collector.reports()[1].reason;
  collector.produce(topic, {.value = bytes_of("c")});
  ASSERT_TRUE(collector.producer().flush(10s));
  EXPECT_EQ(read(*reader, 1), std::vector<std::string>{"c"});
  EXPECT_EQ(collector.reports().at(2).offset, 2);
}

TEST(GivenABrokerThatDoesNotAnswer, WhenAskedThenTheTimeoutHolds) {
  const std::string topic = TestBroker::new_topic();
  TcpProxy proxy{TestBroker::proxy_port(), TestBroker::proxied_port()};
  auto reader = kafka::PartitionReader::open(through_proxy(), topic, 0, 0);
  ASSERT_TRUE(reader);
  ASSERT_TRUE((*reader)->watermarks(5s));
  proxy.hold(Direction::to_client);
  {
    const Deadline deadline{4s};
    const auto range = (*reader)->watermarks(1s);
    ASSERT_FALSE(range);
    EXPECT_EQ(range.error().code, ErrorCode::unavailable);
    EXPECT_EQ(range.error().remedy, Remedy::retry);
  }
  {
    const Deadline deadline{2s};
    EXPECT_TRUE((*reader)->poll(1, 500ms).records.empty());
  }
  const Deadline deadline{5s};
  reader->reset();
}

TEST(GivenABrokerThatDoesNotAnswer, WhenTheProducerEndsThenSoonAndWithAReportForEachRecord) {
  const std::string topic = TestBroker::new_topic();
  TcpProxy proxy{TestBroker::proxy_port(), TestBroker::proxied_port()};
  Collector collector{through_proxy()};
  collector.produce(topic, {.value = bytes_of("a")});
  ASSERT_TRUE(collector.producer().flush(10s));
  proxy.hold(Direction::to_client);
  for (int i = 0; i < 1000; ++i) collector.produce(topic, {.value = bytes_of("b")}, kafka::ValueBytes::borrowed);
  EXPECT_FALSE(collector.producer().flush(200ms));
  {
    const Deadline deadline{5s};
    collector.end();
  }
  const auto reports = collector.reports();
  ASSERT_EQ(reports.size(), 1001U);
  for (std::size_t i = 1; i < reports.size(); ++i) {
    EXPECT_FALSE(reports[i].delivered());
    EXPECT_NE(reports[i].persisted, kafka::Persisted::yes);
  }
}

TEST(GivenASmallQueue, WhenFullThenSaidAndNothingIsTaken) {
  const std::string topic = TestBroker::new_topic();
  TcpProxy proxy{TestBroker::proxy_port(), TestBroker::proxied_port()};
  proxy.hold(Direction::to_client);
  Collector collector{through_proxy({{"queue.buffering.max.messages", "10"}})};
  const auto to = collector.producer().topic(topic);
  ASSERT_TRUE(to);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(collector.producer().produce(*to, {.value = bytes_of("x")}));
  const auto taken = collector.producer().produce(*to, {.value = bytes_of("x")});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::unavailable);
  EXPECT_EQ(taken.error().remedy, Remedy::retry);
  EXPECT_FALSE(collector.producer().fatal_error());
  collector.producer().purge();
  ASSERT_TRUE(collector.producer().flush(5s));
  EXPECT_EQ(collector.reports().size(), 10U);
  EXPECT_TRUE(collector.producer().produce(*to, {.value = bytes_of("x")}));
}

TEST(GivenAKilledBroker, WhenProducingThenFailsInTimeAndANewProducerWorksOnceItIsBack) {
  const std::string topic = TestBroker::new_topic();
  Collector former{TestBroker::config({{"message.timeout.ms", "2000"}})};
  former.produce(topic, {.value = bytes_of("before")});
  ASSERT_TRUE(former.producer().flush(10s));
  TestBroker::kill();
  former.produce(topic, {.value = bytes_of("lost")});
  EXPECT_TRUE(eventually([&] { return former.reports().size() == 2; }, 10s));
  EXPECT_FALSE(former.reports().at(1).delivered());
  {
    const Deadline deadline{5s};
    former.end();
  }
  TestBroker::start();
  Collector next;
  next.produce(topic, {.value = bytes_of("after")});
  ASSERT_TRUE(next.producer().flush(30s));
  EXPECT_TRUE(next.reports().at(0).delivered()) << next.reports()[0].reason;
  EXPECT_EQ(read(*direct_reader(topic), 2), (std::vector<std::string>{"before", "after"}));
}

TEST(GivenAReader, WhenTheBrokerComesBackThenItGoesOnByItself) {
  const std::string topic = TestBroker::new_topic();
  Collector collector;
  produce_all(collector, topic, 10);
  const auto reader = direct_reader(topic);
  ASSERT_EQ(read(*reader, 10).size(), 10U);
  TestBroker::kill();
  const auto batch = reader->poll(1, 300ms);
  EXPECT_TRUE(batch.records.empty());
  TestBroker::start();
  collector.produce(topic, {.value = bytes_of("after")});
  ASSERT_TRUE(collector.producer().flush(30s));
  EXPECT_EQ(read(*reader, 1), std::vector<std::string>{"after"});
  EXPECT_EQ(reader->position(), 11);
}

}  // namespace
}  // namespace o2c::test
