#include <gtest/gtest.h>

#include <algorithm>

#include "connectors/kafka/topics/topics.hpp"
#include "tests/connectors/kafka/collector.hpp"

namespace o2c::test {
namespace {

using kafka::Finding;
using kafka::TopicKind;
using kafka::TopicPlan;

std::vector<Finding> findings_of(kafka::Admin& admin, const TopicPlan& plan) {
  auto findings = kafka::verify_topics(admin, plan);
  EXPECT_TRUE(findings) << findings.error().message;
  return findings ? *findings : std::vector<Finding>{};
}

/// Findings that refuse a start, by the beginning of their place.
std::vector<Finding> refusals_at(const std::vector<Finding>& findings, const std::string& place) {
  std::vector<Finding> out;
  for (const Finding& each : findings) {
    if (each.severity == Finding::Severity::refuse && each.place.rfind(place, 0) == 0) out.push_back(each);
  }
  return out;
}

/// The command of a finding as tools/kafka runs it.
std::string as_tool(const std::string& fix) {
  const std::pair<std::string, std::string> scripts[] = {{"kafka-configs.sh", "kafka.admin.ConfigCommand"},
                                                         {"kafka-topics.sh", "org.apache.kafka.tools.TopicCommand"}};
  for (const auto& [script, tool] : scripts) {
    if (fix.rfind(script, 0) == 0) return tool + fix.substr(script.size());
  }
  ADD_FAILURE() << fix;
  return {};
}

/// Carries out a command for a setting: by Kafka's own tool, or, as that takes seconds to start, by asking for the same.
void mend(kafka::Admin& admin, const std::string& topic, const std::string& fix, bool by_tool) {
  if (by_tool) {
    EXPECT_EQ(TestBroker::tool(as_tool(fix)), 0) << fix;
    return;
  }
  const std::string option = "--entity-name " + topic + " --add-config ";
  const auto at = fix.find(option);
  ASSERT_NE(at, std::string::npos) << fix;
  const std::string setting = fix.substr(at + option.size());
  const auto equals = setting.find('=');
  const auto altered = admin.alter_config(topic, {{setting.substr(0, equals), setting.substr(equals + 1)}});
  EXPECT_TRUE(altered) << altered.error().message;
}

TEST(GivenNoTopics, WhenCreatedThenAllAreAsTheyShouldBeAndAgainChangesNothing) {
  const auto admin = TestBroker::admin();
  const TopicPlan plan{.prefix = TestBroker::random_prefix(), .lanes = 3, .replication = 1};
  const auto missing = findings_of(*admin, plan);
  EXPECT_EQ(missing.size(), kafka::topic_rules(plan).size());
  EXPECT_TRUE(kafka::refuses_start(missing));
  EXPECT_EQ(missing.at(0).fix, "o2c topic create");

  const auto created = kafka::create_topics(*admin, plan);
  ASSERT_TRUE(created) << created.error().message;
  EXPECT_EQ(created->size(), kafka::topic_rules(plan).size());
  EXPECT_EQ(created->at(0), plan.prefix + ".journal.v1");
  const auto findings = findings_of(*admin, plan);
  ASSERT_EQ(findings.size(), 1U);  // one copy, not flushed: said, not refused
  EXPECT_EQ(findings[0].place, plan.prefix + ".journal.v1: replication 1");
  EXPECT_FALSE(kafka::refuses_start(findings));

  const auto again = kafka::create_topics(*admin, plan);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->empty());
}

TEST(GivenWrongSettings, WhenVerifiedThenEachIsFoundAndItsCommandMendsIt) {
  const auto admin = TestBroker::admin();
  const TopicPlan plan{.prefix = TestBroker::random_prefix(), .lanes = 2, .replication = 1};
  ASSERT_TRUE(kafka::create_topics(*admin, plan));
  const std::string journal = topic_name(plan, TopicKind::journal);
  const std::map<std::string, std::string> wrong{{"retention.ms", "604800000"},
                                                 {"cleanup.policy", "compact"},
                                                 {"max.message.bytes", "1000"},
                                                 {"min.insync.replicas", "2"},
                                                 {"unclean.leader.election.enable", "true"}};
  const auto altered = admin->alter_config(journal, wrong);
  ASSERT_TRUE(altered) << altered.error().message;

  // A broker learns of settings a moment after it has accepted them.
  const auto refusals = [&](const std::string& name, const std::string& value) {
    return refusals_at(findings_of(*admin, plan), journal + ": " + name + "=" + value);
  };
  for (const auto& [name, value] : wrong)
    ASSERT_TRUE(eventually([&] { return refusals(name, value).size() == 1; })) << name;
  EXPECT_TRUE(kafka::refuses_start(findings_of(*admin, plan)));
  for (const auto& [name, value] : wrong)
    mend(*admin, journal, refusals(name, value).at(0).fix, name == "retention.ms");
  EXPECT_TRUE(eventually([&] { return !kafka::refuses_start(findings_of(*admin, plan)); }));
}

TEST(GivenTooFewPartitions, WhenVerifiedThenFoundAndTheCommandAddsThem) {
  const auto admin = TestBroker::admin();
  const TopicPlan plan{.prefix = TestBroker::random_prefix(), .lanes = 2, .replication = 1};
  ASSERT_TRUE(kafka::create_topics(*admin, plan));
  TopicPlan more = plan;
  more.lanes = 3;
  const auto findings = findings_of(*admin, more);
  const auto of_journal = refusals_at(findings, topic_name(plan, TopicKind::journal) + ": 2 partitions");
  ASSERT_EQ(of_journal.size(), 1U);
  EXPECT_EQ(of_journal[0].fix, "lanes = 2  # under [kafka] in the configuration");
  const std::string place = topic_name(plan, TopicKind::events) + ": 2 partitions";
  const auto of_events = refusals_at(findings, place);
  ASSERT_EQ(of_events.size(), 1U);
  ASSERT_EQ(TestBroker::tool(as_tool(of_events[0].fix)), 0) << of_events[0].fix;
  EXPECT_TRUE(eventually([&] { return refusals_at(findings_of(*admin, more), place).empty(); }));
}

TEST(GivenAJournalWhoseRecordsWereDeleted, WhenVerifiedThenRefused) {
  const auto admin = TestBroker::admin();
  const TopicPlan plan{.prefix = TestBroker::random_prefix(), .lanes = 1, .replication = 1};
  ASSERT_TRUE(kafka::create_topics(*admin, plan));
  const std::string journal = topic_name(plan, TopicKind::journal);
  Collector collector;
  produce_all(collector, journal, 3);
  const auto deleted = admin->delete_records(journal, 0, 2);
  ASSERT_TRUE(deleted) << deleted.error().message;
  EXPECT_EQ(refusals_at(findings_of(*admin, plan), journal + ": partition 0 begins at 2").size(), 1U);
}

}  // namespace
}  // namespace o2c::test
