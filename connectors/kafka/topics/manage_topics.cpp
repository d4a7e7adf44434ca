#include <algorithm>
#include <chrono>
#include <thread>

#include "connectors/kafka/topics/topics.hpp"

namespace o2c::kafka {
namespace {

constexpr auto leaders_timeout = std::chrono::seconds{10};

bool all_led(const TopicInfo& topic, int partitions) {
  return topic.partitions.size() == static_cast<std::size_t>(partitions) &&
         std::all_of(topic.partitions.begin(), topic.partitions.end(),
                     [](const auto& each) { return each.leader >= 0 && each.offsets; });
}

/// The answer to "create" comes before every broker knows of the topic.
Result<void> wait_for_leaders(Admin& admin, const TopicSpec& spec) {
  const auto until = std::chrono::steady_clock::now() + leaders_timeout;
  for (;;) {
    const auto topic = admin.describe_topic(spec.name);
    if (topic && all_led(*topic, spec.partitions)) return {};
    if (std::chrono::steady_clock::now() > until)
      return topic ? Error{ErrorCode::unavailable,
                           "kafka: topic " + spec.name + " was made, some partitions have no leader yet", Remedy::retry}
                   : topic.error();
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
}

Finding missing(const TopicRule& rule) {
  return {Finding::Severity::refuse, rule.spec.name + ": missing", "must be there before the engine starts",
          "o2c topic create"};
}

}  // namespace

Result<std::vector<std::string>> create_topics(Admin& admin, const TopicPlan& plan) {
  if (auto checked = check_plan(plan); !checked) return checked.error();
  std::vector<std::string> created;
  for (const TopicRule& rule : topic_rules(plan)) {
    const auto done = admin.create_topic(rule.spec);
    if (!done && done.error().code == ErrorCode::conflict) continue;
    if (!done) return done.error();
    if (auto led = wait_for_leaders(admin, rule.spec); !led) return led.error();
    created.push_back(rule.spec.name);
  }
  return created;
}

Result<std::vector<Finding>> verify_topics(Admin& admin, const TopicPlan& plan) {
  if (auto checked = check_plan(plan); !checked) return checked.error();
  std::vector<Finding> findings;
  for (const TopicRule& rule : topic_rules(plan)) {
    const auto topic = admin.describe_topic(rule.spec.name);
    if (!topic && topic.error().code == ErrorCode::not_found) {
      findings.push_back(missing(rule));
      continue;
    }
    if (!topic) return topic.error();
    const auto config = admin.describe_config(rule.spec.name);
    if (!config) return config.error();
    for (Finding& each : check_topic(rule, *topic, *config, admin.bootstrap_servers()))
      findings.push_back(std::move(each));
  }
  return findings;
}

}  // namespace o2c::kafka
