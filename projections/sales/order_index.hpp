#pragma once
#include <map>
#include <utility>

#include "projections/runtime/block_sums.hpp"
#include "projections/sales/order_parts.hpp"

namespace o2c {

/// What many orders add up to; values without tax.
struct OrderSums {
  std::int64_t orders = 0, orders_without_cost = 0;
  Int128 units = 0, gross = 0, net = 0, cost = 0;
  bool cost_known() const { return orders_without_cost == 0; }
  void add(const OrderSums& o) {
    orders += o.orders, orders_without_cost += o.orders_without_cost;
    units += o.units, gross += o.gross, net += o.net, cost += o.cost;
  }
  void add(const OrderPart& part, int sign = 1) {
    orders += sign, orders_without_cost += part.cost_known ? 0 : sign;
    units += sign * part.units, gross += sign * part.gross, net += sign * part.net, cost += sign * part.cost;
  }
};

/// Sums of orders by the dimensions frozen in them and by month, at any view and for any period of order dates, without looking at the orders.
///
/// A fact that makes an order count, or count for less, is filed under the order's date with what it changed.
/// cost  add: the facts of the one order, and a block per level. visit: sets of dimensions (or months) × log of the history.
class OrderIndex {
 public:
  /// The order whose last fact was just folded.
  void add(const SaleStore& store, const SaleOrder& order);

  /// Groups of a document only. Calls f(key, sums) for each set of dimensions, or month, in which orders count; a row may come in several calls.
  template <class F>
  void visit(const SaleStore& store, const View& view, SalesGroup group, const Period& period, F&& f) const {
    const DayRange filed = days_of_orders(period);
    if (const bool months = group == SalesGroup::month || group == SalesGroup::total || group == SalesGroup::currency;
        months) {
      for (const auto& [key, sums] : by_month_)
        put({group == SalesGroup::month ? key.first : 0, key.second}, sums.sum(view, start, filed), f);
    } else {
      for (const auto& [key, sums] : by_dimensions_)
        put({document_value(store, group, key.first, 0), key.second}, sums.sum(view, start, filed), f);
    }
  }
  /// As visit by customer, of one: sums only the sets of dimensions that are the customer's.
  template <class F>
  void visit_customer(const SaleStore& store, const View& view, std::uint32_t customer, const Period& period,
                      F&& f) const {
    for (const auto& [key, sums] : by_dimensions_) {
      if (document_value(store, SalesGroup::customer, key.first, 0) == customer)
        put({customer, key.second}, sums.sum(view, start, days_of_orders(period)), f);
    }
  }

 private:
  static constexpr Date start = Date{std::chrono::days{std::numeric_limits<std::int32_t>::min()}};
  static DayRange days_of_orders(const Period& period) {
    DayRange filed{first_day_of(period), until_day_of(period)};
    if (period.until) --filed.last;
    return filed;
  }
  using Sums = std::map<std::pair<std::uint32_t, Currency>, BlockSums<OrderSums>>;

  template <class F> static void put(const SalesKey& key, const OrderSums& sums, F& f) {
    if (sums.orders != 0) f(key, sums);
  }
  void change(const SaleOrder& order, const When& when, const SaleDocument& document, const OrderSums& by);

  Sums by_dimensions_, by_month_;  // by number of the set; by first day of the month of the order's date
};

}  // namespace o2c
