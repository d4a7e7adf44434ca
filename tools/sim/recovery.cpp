#include "engine/process/timers.hpp"
#include "tools/sim/simulation.hpp"

namespace o2c::sim {

/// The process ends without a word, or it is stopped because its journal is. Then it starts again.
void Simulation::crash(bool power_cut) {
  count_fault(power_cut ? "power cut" : lane_->lost() ? "restart after unknown" : "crash");
  trace_.line("{} at entry {}, durable {}", power_cut ? "power cut" : "crash", lane_->decided_seq(),
              journal_.durable_seq());
  lane_.reset();
  journal_.crash(power_cut);
  clients_.engine_gone();
  checkpoint_.reset();
  history_.after_recovery();
  store_.restart();
  if (!store_.empty() && random_.chance(swarm_.lose_state_ppm)) {
    count_fault("state lost or old");
    trace_.line("the state store is lost or of another version");
    random_.coin() ? store_.lose() : store_.make_old();
  }
  start_engine();
  check_recovered();
}

void Simulation::start_engine() {
  lane_ = std::make_unique<Lane>(0, journal_, store_, clock_, swarm_.lane, Lane::BatchSink{});
  const auto replayed = lane_->recover();
  if (!replayed) broken("S6 recovery: {}", replayed.error().message);
  trace_.line("recovered to {}, {} entries replayed", lane_->decided_seq(), *replayed);
  // What the last writer sent may still arrive; opening settles it.
  journal_.let_late_records_land(static_cast<std::size_t>(random_.below(4)));
  if (const auto opened = lane_->open(); !opened) broken("S6 opening the lane: {}", opened.error().message);
}

/// Checkpoint + tail = what was folded as it happened = a fold from zero.
void Simulation::check_recovered() {
  require(lane_->decided_seq() == auditor_.seq() && lane_->durable_seq() == auditor_.seq(),
          "S6 recovered to entry {} (durable {}), the journal ends at {}", lane_->decided_seq(), lane_->durable_seq(),
          auditor_.seq());
  auditor_.expect_same(lane_->companies(), "recovered");
  SimStore empty;
  Lane again(0, journal_, empty, clock_, swarm_.lane, Lane::BatchSink{});
  if (const auto replayed = again.recover(); !replayed) broken("S6 fold from zero: {}", replayed.error().message);
  auditor_.expect_same(again.companies(), "folded from zero");
  auditor_.check_all();
  clients_.check_all();
}

/// Everything decided becomes durable and is answered.
void Simulation::drain() {
  while (!lane_->lost() && (lane_->has_batch() || lane_->in_flight() > 0)) {
    if (lane_->has_batch() && lane_->can_take()) lane_->flush(Flush::now);
    while (journal_.has_unsynced()) journal_.sync_one();
    while (journal_.has_unanswered()) journal_.answer_one();
  }
}

/// Liveness: without faults, whoever asks again is answered, and what is due is done.
void Simulation::settle_all() {
  trace_.line("no more faults");
  while (journal_.dead() && journal_.has_unanswered()) journal_.answer_one();
  if (lane_->lost() || journal_.dead()) crash(false);
  drain();
  for (const std::size_t command : clients_.unsettled()) {
    send(command, "settle");
    drain();
  }
  clock_.move(std::int64_t{20} * 24 * 3600 * 1'000'000);
  while (timers_due() > 0) {
    const std::uint64_t before = lane_->decided_seq();
    run_timers();
    drain();
    require(lane_->decided_seq() > before, "liveness: {} timers are due and do nothing", timers_due());
  }
  require(clients_.on_their_way() == 0 && clients_.unsettled().empty(),
          "liveness: {} commands wait, {} were never answered", clients_.on_their_way(), clients_.unsettled().size());
  auditor_.expect_same(lane_->companies(), "at the end");
  crash(true);
}

std::size_t Simulation::timers_due() {
  std::size_t due = 0;
  for (const auto& [company, state] : lane_->companies()) {
    if (state.opened()) due += due_timers(company, state, lane_->today(company)).size();
  }
  return due;
}

}  // namespace o2c::sim
