#include "connectors/import/value.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "events/base/checked.hpp"
#include "events/base/decimal.hpp"

namespace o2c::importer {

std::string_view kind_of(const Value& value) {
  static constexpr std::array<std::string_view, 6> kinds = {"nothing", "text",        "a number",
                                                            "a date",  "a yes or no", "a fault"};
  return kinds[value.index()];
}

std::string text_of(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<Decimal>(&value)) return format_decimal(number->units, number->scale);
  if (const auto* date = std::get_if<Date>(&value)) return format_date(*date);
  if (const auto* yes = std::get_if<bool>(&value)) return *yes ? "true" : "false";
  return {};
}

std::string key_of(const Value& value) {
  const auto* number = std::get_if<Decimal>(&value);
  return number ? format_trimmed(number->units, number->scale) : text_of(value);
}

namespace {

constexpr std::string_view too_large = "the number does not fit into 64 bits";

/// Both as integers of the larger scale: exact, 128 bits hold any 64-bit number times 10^12.
struct Aligned {
  Int128 a, b;
  int scale;
};
Aligned align(Decimal a, Decimal b) {
  const int scale = std::max(a.scale, b.scale);
  return {static_cast<Int128>(a.units) * power_of_ten(scale - a.scale),
          static_cast<Int128>(b.units) * power_of_ten(scale - b.scale), scale};
}

Value decimal_of(Int128 units, int scale) {
  const auto narrowed = narrow(units);
  return narrowed ? Value{Decimal{*narrowed, scale}} : broken(std::string(too_large));
}

}  // namespace

Value add(Decimal a, Decimal b) {
  const Aligned both = align(a, b);
  return decimal_of(both.a + both.b, both.scale);
}

Value subtract(Decimal a, Decimal b) {
  const Aligned both = align(a, b);
  return decimal_of(both.a - both.b, both.scale);
}

Value multiply(Decimal a, Decimal b) {
  if (a.scale + b.scale > decimal_scale_max)
    return broken(fmt::format("more than {} decimals; round before multiplying", decimal_scale_max));
  return decimal_of(static_cast<Int128>(a.units) * b.units, a.scale + b.scale);
}

Value quotient(Decimal a, Decimal b, int scale) {
  if (b.units == 0) return broken("division by zero");
  const Aligned both = align(a, b);
  const auto numerator = checked_mul(both.b < 0 ? -both.a : both.a, power_of_ten(scale));
  if (!numerator) return broken(std::string(too_large));
  return decimal_of(divide_half_up(*numerator, both.b < 0 ? -both.b : both.b), scale);
}

Value round(Decimal a, int scale) {
  if (scale >= a.scale) return decimal_of(static_cast<Int128>(a.units) * power_of_ten(scale - a.scale), scale);
  return decimal_of(divide_half_up(a.units, power_of_ten(a.scale - scale)), scale);
}

int compare(Decimal a, Decimal b) {
  const Aligned both = align(a, b);
  return both.a < both.b ? -1 : both.a > both.b ? 1 : 0;
}

namespace {

bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

/// The first word; what stays in `text` begins behind the blanks that follow it.
std::string_view take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  while (text.starts_with(' ')) text.remove_prefix(1);
  return word;
}

std::string date_pattern_fault(std::string_view pattern) {
  int years = 0, months = 0, days = 0;
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    const std::size_t run = std::min(pattern.find_first_not_of(c, at), pattern.size()) - at;
    if (c == 'Y') ++years;
    if (c == 'M') ++months;
    if (c == 'D') ++days;
    if ((c == 'Y' && run != 4) || ((c == 'M' || c == 'D') && run > 2) || is_digit(c))
      return "a date pattern holds YYYY, MM or M, DD or D and what stands between them";
    at += run;
  }
  return years == 1 && months == 1 && days == 1
             ? ""
             : "a date pattern names year, month and day once each, such as M/D/YYYY";
}

}  // namespace

Result<CellFormat, std::string> CellFormat::parse(std::string_view description) {
  CellFormat format;
  const bool optional = description.ends_with('?');
  if (optional) description.remove_suffix(1);
  const std::string_view word = take_word(description);
  if (word == "decimal" && !description.empty()) {
    auto by_example = decimal_by_example(description);
    if (!by_example) return by_example;
    format = *by_example;
  } else if (word == "decimal") {
    format.kind_ = Kind::decimal;
  } else if (word == "date") {
    format.kind_ = Kind::date;
    if (!description.empty()) format.pattern_ = description;
    if (std::string fault = date_pattern_fault(format.pattern_); !fault.empty()) return fault;
  } else if (word == "boolean") {
    format.kind_ = Kind::boolean;
    const std::size_t slash = description.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == description.size())
      return std::string("a boolean names its two words, such as \"boolean Yes/No\"");
    format.yes_ = description.substr(0, slash);
    format.no_ = description.substr(slash + 1);
  } else if (word == "text" || word == "trimmed" || word == "integer") {
    if (!description.empty()) return fmt::format("nothing may follow \"{}\"", word);
    format.kind_ = word == "text" ? Kind::text : word == "trimmed" ? Kind::trimmed : Kind::integer;
  } else {
    return fmt::format("unknown format \"{}\"; the formats are text, trimmed, integer, decimal, date, boolean", word);
  }
  format.may_be_empty_ = optional;
  return format;
}

