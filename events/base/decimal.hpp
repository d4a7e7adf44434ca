#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace o2c {

/// Reads a plain decimal ("-12.50") as an integer scaled by 10^decimals. Exact or nothing: no exponent, no plus sign,
/// no separators, no leading zeros, at most `decimals` digits after the point, inside 64 bits.
std::optional<std::int64_t> parse_decimal(std::string_view text, int decimals);

/// Writes value / 10^decimals with exactly `decimals` digits after the point.
std::string format_decimal(std::int64_t value, int decimals);
void append_decimal(fmt::memory_buffer& out, std::int64_t value, int decimals);

/// As format_decimal, but without trailing zeros after `at_least` digits: 12500000 with 6 -> "12.5".
std::string format_trimmed(std::int64_t value, int decimals, int at_least = 0);

/// 10^n for 0 <= n <= 18.
std::int64_t power_of_ten(int n);

}  // namespace o2c
