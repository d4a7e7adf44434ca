#include "projections/receivables/aging.hpp"

#include <charconv>

#include "projections/receivables/columns.hpp"

namespace o2c {

Buckets default_buckets() { return {30, 60, 90, 120}; }

Result<Buckets> parse_buckets(std::string_view text) {
  constexpr std::size_t count_max = 12;
  constexpr int days_max = 36'500;
  Buckets limits;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    int days = 0;
    const auto [stop, error] = std::from_chars(text.data() + begin, text.data() + end, days);
    const bool whole = error == std::errc{} && stop == text.data() + end;
    if (!whole || days <= (limits.empty() ? 0 : limits.back()) || days > days_max || limits.size() == count_max) {
      return invalid(fmt::format("'{}' is no list of buckets; use up to {} ascending numbers of days, as in 30,60,90",
                                 text, count_max));
    }
    limits.push_back(days);
    begin = end + 1;
  }
  return limits;
}

std::size_t bucket_of(const Buckets& limits, Date due_date, Date as_of) {
  const auto late = (as_of - due_date).count();
  if (late <= 0) return 0;
  return static_cast<std::size_t>(std::lower_bound(limits.begin(), limits.end(), late) - limits.begin()) + 1;
}

std::vector<std::string> bucket_names(const Buckets& limits) {
  std::vector<std::string> names{"current"};
  int first = 1;
  for (const int last : limits) {
    names.push_back(fmt::format("d{}_{}", first, last));
    first = last + 1;
  }
  names.push_back(fmt::format("d{}_plus", first));
  return names;
}

void AgingSums::add(const Item& item, std::span<const DuePart> parts, std::span<const std::int64_t> open,
                    const Buckets& limits, Date as_of) {
  buckets.resize(limits.size() + 2);
  if (item.is_receipt) {
    unapplied += open[0];
    return;
  }
  bool overdue = false;
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (open[i] == 0) continue;
    const std::size_t bucket = bucket_of(limits, parts[i].due_date, as_of);
    buckets[bucket] += open[i];
    overdue = overdue || bucket > 0;
  }
  ++open_invoices;
  if (overdue) ++overdue_invoices;
}

Report Receivables::aging(const View& view, const Group& group, const Buckets& limits, const Filter& filter) const {
  Grouped<AgingSums> sums;
  const ResolvedGroup by = store_.resolve(group);
  store_.visit_open(
      view, store_.resolve(filter), [&](std::uint32_t, const Item& item, std::span<const std::int64_t> open) {
        sums.at(store_.group_of(item, by), item.currency).add(item, store_.parts(item), open, limits, view.as_of);
      });

  Report report{"aging", {}, {}};
  std::vector<std::string> names = bucket_names(limits);
  names.insert(names.end(),
               {"unapplied", "total_open", "total_overdue", "balance", "open_invoices", "overdue_invoices"});
  report.columns = grouped_columns(group, names);
  for (const auto& row : sums.sorted(store_)) {
    const AgingSums& sum = *row.value;
    std::vector<Cell>& cells = report.rows.emplace_back(group_cells(group, row));
    for (const Int128 bucket : sum.buckets) cells.push_back(sum_cell(bucket, row.unit));
    for (const Int128 amount : {sum.unapplied, sum.open(), sum.overdue(), sum.open() + sum.unapplied})
      cells.push_back(sum_cell(amount, row.unit));
    cells.push_back(count_cell(sum.open_invoices));
    cells.push_back(count_cell(sum.overdue_invoices));
  }
  return report;
}

std::vector<OpenFigures> Receivables::open_by(const View& view, const Group& group, const Filter& filter) const {
  Grouped<AgingSums> sums;
  const Buckets limits{1};
  const ResolvedGroup by = store_.resolve(group);
  store_.visit_open(
      view, store_.resolve(filter), [&](std::uint32_t, const Item& item, std::span<const std::int64_t> open) {
        sums.at(store_.group_of(item, by), item.currency).add(item, store_.parts(item), open, limits, view.as_of);
      });
  std::vector<OpenFigures> figures;
  for (const auto& row : sums.sorted(store_)) {
    const AgingSums& sum = *row.value;
    figures.push_back({std::string(row.group), row.unit, narrowed(sum.buckets[0]), narrowed(sum.overdue()),
                       narrowed(sum.unapplied), sum.open_invoices, sum.overdue_invoices});
  }
  return figures;
}

}  // namespace o2c
