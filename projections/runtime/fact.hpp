#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "events/base/flat.hpp"
#include "events/base/money.hpp"
#include "events/codec/frame.hpp"

namespace o2c {

using LaneIndex = std::uint32_t;

/// One event as a read model sees it: the stored event and where it lies. The views live as long as the call.
struct Fact {
  std::uint64_t seq = 0;    // entry
  std::uint32_t index = 0;  // event within the entry
  Instant recorded_at;
  Date business_date;  // company's day when it was recorded
  std::string_view actor;
  Id16 command_id;
  const fb::Event* event = nullptr;
  Date occurred_on() const { return from_fb(*event->occurred_on()); }
  Date posted_on() const { return from_fb(*event->posted_on()); }
};

/// Where a figure comes from: one event and its part of it.
struct Contribution {
  std::uint64_t seq = 0;
  std::uint32_t index = 0;
  std::int64_t amount = 0;  // in the figure's own unit (minor units, days, count)
};

enum class Basis { posting, business };  // by posted_on or by occurred_on

/// Days from `from`, before `until`; absent: open.
struct Period {
  std::optional<Date> from, until;
};

/// At which date and with which knowledge a report is made: only entries up to `known` count, of these only facts dated up to `as_of`.
struct View {
  Date as_of;
  std::uint64_t known = ~std::uint64_t{0};
  Basis basis = Basis::posting;
  Date of(const Fact& fact) const { return basis == Basis::posting ? fact.posted_on() : fact.occurred_on(); }
};

/// The month that begins on `first`.
inline Period month_from(Date first) { return {first, add_months(first, 1)}; }
/// The view on the last day of the period, if that is earlier.
inline View within(View view, const Period& period) {
  if (period.until) view.as_of = std::min(view.as_of, *period.until - std::chrono::days{1});
  return view;
}

}  // namespace o2c
