#pragma once
#include "events/base/hash.hpp"

namespace o2c {

/// Where a lane stands: the last entry that counts. Start: (0, 0, genesis_hash).
struct Tip {
  std::uint64_t epoch = 0;
  std::uint64_t seq = 0;
  Hash32 hash;
  bool operator==(const Tip&) const = default;
};

/// What the rule looks at in an entry.
struct EntryHead {
  bool opens = false;  // a LaneOpened
  std::uint64_t epoch = 0, seq = 0;
  Hash32 prev_hash;  // of the entry that it was decided on
  Hash32 hash;       // of this entry; the next one names it
  Id16 open_id;      // of a LaneOpened: random, drawn for each attempt
  bool operator==(const EntryHead&) const = default;
};

enum class Judgement : std::uint8_t {
  counts,
  ignored,  // a stale writer's entry: harmless, counted as a metric
  alarm,    // cannot happen in an unharmed log: stop
};

/// The reader's rule: whether the next entry of a log counts on `tip`; moves the tip when it does. The one place where it is written:
/// readers, writers, tools and the model check call this.
/// threads  pure.
Judgement judge(Tip& tip, const EntryHead& head);

}  // namespace o2c
