// event show and tail, explain event and decision.
#include <charconv>
#include <thread>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "events/json/json.hpp"
#include "tools/cli/verbs.hpp"

namespace o2c {
namespace {

/// Entries are counted from 1.
std::string check_position(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool good = error == std::errc{} && end == text.data() + text.size() && number > 0;
  return good ? std::string{} : fmt::format("{}: the number of an entry is needed: 1, 2, 3…", printable(text));
}
const CLI::Validator position_check(check_position, "");

/// Lane of the company that was named, else the only lane.
Result<LaneId> lane_asked(const Session& session, LaneId lanes) {
  if (!session.company.empty()) return lane_of(session.company, lanes);
  if (lanes == 1) return LaneId{0};
  return invalid(fmt::format("--company is needed: the instance has {} lanes", lanes));
}

Result<std::vector<std::uint64_t>> fetch(const Session& session, std::uint64_t position) {
  auto access = session.access(AccessMode::read);
  if (!access) return access.error();
  const LaneId lanes = (*access)->lanes();
  const auto lane = lane_asked(session, lanes);
  if (!lane) return lane.error();
  auto words = (*access)->entry(*lane, position);
  if (!words) return words.error();
  if (words->empty()) return Error{ErrorCode::not_found, fmt::format("lane {} has no entry {}", *lane, position)};
  const fb::Command* command = frame_in(*words).command;
  if (command && !session.company.empty() && command->company()->string_view() != session.company)
    return Error{ErrorCode::not_found, fmt::format("entry {} is of company {}: companies of one lane share its numbers",
                                                   position, printable(command->company()->string_view()))};
  return words;
}

/// An entry is a tree: it has no rows and columns.
Result<void> check_format(const Session& session) {
  if (session.style.format != OutputFormat::csv) return {};
  return invalid("--output csv: an entry is shown as json or jsonl");
}

int show(const Session& session, std::uint64_t position) {
  if (auto format = check_format(session); !format) return complain(format.error());
  const auto words = fetch(session, position);
  if (!words) return complain(words.error());
  const bool line = session.style.format == OutputFormat::jsonl;
  fmt::print("{}\n", to_json(frame_in(*words), line ? Layout::line : Layout::indented));
  return 0;
}

/// A row for each event of a decision, or one for its refusal.
Report decision_report(const FrameView& frame, Language language) {
  const fb::Entry& entry = *frame.entry;
  Report report{"decision", {}, {}};
  for (const char* name : {"command", "actor", "recorded_at", "business_date", "outcome", "event", "stream", "version",
                           "body", "code", "refusal", "text", "place", "detail"})
    report.columns.push_back({name, name, name});
  const std::vector<Cell> head{std::string(command_name(frame.command->body_type())), frame.command->actor()->str(),
                               format_instant(from_fb(*entry.recorded_at())), from_fb(*entry.business_date()),
                               std::string(fb::EnumNameOutcome(entry.outcome()))};
  const auto add = [&](std::vector<Cell> rest) {
    rest.insert(rest.begin(), head.begin(), head.end());
    rest.resize(report.columns.size());
    report.rows.push_back(std::move(rest));
  };
  if (const fb::Refused* refused = entry.refused())
    add({{},
         {},
         {},
         {},
         static_cast<std::int64_t>(refused->code()),
         std::string(refusal_name(refused->code())),
         std::string(refusal_text(refused->code(), language)),
         text(refused->place()),
         text(refused->detail())});
  if (!entry.events()) return report;
  for (const fb::Event* event : *entry.events()) {
    fmt::memory_buffer body;
    append_json(body, event->body(), std::string("o2c.fb.") + fb::EnumNameEventBody(event->body_type()));
    add({std::string(event_name(event->body_type())),
         fmt::format("{}/{}", fb::EnumNameStreamType(event->stream_type()), event->stream_id()->string_view()),
         std::int64_t{event->stream_version()}, fmt::to_string(body)});
  }
  return report;
}

/// Why the command at a position was decided as it was, in a few sentences; as rows for programs.
int explain_decision(const Session& session, std::uint64_t position) {
  const auto words = fetch(session, position);
  if (!words) return complain(words.error());
  const FrameView frame = frame_in(*words);
  const fb::Entry& entry = *frame.entry;
  if (!frame.command)
    return complain(Error{ErrorCode::not_found, fmt::format("entry {} is the lane's own ({}), nothing was decided",
                                                            position, fb::EnumNameEntryKind(entry.kind()))});
  if (session.style.format != OutputFormat::table)
    return print_reports({decision_report(frame, session.style.language)}, session.style), 0;
  const bool zh = session.style.language == Language::zh;
  fmt::print("{} {} {} {}\n", zh ? "命令" : "command", command_name(frame.command->body_type()), zh ? "操作人" : "by",
             printable(frame.command->actor()->string_view()));
  fmt::print("{} {}, {} {}\n", zh ? "记录于" : "recorded at", format_instant(from_fb(*entry.recorded_at())),
             zh ? "业务日" : "business date", format_date(from_fb(*entry.business_date())));
  if (const fb::Refused* refused = entry.refused()) {
    fmt::print("{} {} {}: {}", zh ? "被拒绝" : "refused", static_cast<unsigned>(refused->code()),
               refusal_name(refused->code()), refusal_text(refused->code(), session.style.language));
    if (refused->place()) fmt::print(" [{}]", printable(refused->place()->string_view()));
    if (refused->detail()) fmt::print(" ({})", printable(refused->detail()->string_view()));
    fmt::print("\n");
    return 0;
  }
  fmt::print("{}\n", zh ? "已接受，产生以下事件：" : "accepted, with these events:");
  if (!entry.events()) return 0;
  for (const fb::Event* event : *entry.events()) {
    fmt::memory_buffer body;
    append_json(body, event->body(), std::string("o2c.fb.") + fb::EnumNameEventBody(event->body_type()));
    fmt::print("  {} {}/{} v{} {}\n", event_name(event->body_type()), fb::EnumNameStreamType(event->stream_type()),
               printable(event->stream_id()->string_view()), event->stream_version(), fmt::to_string(body));
  }
  return 0;
}

/// Prints entries as they come until interrupted or `count` are shown.
int tail(const Session& session, std::int64_t from, std::uint64_t count) {
  if (auto format = check_format(session); !format) return complain(format.error());
  auto access = session.access(AccessMode::read);
  if (!access) return complain(access.error());
  const auto lane = lane_asked(session, (*access)->lanes());
  if (!lane) return complain(lane.error());
  std::uint64_t shown = 0;
  for (std::uint64_t next = from > 0 ? static_cast<std::uint64_t>(from) : 1; shown < count;) {
    const auto words = (*access)->entry(*lane, next);
    if (!words) return complain(words.error());
    if (words->empty()) {
      if ((*access)->local()) return 0;  // nobody else can append while this process has the directory
      std::this_thread::sleep_for(std::chrono::milliseconds{200});
      continue;
    }
    fmt::print("{}\n", to_json(frame_in(*words)));
    if (std::fflush(stdout) != 0) return 0;
    ++next;
    ++shown;
  }
  return 0;
}

}  // namespace

void add_event_verbs(CLI::App& app, Session& session) {
  struct Options {
    std::uint64_t position = 0, count = ~std::uint64_t{0};
    std::int64_t from = 1;
  };
  auto o = std::make_shared<Options>();
  const auto position_of = [o](CLI::App* verb) {
    verb->add_option("position", o->position, "entry number")->required()->check(position_check);
  };

  CLI::App* show_verb =
      noun(app, "event").add_subcommand("show", "one entry: its command, outcome and events, as JSON");
  position_of(show_verb);
  show_verb->callback([&session, o] { session.result = show(session, o->position); });

  CLI::App* tail_verb = noun(app, "event").add_subcommand("tail", "entries as JSON lines; follows a running server");
  tail_verb->add_option("--from-position", o->from, "first entry")->check(position_check);
  tail_verb->add_option("--count", o->count, "stop after so many");
  tail_verb->callback([&session, o] { session.result = tail(session, o->from, o->count); });

  CLI::App* event = noun(app, "explain").add_subcommand("event", "the command, actor and cause behind an entry");
  position_of(event);
  event->callback([&session, o] { session.result = show(session, o->position); });
  CLI::App* decision =
      noun(app, "explain")
          .add_subcommand("decision", "why a command was accepted or refused: the figures at that moment");
  position_of(decision);
  decision->callback([&session, o] { session.result = explain_decision(session, o->position); });
}

}  // namespace o2c
