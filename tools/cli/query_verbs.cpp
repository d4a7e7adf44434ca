// Every question of the query table as a verb: o2c report aging --as-of 2026-03-31.
#include <algorithm>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tools/cli/verbs.hpp"

namespace o2c {
namespace {

/// "a=b,c=d" renames columns of the result: for programs that expect other names.
Result<void> rename_columns(std::vector<Report>& reports, const std::vector<std::string>& renames) {
  for (const std::string& rename : renames) {
    const std::size_t equals = rename.find('=');
    bool found = false;
    for (Report& report : reports) {
      const auto is_new_name = [&](const Column& c) {
        return equals != std::string::npos && c.name == rename.substr(equals + 1);
      };
      if (std::any_of(report.columns.begin(), report.columns.end(), is_new_name))
        return invalid(fmt::format("--rename {}: there is a column of that name", rename));
      for (Column& column : report.columns) {
        if (equals == std::string::npos || column.name != rename.substr(0, equals)) continue;
        column.name = rename.substr(equals + 1);
        found = true;
      }
    }
    if (!found) return invalid(fmt::format("--rename {}: OLD=NEW with a column of the result is needed", rename));
  }
  return {};
}

int ask(const Session& session, const std::string& name, Parameters parameters,
        const std::vector<std::string>& renames) {
  if (!session.company.empty()) parameters["company"] = session.company;
  auto access = session.access(AccessMode::read);
  if (!access) return complain(access.error());
  auto answer = (*access)->query(name, parameters);
  if (!answer) return complain(answer.error());
  if (auto renamed = rename_columns(answer->reports, renames); !renamed) return complain(renamed.error());
  const int code = show_answer(session, answer);
  const bool limited = name == "event list" || name == "event refusals";
  if (limited && !parameters.contains("limit") && answer->reports.front().rows.size() == rows_shown)
    say(fmt::format("the first {} are shown; --limit shows more, --from-position begins later", rows_shown));
  return code;
}

}  // namespace

int show_answer(const Session& session, const Result<Answer>& answer) {
  if (!answer) return complain(answer.error());
  print_reports(answer->reports, session.style);
  if (const auto& behind = answer->behind)
    say(
        fmt::format("this is what is known here up to entry {} of lane {}: the lane is elsewhere or its journal away, "
                    "there may be more",
                    behind->seq, behind->lane));
  return 0;
}

void add_query_verbs(CLI::App& app, Session& session) {
  for (const QueryHelp& query : all_queries()) {
    const std::size_t blank = query.name.find(' ');
    CLI::App* verb = noun(app, query.name.substr(0, blank)).add_subcommand(query.name.substr(blank + 1), query.help);
    auto values = std::make_shared<std::map<std::string, std::string>>();
    auto renames = std::make_shared<std::vector<std::string>>();
    for (const ParameterHelp& parameter : query.parameters) {
      const bool positional = parameter.name == "id";
      verb->add_option(positional ? parameter.name : "--" + parameter.name, (*values)[parameter.name], parameter.help);
    }
    verb->add_option("--rename", *renames, "OLD=NEW: another name for a column")->delimiter(',');
    verb->callback([&session, verb, values, renames, name = query.name] {
      Parameters given;
      for (const auto& [parameter, value] : *values) {
        const CLI::Option* option = verb->get_option_no_throw(parameter == "id" ? "id" : "--" + parameter);
        if (option && option->count() > 0) given[parameter] = value;
      }
      session.result = ask(session, name, std::move(given), *renames);
    });
  }
}

}  // namespace o2c
