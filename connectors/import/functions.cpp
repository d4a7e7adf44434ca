#include "connectors/import/functions.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "connectors/import/expression.hpp"
#include "events/base/decimal.hpp"

namespace o2c::importer {
namespace {

using Arguments = std::span<const Value>;

const Decimal* number(const Value& value) { return std::get_if<Decimal>(&value); }
const std::string* text(const Value& value) { return std::get_if<std::string>(&value); }
const Date* date(const Value& value) { return std::get_if<Date>(&value); }
const bool* yes(const Value& value) { return std::get_if<bool>(&value); }

/// Bytes of the first `count` characters.
std::size_t bytes_of_characters(std::string_view s, int count) {
  std::size_t at = 0;
  while (at < s.size() && count-- > 0) {
    do ++at;
    while (at < s.size() && (static_cast<unsigned char>(s[at]) & 0xC0) == 0x80);
  }
  return at;
}

Value expected(std::string_view wanted, const Value& value) {
  const std::string shown = text_of(value);
  return broken(fmt::format("{} is wanted, \"{}\" is {}", wanted, shown.substr(0, bytes_of_characters(shown, 40)),
                            kind_of(value)));
}

/// A whole number of a range that is safe to count with.
std::optional<int> whole(const Value& value, int low, int high) {
  const Decimal* n = number(value);
  if (n == nullptr) return std::nullopt;
  const std::int64_t unit = power_of_ten(n->scale);
  if (n->units % unit != 0 || n->units / unit < low || n->units / unit > high) return std::nullopt;
  return static_cast<int>(n->units / unit);
}

Value date_plus(Date from, const Value& days, int sign) {
  const auto count = whole(days, -100'000, 100'000);
  if (!count) return expected("a whole number of days", days);
  const Date sum = from + std::chrono::days{sign * *count};
  return in_range(sum) ? Value{sum} : broken("a date outside the years 1900 to 2999");
}

Value plus(Arguments a) {
  if (const Date* from = date(a[0])) return date_plus(*from, a[1], 1);
  if (!number(a[0])) return expected("a number or a date", a[0]);
  if (!number(a[1])) return expected("a number", a[1]);
  return add(*number(a[0]), *number(a[1]));
}

Value minus(Arguments a) {
  const Date* from = date(a[0]);
  if (from != nullptr && date(a[1])) return Decimal{(*from - *date(a[1])).count(), 0};
  if (from != nullptr) return date_plus(*from, a[1], -1);
  if (!number(a[0])) return expected("a number or a date", a[0]);
  if (!number(a[1])) return expected("a number", a[1]);
  return subtract(*number(a[0]), *number(a[1]));
}

Value times(Arguments a) {
  for (const Value& factor : a) {
    if (!number(factor)) return expected("a number", factor);
  }
  return multiply(*number(a[0]), *number(a[1]));
}

Value negated(Arguments a) { return number(a[0]) ? subtract(Decimal{}, *number(a[0])) : expected("a number", a[0]); }
Value absolute(Arguments a) {
  return number(a[0]) && number(a[0])->units < 0 ? negated(a) : number(a[0]) ? a[0] : expected("a number", a[0]);
}

Value joined(Arguments a) { return text_of(a[0]) + text_of(a[1]); }

Value inverted(Arguments a) { return yes(a[0]) ? Value{!*yes(a[0])} : expected("a yes or no", a[0]); }

/// -1, 0, 1 of two values of one kind; nothing if they are of two.
std::optional<int> order(const Value& a, const Value& b) {
  if (number(a) && number(b)) return compare(*number(a), *number(b));
  if (a.index() != b.index()) return std::nullopt;
  const auto sign = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
  if (text(a)) return sign(*text(a), *text(b));
  if (date(a)) return sign(*date(a), *date(b));
  return yes(a) ? sign(*yes(a), *yes(b)) : 0;
}

/// Here an empty value is one like any other: it equals an empty one and nothing else.
Value equal(Arguments a, bool wanted) {
  if (is_empty(a[0]) || is_empty(a[1])) return (is_empty(a[0]) && is_empty(a[1])) == wanted;
  const auto sign = order(a[0], a[1]);
  if (!sign) return broken(fmt::format("{} cannot be compared with {}", kind_of(a[0]), kind_of(a[1])));
  return (*sign == 0) == wanted;
}

template <class Holds> Value compared(Arguments a, Holds holds) {
  const auto sign = order(a[0], a[1]);
  if (!sign) return broken(fmt::format("{} cannot be compared with {}", kind_of(a[0]), kind_of(a[1])));
  return static_cast<bool>(holds(*sign));
}

/// a, b whole numbers, b > 0: quotient down to the next whole number, and what is left, which is never negative.
Value divided(Arguments a, bool rest) {
  for (const Value& value : a) {
    if (!number(value) || number(value)->scale != 0) return expected("a whole number", value);
  }
  const std::int64_t n = number(a[0])->units, by = number(a[1])->units;
  if (by <= 0) return broken("a divisor is greater than 0");
  const std::int64_t left = n % by < 0 ? n % by + by : n % by;
  return Decimal{rest ? left : n / by - (n % by < 0 ? 1 : 0), 0};
}

Value rounded(Arguments a) {
  const auto scale = whole(a[1], 0, decimal_scale_max);
  if (!number(a[0])) return expected("a number", a[0]);
  return scale ? round(*number(a[0]), *scale) : expected("a number of decimals from 0 to 12", a[1]);
}

Value quotient_of(Arguments a) {
  const auto scale = whole(a[2], 0, decimal_scale_max);
  if (!number(a[0])) return expected("a number", a[0]);
  if (!number(a[1])) return expected("a number", a[1]);
  return scale ? quotient(*number(a[0]), *number(a[1]), *scale) : expected("a number of decimals from 0 to 12", a[2]);
}

template <int (*change)(int)> Value recased(Arguments a) {
  std::string out = text_of(a[0]);
  for (char& c : out)
    c = static_cast<unsigned char>(c) < 0x80 ? static_cast<char>(change(static_cast<unsigned char>(c))) : c;
  return out;
}

Value or_empty(std::string out) { return out.empty() ? Value{Empty{}} : Value{std::move(out)}; }

Value trimmed(Arguments a) {
  const std::string s = text_of(a[0]);
  const std::size_t from = s.find_first_not_of(' ');
  return from == std::string::npos ? Value{Empty{}} : Value{s.substr(from, s.find_last_not_of(' ') - from + 1)};
}

Value left(Arguments a) {
  const auto count = whole(a[1], 0, 100'000);
  if (!count) return expected("a number of characters", a[1]);
  const std::string s = text_of(a[0]);
  return or_empty(s.substr(0, bytes_of_characters(s, *count)));
}

Value without_left(Arguments a) {
  const auto count = whole(a[1], 0, 100'000);
  if (!count) return expected("a number of characters", a[1]);
  const std::string s = text_of(a[0]);
  return or_empty(s.substr(bytes_of_characters(s, *count)));
}

Value before(Arguments a) {
  const std::string s = text_of(a[0]);
  return or_empty(s.substr(0, s.find(text_of(a[1]))));
}

Value after(Arguments a) {
  const std::string s = text_of(a[0]), mark = text_of(a[1]);
  const std::size_t at = s.find(mark);
  return at == std::string::npos ? Value{Empty{}} : or_empty(s.substr(at + mark.size()));
}

Value replaced(Arguments a) {
  std::string s = text_of(a[0]);
  const std::string what = text_of(a[1]), by = text_of(a[2]);
  for (std::size_t at = s.find(what); !what.empty() && at != std::string::npos; at = s.find(what, at + by.size()))
    s.replace(at, what.size(), by);
  return or_empty(std::move(s));
}

Value contains(Arguments a) { return text_of(a[0]).find(text_of(a[1])) != std::string::npos; }
Value starts_with(Arguments a) { return text_of(a[0]).starts_with(text_of(a[1])); }

Value as_text(Arguments a) { return text_of(a[0]); }
Value as_number(Arguments a) {
  static const CellFormat plain = *CellFormat::parse("decimal");
  return text(a[0]) ? plain.read(*text(a[0])) : number(a[0]) ? a[0] : expected("a text", a[0]);
}

template <class Part> Value part_of(Arguments a, Part part) {
  if (!date(a[0])) return expected("a date", a[0]);
  return Decimal{part(std::chrono::year_month_day{*date(a[0])}), 0};
}
Value year(Arguments a) {
  return part_of(a, [](auto ymd) { return static_cast<int>(ymd.year()); });
}
Value month(Arguments a) {
  return part_of(a, [](auto ymd) { return static_cast<unsigned>(ymd.month()); });
}
Value day(Arguments a) {
  return part_of(a, [](auto ymd) { return static_cast<unsigned>(ymd.day()); });
}

Value months_later(Arguments a) {
  const auto count = whole(a[1], -12'000, 12'000);
  if (!date(a[0])) return expected("a date", a[0]);
  if (!count) return expected("a whole number of months", a[1]);
  const Date later = add_months(*date(a[0]), *count);
  return in_range(later) ? Value{later} : broken("a date outside the years 1900 to 2999");
}
Value last_of_month(Arguments a) { return date(a[0]) ? Value{end_of_month(*date(a[0]))} : expected("a date", a[0]); }

constexpr std::array all_functions = {
    Function{"+", 2, 2, plus},
    Function{"-", 2, 2, minus},
    Function{"*", 2, 2, times},
    Function{"&", 2, 2, joined},
    Function{"negated", 1, 1, negated},
    Function{"not", 1, 1, inverted},
    Function{"<", 2, 2, [](Arguments a) { return compared(a, [](int sign) { return sign < 0; }); }},
    Function{"<=", 2, 2, [](Arguments a) { return compared(a, [](int sign) { return sign <= 0; }); }},
    Function{">", 2, 2, [](Arguments a) { return compared(a, [](int sign) { return sign > 0; }); }},
    Function{">=", 2, 2, [](Arguments a) { return compared(a, [](int sign) { return sign >= 0; }); }},
    Function{"=", 2, 2, [](Arguments a) { return equal(a, true); }, true},
    Function{"!=", 2, 2, [](Arguments a) { return equal(a, false); }, true},
    Function{"abs", 1, 1, absolute},
    Function{"round", 2, 2, rounded},
    Function{"quotient", 3, 3, quotient_of},
    Function{"div", 2, 2, [](Arguments a) { return divided(a, false); }},
    Function{"mod", 2, 2, [](Arguments a) { return divided(a, true); }},
    Function{"number", 1, 1, as_number},
    Function{"text", 1, 1, as_text},
    Function{"upper", 1, 1, recased<std::toupper>},
    Function{"lower", 1, 1, recased<std::tolower>},
    Function{"trim", 1, 1, trimmed},
    Function{"left", 2, 2, left},
    Function{"without_left", 2, 2, without_left},
    Function{"before", 2, 2, before},
    Function{"after", 2, 2, after},
    Function{"replace", 3, 3, replaced},
    Function{"contains", 2, 2, contains},
    Function{"starts_with", 2, 2, starts_with},
    Function{"year", 1, 1, year},
    Function{"month", 1, 1, month},
    Function{"day", 1, 1, day},
    Function{"add_months", 2, 2, months_later},
    Function{"end_of_month", 1, 1, last_of_month},
};

Value summed(Arguments values) {
  Value sum = Decimal{};
  for (const Value& value : values) {
    if (!number(value)) return expected("a number", value);
    sum = add(std::get<Decimal>(sum), *number(value));
    if (fault_in(sum) != nullptr) return sum;
  }
  return sum;
}

Value the_only(Arguments values) {
  for (const Value& value : values) {
    const auto sign = order(values[0], value);
    if (!sign || *sign != 0)
      return broken(fmt::format("the rows do not agree: \"{}\" and \"{}\"", text_of(values[0]), text_of(value)));
  }
  return values.empty() ? Value{Empty{}} : values[0];
}

Value extreme(Arguments values, int wanted) {
  Value best = values.empty() ? Value{Empty{}} : values[0];
  for (const Value& value : values) {
    const auto sign = order(value, best);
    if (!sign) return broken(fmt::format("{} cannot be compared with {}", kind_of(value), kind_of(best)));
    if (*sign == wanted) best = value;
  }
  return best;
}

constexpr std::array all_row_functions = {
    RowFunction{"sum", summed},
    RowFunction{"only", the_only},
    RowFunction{"first", [](Arguments values) { return values.empty() ? Value{Empty{}} : values.front(); }},
    RowFunction{"last", [](Arguments values) { return values.empty() ? Value{Empty{}} : values.back(); }},
    RowFunction{"min", [](Arguments values) { return extreme(values, -1); }},
    RowFunction{"max", [](Arguments values) { return extreme(values, 1); }},
};

template <class Table> std::size_t find_in(const Table& table, std::string_view name) {
  const auto at = std::find_if(table.begin(), table.end(), [name](const auto& f) { return f.name == name; });
  return at == table.end() ? none : static_cast<std::size_t>(at - table.begin());
}

}  // namespace

std::span<const Function> functions() { return all_functions; }
std::size_t find_function(std::string_view name) { return find_in(all_functions, name); }
std::span<const RowFunction> row_functions() { return all_row_functions; }
std::size_t find_row_function(std::string_view name) { return find_in(all_row_functions, name); }

std::vector<std::string> function_names() {
  std::vector<std::string> names = {"if", "count"};
  for (const Function& f : all_functions) {
    if (is_name(f.name)) names.emplace_back(f.name);
  }
  for (const RowFunction& f : all_row_functions) names.emplace_back(f.name);
  return names;
}

}  // namespace o2c::importer
