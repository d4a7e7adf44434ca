#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "events/base/date.hpp"
#include "events/base/result.hpp"

/// What a cell or an expression is worth, and how cells are written. Decimals are exact, there is no floating point.
namespace o2c::importer {

/// units / 10^scale, with the digits it was written with: 14.00 is {1400, 2}.
struct Decimal {
  std::int64_t units = 0;
  int scale = 0;
};
inline constexpr int decimal_scale_max = 12;

struct Empty {};
/// Why there is no value. It passes through every expression that uses it. column: where the reason lies, if it is one cell.
struct Fault {
  std::string rule;
  std::string column;
};
using Value = std::variant<Empty, std::string, Decimal, Date, bool, Fault>;

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_empty(const Value& value) { return std::holds_alternative<Empty>(value); }
inline const Fault* fault_in(const Value& value) { return std::get_if<Fault>(&value); }
inline Value broken(std::string rule, std::string column = {}) { return Fault{std::move(rule), std::move(column)}; }
/// "text", "a date": for messages.
std::string_view kind_of(const Value& value);
/// As it is written into a command: decimals with their digits, dates as YYYY-MM-DD. Empty and faults give nothing.
std::string text_of(const Value& value);
/// Equal values give equal keys, 1.50 and 1.5 too.
std::string key_of(const Value& value);

/// Exact or a fault; never more than 12 decimals or 64 bits.
Value add(Decimal a, Decimal b);
Value subtract(Decimal a, Decimal b);
Value multiply(Decimal a, Decimal b);
/// a / b to `scale` decimals, half away from zero.
Value quotient(Decimal a, Decimal b, int scale);
/// To `scale` decimals, half away from zero.
Value round(Decimal a, int scale);
/// -1, 0, 1
int compare(Decimal a, Decimal b);

/// How the cells of a column are written.
///
///   text              as it is
///   trimmed           without blanks at its ends
///   integer           -?digits
///   decimal           -?digits[.digits]; or by example, from which separators and sign follow:
///   decimal 1.234,56  point "," and thousands "."; "decimal 1234,56" has no thousands; "1 234.56", "1'234.56" likewise
///   decimal (1,234.56)  negative in brackets;  decimal 1,234.56-  minus at the end
///   date              YYYY-MM-DD; or a pattern of YYYY, MM or M, DD or D and other characters: date M/D/YYYY
///   boolean Yes/No    the word for true, the word for false
///
/// A "?" at the end lets cells be empty: "date?". Otherwise an empty cell is a fault.
class CellFormat {
 public:
  static Result<CellFormat, std::string> parse(std::string_view description);

  /// The value or a fault that says what was expected.
  Value read(std::string_view cell) const;

 private:
  enum class Kind { text, trimmed, integer, decimal, date, boolean };
  enum class Minus { front, brackets, end };

  static Result<CellFormat, std::string> decimal_by_example(std::string_view example);
  Value read_decimal(std::string_view cell) const;
  Value read_date(std::string_view cell) const;

  Kind kind_ = Kind::text;
  bool may_be_empty_ = false;
  std::string pattern_ = "YYYY-MM-DD";
  std::string yes_, no_;
  char point_ = '.';
  char thousands_ = '\0';  // none
  Minus minus_ = Minus::front;
};

}  // namespace o2c::importer
