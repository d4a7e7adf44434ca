#pragma once
#include <deque>

#include "engine/ports/clock.hpp"
#include "engine/ports/journal.hpp"
#include "tools/sim/random.hpp"
#include "tools/sim/trace.hpp"

namespace o2c::sim {

/// A journal of one lane whose disk belongs to the scheduler. What is appended waits until it is synced, then until it is answered. A crash
/// leaves any prefix of what waited for the disk; of a writer that was given up, the rest may arrive late, after a takeover even.
///
/// invariant  every record that reaches the log is checked in full and judged by the reader's rule, and only those that count can be read.
class SimJournal final : public Journal {
 public:
  using EntryLanded = std::function<void(const FrameView&)>;

  /// landed  gets each entry as it begins to count, in order.
  SimJournal(Random& random, Clock& clock, Trace& trace, EntryLanded landed);

  Result<Tip> open(LaneId lane) override;
  void append(SharedBatch batch, AppendDone done) override;
  Result<void> read(LaneId lane, std::uint64_t from, const EntrySink& sink) override;
  Result<Tip> tip(LaneId) override { return chain_.tip(); }
  std::uint32_t lanes() const override { return 1; }

  // The scheduler's side.
  bool has_unsynced() const { return !dead_ && synced_ < queue_.size(); }
  bool has_unanswered() const { return synced_ > 0 || (dead_ && !queue_.empty()); }
  bool dead() const { return dead_; }
  /// The oldest unsynced batch becomes durable.
  void sync_one();
  /// The oldest batch that is synced, or whose fate is unknown, is answered.
  void answer_one();
  /// A write failed: some of what waits may be there, nothing more is written, everything behind is answered `unknown`.
  void fail();
  /// The process ends: nobody is answered. A power cut also ends what was on its way.
  void crash(bool power_cut);
  /// Up to `count` records of an earlier writer arrive.
  void let_late_records_land(std::size_t count);
  bool has_late_records() const { return !late_.empty(); }

  std::uint64_t durable_seq() const { return chain_.tip().seq; }
  /// Entry `seq`, which counts.
  FrameView at(std::uint64_t seq) const;
  std::uint64_t ignored() const { return ignored_; }

 private:
  struct Waiting {
    SharedBatch batch;
    AppendDone done;
  };
  struct Record {
    SharedBatch batch;
    std::size_t index = 0;
  };

  void land(const Record& record);
  void abandon_unsynced();

  Random& random_;
  Clock& clock_;
  Trace& trace_;
  const EntryLanded landed_;
  std::deque<Waiting> queue_;  // the first `synced_` of them are durable
  std::size_t synced_ = 0;
  Tip sealed_;               // where the writer stands
  bool dead_ = true;         // until it is opened
  std::deque<Record> late_;  // written by one who was given up, not arrived
  Chain chain_;
  std::vector<Record> log_;  // what counts, by seq − 1
  std::uint64_t ignored_ = 0;
};

}  // namespace o2c::sim
