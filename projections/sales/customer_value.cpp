// Row 97: what a customer is worth, and how that is rated.
#include "projections/sales/sales.hpp"

namespace o2c {
namespace {

struct ValueSums {
  OrderSums orders;
  Int128 collected = 0, collected_days = 0;
  Int128 value() const { return orders.net; }
  Int128 profit() const { return orders.net - orders.cost; }
  bool cost_known() const { return orders.cost_known(); }
  bool has_days() const { return collected > 0; }
};

/// In force until a company publishes its own: by days, margin and value in whole units of the row's currency.
RatingRules default_rules(Currency currency) {
  const std::int64_t five_million = 5'000'000 * power_of_ten(minor_digits(currency));
  return {
      {{.rating = "待观察", .days_over = 90},
       {.rating = "高价值", .margin_from_ppm = 300'000, .value_from = Money{five_million, currency}, .days_until = 30},
       {.rating = "潜力客户", .margin_from_ppm = 300'000},
       {.rating = "中等价值"}}};
}

// Compared as whole numbers: nothing is rounded before it decides. What is not known meets no condition.
bool holds(const RatingRow& row, const ValueSums& sums, Currency currency) {
  if (row.margin_from_ppm &&
      !(sums.cost_known() && sums.value() > 0 && sums.profit() * one_ppm >= sums.value() * *row.margin_from_ppm))
    return false;
  if (row.value_from && !(row.value_from->currency == currency && sums.value() >= row.value_from->amount_minor))
    return false;
  if (row.days_until && !(sums.has_days() && sums.collected_days <= sums.collected * *row.days_until)) return false;
  return !row.days_over || (sums.has_days() && sums.collected_days > sums.collected * *row.days_over);
}

Cell rating_of(const RatingRules* published, const ValueSums& sums, Currency currency) {
  const RatingRules standard = default_rules(currency);
  for (const RatingRow& row : (published ? *published : standard).rows) {
    if (holds(row, sums, currency)) return row.rating;
  }
  return {};
}

Cell whole_days(const ValueSums& sums) {
  if (!sums.has_days()) return {};
  const auto days = narrow(divide_half_up(sums.collected_days, sums.collected));
  return days ? Cell{*days} : Cell{TooLarge{}};
}

std::vector<Column> value_columns() {
  return {{"customer", "Customer", "客户"},
          {"name", "Name", "客户名称"},
          {"currency", "Currency", "币种"},
          {"order_value", "Order value", "订单金额"},
          {"orders", "Orders", "订单数"},
          {"average_order_value", "Average order", "平均订单额"},
          {"gross_profit", "Gross profit", "毛利"},
          {"margin_percent", "Margin %", "毛利率%"},
          {"collection_days", "Collection days", "平均回款天数"},
          {"rating", "Rating", "评级"}};
}

}  // namespace

Report Sales::customer_value(const SalesViews& views, const Receivables& receivables, const Period& period,
                             std::string_view customer) const {
  SalesRows<ValueSums> rows;
  const auto add = [&](const SalesKey& key, const OrderSums& sums) { rows.at(key).orders.add(sums); };
  if (customer.empty()) orders_.visit(store_, views.process, SalesGroup::customer, period, add);
  else orders_.visit_customer(store_, views.process, store_.find(customer), period, add);
  const View ledger = within(views.ledger, period);
  const Filter filter = customer.empty() ? Filter{} : Filter::customer(std::string(customer));
  for (const PeriodFigures& figures :
       receivables.period(ledger, date_of(first_day_of(period)), Group::by(Dimension::customer), filter)) {
    if (ValueSums* sums = rows.find({store_.find(figures.group), figures.currency}))
      sums->collected = figures.collected, sums->collected_days = figures.collected_days;
  }
  Report report{"customer_value", value_columns(), {}};
  const RatingRules* rules = store_.rating_rules(views.process);
  for (const auto& row : rows.sorted(store_, SalesGroup::customer)) {
    const ValueSums& sums = *row.value;
    const Currency unit = row.key.currency;
    report.rows.push_back({row.text, store_.customer_name(row.key.value, views.process), std::string(row.currency),
                           sum_cell(sums.value(), unit), sums.orders.orders,
                           sum_cell(divide_half_up(sums.value(), sums.orders.orders), unit),
                           sums.cost_known() ? sum_cell(sums.profit(), unit) : Cell{},
                           sums.cost_known() ? ratio_cell(sums.profit() * 100, sums.value(), 1) : Cell{},
                           whole_days(sums), rating_of(rules, sums, unit)});
  }
  return report;
}

}  // namespace o2c
