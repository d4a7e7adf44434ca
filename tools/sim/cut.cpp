// A log that lost entries that were acknowledged. It is not healed but noticed, by whoever remembers one of them.
#include "tools/sim/simulation.hpp"

namespace o2c::sim {

/// The last act of a run. One process remembers the last entry, in its checkpoint or in the places that its journal noted; it must not take the
/// lane any more, whether the log stays short, grows by its own hand or has grown by another's.
void Simulation::cut_log() {
  swarm_.lose_state_ppm = 0;  // who remembers keeps its memory
  Process& witness = last_owner();
  require(witness.lane->commit_checkpoint(witness.lane->take_checkpoint()).has_value(), "S6 the last checkpoint");
  const std::uint64_t end_before = log_.durable_seq(),
                      gone = random_.between<std::uint64_t>(1, std::min<std::uint64_t>(20, end_before - 1));
  count_fault("cut");
  trace_.line("the last {} of {} entries are cut off", gone, end_before);
  log_.cut(end_before - gone);
  const auto how = random_.below(3);
  if (how == 0) {
    // It goes on: the offset in the report is one that was taken.
    send_mark(witness);
    drain(witness);
    require(witness.lane->lost(), "truncation: an entry is accepted at a place that was taken");
  }
  const bool restarts = random_.coin();
  end(witness, restarts ? Ending::crash : Ending::lost);
  if (!restarts) witness.store.lose();  // its journal remembers
  if (how == 1 && processes_.size() > 1) {
    Process& other = *processes_[1 - witness.number];
    named_.flip();
    other.store.lose();
    other.journal = kafka_journal(other.number);
    require(start(other).has_value(), "truncation: one who knows nothing of it cannot go on");
    while (log_.durable_seq() < end_before + 1) {
      send_mark(other);
      drain(other);
      require(!other.lane->lost(), "truncation: one who knows nothing of it cannot go on");
    }
    named_.flip();
  }
  const auto started = start(witness);
  require(!started && started.error().code == ErrorCode::integrity,
          "truncation: entry {} is gone and it is not noticed: {}", end_before,
          started ? "the lane is taken" : started.error().message);
  trace_.line("noticed: {}", started.error().message);
}

void Simulation::send_mark(Process& process) {
  Builder b;
  const Body mark = body(fb::CreateCreateMark(b, b.CreateString("after the cut")));
  const Instant issued_at{std::max(clock_.now().micros, process.lane->last_recorded().micros)};
  send(process, clients_.add({company_name(0), random_.id(), issued_at, {}}, b, mark), "mark");
}

}  // namespace o2c::sim
