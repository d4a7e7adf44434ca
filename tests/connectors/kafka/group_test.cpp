#include <gtest/gtest.h>

#include <numeric>

#include "connectors/kafka/client/group_member.hpp"
#include "tests/connectors/kafka/broker.hpp"
#include "tests/support/tcp_proxy.hpp"

namespace o2c::test {
namespace {

using namespace std::chrono_literals;
using kafka::GroupMember;
using Lanes = std::vector<std::int32_t>;

/// A member and what it was told.
class Member {
 public:
  Member(const std::string& topic, const kafka::ClientConfig& config = TestBroker::config()) {
    auto member = GroupMember::join(config, {.group = topic, .topic = topic, .instance_id = {}},
                                    {.named = [this](auto lanes) { note(told_named, lanes); },
                                     .revoked = [this](auto lanes) { note(told_revoked, lanes); },
                                     .lost = [this](auto lanes) { note(told_lost, lanes); }});
    EXPECT_TRUE(member) << member.error().message;
    member_ = std::move(*member);
  }
  Lanes named() const { return member_->named(); }
  bool is_named(std::int32_t lane) const { return member_->is_named(lane); }
  void leave() { member_.reset(); }
  Lanes told(const Lanes Member::*which) const {
    const std::lock_guard lock{guard_};
    return this->*which;
  }
  Lanes told_named, told_revoked, told_lost;

 private:
  void note(Lanes& to, kafka::GroupCallbacks::Lanes lanes) {
    const std::lock_guard lock{guard_};
    to.insert(to.end(), lanes.begin(), lanes.end());
  }
  mutable std::mutex guard_;
  std::unique_ptr<GroupMember> member_;
};

Lanes all(int count) {
  Lanes out(static_cast<std::size_t>(count));
  std::iota(out.begin(), out.end(), 0);
  return out;
}

Lanes sorted_union(Lanes a, const Lanes& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::sort(a.begin(), a.end());
  return a;
}

TEST(GivenTwoMembers, WhenOneLeavesThenTheOtherGetsAllLanes) {
  const std::string topic = TestBroker::new_topic(4);
  Member first{topic};
  ASSERT_TRUE(eventually([&] { return first.named() == all(4); }));
  EXPECT_TRUE(first.is_named(3));

  Member second{topic};
  ASSERT_TRUE(eventually([&] { return first.named().size() == 2 && second.named().size() == 2; }));
  EXPECT_EQ(sorted_union(first.named(), second.named()), all(4));
  // Two lanes moved; those that stayed were never taken away.
  EXPECT_EQ(first.told(&Member::told_revoked), second.named());
  EXPECT_TRUE(first.told(&Member::told_lost).empty());

  const Lanes seconds = second.named();
  second.leave();
  EXPECT_EQ(second.told(&Member::told_revoked), seconds);
  ASSERT_TRUE(eventually([&] { return first.named() == all(4); }));
  EXPECT_EQ(sorted_union(first.told(&Member::told_named), {}), sorted_union(all(4), seconds));
}

TEST(GivenAMemberThatIsCutOff, WhenItsSessionEndsThenItsLanesMoveAndItLearnsOfTheLoss) {
  const std::string topic = TestBroker::new_topic(2);
  TcpProxy proxy{TestBroker::proxy_port(), TestBroker::proxied_port()};
  const kafka::ClientConfig::Settings quick{{"session.timeout.ms", "2000"}, {"heartbeat.interval.ms", "300"}};
  auto proxied = quick;
  proxied.emplace("bootstrap.servers", "127.0.0.1:" + std::to_string(TestBroker::proxy_port()));
  Member cut_off{topic, TestBroker::config(proxied)};
  ASSERT_TRUE(eventually([&] { return cut_off.named() == all(2); }));
  proxy.hold(TcpProxy::Direction::to_server);
  proxy.hold(TcpProxy::Direction::to_client);

  Member other{topic, TestBroker::config(quick)};
  ASSERT_TRUE(eventually([&] { return other.named() == all(2); }));
  ASSERT_TRUE(eventually([&] { return cut_off.named().empty(); }));
  EXPECT_EQ(cut_off.told(&Member::told_lost), all(2));
  EXPECT_TRUE(cut_off.told(&Member::told_revoked).empty());

  const auto from = std::chrono::steady_clock::now();
  cut_off.leave();
  EXPECT_LT(std::chrono::steady_clock::now() - from, 10s);
  EXPECT_EQ(other.named(), all(2));
}

// A client that goes between the group's answer and its first assignment once ended the process.
TEST(GivenMembersThatGoAtOnce, WhenTheyCameThenTheProcessLives) {
  const std::string topic = TestBroker::new_topic(2);
  Member stays{topic, TestBroker::config({{"heartbeat.interval.ms", "100"}})};
  ASSERT_TRUE(eventually([&] { return stays.named() == all(2); }));
  std::vector<std::jthread> others;
  for (const auto visit : {100ms, 150ms, 200ms, 250ms, 300ms, 350ms}) {
    others.emplace_back([&, visit] {
      for (int i = 0; i < 8; ++i) {
        Member goes{topic};
        std::this_thread::sleep_for(visit);
      }
    });
  }
  others.clear();
  ASSERT_TRUE(eventually([&] { return stays.named() == all(2); }));
}

TEST(GivenMoreMembersThanLanes, WhenTheyComeAndGoThenTheLaneIsAlwaysNamedToOneOfThoseThatAreThere) {
  const std::string topic = TestBroker::new_topic(1);
  const auto join = [&] {
    return std::make_unique<Member>(topic, TestBroker::config({{"heartbeat.interval.ms", "100"}}));
  };
  std::vector<std::unique_ptr<Member>> members;
  const auto holders = [&] {
    return std::ranges::count_if(members, [](const auto& member) { return member->is_named(0); });
  };
  for (int i = 0; i < 4; ++i) members.push_back(join());
  for (int round = 0; round < 4; ++round) {
    ASSERT_TRUE(eventually([&] { return holders() == 1; })) << "round " << round;
    // The holder goes, another one comes.
    std::erase_if(members, [](const auto& member) { return member->is_named(0); });
    members.push_back(join());
  }
  ASSERT_TRUE(eventually([&] { return holders() == 1; }));
}

}  // namespace
}  // namespace o2c::test
