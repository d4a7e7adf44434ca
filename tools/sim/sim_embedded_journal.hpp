#pragma once
#include <deque>

#include "engine/ports/clock.hpp"
#include "tools/sim/random.hpp"
#include "tools/sim/sim_journal.hpp"
#include "tools/sim/sim_log.hpp"

namespace o2c::sim {

/// The embedded form: a disk. What is appended waits until it is synced, then until it is answered. A crash leaves any prefix of what waited
/// for the disk; of a writer that was given up, the rest may arrive late, after a takeover even.
class SimEmbeddedJournal final : public SimJournal {
 public:
  SimEmbeddedJournal(SimLog& log, Random& random, Clock& clock, Trace& trace)
      : log_(log), random_(random), clock_(clock), trace_(trace) {}

  Result<Tip> open(LaneId lane) override;
  void append(SharedBatch batch, AppendDone done) override;
  Result<void> read(LaneId lane, std::uint64_t from, const EntrySink& sink) override;
  Result<Tip> tip(LaneId) override { return log_.tip(); }

  bool has_unsynced() const override { return !dead_ && synced_ < queue_.size(); }
  void sync_one() override;
  bool has_unanswered() const override { return synced_ > 0 || (dead_ && !queue_.empty()); }
  void answer_one() override;
  void fail() override;
  bool dead() const override { return dead_; }
  void end(Ending ending) override;
  void let_late_records_land(std::size_t count) override;
  bool has_late_records() const override { return !late_.empty(); }

 private:
  struct Waiting {
    SharedBatch batch;
    AppendDone done;
  };
  void abandon_unsynced();

  SimLog& log_;
  Random& random_;
  Clock& clock_;
  Trace& trace_;
  std::deque<Waiting> queue_;  // the first `synced_` of them are durable
  std::size_t synced_ = 0;
  Tip sealed_;                  // where the writer stands
  bool dead_ = true;            // until it is opened
  std::deque<SimRecord> late_;  // written by one who was given up, not arrived
};

}  // namespace o2c::sim
