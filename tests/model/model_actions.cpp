// What may happen next in a state.
#include <algorithm>

#include "events/base/seeded_bug.hpp"
#include "tests/model/model.hpp"

namespace o2c::model {

using Kind = Action::Kind;

bool Model::can_write(const World& world, const Engine& engine) const {
  return engine.writer.may_send() && world.written < bounds_.entries;
}

bool Model::in_overlay(const Engine& engine, CommandId command) const {
  return std::ranges::any_of(engine.writer.state().overlay, [&](const EntryHead& head) {
    return entries_[Entries::id_of(head.hash)].command == command;
  });
}

void Model::actions(const World& world, std::vector<Action>& out) const {
  out.clear();
  for (std::uint8_t who = 0; who < count_of(world.engines); ++who) engine_actions(world, who, out);
  for (std::uint8_t who = 0; who < count_of(world.requests); ++who) request_actions(world, who, out);
  if (bounds_.group_changes && world.faults < bounds_.faults) {
    for (std::uint8_t group = 1; group < 1 << bounds_.writers; ++group) {
      if (group != world.group && !world.log.empty()) out.push_back({Kind::change_group, 0, group});
    }
  }
  if (world.cuts >= bounds_.cuts) return;
  for (std::uint8_t left = 0; left < count_of(world.log); ++left) out.push_back({Kind::cut, 0, left});
}

/// In a log that only grows, when a mere reader reads changes nothing before it opens, so `open` reads for it; and one that waits for its own
/// LaneOpened need not stop on the way there.
bool Model::reads_alone(const World& world, const Engine& engine) const {
  const LogPosition& log = engine.writer.state().log;
  const std::int64_t from = log.resumed() ? log.next() : log.resume_offset();
  const auto end = static_cast<std::int64_t>(world.log.size());
  if (bounds_.cuts > 0) return from != end;
  if (engine.writer.phase() == Phase::reading) return from < end && O2C_BUG(tail_settles);
  if (engine.writer.phase() != Phase::opening || O2C_BUG(opened_by_next_offset)) return from < end;
  const EntryId opened = Entries::id_of(engine.writer.state().lane_opened.hash);
  return std::find(world.log.begin() + from, world.log.end(), opened) != world.log.end();
}

void Model::engine_actions(const World& world, std::uint8_t who, std::vector<Action>& out) const {
  const Engine& engine = world.engines[who];
  const LaneWriter& writer = engine.writer;
  if (writer.phase() == Phase::lost) return;  // by an alarm: it waits for an operator
  if (reads_alone(world, engine)) out.push_back({Kind::read, who});
  const bool named = (world.group >> who & 1) != 0;
  if (writer.asks() || writer.state().named != named) out.push_back({Kind::ask_group, who});
  if (writer.may_open() && world.written < bounds_.entries && world.openings < bounds_.openings) {
    const std::size_t next = static_cast<std::size_t>(writer.state().log.next()),
                      end = bounds_.cuts > 0 ? next : world.log.size();
    for (std::size_t until = next; until <= end; ++until)
      out.push_back({Kind::open, who, static_cast<std::uint8_t>(until)});
  }
  command_actions(world, who, out);
  if (world.faults >= bounds_.faults) return;
  if (writer.phase() == Phase::opening || writer.overlay() > 0) out.push_back({Kind::time_out, who});
  if (writer.state().tenure == 0) return;  // it has done nothing yet
  out.push_back({Kind::crash, who, 0});
  if (writer.place().offset >= 0) out.push_back({Kind::crash, who, 1});
}

void Model::command_actions(const World& world, std::uint8_t who, std::vector<Action>& out) const {
  const Engine& engine = world.engines[who];
  const Question& question = world.question;
  const bool asked_here = question.engine == who && question.barrier == 0, can = can_write(world, engine);
  const bool serving = engine.writer.phase() == Phase::serving;
  for (CommandId command = 0; command < bounds_.commands; ++command) {
    const bool seen = (world.seen >> command & 1) != 0, held = (engine.held >> command & 1) != 0;
    if (seen && bounds_.questions && question.engine == Question::not_asked) out.push_back({Kind::ask, who, command});
    if (can && held) out.push_back({Kind::decide_held, who, command});
    const bool given_up =
        (world.denied >> command & 1) != 0 || (question.engine < Question::over && question.command == command);
    const bool in_turn = command == 0 || (world.seen >> (command - 1) & 1) != 0;  // the commands differ in nothing else
    if (!serving || given_up || held || !in_turn) continue;
    const bool executed = (fold(engine).commands >> command & 1) != 0, on_the_way = in_overlay(engine, command);
    const bool answer = executed || (on_the_way && O2C_BUG(overlay_answers_repeats));
    if (answer ? world.acknowledged[command] == 0 : can && !on_the_way) out.push_back({Kind::arrive, who, command});
  }
  if (can && engine.source < bounds_.source_records) out.push_back({Kind::take_source, who});
  if (can && asked_here) out.push_back({Kind::confirm, who});
  const LaneWriter::State& s = engine.writer.state();
  const bool at_end = s.log.next() == static_cast<std::int64_t>(world.log.size());
  if (O2C_BUG(tail_settles) && asked_here && s.phase == Phase::reading && s.tenure > 0 && at_end) {
    out.push_back({Kind::answer_tail, who});
  }
}

void Model::request_actions(const World& world, std::uint8_t who, std::vector<Action>& out) const {
  const Request& request = world.requests[who];
  const bool faults_left = world.faults < bounds_.faults;
  if (request.copies > 0) {
    out.push_back({Kind::land, who});
    // A copy that lands after a cut may take the offset of the first, and nobody sees the difference.
    if (faults_left && bounds_.cuts == 0) out.push_back({Kind::land_twice, who});
  }
  if (request.report == Request::Report::done) return;
  if (faults_left) out.push_back({Kind::report_fail, who});
  if (request.report != Request::Report::landed) return;
  out.push_back({Kind::report, who});
  if (!faults_left) return;
  out.push_back({Kind::report_odd, who, 0});
  out.push_back({Kind::report_odd, who, 1});
}

}  // namespace o2c::model
