#include "connectors/kafka/public/business_days.hpp"

#include <algorithm>

#include "events/base/flat.hpp"
#include "events/base/money.hpp"

namespace o2c::kafka {

std::optional<BusinessDay> BusinessDays::pass(const FrameView& entry) {
  if (!entry.command || !entry.entry->business_date()) return std::nullopt;
  const Date date = from_fb(*entry.entry->business_date());
  const auto [at, fresh] = today_.try_emplace(text(entry.command->company()), date);
  if (fresh) return BusinessDay{std::nullopt, date};
  const Date before = at->second;
  at->second = std::max(before, date);
  return BusinessDay{before, at->second};
}

}  // namespace o2c::kafka
