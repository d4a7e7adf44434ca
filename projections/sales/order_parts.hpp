#pragma once
#include "projections/sales/order_at.hpp"
#include "projections/sales/sales_group.hpp"

namespace o2c {

/// What one order brings to one group: all of it, or its lines of a product, category or destination. Only orders that count, and lines
/// of which something is kept. Values in minor units without tax.
struct OrderPart {
  std::uint32_t group = 0;
  std::int64_t units = 0, gross = 0, net = 0, cost = 0;   // of what is kept; units in millionths of the base unit
  std::int64_t open_net = 0;                              // of what has not left
  bool cost_known = true, open = false, shipped = false;  // shipped: something has left and nothing is open
  bool late = false;                                      // the last of a line left after its promise
  bool past_promise = false;                              // something open was promised before the view's date
  std::int32_t last_shipped_on = no_day;                  // business day
  std::int64_t due_lines = 0, kept_promises = 0;  // lines with a promise that is due or met; in full and on time
};

/// parts: overwritten, one for each group that the order touches, in the order of its lines.
void parts_of(const SaleStore& store, const OrderAt& order, SalesGroup group, const View& view,
              std::vector<OrderPart>& parts);

/// Orders of a period by order date (business), as the view knows them: f(OrderAt).
template <class F> void visit_orders(const SaleStore& store, const View& view, const Period& period, F&& f) {
  OrderAt at(store);
  for (const SaleOrder& order : store.orders()) {
    if (store.fact(order.first_fact).when.seq > view.known) break;  // in journal order
    if (!in_period(period, order.ordered_on)) continue;
    if (at.at(order, view)) f(std::as_const(at));
  }
}

}  // namespace o2c
