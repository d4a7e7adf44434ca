// command submit, mark create, policy publish and check: texts become commands.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "engine/journal/random_id.hpp"
#include "events/json/json.hpp"
#include "tools/cli/verbs.hpp"
#include "tools/host/query_context.hpp"

namespace o2c {
namespace {

Result<std::string> read_all(const std::string& file) {
  if (file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  if (std::filesystem::is_directory(file)) return invalid(fmt::format("{}: a directory, a file is needed", file));
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error{ErrorCode::not_found, fmt::format("{}: cannot be read", file)};
  return std::string(std::istreambuf_iterator<char>(in), {});
}

/// One command a line; blank lines and lines that begin with # are passed over. Every fault of the text is named; then nothing is submitted.
Result<std::vector<ParsedCommand>> parse_lines(const std::string& file, std::string_view text, const Session& session) {
  std::vector<ParsedCommand> commands;
  std::map<std::string, std::size_t, std::less<>> occurrences;
  std::string faults;
  std::size_t line = 0, fault_count = 0;
  while (!text.empty()) {
    ++line;
    const std::size_t end = text.find('\n');
    std::string_view json = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    while (!json.empty() && (json.back() == '\r' || json.back() == ' ')) json.remove_suffix(1);
    if (json.empty() || json.front() == '#') continue;
    auto request = parse_command(json, session.actor, occurrences[std::string(json)]++);
    if (request) {
      commands.push_back({std::move(*request), fmt::format("{}:{}", file, line)});
    } else if (++fault_count <= 20) {
      faults += fmt::format("{}{}:{}: {}", faults.empty() ? "" : "\n", file, line, request.error().message);
    }
  }
  if (fault_count > 20) faults += fmt::format("\n{} more lines with faults", fault_count - 20);
  if (!faults.empty()) return invalid(faults);
  return commands;
}

int submit(const Session& session, Access& access, const std::vector<ParsedCommand>& commands, bool dry_run) {
  std::vector<Request> requests;
  requests.reserve(commands.size());
  for (const ParsedCommand& command : commands) requests.push_back(command.request);
  int result = 0;
  std::uint64_t answered = 0;
  ProgressLine progress(dry_run ? "rehearsing" : "submitting", commands.size());
  // Answers come in the order of the journal; they are shown in the order of the file.
  std::vector<std::string> lines(commands.size());
  const auto on_answer = [&](std::size_t index, const Reply& reply) {
    result = worst(result, code_of(reply));
    lines[index] = answer_json(reply, commands[index].place, session.style.language);
    progress.at(++answered);
  };
  const auto done = dry_run ? access.rehearse(requests, on_answer) : access.submit(requests, on_answer);
  for (const std::string& line : lines) {
    if (!line.empty()) fmt::print("{}\n", line);
  }
  std::fflush(stdout);
  if (!done) return worst(result, complain(done.error()));
  return result;
}

int submit_file(const Session& session, const std::string& file, bool dry_run) {
  const auto text = read_all(file);
  if (!text) return complain(text.error());
  const auto commands = parse_lines(file, *text, session);
  if (!commands) return complain(commands.error());
  if (commands->empty()) return say(fmt::format("{}: no command in it", file)), 0;
  auto access = session.access(dry_run ? AccessMode::read : AccessMode::create);
  if (!access) return complain(access.error());
  return submit(session, **access, *commands, dry_run);
}

/// The company named, or the only one there is.
Result<std::string> company_of(const Session& session, Access& access) {
  if (!session.company.empty()) return session.company;
  auto answer = access.query("company list", {});
  if (!answer) return answer.error();
  std::vector<std::string> ids;
  for (const auto& row : answer->reports.front().rows) ids.push_back(std::get<std::string>(row.front()));
  if (ids.size() != 1) return which_company(ids);
  return ids.front();
}

/// id: of the command, in hex; empty: made of its text, so that the same again is the same command.
int submit_one(const Session& session, const std::string& what, const std::string& body, bool dry_run,
               const std::string& id = {}) {
  auto access = session.access(dry_run ? AccessMode::read : AccessMode::write);
  if (!access) return complain(access.error());
  const auto company = company_of(session, **access);
  if (!company) return complain(company.error());
  std::string json = "{\"company\":";
  append_json_string(json, *company);
  if (!id.empty()) json += ",\"command_id\":\"" + id + "\"";
  json += ",\"body\":" + body + "}";
  auto request = parse_command(json, session.actor, 0);
  if (!request) return complain(request.error());
  return submit(session, **access, {{std::move(*request), what}}, dry_run);
}

}  // namespace

void add_command_verbs(CLI::App& app, Session& session) {
  struct Options {
    std::string file, name;
    bool dry_run = false;
  };
  auto o = std::make_shared<Options>();

  CLI::App* submit_verb =
      noun(app, "command")
          .add_subcommand("submit", "submit commands, one JSON object a line; prints one outcome a line");
  submit_verb->add_option("file", o->file, "file of commands, - for standard input")->required();
  submit_verb->add_flag("--dry-run", o->dry_run, "decide on a private copy, append nothing");
  submit_verb->footer(
      "A line without command_id gets one from its text and its place among equal lines: submitting a file again does\n"
      "nothing twice. Give each line an id of its own (16 bytes, hex) when the same text is to happen again.");
  submit_verb->callback([&session, o] { session.result = submit_file(session, o->file, o->dry_run); });

  CLI::App* mark =
      noun(app, "mark").add_subcommand("create", "name the position of now, for reports with --known NAME");
  mark->add_option("name", o->name, "name of the mark: \"board pack March\"")->required();
  mark->add_flag("--dry-run", o->dry_run, "decide on a private copy, append nothing");
  mark->callback([&session, o] {
    std::string body = "{\"create_mark\":{\"name\":";
    append_json_string(body, o->name);
    // Now is another position than last time: a name that is there already is refused, not answered with the old one.
    session.result = submit_one(session, "mark create", body + "}}", o->dry_run, to_hex(random_id()));
  });

  CLI::App& policy = noun(app, "policy");
  for (const bool check : {false, true}) {
    CLI::App* verb =
        policy.add_subcommand(check ? "check" : "publish", check ? "check a policy as a whole without publishing it"
                                                                 : "publish a version of a policy");
    verb->add_option("file", o->file, "file with the body of publish_policy as JSON, - for standard input")->required();
    if (!check) verb->add_flag("--dry-run", o->dry_run, "as policy check");
    verb->callback([&session, o, check] {
      const auto text = read_all(o->file);
      session.result = text ? submit_one(session, check ? "policy check" : "policy publish",
                                         "{\"publish_policy\":" + *text + "}", check || o->dry_run)
                            : complain(text.error());
    });
  }
}

}  // namespace o2c
