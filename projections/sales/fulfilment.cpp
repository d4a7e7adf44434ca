#include "projections/sales/order_parts.hpp"
#include "projections/sales/sales.hpp"

namespace o2c {
namespace {

struct FulfilmentSums {
  std::int64_t orders = 0, shipped = 0, late = 0, days = 0;
};
struct BacklogSums {
  std::int64_t orders = 0, past_promise = 0;
  Int128 open_net = 0;
};

std::vector<Column> fulfilment_columns(SalesGroup group) {
  std::vector<Column> columns = group_columns(group);
  if (group == SalesGroup::month) columns[0] = {"order_month", "Order month", "下单月份"};
  for (const auto& [name, en, zh] : {std::array{"orders", "Orders", "订单数"},
                                     {"shipped", "Shipped", "已发货"},
                                     {"mean_days_order_to_ship", "Days to ship", "平均发货天数"},
                                     {"late_shipments", "Late", "延迟发货"}}) {
    columns.push_back({name, en, zh});
  }
  return columns;
}

std::vector<Column> backlog_columns(SalesGroup group) {
  std::vector<Column> columns{{"as_of", "As of", "截至日期"}};
  for (Column& column : group_columns(group)) {
    if (group != SalesGroup::total || column.name != "scope") columns.push_back(std::move(column));
  }
  for (const auto& [name, en, zh] : {std::array{"open_orders", "Open orders", "未交订单"},
                                     {"open_net_value", "Open value", "未交净额"},
                                     {"past_required_date", "Past promise", "逾期订单"}}) {
    columns.push_back({name, en, zh});
  }
  return columns;
}

}  // namespace

Report Sales::fulfilment(const View& view, SalesGroup group, const Period& period) const {
  SalesRows<FulfilmentSums> rows;
  std::vector<OrderPart> parts;
  visit_orders(store_, view, period, [&](const OrderAt& order) {
    parts_of(store_, order, group, view, parts);
    for (const OrderPart& part : parts) {
      FulfilmentSums& sums = rows.at({part.group, order.document().currency});
      ++sums.orders;
      if (!part.shipped) continue;
      ++sums.shipped;
      sums.days += part.last_shipped_on - order.order().ordered_on;
      sums.late += part.late;
    }
  });
  Report report{"fulfilment", fulfilment_columns(group), {}};
  for (const auto& row : rows.sorted(store_, group)) {
    std::vector<Cell> cells = group_cells(store_, group, row.key, view);
    const FulfilmentSums& sums = *row.value;
    for (Cell cell :
         {count_of(sums.orders), count_of(sums.shipped), ratio_cell(sums.days, sums.shipped, 2), count_of(sums.late)})
      cells.push_back(std::move(cell));
    report.rows.push_back(std::move(cells));
  }
  return report;
}

Report Sales::backlog(const View& view, SalesGroup group) const {
  SalesRows<BacklogSums> rows;
  std::vector<OrderPart> parts;
  visit_orders(store_, view, {std::nullopt, view.as_of + std::chrono::days{1}}, [&](const OrderAt& order) {
    parts_of(store_, order, group, view, parts);
    for (const OrderPart& part : parts) {
      if (!part.open) continue;
      BacklogSums& sums = rows.at({part.group, order.document().currency});
      ++sums.orders;
      sums.open_net += part.open_net;
      sums.past_promise += part.past_promise;
    }
  });
  const auto base = store_.base_currency(view);
  if (group == SalesGroup::total && rows.empty() && base) rows.at({0, *base});  // nothing open is an answer too
  Report report{"backlog", backlog_columns(group), {}};
  for (const auto& row : rows.sorted(store_, group)) {
    std::vector<Cell> cells{view.as_of};
    std::vector<Cell> head = group_cells(store_, group, row.key, view);
    cells.insert(cells.end(), head.begin() + (group == SalesGroup::total ? 1 : 0), head.end());
    const BacklogSums& sums = *row.value;
    for (Cell cell : {count_of(sums.orders), sum_cell(sums.open_net, row.key.currency), count_of(sums.past_promise)})
      cells.push_back(std::move(cell));
    report.rows.push_back(std::move(cells));
  }
  return report;
}

}  // namespace o2c
