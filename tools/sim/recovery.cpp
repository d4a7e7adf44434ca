#include "engine/process/timers.hpp"
#include "tools/sim/simulation.hpp"

namespace o2c::sim {

/// The lane stops: its process ends without a word, or its journal is lost. What waits for an answer never gets one.
void Simulation::end(Process& process, Ending ending) {
  count_fault(ending == Ending::power_cut ? "power cut" : ending == Ending::lost ? "restart after unknown" : "crash");
  trace_.line("{} {} at entry {}, durable {}", writer_name(process.number),
              ending == Ending::power_cut ? "power cut"
              : ending == Ending::lost    ? "lost"
                                          : "crash",
              process.lane->decided_seq(), log_.durable_seq());
  process.lane.reset();
  process.journal->end(ending);
  clients_.engine_gone(process.number);
  process.checkpoint.reset();
  process.history.after_recovery();
  process.store.restart();
  if (!process.store.empty() && random_.chance(swarm_.lose_state_ppm)) {
    count_fault("state lost or old");
    trace_.line("the state store is lost or of another version");
    random_.coin() ? process.store.lose() : process.store.make_old();
  }
}

Result<void> Simulation::start(Process& process) {
  process.lane = std::make_unique<Lane>(0, *process.journal, process.store, clock_, swarm_.lane, Lane::BatchSink{});
  const auto replayed = process.lane->recover();
  Result<void> opened;
  if (!replayed) {
    opened = replayed.error();
  } else {
    trace_.line("{} recovered to {}, {} entries replayed", writer_name(process.number), process.lane->decided_seq(),
                *replayed);
    // What the last writer sent may still arrive; opening settles it.
    process.journal->let_late_records_land(static_cast<std::size_t>(random_.below(4)));
    opened = process.lane->open();
  }
  if (!opened) process.lane.reset();
  return opened;
}

/// returns  false when the lane cannot be taken just now.
bool Simulation::start_checked(Process& process) {
  if (const auto started = start(process); !started) {
    const ErrorCode code = started.error().code;
    if (code != ErrorCode::unavailable && code != ErrorCode::not_allowed)
      broken("S6 recovery and opening: {}", started.error().message);
    trace_.line("{} does not get the lane: {}", writer_name(process.number), started.error().message);
    return false;
  }
  check_recovered(process);
  return true;
}

/// Checkpoint + tail = what was folded as it happened = a fold from zero.
void Simulation::check_recovered(Process& process) {
  require(process.lane->decided_seq() == auditor_.seq() && process.lane->durable_seq() == auditor_.seq(),
          "S6 recovered to entry {} (durable {}), the journal ends at {}", process.lane->decided_seq(),
          process.lane->durable_seq(), auditor_.seq());
  auditor_.expect_same(process.lane->companies(), "recovered");
  SimStore empty;
  Lane again(0, *process.journal, empty, clock_, swarm_.lane, Lane::BatchSink{});
  if (const auto replayed = again.recover(); !replayed) broken("S6 fold from zero: {}", replayed.error().message);
  auditor_.expect_same(again.companies(), "folded from zero");
  auditor_.check_all();
  clients_.check_all();
}

/// Everything decided becomes durable and is answered.
void Simulation::drain(Process& process) {
  Lane& lane = *process.lane;
  SimJournal& journal = *process.journal;
  int turns = 0;
  while (!lane.lost() && (lane.has_batch() || lane.in_flight() > 0)) {
    if (lane.has_batch() && lane.can_take()) lane.flush(Flush::now);
    for (; journal.has_unsynced() || journal.has_unanswered(); ++turns) {
      require(turns < 100'000, "liveness: {} batches of {} are never answered", lane.in_flight(),
              writer_name(process.number));
      journal.has_unsynced() ? journal.sync_one() : journal.answer_one();
    }
  }
}

/// From here on nothing fails. Any process may be the one that stays; the others end.
Process& Simulation::last_owner() {
  Process& owner = any_process();
  for (const auto& other : processes_) {
    named_[other->number] = other->number == owner.number;
    if (other->lane && other->number != owner.number) end(*other, Ending::crash);
  }
  broker_.faultless(true);
  for (int tries = 0;; ++tries) {
    if (owner.lane) drain(owner);
    while (owner.journal->has_unanswered()) owner.journal->answer_one();
    // It may not have noticed yet that the lane was taken from it.
    if (owner.serves() && owner.journal->tip(0)->epoch == log_.tip().epoch) return owner;
    require(tries < 3, "liveness: {} is named alone and does not get the lane", writer_name(owner.number));
    if (owner.lane) end(owner, Ending::lost);
    start_checked(owner);
  }
}

/// Liveness: without faults, whoever asks again is answered, and what is due is done.
void Simulation::settle_all() {
  trace_.line("no more faults");
  Process& owner = last_owner();
  for (const std::size_t command : clients_.unsettled()) {
    send(owner, command, "settle");
    drain(owner);
  }
  clock_.move(std::int64_t{20} * 24 * 3600 * 1'000'000);
  while (timers_due(owner) > 0) {
    const std::uint64_t before = owner.lane->decided_seq();
    run_timers(owner);
    drain(owner);
    require(owner.lane->decided_seq() > before, "liveness: {} timers are due and do nothing", timers_due(owner));
  }
  deliver_all(owner);
  require(clients_.on_their_way() == 0 && clients_.unsettled().empty(),
          "liveness: {} commands wait, {} were never answered", clients_.on_their_way(), clients_.unsettled().size());
  auditor_.expect_same(owner.lane->companies(), "at the end");
  end(owner, Ending::power_cut);
  compared_at_ = 0;
  require(start_checked(owner), "liveness: the lane cannot be taken at the end");
}

/// Until nothing is on the way between companies whose books are open; each answer is a message too.
void Simulation::deliver_all(Process& owner) {
  const std::set<std::string> opened = auditor_.opened();
  for (bool any = true; any;) {
    any = false;
    for (const auto& [pair, channel] : std::map(auditor_.traffic().channels())) {
      if (!opened.contains(pair.second)) continue;
      for (std::uint64_t number = channel.taken + 1; number <= channel.sent.size(); ++number, any = true) {
        deliver(owner, pair, number);
        drain(owner);
      }
    }
  }
  auditor_.traffic().expect_drained(opened);
}

std::size_t Simulation::timers_due(Process& process) {
  std::size_t due = 0;
  for (const auto& [company, state] : process.lane->companies()) {
    if (state.opened()) due += due_timers(company, state, process.lane->today(company)).size();
  }
  return due;
}

}  // namespace o2c::sim
