#include "projections/runtime/report.hpp"

#include <algorithm>

#include "events/base/assert.hpp"

namespace o2c {
namespace {

/// What a row is about: the texts and days that it begins with.
std::string row_name(const std::vector<Cell>& row) {
  std::string name;
  for (const Cell& cell : row) {
    if (!std::holds_alternative<std::string>(cell) && !std::holds_alternative<Date>(cell)) break;
    name += (name.empty() ? "" : " ") + cell_text(cell);
  }
  return name;
}

}  // namespace

Result<void> sums_fit(const std::vector<Report>& reports) {
  for (const Report& report : reports) {
    for (const auto& row : report.rows) {
      const auto cell = std::find(row.begin(), row.end(), Cell{TooLarge{}});
      if (cell == row.end()) continue;
      const Column& column = report.columns[static_cast<std::size_t>(cell - row.begin())];
      return invalid(fmt::format("{}: {} of '{}' does not fit into 64 bits; ask for a shorter period or smaller groups",
                                 report.name, column.name, row_name(row)));
    }
  }
  return {};
}

std::string cell_text(const Cell& cell) {
  struct Text {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(std::int64_t number) const { return fmt::to_string(number); }
    std::string operator()(const Decimal& decimal) const { return format_decimal(decimal.value, decimal.decimals); }
    std::string operator()(Date date) const { return format_date(date); }
    std::string operator()(TooLarge) const { return "too large"; }
  };
  return std::visit(Text{}, cell);
}

Result<Cell> find_cell(const Report& report, const RowKey& row, std::string_view column) {
  const auto place = [&](std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(report.columns, name, &Column::name) - report.columns.begin());
  };
  O2C_ASSERT(std::ranges::all_of(row, [&](const auto& part) { return place(part.first) < report.columns.size(); }));
  const std::size_t wanted = place(column);
  if (wanted == report.columns.size()) {
    std::string names;
    for (const Column& known : report.columns) names += (names.empty() ? "" : ", ") + known.name;
    return invalid(fmt::format("{} has no column '{}'; it has {}", report.name, column, names));
  }
  const auto fits = [&](const std::vector<Cell>& cells) {
    return std::ranges::all_of(row, [&](const auto& part) { return cells[place(part.first)] == part.second; });
  };
  const auto found = std::ranges::find_if(report.rows, fits);
  if (found != report.rows.end()) return (*found)[wanted];
  std::string key;
  for (const auto& [name, value] : row)
    key += fmt::format("{}{} '{}'", key.empty() ? "" : ", ", name, cell_text(value));
  return Error{ErrorCode::not_found, fmt::format("{} has no row of {}", report.name, key), Remedy::fix_first};
}

Hash32 report_hash(const Report& report) {
  Sha256 hash;
  const auto put = [&hash](std::string_view text) {
    hash.update(fmt::format("{}:", text.size()));  // lengths keep neighbours apart
    hash.update(text);
  };
  put(report.name);
  for (const Column& column : report.columns) put(column.name);
  for (const auto& row : report.rows) {
    for (const Cell& cell : row) put(cell_text(cell));
  }
  return hash.finish();
}

}  // namespace o2c
