#pragma once
// Private to engine/storage: how stored frames become entries that may be believed.
#include "engine/storage/group_store.hpp"

namespace o2c::storage {

/// One lane's fold of the reader's rule over what is stored. In this journal a single process writes and every start follows a tip that
/// was read, so each entry must count: one that is merely `ignored` elsewhere is damage here.
class LaneCheck {
 public:
  /// anchor  what the next entry must follow; none: the next entry is taken at its word for its own place and the rest is judged from it.
  LaneCheck(LaneId lane, std::optional<Tip> anchor) : lane_(lane), tip_(anchor) {}

  /// Judges the next entry. errors  integrity, naming the rule that is broken.
  Result<void> take(const FrameView& frame);
  LaneId lane() const { return lane_; }
  /// Last entry taken, or the anchor.
  const std::optional<Tip>& tip() const { return tip_; }

 private:
  LaneId lane_;
  std::optional<Tip> tip_;
};

/// The frames of one run, each with Check::full and then judged by `check`; the sink returns false to stop.
/// errors  integrity, naming lane, seq, group and rule.
using FrameSink = std::function<bool(const FrameView& frame)>;
Result<void> read_run(const Run& run, Bytes frames, LaneCheck& check, const FrameSink& sink);

/// Entries of `lane` from seq `from` up to seq `until` or the end, each checked and chained; genesis is the anchor of seq 1, else the first
/// entry of the run that holds `from` is. Those before `from` are not delivered.
/// returns  the last entry that was read, delivered or not; nothing when the lane has none from `from` on.
Result<std::optional<Tip>> walk_lane(const GroupStore& store, LaneId lane, std::uint64_t from, std::uint64_t until,
                                     const FrameSink& sink);

/// The same up to an entry that is known to be there, because it was acknowledged.
/// errors  integrity also when the lane ends earlier or has another entry in that place.
Result<void> read_lane(const GroupStore& store, LaneId lane, std::uint64_t from, const Tip& until,
                       const FrameSink& sink);

}  // namespace o2c::storage
