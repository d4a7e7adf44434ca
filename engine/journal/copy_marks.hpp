#pragma once
#include <memory>
#include <span>

#include "events/base/date.hpp"
#include "events/codec/frame.hpp"

namespace o2c {

/// The first entry behind the LaneOpened of a lane that is made as a copy: it names the last entry of every lane of the old journal, so the
/// new chain goes on from all of them. Behind `tip`, of its epoch; sealed by whoever appends it.
/// old_tips  by lane.
std::shared_ptr<FrameBatch> copied_from(std::uint32_t lane, const Tip& tip, const Id16& old_journal,
                                        std::span<const Tip> old_tips, Instant recorded_at);

/// The entry that ends a copy. It is written when every entry is durable in all lanes, and its recorded time is when the copy was made.
std::shared_ptr<FrameBatch> copy_seal(std::uint32_t lane, const Tip& tip, Instant recorded_at);

/// Whether a lane, seen from its first entry on, is a copy that was broken off: what it holds is true, but something is missing.
class UnfinishedCopy {
 public:
  void see(const fb::Entry& entry) {
    if (entry.kind() == fb::EntryKind::copied) unfinished_ = true;
    if (entry.kind() == fb::EntryKind::seal) unfinished_ = false;
  }
  explicit operator bool() const { return unfinished_; }
  /// integrity, with what to do.
  static Error error(std::uint32_t lane);

 private:
  bool unfinished_ = false;
};

}  // namespace o2c
