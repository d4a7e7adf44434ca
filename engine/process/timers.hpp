#pragma once
#include <string_view>
#include <vector>

#include "engine/domain/company/company.hpp"

namespace o2c {

/// What falls due by the calendar: commands with ids derived from what they are about, its version and the day, so that asking
/// twice does no more.
/// Kinds: reservations that expired before `today` (one each; after downtime once, however late).
/// threads: pure.
std::vector<flatbuffers::DetachedBuffer> due_timers(std::string_view company, const CompanyState& state, Date today);

}  // namespace o2c
