#pragma once
#include <cstdint>
#include <span>

#include "connectors/kafka/public/record.hpp"
#include "events/base/result.hpp"

namespace o2c::kafka {

/// Where a publisher goes on: reads entry `entry_seq` of the lane, leaves out its first `events_done` events, gives the next one
/// `next_sequence`. What it starts with on an empty partition.
struct ResumePoint {
  std::uint64_t next_sequence = 1;
  std::uint64_t entry_seq = 1;
  std::uint32_t events_done = 0;
  /// Of the entry's first event: what events_records asks for.
  std::uint64_t first_sequence() const { return next_sequence - events_done; }
  bool operator==(const ResumePoint&) const = default;
};

/// From the last records of a partition of o2c.events.v1 or o2c.events.json.v1, in any order; none: the partition is empty.
///
/// The furthest one counts, not the last: a record that a former publisher had in flight may land behind newer ones. So `tail` holds at
/// least as many records as a producer may have in flight.
///
/// errors  integrity: a record without the headers of a public event, naming the header.
Result<ResumePoint> resume_after(std::span<const Headers> tail);

/// Which entry a record of a state topic was made from. Of two records of one key the higher one counts: the owner of the lane writes its
/// own again when an older one lands behind it.
/// errors  integrity: no such header.
Result<std::uint64_t> row_entry_seq(const Headers& headers);

}  // namespace o2c::kafka
