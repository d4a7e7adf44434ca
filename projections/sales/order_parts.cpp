#include "projections/sales/order_parts.hpp"

namespace o2c {
namespace {

/// Value of the first `quantity` units of the line, rounded once; nothing of it is lost over several parts in a row.
std::int64_t value_of(std::int64_t total, std::int64_t quantity, std::int64_t ordered) {
  return quantity == 0 ? 0 : share_minor(total, quantity, ordered);
}

void add_line(OrderPart& part, const OrderAt& order, std::size_t i, std::int32_t as_of) {
  const SaleLine& line = order.lines()[i];
  const LineAt& at = order.line(i);
  const std::int64_t kept = order.kept(i), open = order.open(i);
  part.units += kept;
  part.gross += value_of(line.list_minor, kept, line.base_quantity);
  const std::int64_t net = value_of(line.net_minor, kept, line.base_quantity);
  part.net += net;
  part.cost += value_of(line.cost_minor, kept, line.base_quantity);
  part.cost_known = part.cost_known && line.cost_known;
  if (open > 0) part.open = true, part.open_net += net - value_of(line.net_minor, kept - open, line.base_quantity);
  part.shipped = part.shipped || at.shipped > 0;
  part.last_shipped_on = std::max(part.last_shipped_on, at.last_shipped_on);
  if (line.promised_on == no_day) return;
  part.late = part.late || at.last_shipped_on > line.promised_on;
  part.past_promise = part.past_promise || (open > 0 && line.promised_on < as_of);
  const bool met = at.complete_on != no_day && at.complete_on <= line.promised_on;
  if (met || line.promised_on < as_of) ++part.due_lines, part.kept_promises += met;
}

}  // namespace

void parts_of(const SaleStore& store, const OrderAt& order, SalesGroup group, const View& view,
              std::vector<OrderPart>& parts) {
  parts.clear();
  if (!order.counts()) return;
  const bool by_line = is_of_line(group);
  const std::uint32_t whole =
      by_line ? 0 : document_value(store, group, order.document().dimensions, order.order().ordered_on);
  for (std::size_t i = 0; i < order.lines().size(); ++i) {
    if (order.kept(i) == 0) continue;
    const std::uint32_t value = by_line ? line_value(group, order.lines()[i]) : whole;
    auto part = std::find_if(parts.begin(), parts.end(), [value](const OrderPart& p) { return p.group == value; });
    if (part == parts.end()) part = parts.insert(parts.end(), OrderPart{.group = value});
    add_line(*part, order, i, days_of(view.as_of));
  }
  for (OrderPart& part : parts) part.shipped = part.shipped && !part.open;
}

}  // namespace o2c
