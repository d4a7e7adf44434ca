#pragma once
#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "projections/receivables/receivables.hpp"
#include "projections/runtime/report.hpp"

namespace o2c {

/// A column with its titles in both languages.
Column column(std::string_view name);
/// Columns of these names, after the group's and the currency.
std::vector<Column> grouped_columns(const Group& group, const std::vector<std::string>& names);

/// A count column with its words looked up.
struct CountRule {
  std::uint32_t attribute, value;
  CountRule(const ItemStore& store, const CountColumn& column)
      : attribute(store.names().find(column.attribute)), value(store.names().find(column.value)) {}
  bool takes(const ItemStore& store, const Item& item) const {
    return attribute != no_number && store.attribute(item, attribute) == value;
  }
};

/// Values by group and currency, kept by number while they are summed and handed out in the order of their texts: the order of a
/// report must not depend on what else was ever named.
template <class T> class Grouped {
 public:
  struct Row {
    std::string_view group, currency;
    Currency unit;
    const T* value;
  };

  T& at(std::uint32_t group, Currency currency) {
    return values_[std::uint64_t{group} << 16 | static_cast<std::uint16_t>(currency)];
  }
  std::vector<Row> sorted(const ItemStore& store) const {
    std::vector<Row> rows;
    rows.reserve(values_.size());
    for (const auto& [key, value] : values_) {
      const auto unit = static_cast<Currency>(key & 0xffff);
      rows.push_back({store.text(static_cast<std::uint32_t>(key >> 16)), currency_code(unit), unit, &value});
    }
    std::sort(rows.begin(), rows.end(),
              [](const Row& a, const Row& b) { return std::tie(a.group, a.currency) < std::tie(b.group, b.currency); });
    return rows;
  }

 private:
  std::unordered_map<std::uint64_t, T> values_;
};

/// The first cells of a row.
template <class Row> std::vector<Cell> group_cells(const Group& group, const Row& row) {
  if (group.kind == GroupKind::currency) return {std::string(row.currency)};
  return {std::string(row.group), std::string(row.currency)};
}
inline Cell count_cell(std::int64_t count) { return count; }
inline Cell text_cell(std::string_view text) { return std::string(text); }

}  // namespace o2c
