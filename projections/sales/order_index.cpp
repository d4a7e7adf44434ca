#include "projections/sales/order_index.hpp"

namespace o2c {
namespace {

bool may_change_value(OrderStep step) {
  return step == OrderStep::document || step == OrderStep::confirmed || step == OrderStep::cancelled ||
         step == OrderStep::closed;
}

}  // namespace

void OrderIndex::change(const SaleOrder& order, const When& when, const SaleDocument& document, const OrderSums& by) {
  const std::array<std::int32_t, 2> days = when.days;
  by_dimensions_[{document.dimensions, document.currency}].add(when.seq, days, by, order.ordered_on);
  by_month_[{month_value(order.ordered_on), document.currency}].add(when.seq, days, by, order.ordered_on);
}

// Before and after the last fact: what it changed follows from the same fold that answers every other question.
void OrderIndex::add(const SaleStore& store, const SaleOrder& order) {
  const OrderFact& last = store.fact(order.last_fact);
  if (!may_change_value(last.step) || order.last_fact == order.first_fact) return;
  const View everything{date_of(std::numeric_limits<std::int32_t>::max())};
  OrderAt at(store);
  std::vector<OrderPart> before, now;
  const SaleDocument* before_in = nullptr;
  at.replay(order, everything, [&](const OrderFact& fact) {
    if (&fact == &last) return;
    parts_of(store, at, SalesGroup::total, everything, before);
    before_in = &at.document();
  });
  parts_of(store, at, SalesGroup::total, everything, now);
  OrderSums taken, given;
  if (!before.empty()) taken.add(before[0], -1);
  if (!now.empty()) given.add(now[0]);
  if (before_in == &at.document()) {
    taken.add(given);
    if (!before.empty() || !now.empty()) change(order, last.when, at.document(), taken);
    return;
  }
  if (!before.empty()) change(order, last.when, *before_in, taken);
  if (!now.empty()) change(order, last.when, at.document(), given);
}

}  // namespace o2c
