#include "events/base/date.hpp"

#include <fmt/format.h>

namespace o2c {
namespace {

/// Exactly `width` digits at `at`, or -1.
int digits(std::string_view text, std::size_t at, std::size_t width) {
  if (at + width > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + width; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool has(std::string_view text, std::size_t at, char c) { return at < text.size() && text[at] == c; }

}  // namespace

bool in_range(Date date) {
  using namespace std::chrono;
  return date >= Date{year{1900} / 1 / 1} && date < Date{year{3000} / 1 / 1};
}

std::optional<Date> parse_date(std::string_view text) {
  using namespace std::chrono;
  if (text.size() != 10 || !has(text, 4, '-') || !has(text, 7, '-')) return std::nullopt;
  const int y = digits(text, 0, 4), m = digits(text, 5, 2), d = digits(text, 8, 2);
  if (y < 0 || m < 0 || d < 0) return std::nullopt;
  const year_month_day ymd{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
  if (!ymd.ok() || !in_range(Date{ymd})) return std::nullopt;
  return Date{ymd};
}

std::string format_date(Date date) {
  const std::chrono::year_month_day ymd{date};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                     static_cast<unsigned>(ymd.day()));
}

std::optional<Instant> parse_instant(std::string_view text) {
  if (text.size() < 20 || !has(text, 10, 'T') || !has(text, 13, ':') || !has(text, 16, ':')) return std::nullopt;
  const auto date = parse_date(text.substr(0, 10));
  const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (!date || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
  std::size_t at = 19;
  std::int64_t fraction = 0;
  if (has(text, at, '.')) {
    std::size_t width = 0;
    while (at + 1 + width < text.size() && text[at + 1 + width] >= '0' && text[at + 1 + width] <= '9') ++width;
    if (width == 0 || width > 6) return std::nullopt;
    fraction = digits(text, at + 1, width);
    for (std::size_t i = width; i < 6; ++i) fraction *= 10;
    at += 1 + width;
  }
  std::int64_t offset_minutes = 0;
  if (has(text, at, 'Z')) {
    if (text.size() != at + 1) return std::nullopt;
  } else {
    if (!has(text, at, '+') && !has(text, at, '-')) return std::nullopt;
    const int oh = digits(text, at + 1, 2), om = digits(text, at + 4, 2);
    if (oh < 0 || oh > 14 || om < 0 || om > 59 || !has(text, at + 3, ':') || text.size() != at + 6) return std::nullopt;
    offset_minutes = (oh * 60 + om) * (text[at] == '-' ? -1 : 1);
  }
  const std::int64_t seconds =
      std::int64_t{days_of(*date)} * 86400 + hour * 3600 + minute * 60 + second - offset_minutes * 60;
  return Instant{seconds * 1'000'000 + fraction};
}

std::string format_instant(Instant instant) {
  std::int64_t days = instant.micros / 86'400'000'000;
  std::int64_t rest = instant.micros % 86'400'000'000;
  if (rest < 0) rest += 86'400'000'000, --days;
  const std::int64_t seconds = rest / 1'000'000;
  return fmt::format("{}T{:02}:{:02}:{:02}.{:06}Z", format_date(date_of(static_cast<std::int32_t>(days))),
                     seconds / 3600, seconds / 60 % 60, seconds % 60, rest % 1'000'000);
}

Date end_of_month(Date date) {
  const std::chrono::year_month_day ymd{date};
  return Date{ymd.year() / ymd.month() / std::chrono::last};
}

Date add_months(Date date, int months) {
  const std::chrono::year_month_day ymd{date};
  const std::chrono::year_month target = ymd.year() / ymd.month() + std::chrono::months{months};
  const std::chrono::year_month_day_last last{target.year(), target.month() / std::chrono::last};
  return Date{target / (ymd.day() < last.day() ? ymd.day() : last.day())};
}

}  // namespace o2c
