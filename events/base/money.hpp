#pragma once
#include <compare>
#include <cstdint>
#include <string>

#include "events/base/assert.hpp"
#include "events/base/checked.hpp"
#include "events/base/currency.hpp"
#include "events/base/date.hpp"
#include "events/base/decimal.hpp"

namespace o2c {

/// An amount in minor units. Adding two currencies is a bug; so is a sum beyond 64 bits once a decider let it pass.
struct Money {
  std::int64_t amount_minor = 0;
  Currency currency = Currency::XXX;

  static Money from(const fb::Money& m) { return {m.amount_minor(), m.currency()}; }
  fb::Money to_fb() const { return {amount_minor, currency}; }
  bool is_positive() const { return amount_minor > 0; }
  Money& operator+=(Money other) {
    O2C_ASSERT(currency == other.currency && !__builtin_add_overflow(amount_minor, other.amount_minor, &amount_minor));
    return *this;
  }
  Money& operator-=(Money other) {
    O2C_ASSERT(currency == other.currency && !__builtin_sub_overflow(amount_minor, other.amount_minor, &amount_minor));
    return *this;
  }
  bool operator==(const Money&) const = default;
};

/// "113000.00"
inline std::string format_amount(std::int64_t amount_minor, Currency currency) {
  return format_decimal(amount_minor, minor_digits(currency));
}
/// "113000.00 CNY"
inline std::string format_money(Money m) {
  return format_amount(m.amount_minor, m.currency) + " " + std::string(currency_code(m.currency));
}

/// Scales of the other figures.
inline constexpr int quantity_decimals = 6;
inline constexpr int price_decimals = 6;
inline constexpr int rate_decimals = 9;
inline constexpr int percent_decimals = 4;  // 13 % = 130000 ppm = "13.0000" percent
inline constexpr std::int64_t one_quantity = 1'000'000;
inline constexpr std::int64_t one_ppm = 1'000'000;

inline Date from_fb(const fb::Date& d) { return date_of(d.days()); }
inline fb::Date to_fb(Date d) { return fb::Date{days_of(d)}; }
inline Instant from_fb(const fb::Instant& i) { return Instant{i.micros()}; }
inline fb::Instant to_fb(Instant i) { return fb::Instant{i.micros}; }

}  // namespace o2c
