#include "projections/runtime/report.hpp"

namespace o2c {

std::string cell_text(const Cell& cell) {
  struct Text {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(std::int64_t number) const { return fmt::to_string(number); }
    std::string operator()(const Decimal& decimal) const { return format_decimal(decimal.value, decimal.decimals); }
    std::string operator()(Date date) const { return format_date(date); }
  };
  return std::visit(Text{}, cell);
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
