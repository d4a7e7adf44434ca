// topic create and verify: the topics of an instance on Kafka.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tools/cli/verbs.hpp"

namespace o2c {
namespace {

Result<KafkaSettings> kafka_of(const Session& session) {
  auto settings = session.settings();
  if (!settings) return settings.error();
  if (!settings->kafka) return invalid("--config FILE with journal = \"kafka\" is needed, or --journal kafka as well");
  return std::move(*settings->kafka);
}

int create_missing(const Session& session) {
  const auto settings = kafka_of(session);
  if (!settings) return complain(settings.error());
  auto admin = kafka::Admin::open(settings->client);
  if (!admin) return complain(admin.error());
  const auto made = kafka::create_topics(**admin, settings->topics);
  if (!made) return complain(made.error());
  for (const std::string& name : *made) fmt::print("made {}\n", name);
  if (made->empty()) fmt::print("all topics are there\n");
  return 0;
}

/// Each finding with what mends it; exit 1 when an engine would not start.
int verify_all(const Session& session) {
  const auto settings = kafka_of(session);
  if (!settings) return complain(settings.error());
  auto admin = kafka::Admin::open(settings->client);
  if (!admin) return complain(admin.error());
  const auto findings = kafka::verify_topics(**admin, settings->topics);
  if (!findings) return complain(findings.error());
  Report report{"topics",
                {{"severity", "Severity", "级别"},
                 {"place", "Place", "位置"},
                 {"rule", "Rule", "规则"},
                 {"fix", "Mend it with", "修正命令"}},
                {}};
  for (const kafka::Finding& finding : *findings)
    report.rows.push_back({std::string(finding.severity == kafka::Finding::Severity::warn ? "warning" : "refused"),
                           finding.place, finding.rule, finding.fix});
  print_reports({report}, session.style);
  return kafka::refuses_start(*findings) ? 1 : 0;
}

/// How far the running server has published.
int status(const Session& session) {
  const auto server = server_access(session.data);
  if (!server) return complain(server.error());
  if (!*server)
    return complain(Error{ErrorCode::not_found, fmt::format("no server runs in {}", session.data.string())});
  return show_answer(session, (*server)->query("topic status", {}));
}

}  // namespace

void add_topic_verbs(CLI::App& app, Session& session) {
  CLI::App& topic = noun(app, "topic");
  CLI::App* make =
      topic.add_subcommand("create", "make the topics that are missing; those that are there stay as they are");
  make->callback([&session] { session.result = create_missing(session); });
  topic.add_subcommand("status", "how far the server has published, and taken commands from their topic")
      ->callback([&session] { session.result = status(session); });
  topic
      .add_subcommand("verify",
                      "hold every topic against what the journal's promises need; exit 1 if no engine would start")
      ->callback([&session] { session.result = verify_all(session); });
}

}  // namespace o2c
