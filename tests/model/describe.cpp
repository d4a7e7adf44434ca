// A trace in words.
#include <fmt/format.h>

#include "tests/model/model.hpp"

namespace o2c::model {
namespace {

using Kind = Action::Kind;

char name(std::uint8_t engine) { return static_cast<char>('A' + engine); }

std::string name_of(CommandId command) {
  if (command == no_command) return "confirm";
  return command < first_of_source ? fmt::format("c{}", command + 1) : fmt::format("s{}", command - first_of_source);
}

std::string name_of(const Entry& entry) {
  const std::string content = entry.opens ? fmt::format("LO#{}", entry.open_id) : name_of(entry.command);
  return fmt::format("{}{{epoch {}, seq {}}}", content, entry.epoch, entry.seq);
}

std::string group_of(std::uint8_t bits) {
  std::string names;
  for (std::uint8_t who = 0; bits >> who != 0; ++who) {
    if ((bits >> who & 1) != 0) names += name(who);
  }
  return names;
}

}  // namespace

std::string Model::describe(const World& before, const Action& action) const {
  const std::uint8_t what = action.what;
  const auto engine = [&](std::string_view text) { return fmt::format("{} {}", name(action.who), text); };
  const auto request = [&](std::string_view text) {
    return fmt::format("{} {}", name_of(entries_[before.requests[action.who].entry]), text);
  };
  switch (action.kind) {
    case Kind::read: return engine("reads");
    case Kind::open: return engine(fmt::format("reads what lies before [{}] and sends a LaneOpened", what));
    case Kind::arrive: return engine("gets command " + name_of(what));
    case Kind::decide_held: return engine("decides the held command " + name_of(what));
    case Kind::take_source: return engine("takes a source record");
    case Kind::ask: return engine("is asked what became of " + name_of(what));
    case Kind::confirm: return engine("sends a LaneConfirmed");
    case Kind::answer_tail: return engine("answers from the log's end");
    case Kind::ask_group: return engine("asks the group");
    case Kind::land: return request(fmt::format("lands at [{}]", before.log.size()));
    case Kind::land_twice: return request(fmt::format("lands at [{}], a copy is still on the way", before.log.size()));
    case Kind::report: return request(fmt::format("is reported at [{}]", before.requests[action.who].offset));
    case Kind::report_odd:
      return request(what == 0 ? "is reported without an offset" : "is reported with a duplicate's offset");
    case Kind::report_fail: return request("is reported as failed");
    case Kind::time_out: return engine("waits no longer");
    case Kind::crash:
      return engine(what == 1 ? "crashes and comes back at its last place" : "crashes and comes back at the start");
    case Kind::change_group: return fmt::format("the group names {}", group_of(what));
    case Kind::cut: return fmt::format("the log is cut to {} records", what);
  }
  return {};
}

std::string Model::describe(const World& world) const {
  std::string out = "log:";
  for (const EntryId id : world.log) out += " " + name_of(entries_[id]);
  for (std::uint8_t who = 0; who < count_of(world.engines); ++who) {
    constexpr const char* phases[] = {"reading", "opening", "serving", "settling", "lost"};
    const LaneWriter& writer = world.engines[who].writer;
    out += fmt::format("\n{}: {} at seq {}, next offset {}", name(who), phases[static_cast<int>(writer.phase())],
                       writer.place().tip.seq, writer.state().log.next());
  }
  for (CommandId command = 0; command < first_of_source; ++command) {
    if (world.acknowledged[command] != 0) out += fmt::format("\n{} is acknowledged", name_of(command));
    if ((world.denied >> command & 1) != 0) out += fmt::format("\n{} was answered \"not executed\"", name_of(command));
  }
  return out;
}

}  // namespace o2c::model
