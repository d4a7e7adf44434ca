#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tools/cli/output.hpp"
#include "tools/host/access.hpp"
#include "tools/host/settings.hpp"

namespace CLI {
class App;
}

namespace o2c {

/// What every verb shares; filled by the program's global flags.
struct Session {
  std::filesystem::path data = "o2c-data";
  OutputStyle style;
  std::string company;
  std::string actor = "cli";
  std::filesystem::path config;  // empty: DATA/o2c.toml, if it is there
  std::string journal;           // "embedded", "kafka", or as the configuration says
  int result = 0;                // exit code of the verb that ran

  Result<Settings> settings() const {
    const bool own = config.empty() && std::filesystem::exists(data / "o2c.toml");
    return read_settings(own ? data / "o2c.toml" : config, journal);
  }
  Result<std::unique_ptr<Access>> access(AccessMode mode) const {
    auto settings = this->settings();
    return settings ? open_access(data, mode, *settings) : settings.error();
  }
};

/// Prints the reports, and says so when there may be more than they know.  returns  the exit code.
int show_answer(const Session& session, const Result<Answer>& answer);

/// Each adds its verbs to the program; a verb sets session.result.
void add_query_verbs(CLI::App& app, Session& session);
void add_command_verbs(CLI::App& app, Session& session);
void add_import_verbs(CLI::App& app, Session& session);
void add_event_verbs(CLI::App& app, Session& session);
void add_journal_verbs(CLI::App& app, Session& session);
void add_journal_copy_verb(CLI::App& journal, Session& session);
void add_service_verbs(CLI::App& app, Session& session);
void add_topic_verbs(CLI::App& app, Session& session);
void add_bench_verbs(CLI::App& app, Session& session);
void add_completion_verb(CLI::App& app, Session& session);

/// Says what each noun is about, and shows examples below the help of every verb; after all verbs are there.
void add_help(CLI::App& app);

/// The noun's subcommand, made when it is not there yet.
CLI::App& noun(CLI::App& app, const std::string& name);

/// Commands as texts to checked requests; ids that are missing are derived from the text and its occurrence among equal texts.
struct ParsedCommand {
  Request request;
  std::string place;  // "FILE:LINE"
};
Result<Request> parse_command(std::string_view json, std::string_view actor, std::size_t occurrence);

/// The worst exit code of many: 7 > 6 > 4 > 1 > 0.
int worst(int a, int b);
/// Exit code and one line of JSON (or text) for a reply.
int code_of(const Reply& reply);
std::string answer_json(const Reply& reply, std::string_view place, Language language);

}  // namespace o2c
