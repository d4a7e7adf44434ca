// What an action leads to.
#include <algorithm>

#include "events/base/seeded_bug.hpp"
#include "tests/model/model.hpp"

namespace o2c::model {
namespace {

std::uint8_t with(std::uint8_t bits, unsigned bit) { return static_cast<std::uint8_t>(bits | 1u << bit); }
std::uint8_t without(std::uint8_t bits, unsigned bit) { return static_cast<std::uint8_t>(bits & ~(1u << bit)); }
bool has(std::uint8_t bits, unsigned bit) { return (bits >> bit & 1) != 0; }

}  // namespace

using Kind = Action::Kind;

std::string Model::step(World& world, const Action& action) {
  broken_.clear();
  apply(world, action);
  forget_void_requests(world);
  check(world);
  return broken_;
}

void Model::broken(std::string_view how) {
  if (broken_.empty() && how.starts_with(promise_)) broken_ = how;
}

void Model::apply(World& world, const Action& action) {
  const std::uint8_t who = action.who;
  switch (action.kind) {
    case Kind::read: return read(world, who);
    case Kind::open: return open(world, who, action.what);
    case Kind::arrive: return arrive(world, who, action.what);
    case Kind::decide_held:
      world.engines[who].held = without(world.engines[who].held, action.what);
      return send(world, who, action.what);
    case Kind::take_source:
      return send(world, who, static_cast<CommandId>(first_of_source + world.engines[who].source++));
    case Kind::ask: return ask(world, who, action.what);
    case Kind::confirm: return send(world, who, no_command);
    case Kind::answer_tail: return conclude(world, who);
    case Kind::ask_group: return world.engines[who].writer.named(has(world.group, who));
    case Kind::land: return land(world, who, false);
    case Kind::report: return report(world, who, {.ok = true, .offset = world.requests[who].offset});
    default: return fault(world, action);
  }
}

void Model::fault(World& world, const Action& action) {
  const std::uint8_t who = action.who;
  if (action.kind == Kind::cut) {
    world.log.resize(action.what);
    ++world.cuts;
    std::ranges::fill(world.acknowledged, EntryId{0});  // what was promised may be gone
    world.denied = 0;
    for (std::uint8_t each = 0; each < count_of(world.engines); ++each) crash(world, each, true);
    return;
  }
  ++world.faults;
  switch (action.kind) {
    case Kind::land_twice: return land(world, who, true);
    case Kind::report_odd:
      return report(world, who, {.ok = true, .offset = action.what == 0 ? -1001 : world.requests[who].in_batch - 1});
    case Kind::report_fail: return report(world, who, {.ok = false});
    case Kind::time_out: return tell(world, who, [](LaneWriter& writer) { writer.fail(); });
    case Kind::crash: return crash(world, who, action.what == 1);
    default: world.group = action.what;
  }
}

template <class Input> void Model::tell(World& world, std::uint8_t who, const Input& input) {
  Engine& engine = world.engines[who];
  const LaneWriter::Overlay overlay = engine.writer.state().overlay;
  const Phase phase = engine.writer.phase();
  input(engine.writer);
  settle(world, who, overlay);
  if (phase == Phase::opening && engine.writer.phase() == Phase::serving) opened(world, engine);
  const Question& question = world.question;
  if (question.engine == who && question.barrier != 0 && in_chain(tip(engine), question.barrier)) conclude(world, who);
}

/// Entries that left the overlay are accepted or void; a lost lane is followed again.
void Model::settle(World& world, std::uint8_t who, const LaneWriter::Overlay& overlay) {
  Engine& engine = world.engines[who];
  for (const EntryHead& head : overlay) {
    const EntryId id = Entries::id_of(head.hash);
    const CommandId command = entries_[id].command;
    if (command >= first_of_source || std::ranges::count(engine.writer.state().overlay, head) > 0) continue;
    if (in_chain(tip(engine), id)) {
      acknowledge(world, command, id);
    } else if (!has(fold(engine).commands, command)) {
      engine.held = with(engine.held, command);
    }
  }
  if (engine.writer.phase() == Phase::lost) {
    if (!O2C_BUG(source_not_sought)) engine.source = fold(engine).source_next;
    if (world.question.engine == who) world.question.barrier = 0;
    if (engine.writer.loss() != LaneWriter::Loss::alarm) engine.writer.follow();
  }
  if (engine.writer.asks() && has(world.group, who)) engine.writer.named(true);  // until then it would only do nothing
  if (bounds_.cuts == 0) resume(world, engine);
}

/// Reads the record of the tip again, which is there for certain in a log that was not cut.
void Model::resume(const World& world, Engine& engine) {
  const LogPosition& log = engine.writer.state().log;
  if (engine.writer.phase() == Phase::lost || log.resumed()) return;
  const auto offset = static_cast<std::size_t>(log.resume_offset());
  if (offset < world.log.size()) engine.writer.read(log.resume_offset(), entries_.head(world.log[offset]));
}

void Model::opened(World& world, Engine& engine) {
  if (engine.writer.other_owner_since() && !O2C_BUG(held_decided_after_other_owner)) engine.held = 0;
  for (CommandId command = 0; command < first_of_source; ++command) {
    if (!has(engine.held, command) || !has(fold(engine).commands, command)) continue;
    engine.held = without(engine.held, command);
    acknowledge(world, command, entries_.outcome(tip(engine), command));
  }
  if (!O2C_BUG(source_not_sought)) engine.source = O2C_BUG(source_sought_too_far_back) ? 0 : fold(engine).source_next;
}

void Model::acknowledge(World& world, CommandId command, EntryId entry) {
  if (has(world.denied, command)) broken("P2: a command is acknowledged after \"not executed\"");
  EntryId& before = world.acknowledged[command];
  if (before != 0 && before != entry) broken("P1: a command is acknowledged with two entries");
  before = entry;
}

/// The answer to the question, from the state of `who`.
void Model::conclude(World& world, std::uint8_t who) {
  const Engine& engine = world.engines[who];
  Question& question = world.question;
  const Fold& state = fold(engine);
  if ((question.acknowledged & ~state.commands) != 0) broken("P7: a strong read misses an acknowledged command");
  const bool executed = has(state.commands, question.command);
  const bool here = has(engine.held, question.command) || in_overlay(engine, question.command);
  if (!executed && here) {
    question.barrier = 0;  // neither yes nor no yet
    return;
  }
  question.engine = Question::over;
  if (!executed) world.denied = with(world.denied, question.command);
}

void Model::read(World& world, std::uint8_t who) {
  tell(world, who, [&](LaneWriter& writer) {
    const LogPosition& log = writer.state().log;
    std::int64_t offset = log.resumed() ? log.next() : log.resume_offset();
    const auto end = static_cast<std::int64_t>(world.log.size());
    if (offset > end) return writer.truncated();
    for (; offset < end; ++offset) {
      const bool known = !writer.read(offset, entries_.head(world.log[static_cast<std::size_t>(offset)]));
      if (!known && (writer.phase() != Phase::opening || bounds_.cuts > 0 || O2C_BUG(opened_by_next_offset))) return;
    }
  });
}

void Model::open(World& world, std::uint8_t who, std::int64_t until) {
  Engine& engine = world.engines[who];
  while (engine.writer.phase() == Phase::reading && engine.writer.state().log.next() < until) read(world, who);
  if (!engine.writer.may_open()) return;
  const Tip on = engine.writer.place().tip;
  ++world.written, ++world.openings;
  Entry entry{.opens = true, .previous = Entries::id_of(on.hash)};
  entry.epoch = static_cast<std::uint8_t>(on.epoch + 1);
  entry.seq = static_cast<std::uint8_t>(on.seq + 1);
  entry.open_id = O2C_BUG(open_id_repeated) ? 1 : world.openings;
  const EntryId id = entries_.intern(entry);
  const auto tenure = static_cast<std::uint8_t>(engine.writer.begin_open(entries_.head(id)));
  world.requests.push_back({.entry = id, .writer = who, .tenure = tenure});
  if (!bounds_.void_reports) {
    world.requests.back().report = Request::Report::done;  // success changes nothing, failure is a time_out
  }
  if (world.question.engine == who && world.question.barrier == 0) world.question.barrier = id;
}

void Model::send(World& world, std::uint8_t who, CommandId command) {
  LaneWriter& writer = world.engines[who].writer;
  const Tip on = writer.end();
  ++world.written;
  Entry entry{.previous = Entries::id_of(on.hash), .command = command};
  entry.epoch = static_cast<std::uint8_t>(writer.state().lane_opened.epoch);
  entry.seq = static_cast<std::uint8_t>(on.seq + 1);
  const EntryId id = entries_.intern(entry);
  world.requests.push_back({.entry = id,
                            .writer = who,
                            .tenure = static_cast<std::uint8_t>(writer.state().tenure),
                            .in_batch = static_cast<std::uint8_t>(writer.overlay())});
  writer.sent(entries_.head(id));
  if (world.question.engine == who && world.question.barrier == 0) world.question.barrier = id;
}

void Model::arrive(World& world, std::uint8_t who, CommandId command) {
  const Engine& engine = world.engines[who];
  world.seen = with(world.seen, command);
  if (in_overlay(engine, command)) {  // enumerated with a mistake only: the repeat waits otherwise
    return acknowledge(world, command, entries_.outcome(Entries::id_of(engine.writer.end().hash), command));
  }
  if (!has(fold(engine).commands, command)) return send(world, who, command);
  acknowledge(world, command, entries_.outcome(tip(engine), command));
}

void Model::ask(World& world, std::uint8_t who, CommandId command) {
  world.question = {.engine = who, .command = command};
  for (CommandId each = 0; each < first_of_source; ++each) {
    if (world.acknowledged[each] != 0) world.question.acknowledged = with(world.question.acknowledged, each);
  }
  if (O2C_BUG(strong_read_without_entry) && world.engines[who].writer.phase() == Phase::serving) conclude(world, who);
}

/// Gone and back at once: being away is the same as doing nothing.
void Model::crash(World& world, std::uint8_t who, bool checkpoint) {
  Engine& engine = world.engines[who];
  const LaneWriter::State before = engine.writer.state();
  engine = Engine{.writer = LaneWriter(checkpoint ? before.log.place() : Place{})};
  engine.writer.named(has(world.group, who));
  for (Request& request : world.requests) {
    if (request.writer == who) request.report = Request::Report::done;
  }
  if (world.question.engine == who) world.question.engine = Question::over;
  if (O2C_BUG(old_epoch_after_restart) && checkpoint && before.log.place().tip.epoch == before.lane_opened.epoch) {
    LaneWriter::State state = engine.writer.state();
    state.phase = Phase::serving;
    state.lane_opened = before.lane_opened;
    engine.writer = LaneWriter(std::move(state));
  }
  if (bounds_.cuts == 0) resume(world, engine);
}

void Model::land(World& world, std::uint8_t request, bool again) {
  Request& r = world.requests[request];
  if (r.report == Request::Report::pending) {
    r.report = Request::Report::landed;
    r.offset = static_cast<std::uint8_t>(world.log.size());
  }
  world.log.push_back(r.entry);
  if (!again) --r.copies;
}

void Model::report(World& world, std::uint8_t request, const Delivery& delivery) {
  Request& r = world.requests[request];
  r.report = Request::Report::done;
  const Request copy = r;
  tell(world, copy.writer,
       [&](LaneWriter& writer) { writer.reported(copy.tenure, Entries::hash_of(copy.entry), delivery); });
}

/// A request that can neither land nor change its writer is no part of the state any more, unless void reports are tried too. What makes a report void stays so for ever: its
/// tenure is over, or the fate of its entry is known.
void Model::forget_void_requests(World& world) const {
  for (Request& r : world.requests) {
    const LaneWriter::State& s = world.engines[r.writer].writer.state();
    const Hash32 hash = Entries::hash_of(r.entry);
    const bool awaited = (s.phase == Phase::opening && s.lane_opened.hash == hash) ||
                         std::ranges::count(s.overlay, hash, &EntryHead::hash) > 0;
    if ((s.tenure != r.tenure || !awaited) && !bounds_.void_reports) r.report = Request::Report::done;
    if (r.report != Request::Report::landed) r.offset = 0;
    if (r.report == Request::Report::done) r.tenure = r.in_batch = r.writer = 0;
  }
  std::erase_if(world.requests, [](const Request& r) { return r.copies == 0 && r.report == Request::Report::done; });
}

bool Model::in_chain(EntryId tip, EntryId entry) const {
  while (tip != entry && tip != 0) tip = entries_[tip].previous;
  return tip == entry;
}

}  // namespace o2c::model
