#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace o2c {

/// A business date. Accepted years are 1900 to 2999, so that no sum of days overflows and typing errors show.
using Date = std::chrono::sys_days;

/// Microseconds since 1970-01-01T00:00:00Z.
struct Instant {
  std::int64_t micros = 0;
  auto operator<=>(const Instant&) const = default;
};

inline std::int32_t days_of(Date date) { return static_cast<std::int32_t>(date.time_since_epoch().count()); }
inline Date date_of(std::int32_t days) { return Date{std::chrono::days{days}}; }
bool in_range(Date date);

/// "2026-11-22", nothing else.
std::optional<Date> parse_date(std::string_view text);
std::string format_date(Date date);

/// RFC 3339 with offset or Z, up to six fractional digits: "2026-11-22T08:00:00+08:00".
std::optional<Instant> parse_instant(std::string_view text);
/// RFC 3339 in UTC with six fractional digits.
std::string format_instant(Instant instant);

inline Date first_of_month(Date date) {
  const std::chrono::year_month_day ymd{date};
  return Date{ymd.year() / ymd.month() / 1};
}
Date end_of_month(Date date);
/// Same day `months` later, clamped to that month's last day.
Date add_months(Date date, int months);

}  // namespace o2c
