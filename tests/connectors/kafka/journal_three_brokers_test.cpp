#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "tests/connectors/kafka/journal_writers.hpp"
#include "tests/support/journal_load.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::test {
namespace {

using namespace std::chrono_literals;

/// Three brokers in a folder of their own, for one test.
class ThreeBrokers {
 public:
  ThreeBrokers() { run("start '{}' --port 0 --brokers 3"); }
  ~ThreeBrokers() { run("wipe '{}'"); }
  ThreeBrokers(const ThreeBrokers&) = delete;
  ThreeBrokers& operator=(const ThreeBrokers&) = delete;

  void kill(int broker) { run(fmt::format("kill '{{}}' {}", broker)); }
  void start() { run("start '{}'"); }
  kafka::ClientConfig::Settings client() const {
    std::ifstream in(folder_ / "bootstrap.servers");
    std::string servers;
    EXPECT_TRUE(std::getline(in, servers));
    return {{"bootstrap.servers", servers}};
  }

 private:
  void run(const std::string& what) const {
    const std::string command =
        fmt::format("'{}' {} >/dev/null", O2C_KAFKA_TOOL, fmt::format(fmt::runtime(what), folder_.string()));
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
  }
  TemporaryDirectory directory_;
  const std::filesystem::path folder_ = directory_.path() / "cluster";
};

/// The partition's leader; nothing while there is none or not all three are in sync.
std::optional<int> whole_leader(kafka::Admin& admin, const std::string& topic) {
  const auto info = admin.describe_topic(topic);
  if (!info || info->partitions.size() != 1 || info->partitions[0].in_sync.size() != 3) return std::nullopt;
  return info->partitions[0].leader >= 0 ? std::optional(info->partitions[0].leader) : std::nullopt;
}

TEST(GivenThreeBrokers, WhenTheLeaderIsKilledUnderLoadThenTheLaneGoesOnAndNothingAcknowledgedIsLost) {
  ThreeBrokers brokers;
  const std::string topic = "o2c.journal.v1";
  const auto admin = kafka::Admin::open(TestBroker::config(brokers.client()), 10s);
  ASSERT_TRUE(admin);
  ASSERT_TRUE((*admin)->create_topic({topic, 1, 3, {{"min.insync.replicas", "2"}}}));
  ASSERT_TRUE(eventually([&] { return whole_leader(**admin, topic).has_value(); }));

  JournalOracle oracle;
  OracleListener listener(oracle);
  const auto journal = start_journal(topic, {.client = brokers.client(), .open_patience = 10s});
  JournalLoad load(*journal, listener, {.writer = "a"});
  for (int i = 0; i < 3; ++i) {
    std::optional<int> leader;
    ASSERT_TRUE(eventually([&] { return (leader = whole_leader(**admin, topic)).has_value(); }, 60s));
    const std::size_t before = listener.durable;
    ASSERT_TRUE(eventually([&] { return listener.durable > before + 20; }));
    brokers.kill(*leader);
    const std::size_t killed = listener.durable;
    EXPECT_TRUE(eventually([&] { return listener.durable > killed + 200; }, 30s)) << "broker " << *leader;
    brokers.start();
  }
  load.stop();
  for (const Error& error : listener.refusals()) EXPECT_EQ(error.code, ErrorCode::unavailable) << error.message;
  ASSERT_TRUE(journal->open(0));
  oracle.check(read_by_two(topic, {.client = brokers.client()}), true);
}

}  // namespace
}  // namespace o2c::test
