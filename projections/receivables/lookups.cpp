#include "projections/receivables/aging.hpp"
#include "projections/receivables/columns.hpp"

namespace o2c {

std::vector<PeriodFigures> Receivables::period(const View& view, Date from, const Group& group,
                                               const Filter& filter) const {
  O2C_ASSERT(group.kind != GroupKind::attribute);
  struct Sums {
    Int128 invoiced = 0, collected = 0, collected_days = 0, closing_current = 0, closing_overdue = 0;
  };
  Grouped<Sums> groups;
  const ResolvedGroup by = store_.resolve(group);
  const Selection selection = store_.resolve(filter);
  store_.visit_flows([&](const ItemStore::Dimensions& dimensions, Currency currency, const FlowIndex& flows) {
    if (!store_.matches(dimensions, selection)) return;
    const Flow flow = flows.sum(view, from);
    if (flow == Flow{}) return;
    Sums& sums = groups.at(store_.group_of(dimensions, currency, by), currency);
    sums.invoiced += flow.invoiced_minor, sums.collected += flow.collected_minor;
    sums.collected_days += flow.collected_days;
  });
  store_.visit_open(view, selection, [&](std::uint32_t, const Item& item, std::span<const std::int64_t> open) {
    if (item.is_receipt) return;
    Sums& sums = groups.at(store_.group_of(item, by), item.currency);
    const std::span<const DuePart> parts = store_.parts(item);
    for (std::size_t i = 0; i < open.size(); ++i)
      (parts[i].due_date < view.as_of ? sums.closing_overdue : sums.closing_current) += open[i];
  });

  std::vector<PeriodFigures> figures;
  for (const auto& row : groups.sorted(store_)) {
    const Sums& sums = *row.value;
    PeriodFigures& f = figures.emplace_back(PeriodFigures{std::string(row.group), row.unit});
    const Int128 closing = sums.closing_current + sums.closing_overdue;
    f.invoiced = sums.invoiced, f.collected = sums.collected, f.collected_days = sums.collected_days;
    f.closing = closing, f.closing_current = sums.closing_current;
    f.opening = closing - sums.invoiced + sums.collected;  // opening + invoiced − collected = closing
  }
  return figures;
}

}  // namespace o2c
