#include <gtest/gtest.h>

#include <algorithm>

#include "connectors/kafka/topics/topics.hpp"

namespace o2c::kafka {
namespace {

using Severity = Finding::Severity;

/// A topic as its rule wants it, to be spoilt by a test.
struct Case {
  TopicRule rule;
  TopicInfo topic;
  std::map<std::string, ConfigValue> config;

  explicit Case(TopicKind kind, int replication = 3, std::uint32_t lanes = 4)
      : rule(topic_rules(
            {.prefix = "o2c", .lanes = lanes, .replication = replication})[static_cast<std::size_t>(kind)]) {
    topic.name = rule.spec.name;
    for (const auto& [name, value] : rule.spec.config) config[name] = {value, true};
    config["flush.messages"] = {"9223372036854775807", false};
    partitions(rule.spec.partitions, replication);
  }
  void partitions(int count, int replication) {
    topic.partitions.clear();
    for (int p = 0; p < count; ++p) {
      PartitionInfo partition{
          .partition = p, .leader = 1, .replicas = {}, .in_sync = {}, .offsets = OffsetRange{0, 10}};
      for (int r = 1; r <= replication; ++r) partition.replicas.push_back(r), partition.in_sync.push_back(r);
      topic.partitions.push_back(partition);
    }
  }
  std::vector<Finding> findings() const { return check_topic(rule, topic, config, "broker:9092"); }
  /// The only finding that one changed setting makes.
  Finding with(const std::string& name, const std::string& value) {
    config[name].value = value;
    const auto all = findings();
    EXPECT_EQ(all.size(), 1U) << name << "=" << value;
    return all.empty() ? Finding{} : all[0];
  }
};

TEST(GivenTopicNames, WhenAPrefixIsGivenThenEachNameBearsIt) {
  const TopicPlan plan{.prefix = "acme.test"};
  EXPECT_EQ(topic_name(plan, TopicKind::journal), "acme.test.journal.v1");
  EXPECT_EQ(topic_name(plan, TopicKind::events_json), "acme.test.events.json.v1");
  EXPECT_EQ(topic_name(plan, TopicKind::order_status), "acme.test.order-status.state.v1");
  EXPECT_EQ(topic_name(plan, TopicKind::dlq_commands), "acme.test.dlq.commands.v1");
  for (const std::string prefix : {"", "O2C", "a b", ".o2c", "o2c.", "ö"})
    EXPECT_FALSE(check_plan({.prefix = prefix})) << prefix;
  EXPECT_FALSE(check_plan({.lanes = 0}));
  EXPECT_TRUE(check_plan({}));
}

TEST(GivenTopicsAsTheyShouldBe, WhenCheckedThenNothingIsFound) {
  for (const auto& rule : topic_rules({})) EXPECT_TRUE(Case{rule.kind}.findings().empty()) << rule.spec.name;
}

TEST(GivenRules, WhenAskedThenCommandsAreKeptAsLongAsTheirIdsAndAnswersForAWeek) {
  const auto kept = [](TopicKind kind) { return Case{kind}.rule.spec.config.at("retention.ms"); };
  EXPECT_EQ(kept(TopicKind::commands), std::to_string(30LL * 24 * 3600 * 1000));
  EXPECT_EQ(kept(TopicKind::dlq_commands), std::to_string(30LL * 24 * 3600 * 1000));
  EXPECT_EQ(kept(TopicKind::answers), std::to_string(7LL * 24 * 3600 * 1000));
  EXPECT_EQ(kept(TopicKind::journal), "-1");
  EXPECT_EQ(Case{TopicKind::commands}.rule.spec.partitions, 4);
}

TEST(GivenAJournal, WhenASettingIsUnsafeThenRefusedWithTheCommandThatMendsIt) {
  const std::pair<const char*, const char*> unsafe[] = {{"retention.ms", "604800000"},
                                                        {"retention.bytes", "1073741824"},
                                                        {"cleanup.policy", "compact"},
                                                        {"cleanup.policy", "compact,delete"},
                                                        {"max.message.bytes", "1048575"},
                                                        {"min.insync.replicas", "1"},
                                                        {"unclean.leader.election.enable", "true"},
                                                        {"retention.ms", "x"}};
  for (const auto& [name, value] : unsafe) {
    Case journal{TopicKind::journal};
    const std::string wanted = journal.rule.spec.config.at(name);
    const Finding finding = journal.with(name, value);
    EXPECT_EQ(finding.severity, Severity::refuse) << name;
    EXPECT_EQ(finding.place, std::string{"o2c.journal.v1: "} + name + "=" + value);
    EXPECT_EQ(
        finding.fix,
        std::string{
            "kafka-configs.sh --bootstrap-server broker:9092 --alter --entity-type topics --entity-name o2c.journal.v1 "
            "--add-config "} +
            name + "=" + wanted);
  }
}

TEST(GivenAJournal, WhenASettingIsBetterThanNeededThenNothingIsFound) {
  Case journal{TopicKind::journal};
  journal.config["max.message.bytes"].value = "8388608";
  EXPECT_TRUE(journal.findings().empty());
}

TEST(GivenAJournal, WhenThePartitionCountIsNotThatOfTheLanesThenRefused) {
  for (const int count : {3, 5}) {
    Case journal{TopicKind::journal};
    journal.partitions(count, 3);
    const auto findings = journal.findings();
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_TRUE(refuses_start(findings));
    EXPECT_EQ(findings[0].fix, "lanes = " + std::to_string(count) + "  # under [kafka] in the configuration");
  }
}

TEST(GivenAnotherTopic, WhenThePartitionCountIsWrongThenItIsGrownOrMadeAnew) {
  Case events{TopicKind::events};
  events.partitions(3, 3);
  EXPECT_EQ(events.findings().at(0).fix,
            "kafka-topics.sh --bootstrap-server broker:9092 --alter --topic o2c.events.v1 --partitions 4");
  events.partitions(5, 3);
  EXPECT_EQ(events.findings().at(0).fix,
            "kafka-topics.sh --bootstrap-server broker:9092 --delete --topic o2c.events.v1 && o2c topic create");
}

TEST(GivenAJournal, WhenItsBeginIsGoneThenRefused) {
  Case journal{TopicKind::journal};
  journal.topic.partitions[2].offsets->from = 7;
  const auto findings = journal.findings();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].place, "o2c.journal.v1: partition 2 begins at 7");
  EXPECT_TRUE(refuses_start(findings));
  Case commands{TopicKind::commands};
  commands.topic.partitions[2].offsets->from = 7;
  EXPECT_TRUE(commands.findings().empty());
}

