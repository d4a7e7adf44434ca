#include "projections/sales/sales_group.hpp"

namespace o2c {
namespace {

struct GroupName {
  SalesGroup group;
  std::string_view name;
  Column column;
};
const std::vector<GroupName>& group_table() {
  static const std::vector<GroupName> table = {
      {SalesGroup::total, "total", {"scope", "Scope", "范围"}},
      {SalesGroup::month, "month", {"month", "Month", "月份"}},
      {SalesGroup::product, "product", {"product_id", "Product", "产品"}},
      {SalesGroup::category, "category", {"category", "Category", "类别"}},
      {SalesGroup::ship_country, "ship-country", {"ship_country", "Ship to", "收货国家"}},
      {SalesGroup::customer_country, "customer-country", {"customer_country", "Country", "客户国家"}},
      {SalesGroup::customer, "customer", {"customer_id", "Customer", "客户"}},
      {SalesGroup::region, "region", {"region", "Region", "区域"}},
      {SalesGroup::seller, "seller", {"seller", "Seller", "业务员"}},
      {SalesGroup::team, "team", {"team", "Team", "团队"}},
      {SalesGroup::grade, "grade", {"grade", "Grade", "等级"}},
      {SalesGroup::currency, "currency", {"currency", "Currency", "币种"}},
  };
  return table;
}

}  // namespace

std::optional<SalesGroup> parse_sales_group(std::string_view text) {
  for (const GroupName& row : group_table())
    if (row.name == text) return row.group;
  return std::nullopt;
}

std::vector<std::string> sales_group_names() {
  std::vector<std::string> names;
  for (const GroupName& row : group_table()) names.emplace_back(row.name);
  return names;
}

std::optional<Dimension> dimension_of(SalesGroup group) {
  switch (group) {
    case SalesGroup::customer_country: return Dimension::country;
    case SalesGroup::customer: return Dimension::customer;
    case SalesGroup::region: return Dimension::region;
    case SalesGroup::seller: return Dimension::seller;
    case SalesGroup::team: return Dimension::team;
    case SalesGroup::grade: return Dimension::grade;
    default: return std::nullopt;
  }
}

std::uint32_t document_value(const SaleStore& store, SalesGroup group, std::uint32_t dimensions, std::int32_t day) {
  if (group == SalesGroup::month) return month_value(day);
  const auto dimension = dimension_of(group);
  return dimension ? store.dimensions(dimensions)[static_cast<std::size_t>(*dimension)] : 0;
}

std::string group_text(const SaleStore& store, SalesGroup group, std::uint32_t value) {
  if (group == SalesGroup::total) return "total";
  if (group == SalesGroup::currency) return {};
  if (group == SalesGroup::month) return format_date(month_of(value)).substr(0, 7);
  return store.text(value);
}

std::vector<Column> group_columns(SalesGroup group) {
  std::vector<Column> columns{group_table()[static_cast<std::size_t>(group)].column};
  if (group == SalesGroup::product) columns.push_back({"product_name", "Name", "产品名称"});
  if (group == SalesGroup::customer) columns.push_back({"customer_name", "Name", "客户名称"});
  if (group != SalesGroup::currency) columns.push_back({"currency", "Currency", "币种"});
  return columns;
}

std::vector<Cell> group_cells(const SaleStore& store, SalesGroup group, const SalesKey& key, const View& view) {
  std::vector<Cell> cells;
  if (group != SalesGroup::currency) cells.push_back(group_text(store, group, key.value));
  if (group == SalesGroup::product) cells.push_back(store.product_name(key.value, view));
  if (group == SalesGroup::customer) cells.push_back(store.customer_name(key.value, view));
  cells.push_back(std::string(currency_code(key.currency)));
  return cells;
}

Cell quantity_sum_cell(Int128 millionths) {
  const auto sum = narrow(millionths);
  if (!sum) return TooLarge{};
  std::int64_t value = *sum;
  int decimals = quantity_decimals;
  while (decimals > 0 && value % 10 == 0) value /= 10, --decimals;
  if (decimals == 0) return value;
  return Decimal{value, decimals};
}

}  // namespace o2c
