#include "projections/sales/billed_parts.hpp"
#include "projections/sales/order_parts.hpp"
#include "projections/sales/sales.hpp"

namespace o2c {
namespace {

SalesRows<OrderSums> order_rows(const SaleStore& store, const OrderIndex& index, const View& view,
                                const SalesQuestion& q) {
  SalesRows<OrderSums> rows;
  if (!is_of_line(q.group)) {
    index.visit(store, view, q.group, q.period,
                [&](const SalesKey& key, const OrderSums& sums) { rows.at(key).add(sums); });
    return rows;
  }
  std::vector<OrderPart> parts;
  visit_orders(store, view, q.period, [&](const OrderAt& order) {
    parts_of(store, order, q.group, view, parts);
    for (const OrderPart& part : parts) rows.at({part.group, order.document().currency}).add(part);
  });
  return rows;
}

Report order_report(const SaleStore& store, const SalesRows<OrderSums>& rows, const View& view,
                    const SalesQuestion& q) {
  Report report{"sales", group_columns(q.group), {}};
  for (const auto& [name, en, zh] : {std::array{"orders", "Orders", "订单数"},
                                     {"units", "Units", "数量"},
                                     {"gross", "Gross", "折前金额"},
                                     {"discount", "Discount", "折扣"},
                                     {"net_revenue", "Net", "净额"},
                                     {"net_revenue_per_order", "Net per order", "单均净额"}}) {
    report.columns.push_back({name, en, zh});
  }
  for (const auto& row : rows.sorted(store, q.group)) {
    const OrderSums& sums = *row.value;
    const Currency unit = row.key.currency;
    std::vector<Cell> cells = group_cells(store, q.group, row.key, view);
    for (Cell cell : {count_of(sums.orders), quantity_sum_cell(sums.units), sum_cell(sums.gross, unit),
                      sum_cell(sums.gross - sums.net, unit), sum_cell(sums.net, unit),
                      sum_cell(sums.orders == 0 ? 0 : divide_half_up(sums.net, sums.orders), unit)}) {
      cells.push_back(std::move(cell));
    }
    report.rows.push_back(std::move(cells));
  }
  return report;
}

Report invoice_report(const SaleStore& store, const View& view, const SalesQuestion& q) {
  SalesRows<BilledSums> rows;
  visit_billed(store, view, q.group, q.period,
               [&](const SoldDocument& billed, std::uint32_t group, const BilledSums& part) {
                 rows.at({group, billed.currency}).add(part);
               });
  Report report{"sales", group_columns(q.group), {}};
  for (const auto& [name, en, zh] : {std::array{"invoices", "Invoices", "发票数"},
                                     {"credit_notes", "Credit notes", "红字发票数"},
                                     {"units", "Units", "数量"},
                                     {"net_sales", "Net sales", "净销售额"},
                                     {"cost", "Cost", "成本"},
                                     {"gross_profit", "Gross profit", "毛利"},
                                     {"margin_percent", "Margin %", "毛利率%"}}) {
    report.columns.push_back({name, en, zh});
  }
  for (const auto& row : rows.sorted(store, q.group)) {
    const BilledSums& sums = *row.value;
    const Currency unit = row.key.currency;
    std::vector<Cell> cells = group_cells(store, q.group, row.key, view);
    const bool known = sums.lines_without_cost == 0;
    for (Cell cell :
         {count_of(sums.invoices), count_of(sums.credit_notes), quantity_sum_cell(sums.units), sum_cell(sums.net, unit),
          known ? sum_cell(sums.cost, unit) : Cell{}, known ? sum_cell(sums.net - sums.cost, unit) : Cell{},
          known ? ratio_cell((sums.net - sums.cost) * 100, sums.net, 1) : Cell{}}) {
      cells.push_back(std::move(cell));
    }
    report.rows.push_back(std::move(cells));
  }
  return report;
}

}  // namespace

Report Sales::sales(const View& view, const SalesQuestion& question) const {
  if (question.measure == SalesMeasure::invoices) return invoice_report(store_, view, question);
  return order_report(store_, order_rows(store_, orders_, view, question), view, question);
}

}  // namespace o2c
