#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "connectors/kafka/client/admin.hpp"

namespace o2c::kafka {

/// The topics of one instance. Names are PREFIX.NAME.v1; the version is that of the record's form.
enum class TopicKind {
  journal,       // o2c.journal.v1: the entries, all that is ever true
  commands,      // o2c.commands.v1: wishes from outside, keyed by company
  answers,       // o2c.answers.v1: one per command id
  events,        // o2c.events.v1: one record per event, FlatBuffers
  events_json,   // o2c.events.json.v1: the same as CloudEvents JSON
  order_status,  // o2c.order-status.state.v1, and the two below: rows of read models by key, compacted
  open_items,
  aging,
  schemas,       // o2c.schemas.v1: binary schemas by name, compacted
  dlq_commands,  // o2c.dlq.commands.v1: what could not be read as a command, with the reason
};

/// What an instance wants of its topics.
struct TopicPlan {
  std::string prefix = "o2c";
  std::uint32_t lanes = 1;
  int replication = 1;  // of new topics: 1 or 3
};
/// errors  invalid_input: prefix not of a-z 0-9 . - (1 to 64, no dot at an end), lanes not in 1..1024, replication not in 1..9.
Result<void> check_plan(const TopicPlan& plan);

std::string topic_name(const TopicPlan& plan, TopicKind kind);

/// One topic as it should be. The settings of spec.config are at the same time what a new topic gets and what a topic that is there is held
/// against.
struct TopicRule {
  TopicKind kind;
  TopicSpec spec;
};
/// All of them, journal first. The plan is a checked one.
std::vector<TopicRule> topic_rules(const TopicPlan& plan);

struct Finding {
  enum class Severity {
    refuse,  // promises of the journal would not hold: the engine does not start
    warn,    // to be said at every start
  };
  Severity severity = Severity::refuse;
  std::string place;  // "o2c.journal.v1: retention.ms=604800000"
  std::string rule;   // what should be there, and why
  std::string fix;    // one command line, or one line of configuration
};
/// True if an engine must not start.
bool refuses_start(const std::vector<Finding>& findings);

/// Holds a topic against its rule.
/// config   settings in force, as Admin::describe_config tells them.
/// servers  bootstrap servers, for the commands.
/// threads  pure.
std::vector<Finding> check_topic(const TopicRule& rule, const TopicInfo& topic,
                                 const std::map<std::string, ConfigValue>& config, const std::string& servers);

/// Creates what is missing and leaves alone what is there, right or wrong: verify_topics tells. Any number of times, by several at once.
/// returns  names of the topics that were made, each with leaders for all partitions.
Result<std::vector<std::string>> create_topics(Admin& admin, const TopicPlan& plan);

/// All findings of all topics, a missing topic among them, journal first. Whether transactional producers may write to the journal is not
/// seen from here: its readers go past aborted and open transactions, and their entries do not count.
/// errors   the cluster does not answer; then nothing is known.
Result<std::vector<Finding>> verify_topics(Admin& admin, const TopicPlan& plan);

}  // namespace o2c::kafka
