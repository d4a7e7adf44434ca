// The program itself, killed while commands arrive.
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <random>
#include <thread>

#include "connectors/kafka/client/group_member.hpp"
#include "tests/connectors/kafka_commands/oracle.hpp"
#include "tests/connectors/kafka_publisher/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::test {
namespace {

using namespace std::chrono_literals;

/// Sends to two companies, one in each lane: mostly marks, some of them twice, some records that are no commands.
class Clients {
 public:
  explicit Clients(CommandTopics& topics) : topics_(topics) {
    for (LaneId lane = 0; lane < lanes; ++lane) {
      while (lane_of(companies_[lane], lanes) != lane) companies_[lane] += '-';
    }
    thread_ = std::thread([this] { run(); });
  }
  ~Clients() { stop(); }
  void stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }
  /// After stop().
  const std::set<std::string>& ids() const { return ids_; }

 private:
  void run() {
    for (std::uint64_t id = 1; !stopping_; ++id) {
      const std::string& company = companies_[id % lanes];
      const std::string json =
          id <= lanes ? open_json(company, id) : mark_json(company, id, "mark " + std::to_string(id));
      ids_.insert(id_of(id));
      for (std::uint64_t copy = 0; copy < (id % 7 == 0 ? 2 : 1); ++copy) topics_.send_json(company, json);
      if (id % 11 == 0) topics_.send(id % lanes, {company, "no command", json_type});
      std::this_thread::sleep_for(2ms);
    }
    topics_.sync();
  }

  CommandTopics& topics_;
  std::array<std::string, lanes> companies_{"company", "company"};
  std::set<std::string> ids_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

struct GivenProgram : testing::Test {
  GivenProgram() {
    std::ofstream(config) << "journal = \"kafka\"\n[kafka]\nprefix = \"" << topics.plan().prefix
                          << "\"\nlanes = " << lanes << "\nreplication = 1\n[kafka.client]\n\"bootstrap.servers\" = \""
                          << TestBroker::servers()
                          << "\"\n\"heartbeat.interval.ms\" = 100\n";  // how soon it learns of others
  }
  std::unique_ptr<ChildProcess> serve(const std::string& directory) {
    return std::make_unique<ChildProcess>(std::vector<std::string>{
        O2C_PROGRAM, "serve", "--data", (folder.path() / directory).string(), "--config", config.string()});
  }
  std::size_t answers() { return topics.answers().size(); }

  TemporaryDirectory folder;
  const std::filesystem::path config = folder.path() / "o2c.toml";
  CommandTopics topics;
};

TEST_F(GivenProgram, WhenItIsKilledAgainAndAgainThenEachRecordCountsOnceAndIsAnswered) {
  std::random_device chance;
  const unsigned seed = chance();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937 random(seed);
  Clients clients(topics);
  int at_work = 0;
  for (int kills = 0; kills < 10; ++kills) {
    // The other directory knows nothing of what was done since: the position comes from the journal.
    const auto program = serve(kills % 3 == 2 ? "b" : "a");
    const std::size_t before = answers();
    // Most are killed when they have begun to answer, some at any moment before.
    if (kills % 4 == 3) std::this_thread::sleep_for(std::chrono::milliseconds{random() % 1'000});
    else if (eventually([&] { return answers() > before; })) ++at_work;
    std::this_thread::sleep_for(std::chrono::milliseconds{random() % 150});
    program->signal(SIGKILL);
  }
  EXPECT_GT(at_work, 4) << "it was hardly ever at work: the test proves little";
  clients.stop();
  const auto last = serve("a");
  ASSERT_TRUE(eventually([&] { return all_answered(topics, clients.ids()); }, 60s));
  last->signal(SIGKILL);
  expect_once(topics, clients.ids());
}

TEST_F(GivenProgram, WhenItFreezesAndAnotherGoesOnThenEachRecordCountsOnce) {
  Clients clients(topics);
  const auto former = serve("a");
  ASSERT_TRUE(eventually([&] { return answers() > 50; }, 30s));
  former->signal(SIGSTOP);
  const auto now = serve("b");
  const std::size_t before = answers();
  ASSERT_TRUE(eventually([&] { return answers() > before + 50; }, 30s));
  former->signal(SIGCONT);
  std::this_thread::sleep_for(300ms);
  former->signal(SIGKILL);
  clients.stop();
  ASSERT_TRUE(eventually([&] { return all_answered(topics, clients.ids()); }, 60s));
  now->signal(SIGKILL);
  expect_once(topics, clients.ids());
}

/// Comes and goes again and again, and is named lanes that it never serves.
class RestlessMember {
 public:
  RestlessMember(const kafka::TopicPlan& plan, std::chrono::milliseconds pause) {
    thread_ = std::thread([this, plan, pause] {
      for (; !stopping_; ++visits_) {
        const auto member = kafka::GroupMember::join(
            TestBroker::config({{"heartbeat.interval.ms", "100"}}),
            {.group = plan.prefix + ".engines",
             .topic = kafka::topic_name(plan, kafka::TopicKind::journal),
             .instance_id = {}},
            {.named = [this](auto lanes) { taken_ += lanes.size(); }, .revoked = [](auto) {}, .lost = [](auto) {}});
        std::this_thread::sleep_for(pause);
      }
    });
  }
  ~RestlessMember() { stop(); }
  void stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }
  int visits() const { return visits_; }
  std::size_t taken() const { return taken_; }

 private:
  std::atomic<bool> stopping_{false};
  std::atomic<int> visits_{0};
  std::atomic<std::size_t> taken_{0};
  std::thread thread_;
};

/// How long the group is kept busy: O2C_REBALANCE_SECONDS, 6 if not given.
std::chrono::seconds storm() {
  const char* wanted = std::getenv("O2C_REBALANCE_SECONDS");
  return std::chrono::seconds{wanted ? std::atoi(wanted) : 6};
}

TEST_F(GivenProgram, WhenTheGroupSharesOutItsLanesAnewAllTheTimeThenServingGoesOnAndEachRecordCountsOnce) {
  Clients clients(topics);
  const auto program = serve("a");  // alone it has every lane: who stays a while is named one of them
  ASSERT_TRUE(eventually([&] { return answers() > 50; }, 60s));
  {
    const std::size_t before = answers();
    RestlessMember one(topics.plan(), 150ms), two(topics.plan(), 250ms), three(topics.plan(), 350ms);
    std::this_thread::sleep_for(storm());
    EXPECT_GT(answers(), before + 50) << "who comes and goes takes no lane, so nobody should wait";
    one.stop(), two.stop(), three.stop();
    // Each coming and each going starts a rebalance.
    EXPECT_GT(one.visits() + two.visits() + three.visits(), storm() / 1s) << "the test proves little";
  }
  RestlessMember taker(topics.plan(), 2500ms);
  std::this_thread::sleep_for(storm());
  taker.stop();
  EXPECT_GT(taker.taken(), 0u) << "no lane ever moved: the test proves little";
  clients.stop();
  ASSERT_TRUE(eventually([&] { return all_answered(topics, clients.ids()); }, 90s));
  program->signal(SIGKILL);
  expect_once(topics, clients.ids());
}

}  // namespace
}  // namespace o2c::test
