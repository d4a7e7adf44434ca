#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "events/base/hash.hpp"
#include "events/base/money.hpp"
#include "events/base/result.hpp"

namespace o2c {

/// A scaled integer to be shown with a fixed number of decimals; never computed further.
struct Decimal {
  std::int64_t value = 0;
  int decimals = 0;
  bool operator==(const Decimal&) const = default;
};
/// A figure that leaves 64 bits. Whoever hands reports out asks sums_fit() first, so nobody takes it for an undefined one.
struct TooLarge {
  bool operator==(const TooLarge&) const = default;
};
/// One cell. monostate: undefined or not applicable (empty in CSV, null in JSON).
using Cell = std::variant<std::monostate, std::string, std::int64_t, Decimal, Date, TooLarge>;

inline Cell amount_cell(std::int64_t minor, Currency currency) { return Decimal{minor, minor_digits(currency)}; }
/// As amount_cell, of a sum over documents.
inline Cell sum_cell(Int128 minor, Currency currency) {
  const auto sum = narrow(minor);
  return sum ? amount_cell(*sum, currency) : Cell{TooLarge{}};
}
/// numerator / denominator with `decimals` places, half away from zero, rounded once; undefined when the denominator is 0.
inline Cell ratio_cell(Int128 numerator, Int128 denominator, int decimals) {
  if (denominator == 0) return std::monostate{};
  if (denominator < 0) numerator = -numerator, denominator = -denominator;
  const auto scaled = narrow(divide_half_up(numerator * power_of_ten(decimals), denominator));
  if (!scaled) return TooLarge{};
  return Decimal{*scaled, decimals};
}

struct Column {
  std::string name;                // stable, snake_case: CSV header and JSON key
  std::string title_en, title_zh;  // for tables
};

/// Rows that answer a question; the same bytes for the same journal, date and position.
struct Report {
  std::string name;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
};

/// "113000.00", "2026-11-22", "12": as in CSV and JSON, without quoting. Empty for an undefined cell.
std::string cell_text(const Cell& cell);
/// errors  invalid_input: a figure leaves 64 bits; names report, column and row.
Result<void> sums_fit(const std::vector<Report>& reports);
/// Names a row: what stands in some of the report's columns.
using RowKey = std::vector<std::pair<std::string, Cell>>;
/// One cell of the first row that the key fits.
/// errors  invalid_input: no such column, naming those of the report; not_found: no such row.
Result<Cell> find_cell(const Report& report, const RowKey& row, std::string_view column);
/// Of a column whose cells no facts sum to, or of none at all.
inline Error not_explained(std::string_view column) {
  return invalid(fmt::format("'{}' is no column that events sum to; --help names those", column));
}
/// SHA-256 over names and cells: how two results are compared.
Hash32 report_hash(const Report& report);

}  // namespace o2c
