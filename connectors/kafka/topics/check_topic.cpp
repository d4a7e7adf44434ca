#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>

#include "connectors/kafka/topics/topics.hpp"

namespace o2c::kafka {
namespace {

enum class Want {
  exactly,
  at_least,          // a number
  at_least_or_ever,  // a number, -1 is without end
};

struct SettingRule {
  std::string_view name;
  Want want;
  std::string_view why;
};

// clang-format off
constexpr SettingRule setting_rules[] = {
    {"cleanup.policy", Want::exactly, "deletes records that are needed, or keeps none of what is to be replaced"},
    {"retention.ms", Want::at_least_or_ever, "records must not go while they are needed"},
    {"retention.bytes", Want::at_least_or_ever, "records must not go while they are needed"},
    {"delete.retention.ms", Want::at_least_or_ever, "a consumer that comes late must still see that a row is gone"},
    {"max.message.bytes", Want::at_least, "the largest entry with its batch must fit"},
    {"message.timestamp.type", Want::exactly, "whose clock the records' time is from"},
    {"min.insync.replicas", Want::at_least, "what is acknowledged must lie on two brokers"},
    {"unclean.leader.election.enable", Want::exactly, "a broker that lacks acknowledged records must not become leader"},
};
// clang-format on

constexpr std::int64_t without_end = std::numeric_limits<std::int64_t>::max();

/// -1 for what is no number, which is less than any wish.
std::int64_t number_of(std::string_view text) {
  std::int64_t out = -1;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), out);
  return end.ec == std::errc{} && end.ptr == text.data() + text.size() ? out : -1;
}

bool satisfies(Want want, const std::string& wanted, const std::string& found) {
  if (want == Want::exactly) return found == wanted;
  const auto value = [&](const std::string& text) {
    return want == Want::at_least_or_ever && text == "-1" ? without_end : number_of(text);
  };
  return value(found) >= value(wanted);
}

/// What costs comfort but loses nothing that the journal promised is only said.
Finding::Severity severity_of(TopicKind kind, std::string_view name) {
  const bool rebuilt = kind != TopicKind::journal && kind != TopicKind::events && kind != TopicKind::events_json;
  if (name == "message.timestamp.type" || name == "delete.retention.ms") return Finding::Severity::warn;
  if ((name == "retention.ms" || name == "retention.bytes") && rebuilt) return Finding::Severity::warn;
  return Finding::Severity::refuse;
}

class Check {
 public:
  Check(const TopicRule& rule, const TopicInfo& topic, const std::map<std::string, ConfigValue>& config,
        const std::string& servers)
      : rule_(rule), topic_(topic), config_(config), servers_(servers) {
    for (const auto& partition : topic.partitions) replication_ = std::min(replication_, partition.replicas.size());
  }

  std::vector<Finding> run() {
    check_partitions();
    for (const SettingRule& setting : setting_rules) check_setting(setting);
    if (replication_ < number_of_insync()) too_few_replicas();
    if (rule_.kind == TopicKind::journal) check_journal();
    return std::move(findings_);
  }

 private:
  std::string value_of(std::string_view name) const {
    const auto found = config_.find(std::string{name});
    return found == config_.end() ? "" : found->second.value;
  }
  std::size_t number_of_insync() const {
    return static_cast<std::size_t>(std::max<std::int64_t>(number_of(value_of("min.insync.replicas")), 0));
  }
  std::string tool(std::string_view script) const { return fmt::format("{} --bootstrap-server {}", script, servers_); }
  std::string set_command(std::string_view name, std::string_view value) const {
    return fmt::format("{} --alter --entity-type topics --entity-name {} --add-config {}={}", tool("kafka-configs.sh"),
                       rule_.spec.name, name, value);
  }
  void add(Finding::Severity severity, std::string_view place, std::string rule, std::string fix) {
    findings_.push_back({severity, fmt::format("{}: {}", rule_.spec.name, place), std::move(rule), std::move(fix)});
  }

  void check_partitions() {
    const auto found = topic_.partitions.size();
    const auto wanted = static_cast<std::size_t>(rule_.spec.partitions);
    if (found == wanted) return;
    const auto place = fmt::format("{} partitions", found);
    if (rule_.kind == TopicKind::journal)
      return add(
          Finding::Severity::refuse, place,
          fmt::format(
              "must be {}, one for each lane: with another count companies lie in other lanes than their history",
              wanted),
          fmt::format("lanes = {}  # under [kafka] in the configuration", found));
    add(Finding::Severity::refuse, place, fmt::format("must be {}, so that partition and lane are the same", wanted),
        found < wanted
            ? fmt::format("{} --alter --topic {} --partitions {}", tool("kafka-topics.sh"), rule_.spec.name, wanted)
            : fmt::format("{} --delete --topic {} && o2c topic create", tool("kafka-topics.sh"), rule_.spec.name));
  }

  void check_setting(const SettingRule& setting) {
    const auto wish = rule_.spec.config.find(std::string{setting.name});
    if (wish == rule_.spec.config.end()) return;
    // The topic's own number of copies decides, not that which a new one would get.
    const std::string wanted =
        setting.name == "min.insync.replicas" ? std::to_string(replication_ >= 2 ? 2 : 1) : wish->second;
    const std::string found = value_of(setting.name);
    if (satisfies(setting.want, wanted, found)) return;
    add(severity_of(rule_.kind, setting.name), fmt::format("{}={}", setting.name, found),
        fmt::format("must be {}{}: {}", setting.want == Want::exactly || wanted == "-1" ? "" : "at least ", wanted,
                    setting.why),
        set_command(setting.name, wanted));
  }

  void too_few_replicas() {
    add(Finding::Severity::refuse,
        fmt::format("min.insync.replicas={}, replication {}", number_of_insync(), replication_),
        "must not be more than there are copies: nothing can be appended",
        set_command("min.insync.replicas", replication_ >= 2 ? "2" : "1"));
  }

  void check_journal() {
    for (const auto& partition : topic_.partitions) {
      if (!partition.offsets || partition.offsets->from == 0) continue;
      add(Finding::Severity::refuse,
          fmt::format("partition {} begins at {}", partition.partition, partition.offsets->from),
          "must begin at 0: entries before that are gone", "restore the topic from a backup");
    }
    if (replication_ == 1 && value_of("flush.messages") != "1")
      add(Finding::Severity::warn, "replication 1",
          "one copy, acknowledged before it is on the disk: a power cut may lose acknowledged entries. Three brokers keep them, or a flush of each batch",
          set_command("flush.messages", "1"));
  }

  const TopicRule& rule_;
  const TopicInfo& topic_;
  const std::map<std::string, ConfigValue>& config_;
  const std::string& servers_;
  std::size_t replication_ = std::numeric_limits<std::size_t>::max();
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> check_topic(const TopicRule& rule, const TopicInfo& topic,
                                 const std::map<std::string, ConfigValue>& config, const std::string& servers) {
  return Check{rule, topic, config, servers}.run();
}

bool refuses_start(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& each) { return each.severity == Finding::Severity::refuse; });
}

}  // namespace o2c::kafka
