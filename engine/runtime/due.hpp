#pragma once
#include <vector>

#include "engine/domain/company/company.hpp"
#include "engine/runtime/request.hpp"

namespace o2c {

/// What falls due by the calendar (engine/process/timers.hpp), as requests of the timer that nobody waits for.
std::vector<Request> due_requests(std::string_view company, const CompanyState& state, Date today);

}  // namespace o2c
