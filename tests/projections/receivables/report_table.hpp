#pragma once
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "projections/receivables/receivables.hpp"

namespace o2c::test {

inline Date day(std::string_view text) { return parse_date(text).value(); }

inline std::size_t column_at(const Report& report, std::string_view name) {
  for (std::size_t i = 0; i < report.columns.size(); ++i)
    if (report.columns[i].name == name) return i;
  ADD_FAILURE() << report.name << " has no column " << name;
  return 0;
}
inline std::string cell(const Report& report, std::size_t row, std::string_view column) {
  if (row >= report.rows.size()) {
    ADD_FAILURE() << report.name << " has no row " << row;
    return {};
  }
  return cell_text(report.rows[row][column_at(report, column)]);
}
/// The first row whose column has the text.
inline std::size_t row_of(const Report& report, std::string_view column, std::string_view text) {
  for (std::size_t row = 0; row < report.rows.size(); ++row)
    if (cell(report, row, column) == text) return row;
  ADD_FAILURE() << report.name << " has no row with " << column << " " << text;
  return 0;
}
/// "A USD 10.00" for each row: the cells with a blank between them.
inline std::vector<std::string> lines(const Report& report) {
  std::vector<std::string> out;
  for (const auto& row : report.rows) {
    std::string line;
    for (const Cell& c : row) line += (line.empty() ? "" : " ") + cell_text(c);
    out.push_back(line);
  }
  return out;
}

}  // namespace o2c::test
