#pragma once
#include "projections/sales/sales_group.hpp"

namespace o2c {

/// Invoices less credit notes; values without tax and freight.
struct BilledSums {
  std::int64_t invoices = 0, credit_notes = 0, lines_without_cost = 0;
  Int128 units = 0, net = 0, cost = 0;
  bool cost_known() const { return lines_without_cost == 0; }
  void add(const BilledSums& other) {
    invoices += other.invoices, credit_notes += other.credit_notes, lines_without_cost += other.lines_without_cost;
    units += other.units, net += other.net, cost += other.cost;
  }
  void add(const SoldLine& line, int sign) {
    units += sign * line.quantity, net += sign * line.net_minor, cost += sign * line.cost_minor;
    lines_without_cost += !line.cost_known;
  }
};

/// Each invoice and credit note of the period, by its own date, as the view knows them: f(document, value of the group, its part in it), once
/// for each group that it touches.
template <class F>
void visit_billed(const SaleStore& store, const View& view, SalesGroup group, const Period& period, F&& f) {
  std::vector<std::pair<std::uint32_t, BilledSums>> parts;
  for (const SoldDocument& billed : store.billed()) {
    if (billed.when.seq > view.known) break;  // in journal order
    const std::int32_t day = billed.when.days[static_cast<std::size_t>(view.basis)];
    if (!billed.when.visible(view) || !in_period(period, day)) continue;
    parts.clear();
    const std::uint32_t whole = is_of_line(group) ? 0 : document_value(store, group, billed.dimensions, day);
    for (const SoldLine& line : store.lines(billed)) {
      const std::uint32_t value = is_of_line(group) ? line_value(group, line) : whole;
      auto part = std::find_if(parts.begin(), parts.end(), [value](const auto& p) { return p.first == value; });
      if (part == parts.end())
        part = parts.insert(parts.end(), {value, {.invoices = billed.sign > 0, .credit_notes = billed.sign < 0}});
      part->second.add(line, billed.sign);
    }
    for (const auto& [value, sums] : parts) f(billed, value, sums);
  }
}

}  // namespace o2c
