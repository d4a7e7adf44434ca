#include "projections/receivables/aging.hpp"
#include "projections/receivables/columns.hpp"

namespace o2c {

std::vector<PeriodFigures> Receivables::period(const View& view, Date from, const Group& group) const {
  O2C_ASSERT(group.kind != GroupKind::attribute);
  struct Sums {
    Flow flow;
    std::int64_t closing_current = 0, closing_overdue = 0;
  };
  Grouped<Sums> groups;
  const ResolvedGroup by = store_.resolve(group);
  store_.visit_flows([&](const ItemStore::Dimensions& dimensions, Currency currency, const FlowIndex& flows) {
    const Flow flow = flows.sum(view, from);
    if (flow == Flow{}) return;
    groups.at(store_.group_of(dimensions, currency, by), currency).flow.add(flow);
  });
  store_.visit_open(view, {}, [&](std::uint32_t, const Item& item, std::span<const std::int64_t> open) {
    if (item.is_receipt) return;
    Sums& sums = groups.at(store_.group_of(item, by), item.currency);
    const std::span<const DuePart> parts = store_.parts(item);
    for (std::size_t i = 0; i < open.size(); ++i)
      add_to(parts[i].due_date < view.as_of ? sums.closing_overdue : sums.closing_current, open[i]);
  });

  std::vector<PeriodFigures> figures;
  for (const auto& row : groups.sorted(store_)) {
    const Sums& sums = *row.value;
    PeriodFigures& f = figures.emplace_back(PeriodFigures{std::string(row.group), row.unit});
    f.invoiced = sums.flow.invoiced_minor, f.collected = sums.flow.collected_minor,
    f.collected_days = sums.flow.collected_days;
    f.closing_current = sums.closing_current;
    f.closing = sums.closing_current;
    add_to(f.closing, sums.closing_overdue);
    f.opening = f.closing;  // opening + invoiced − collected = closing
    add_to(f.opening, -f.invoiced);
    add_to(f.opening, f.collected);
  }
  return figures;
}

}  // namespace o2c
