#include "events/json/values.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "events/base/hash.hpp"

namespace o2c::json {
namespace {

void append(fmt::memory_buffer& out, std::string_view text) { out.append(text.data(), text.data() + text.size()); }

void append_quoted(fmt::memory_buffer& out, std::string_view text) {
  out.push_back('"');
  append(out, text);
  out.push_back('"');
}

template <class Stored> Stored load(const std::uint8_t* place) {
  Stored value{};
  std::memcpy(&value, place, sizeof value);
  return value;
}

template <class Stored> void store(std::uint8_t* place, Stored value) { std::memcpy(place, &value, sizeof value); }

/// A scaled integer: Stored / 10^decimals.
template <class Stored, int decimals> std::string read_scaled(std::string_view text, std::uint8_t* place) {
  const auto value = parse_decimal(text, decimals);
  if (!value) return decimal_fault(text, decimals);
  if (*value < std::numeric_limits<Stored>::min() || *value > std::numeric_limits<Stored>::max()) return "out of range";
  store(place, static_cast<Stored>(*value));
  return {};
}

template <class Stored, int decimals, int at_least>
void write_scaled(fmt::memory_buffer& out, const std::uint8_t* place) {
  append_quoted(out, format_trimmed(load<Stored>(place), decimals, at_least));
}

std::string read_date(std::string_view text, std::uint8_t* place) {
  const auto date = parse_date(text);
  if (!date) return R"(no date of the years 1900 to 2999 such as "2026-11-22")";
  store(place, days_of(*date));
  return {};
}

void write_date(fmt::memory_buffer& out, const std::uint8_t* place) {
  append_quoted(out, format_date(date_of(load<std::int32_t>(place))));
}

std::string read_instant(std::string_view text, std::uint8_t* place) {
  const auto instant = parse_instant(text);
  if (!instant) return R"(no instant after RFC 3339 with offset such as "2026-11-22T08:00:00Z", at most microseconds)";
  store(place, instant->micros);
  return {};
}

void write_instant(fmt::memory_buffer& out, const std::uint8_t* place) {
  append_quoted(out, format_instant(Instant{load<std::int64_t>(place)}));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

template <std::size_t size> std::string read_hex(std::string_view text, std::uint8_t* place) {
  const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return hex_digit(c) >= 0; });
  if (text.size() != 2 * size || !digits) return fmt::format("not {} hexadecimal digits in lower case", 2 * size);
  for (std::size_t i = 0; i < size; ++i)
    place[i] = static_cast<std::uint8_t>(hex_digit(text[2 * i]) * 16 + hex_digit(text[2 * i + 1]));
  return {};
}

template <std::size_t size> void write_hex(fmt::memory_buffer& out, const std::uint8_t* place) {
  append_quoted(out, to_hex(Bytes{place, size}));
}

void write_money(fmt::memory_buffer& out, const std::uint8_t* place) {
  const Money money = Money::from(*reinterpret_cast<const fb::Money*>(place));
  append(out, R"({"amount":")");
  append_decimal(out, money.amount_minor, minor_digits(money.currency));
  append(out, R"(","currency":")");
  append(out, currency_code(money.currency));
  append(out, R"("})");
}

constexpr std::array forms = {
    ValueForm{"Money", nullptr, write_money},
    ValueForm{"Quantity", read_scaled<std::int64_t, quantity_decimals>,
              write_scaled<std::int64_t, quantity_decimals, 0>},
    ValueForm{"UnitPrice", read_scaled<std::int64_t, price_decimals>, write_scaled<std::int64_t, price_decimals, 2>},
    ValueForm{"Percent", read_scaled<std::int32_t, percent_decimals>, write_scaled<std::int32_t, percent_decimals, 0>},
    ValueForm{"Rate", read_scaled<std::int64_t, rate_decimals>, write_scaled<std::int64_t, rate_decimals, 0>},
    ValueForm{"Date", read_date, write_date},
    ValueForm{"Instant", read_instant, write_instant},
    ValueForm{"Id16", read_hex<16>, write_hex<16>},
    ValueForm{"Hash32", read_hex<32>, write_hex<32>},
};

}  // namespace

std::string read_amount(std::string_view amount, Currency currency, std::uint8_t* place) {
  const int digits = minor_digits(currency);
  const auto minor = parse_decimal(amount, digits);
  if (!minor) {
    std::string fault = decimal_fault(amount, digits);
    return fault.starts_with("more than") ? fault + " for " + std::string(currency_code(currency)) : fault;
  }
  const fb::Money money{*minor, currency};
  std::memcpy(place, &money, sizeof money);
  return {};
}

const ValueForm* find_form(std::string_view structure) {
  const auto at =
      std::find_if(forms.begin(), forms.end(), [structure](const ValueForm& form) { return form.type == structure; });
  return at != forms.end() ? &*at : nullptr;
}

std::string decimal_fault(std::string_view text, int decimals) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const bool plain = !digits.empty() && digits.find_first_not_of("0123456789.") == std::string_view::npos &&
                     point > 0 && point + 1 != digits.size() && digits.find('.', point + 1) == std::string_view::npos;
  if (!plain)
    return R"(no plain decimal such as "1250.5": digits and at most one point, no sign but -, no exponent, no separators)";
  if (point > 1 && digits.front() == '0') return "a decimal has no leading zeros";
  const std::size_t places = point == digits.size() ? 0 : digits.size() - point - 1;
  if (places > static_cast<std::size_t>(decimals)) return fmt::format("more than {} decimals", decimals);
  return "out of range";
}

}  // namespace o2c::json