/// The example is 1234 and 56 with the file's own signs between, before and behind.
Result<CellFormat, std::string> CellFormat::decimal_by_example(std::string_view example) {
  static const std::string rule =
      "a decimal is shown by writing 1234.56 as the file would, such as \"decimal 1.234,56\" or \"decimal (1,234.56)\"";
  CellFormat format;
  format.kind_ = Kind::decimal;
  if (example.starts_with('(') && example.ends_with(')')) {
    format.minus_ = Minus::brackets;
    example = example.substr(1, example.size() - 2);
  } else if (example.ends_with('-')) {
    format.minus_ = Minus::end;
    example.remove_suffix(1);
  }
  if (!example.starts_with('1') || !example.ends_with("56")) return rule;
  example = example.substr(1, example.size() - 3);
  if (example.size() == 5) {
    format.thousands_ = example.front();
    example.remove_prefix(1);
  }
  if (example.size() != 4 || !example.starts_with("234")) return rule;
  format.point_ = example.back();
  const bool known = std::string_view{".,"}.find(format.point_) != std::string_view::npos &&
                     std::string_view{".,' \0", 5}.find(format.thousands_) != std::string_view::npos;
  if (!known || format.point_ == format.thousands_) return rule;
  return format;
}

Value CellFormat::read(std::string_view cell) const {
  if (kind_ == Kind::trimmed) {
    while (cell.starts_with(' ')) cell.remove_prefix(1);
    while (cell.ends_with(' ')) cell.remove_suffix(1);
  }
  if (cell.empty()) return may_be_empty_ ? Value{Empty{}} : broken("empty, but a value is needed");
  switch (kind_) {
    case Kind::text:
    case Kind::trimmed: return std::string(cell);
    case Kind::integer: {
      const auto number = parse_decimal(cell, 0);
      return number ? Value{Decimal{*number, 0}} : broken("no integer such as \"1250\"");
    }
    case Kind::decimal: return read_decimal(cell);
    case Kind::date: return read_date(cell);
    case Kind::boolean:
      if (cell == yes_) return true;
      if (cell == no_) return false;
      return broken(fmt::format("neither \"{}\" nor \"{}\"", yes_, no_));
  }
  return Empty{};
}

Value CellFormat::read_decimal(std::string_view cell) const {
  const auto wrong = [&] {
    const std::string sample = fmt::format("1{}234{}56", thousands_ == '\0' ? "" : std::string(1, thousands_), point_);
    const std::string negative = minus_ == Minus::front ? "-" + sample
                                 : minus_ == Minus::end ? sample + "-"
                                                        : "(" + sample + ")";
    return broken(fmt::format("no number such as \"{}\" or \"{}\"", sample, negative));
  };
  bool negative = false;
  if (minus_ == Minus::front && cell.starts_with('-')) negative = true, cell.remove_prefix(1);
  if (minus_ == Minus::end && cell.ends_with('-')) negative = true, cell.remove_suffix(1);
  if (minus_ == Minus::brackets && cell.starts_with('(') && cell.ends_with(')'))
    negative = true, cell = cell.substr(1, cell.size() - 2);

  const std::size_t point = cell.find(point_);
  std::string_view whole = cell.substr(0, point);
  const std::string_view rest = point == std::string_view::npos ? std::string_view{} : cell.substr(point + 1);
  if (point != std::string_view::npos && !all_digits(rest)) return wrong();
  std::string plain = negative ? "-" : "";
  if (thousands_ != '\0' && whole.find(thousands_) != std::string_view::npos) {
    // Groups of three, the first of one to three: "1.23" is not 123 with a stray separator, it is a wrong locale.
    for (bool first = true;; first = false) {
      const std::size_t end = std::min(whole.find(thousands_), whole.size());
      const std::string_view group = whole.substr(0, end);
      if (!all_digits(group) || group.size() > 3 || (!first && group.size() != 3)) return wrong();
      plain += group;
      if (end == whole.size()) break;
      whole.remove_prefix(end + 1);
    }
  } else {
    if (!all_digits(whole)) return wrong();
    plain += whole;
  }
  if (rest.size() > static_cast<std::size_t>(decimal_scale_max))
    return broken(fmt::format("more than {} decimals", decimal_scale_max));
  if (!rest.empty()) (plain += '.') += rest;
  const int scale = static_cast<int>(rest.size());
  const auto units = parse_decimal(plain, scale);
  return units ? Value{Decimal{*units, scale}} : wrong();
}

Value CellFormat::read_date(std::string_view cell) const {
  const auto wrong = [&] { return broken(fmt::format("no date of the years 1900 to 2999 written {}", pattern_)); };
  int year = 0, month = 0, day = 0;
  for (std::size_t at = 0; at < pattern_.size();) {
    const char c = pattern_[at];
    const std::size_t run = std::min(pattern_.find_first_not_of(c, at), pattern_.size()) - at;
    at += run;
    if (c != 'Y' && c != 'M' && c != 'D') {
      if (!cell.starts_with(std::string(run, c))) return wrong();
      cell.remove_prefix(run);
      continue;
    }
    const std::size_t digits_max = c == 'Y' ? 4 : 2;
    std::size_t digits = 0;
    int number = 0;
    while (digits < digits_max && digits < cell.size() && is_digit(cell[digits]))
      number = number * 10 + (cell[digits++] - '0');
    if (digits < run) return wrong();
    cell.remove_prefix(digits);
    (c == 'Y' ? year : c == 'M' ? month : day) = number;
  }
  const std::chrono::year_month_day ymd{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                        std::chrono::day{static_cast<unsigned>(day)}};
  if (!cell.empty() || !ymd.ok() || !in_range(Date{ymd})) return wrong();
  return Date{ymd};
}

}  // namespace o2c::importer
