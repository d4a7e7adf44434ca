#include "events/base/decimal.hpp"

#include <iterator>

#include "events/base/assert.hpp"
#include "events/base/checked.hpp"

namespace o2c {

std::int64_t power_of_ten(int n) {
  O2C_ASSERT(n >= 0 && n <= 18);
  std::int64_t power = 1;
  while (n-- > 0) power *= 10;
  return power;
}

std::optional<std::int64_t> parse_decimal(std::string_view text, int decimals) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  if (whole.empty() || (whole.size() > 1 && whole.front() == '0')) return std::nullopt;
  if (point != std::string_view::npos && fraction.empty()) return std::nullopt;
  if (fraction.size() > static_cast<std::size_t>(decimals) || whole.size() > 19) return std::nullopt;
  Int128 value = 0;
  for (const std::string_view part : {whole, fraction}) {
    for (const char c : part) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
  }
  value *= power_of_ten(decimals - static_cast<int>(fraction.size()));
  return narrow(negative ? -value : value);
}

void append_decimal(fmt::memory_buffer& out, std::int64_t value, int decimals) {
  // The magnitude is taken in unsigned arithmetic: the smallest int64 has no positive twin.
  const std::uint64_t magnitude = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  const auto unit = static_cast<std::uint64_t>(power_of_ten(decimals));
  if (value < 0) out.push_back('-');
  if (decimals == 0) fmt::format_to(std::back_inserter(out), "{}", magnitude);
  else fmt::format_to(std::back_inserter(out), "{}.{:0{}}", magnitude / unit, magnitude % unit, decimals);
}

std::string format_decimal(std::int64_t value, int decimals) {
  fmt::memory_buffer out;
  append_decimal(out, value, decimals);
  return fmt::to_string(out);
}

std::string format_trimmed(std::int64_t value, int decimals, int at_least) {
  std::string text = format_decimal(value, decimals);
  if (decimals == 0) return text;
  std::size_t keep = text.size();
  const std::size_t floor = text.size() - static_cast<std::size_t>(decimals - at_least);
  while (keep > floor && text[keep - 1] == '0') --keep;
  if (text[keep - 1] == '.') --keep;
  text.resize(keep);
  return text;
}

}  // namespace o2c