TEST(GivenAJournalWithOneCopy, WhenNothingIsFlushedThenThatIsSaidAndNoMore) {
  Case journal{TopicKind::journal, 1};
  const auto findings = journal.findings();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].severity, Severity::warn);
  EXPECT_FALSE(refuses_start(findings));
  EXPECT_NE(findings[0].fix.find("flush.messages=1"), std::string::npos);
  journal.config["flush.messages"].value = "1";
  EXPECT_TRUE(journal.findings().empty());
}

TEST(GivenAJournalWithOneCopy, WhenTwoInSyncAreAskedForThenNothingCouldBeAppended) {
  Case journal{TopicKind::journal, 1};
  journal.config["flush.messages"].value = "1";
  const Finding finding = journal.with("min.insync.replicas", "2");
  EXPECT_EQ(finding.severity, Severity::refuse);
  EXPECT_NE(finding.fix.find("min.insync.replicas=1"), std::string::npos);
}

TEST(GivenATopicThatIsRebuilt, WhenRecordsGoEarlyThenThatIsOnlySaid) {
  EXPECT_EQ(Case{TopicKind::commands}.with("retention.ms", "86400000").severity, Severity::warn);
  EXPECT_EQ(Case{TopicKind::aging}.with("delete.retention.ms", "1000").severity, Severity::warn);
  EXPECT_EQ(Case{TopicKind::events}.with("retention.ms", "86400000").severity, Severity::refuse);
  EXPECT_EQ(Case{TopicKind::journal}.with("message.timestamp.type", "CreateTime").severity, Severity::warn);
  EXPECT_EQ(Case{TopicKind::aging}.with("cleanup.policy", "delete").severity, Severity::refuse);
}

}  // namespace
}  // namespace o2c::kafka
