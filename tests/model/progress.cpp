// P6: when faults stop, the owner named by the group opens in bounded time and keeps the lane.
#include "tests/model/model.hpp"

namespace o2c::model {
namespace {

constexpr int rounds_max = 12;

}  // namespace

std::string Model::check_progress(World world, std::uint8_t named) {
  const std::size_t entries = entries_.size();
  broken_.clear();
  world.group = static_cast<std::uint8_t>(1 << named);
  world.question.engine = Question::over;
  for (std::uint8_t who = 0; who < count_of(world.engines); ++who) land_and_report(world, who);
  EntryId awaited = 0;
  bool done = false;
  for (int round = 0; round < rounds_max && !done; ++round) done = progress_round(world, named, awaited);
  if (!done) broken("P6: the engine that the group names gets no entry accepted");
  entries_.shrink(entries);
  return broken_;
}

/// Everybody acts once. The others go first and are faster: what they send lands before anything else, and the group's news reach them
/// only when they ask. What the named engine sends lands after the others have acted again.
/// returns  whether an entry of the named engine, sent in an earlier round, is accepted.
bool Model::progress_round(World& world, std::uint8_t named, EntryId& awaited) {
  const auto catch_up = [&](std::uint8_t who) {
    const LaneWriter& writer = world.engines[who].writer;
    while (writer.phase() != Phase::lost && writer.state().log.next() < static_cast<std::int64_t>(world.log.size()))
      apply(world, {Action::Kind::read, who});
  };
  for (std::uint8_t who = 0; who < count_of(world.engines); ++who) {
    if (who == named) continue;
    const LaneWriter& writer = world.engines[who].writer;
    catch_up(who);
    if (writer.asks()) apply(world, {Action::Kind::ask_group, who});
    if (writer.may_open()) open(world, who, 0);
    if (writer.may_send()) send(world, who, no_command);
    land_and_report(world, who);
  }
  land_and_report(world, named);
  catch_up(named);
  const Engine& engine = world.engines[named];
  if (awaited != 0 && in_chain(tip(engine), awaited)) return true;
  apply(world, {Action::Kind::ask_group, named});
  if (engine.writer.may_open()) open(world, named, 0);
  if (!engine.writer.may_send()) return false;
  send(world, named, no_command);
  awaited = Entries::id_of(engine.writer.end().hash);
  return false;
}

/// What `who` has on the way lands, one copy of each, and is reported.
void Model::land_and_report(World& world, std::uint8_t who) {
  for (std::uint8_t i = 0; i < count_of(world.requests); ++i) {
    Request& r = world.requests[i];
    if (r.writer != who) continue;
    if (r.copies > 0) land(world, i, false);
    if (r.report == Request::Report::landed) apply(world, {Action::Kind::report, i});
  }
  forget_void_requests(world);
}

}  // namespace o2c::model
