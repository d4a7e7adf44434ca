#pragma once
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "projections/receivables/receivables.hpp"
#include "projections/runtime/report.hpp"
#include "projections/sales/sale_store.hpp"

namespace o2c {

/// By what the rows of a sales report are told apart. Product, category and ship-country belong to a line, the others to the document.
enum class SalesGroup : std::uint8_t {
  total,
  month,
  product,
  category,
  ship_country,
  customer_country,
  customer,
  region,
  seller,
  team,
  grade,
  currency
};

/// total | month | product | category | ship-country | customer-country | customer | region | seller | team | grade | currency.
std::optional<SalesGroup> parse_sales_group(std::string_view text);
std::vector<std::string> sales_group_names();

inline bool is_of_line(SalesGroup group) {
  return group == SalesGroup::product || group == SalesGroup::category || group == SalesGroup::ship_country;
}
/// The document's dimension behind a group; none for the others.
std::optional<Dimension> dimension_of(SalesGroup group);

/// A row: value of the group (a name, or a month by its first day) and currency.
struct SalesKey {
  std::uint32_t value = 0;
  Currency currency = Currency::XXX;
  bool operator==(const SalesKey&) const = default;
};
struct SalesKeyHash {
  std::size_t operator()(const SalesKey& key) const {
    return std::hash<std::uint64_t>{}(std::uint64_t{key.value} << 16 | static_cast<std::uint16_t>(key.currency));
  }
};

inline std::uint32_t month_value(std::int32_t day) {
  return static_cast<std::uint32_t>(days_of(first_of_month(date_of(day))));
}
inline Date month_of(std::uint32_t value) { return date_of(static_cast<std::int32_t>(value)); }
/// The document's value; for groups of a line the caller has it.
std::uint32_t document_value(const SaleStore& store, SalesGroup group, std::uint32_t dimensions, std::int32_t day);
template <class Line> std::uint32_t line_value(SalesGroup group, const Line& line) {
  return group == SalesGroup::product    ? line.product
         : group == SalesGroup::category ? line.category
                                         : line.ship_country;
}

/// "2026-03", "P-1", "total": what the row is called.
std::string group_text(const SaleStore& store, SalesGroup group, std::uint32_t value);
/// The columns of the group and the currency. Products and customers have their names beside them.
std::vector<Column> group_columns(SalesGroup group);
std::vector<Cell> group_cells(const SaleStore& store, SalesGroup group, const SalesKey& key, const View& view);

/// Values by row, handed out in the order of their texts: a report must not depend on what else was ever named.
template <class T> class SalesRows {
 public:
  struct Row {
    std::string text;
    std::string_view currency;
    SalesKey key;
    const T* value;
  };
  T& at(const SalesKey& key) { return values_[key]; }
  T* find(const SalesKey& key) {
    const auto found = values_.find(key);
    return found == values_.end() ? nullptr : &found->second;
  }
  bool empty() const { return values_.empty(); }
  std::vector<Row> sorted(const SaleStore& store, SalesGroup group) const {
    std::vector<Row> rows;
    rows.reserve(values_.size());
    for (const auto& [key, value] : values_)
      rows.push_back({group_text(store, group, key.value), currency_code(key.currency), key, &value});
    std::sort(rows.begin(), rows.end(),
              [](const Row& a, const Row& b) { return std::tie(a.text, a.currency) < std::tie(b.text, b.currency); });
    return rows;
  }

 private:
  std::unordered_map<SalesKey, T, SalesKeyHash> values_;
};

/// A period in days, from in, until out; all days where it is open.
inline std::int32_t first_day_of(const Period& period) {
  return period.from ? days_of(*period.from) : std::numeric_limits<std::int32_t>::min();
}
inline std::int32_t until_day_of(const Period& period) {
  return period.until ? days_of(*period.until) : std::numeric_limits<std::int32_t>::max();
}
inline bool in_period(const Period& period, std::int32_t day) {
  return day >= first_day_of(period) && day < until_day_of(period);
}

inline Cell count_of(std::int64_t count) { return count; }
/// "12", "12.5": with no more decimals than the quantity has.
Cell quantity_sum_cell(Int128 millionths);

}  // namespace o2c
