#pragma once
#include <functional>
#include <set>
#include <vector>

#include "engine/ports/journal.hpp"
#include "tools/sim/trace.hpp"

namespace o2c::sim {

/// An entry, in the batch that it was written with.
struct SimRecord {
  SharedBatch batch;
  std::size_t index = 0;
  FrameView view() const { return batch->at(index); }
};

/// One lane's log as it is, whoever wrote it: every record that arrived, by offset, and which of them count. It outlives every engine and is
/// what their answers are held against.
///
/// invariant  every record is checked in full and judged by the reader's rule as it arrives.
class SimLog {
 public:
  using EntryLanded = std::function<void(const FrameView&)>;
  struct Landed {
    SimRecord record;
    EntryHead head;
  };

  /// landed  gets each entry as it begins to count, in order.
  explicit SimLog(EntryLanded landed);

  /// Appends a record.  returns  whether it counts.
  Judgement land(const SimRecord& record);

  std::int64_t end() const { return static_cast<std::int64_t>(records_.size()); }
  const Landed& record(std::int64_t offset) const { return records_.at(static_cast<std::size_t>(offset)); }
  const Tip& tip() const { return tip_; }
  std::uint64_t durable_seq() const { return tip_.seq; }
  /// Entry `seq`, which counts.
  FrameView at(std::uint64_t seq) const;
  std::uint64_t ignored() const { return records_.size() - counting_.size(); }

  /// Somebody was told that this entry never counts.
  void never_counts(const Hash32& entry) { void_.insert(entry); }
  /// Damage: all that lies behind the first `entries` that count is gone. From now on nobody gets what begins to count.
  void cut(std::uint64_t entries);

 private:
  const EntryLanded landed_;
  bool cut_ = false;
  Tip tip_;
  std::vector<Landed> records_;         // by offset
  std::vector<std::int64_t> counting_;  // offset of what counts, by seq − 1
  std::set<Hash32> void_;
};

/// Of the simulated journal, whatever its form.
Tip genesis_tip();

}  // namespace o2c::sim
