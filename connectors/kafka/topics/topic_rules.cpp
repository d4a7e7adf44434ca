#include <fmt/format.h>

#include <algorithm>

#include "connectors/kafka/topics/topics.hpp"

namespace o2c::kafka {
namespace {

constexpr const char* names[] = {"journal",     "commands",           "answers",          "events",
                                 "events.json", "order-status.state", "open-items.state", "aging.state",
                                 "schemas",     "dlq.commands"};
constexpr const char* for_ever = "-1";
constexpr const char* thirty_days = "2592000000";
constexpr const char* seven_days = "604800000";

bool compacted(TopicKind kind) {
  return kind == TopicKind::order_status || kind == TopicKind::open_items || kind == TopicKind::aging ||
         kind == TopicKind::schemas;
}

/// Commands are kept as long as their ids are remembered, and what could not be read of them as long. Whoever asked waits no week for the answer.
const char* retention_of(TopicKind kind) {
  if (kind == TopicKind::answers) return seven_days;
  return kind == TopicKind::commands || kind == TopicKind::dlq_commands ? thirty_days : for_ever;
}

/// Where records come from outside or age by time, the broker's clock says when; a writer whose clock is wrong could have its records
/// deleted at once, or, an hour ahead, refused. What we publish carries the time when the fact was recorded.
const char* timestamps_of(TopicKind kind) {
  switch (kind) {
    case TopicKind::journal:
    case TopicKind::commands:
    case TopicKind::answers:
    case TopicKind::dlq_commands: return "LogAppendTime";
    default: return "CreateTime";
  }
}

std::map<std::string, std::string> config_of(TopicKind kind, int replication) {
  std::map<std::string, std::string> out{
      {"cleanup.policy", compacted(kind) ? "compact" : "delete"},
      {"max.message.bytes", "1048576"},
      {"message.timestamp.type", timestamps_of(kind)},
      {"min.insync.replicas", replication >= 2 ? "2" : "1"},
      {"unclean.leader.election.enable", "false"},
  };
  if (compacted(kind)) {
    out.emplace("delete.retention.ms",
                seven_days);  // a consumer that was away over a weekend still sees that a row is gone
  } else {
    out.emplace("retention.ms", retention_of(kind));
    out.emplace("retention.bytes", for_ever);
  }
  return out;
}

}  // namespace

Result<void> check_plan(const TopicPlan& plan) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'; };
  if (plan.prefix.empty() || plan.prefix.size() > 64 || !std::all_of(plan.prefix.begin(), plan.prefix.end(), plain) ||
      plan.prefix.front() == '.' || plan.prefix.back() == '.')
    return invalid(
        fmt::format("kafka: topic prefix \"{}\": 1 to 64 of a-z 0-9 . - without a dot at an end", plan.prefix));
  if (plan.lanes < 1 || plan.lanes > 1024) return invalid(fmt::format("kafka: {} lanes: 1 to 1024", plan.lanes));
  if (plan.replication < 1 || plan.replication > 9)
    return invalid(fmt::format("kafka: replication {}: 1 to 9", plan.replication));
  return {};
}

std::string topic_name(const TopicPlan& plan, TopicKind kind) {
  return fmt::format("{}.{}.v1", plan.prefix, names[static_cast<std::size_t>(kind)]);
}

std::vector<TopicRule> topic_rules(const TopicPlan& plan) {
  std::vector<TopicRule> out;
  for (std::size_t i = 0; i < std::size(names); ++i) {
    const auto kind = static_cast<TopicKind>(i);
    out.push_back({kind,
                   {.name = topic_name(plan, kind),
                    .partitions = kind == TopicKind::schemas ? 1 : static_cast<int>(plan.lanes),
                    .replication = plan.replication,
                    .config = config_of(kind, plan.replication)}});
  }
  return out;
}

}  // namespace o2c::kafka
