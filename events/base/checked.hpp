#pragma once
#include <cstdint>
#include <limits>
#include <optional>

namespace o2c {

__extension__ using Int128 = __int128;

/// a + b, or nothing when it does not fit into 64 bits.
inline std::optional<std::int64_t> checked_add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

inline std::optional<std::int64_t> narrow(Int128 wide) {
  if (wide > std::numeric_limits<std::int64_t>::max() || wide < std::numeric_limits<std::int64_t>::min())
    return std::nullopt;
  return static_cast<std::int64_t>(wide);
}

inline std::optional<Int128> checked_mul(Int128 a, Int128 b) {
  Int128 product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

/// numerator / denominator (> 0), half away from zero: the one rounding of amounts.
inline Int128 divide_half_up(Int128 numerator, Int128 denominator) {
  const Int128 quotient = numerator / denominator;
  const Int128 rest = numerator % denominator;
  const Int128 twice = rest < 0 ? -rest : rest;
  if (twice >= denominator - twice) return numerator < 0 ? quotient - 1 : quotient + 1;
  return quotient;
}

/// value * numerator / denominator, rounded once, half away from zero; nothing when it does not fit.
inline std::optional<std::int64_t> scale(std::int64_t value, std::int64_t numerator, std::int64_t denominator) {
  return narrow(divide_half_up(static_cast<Int128>(value) * numerator, denominator));
}

}  // namespace o2c
