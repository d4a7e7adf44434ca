#pragma once
#include <memory>

#include "events/base/date.hpp"
#include "events/codec/frame.hpp"

namespace o2c {

/// The entry that takes a lane: on `tip`, of the next epoch. Sealed by whoever appends it.
/// open_id  drawn for each attempt: by it, and by nothing else, a writer knows its own LaneOpened again.
std::shared_ptr<FrameBatch> lane_opened(std::uint32_t lane, const Tip& tip, const Id16& open_id, Instant recorded_at);

}  // namespace o2c
