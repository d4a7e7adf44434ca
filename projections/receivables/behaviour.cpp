#include "projections/receivables/columns.hpp"
#include "projections/receivables/invoice_life.hpp"
#include "projections/receivables/receivables.hpp"

namespace o2c {
namespace {

struct Behaviour {
  std::int64_t invoices = 0, settled = 0, settled_days = 0, late = 0, days_late = 0, most_days_late = 0;
  Int128 invoiced = 0, late_amount = 0, collected = 0, collected_days = 0;
  Date first, last;
  std::vector<std::int64_t> counts;

  void add(const InvoiceLife& life, Date as_of) {
    first = invoices == 0 ? life.issued_on() : std::min(first, life.issued_on());
    last = invoices == 0 ? life.issued_on() : std::max(last, life.issued_on());
    ++invoices;
    invoiced += life.invoiced();
    if (life.is_settled()) ++settled, settled_days += (life.settled_on() - life.issued_on()).count();
    collected += life.collected();
    collected_days += life.collected_days();
    const std::int64_t days = life.days_late(as_of);
    if (days <= 0) return;
    ++late;
    late_amount += life.invoiced();
    days_late += days;
    most_days_late = std::max(most_days_late, days);
  }
};

std::vector<Cell> behaviour_cells(const Behaviour& b, Currency unit) {
  const int digits = minor_digits(unit);
  std::vector<Cell> cells{count_cell(b.invoices),
                          sum_cell(b.invoiced, unit),
                          ratio_cell(b.invoiced, b.invoices * Int128{power_of_ten(digits)}, digits),
                          ratio_cell(b.settled_days, b.settled, 2),
                          ratio_cell(b.collected_days, b.collected, 2),
                          count_cell(b.late),
                          ratio_cell(b.late, b.invoices, 4),
                          sum_cell(b.late_amount, unit),
                          ratio_cell(b.late_amount, b.invoiced, 4),
                          ratio_cell(b.days_late, b.invoices, 2),
                          ratio_cell(b.days_late, b.late, 2),
                          count_cell(b.most_days_late)};
  for (const std::int64_t count : b.counts) cells.push_back(count_cell(count));
  cells.push_back(b.first);
  cells.push_back(b.last);
  return cells;
}

}  // namespace

std::vector<CountColumn> default_count_columns() {
  return {{"disputed", "disputed", "Yes"}, {"electronic", "bill_type", "Electronic"}};
}

Report Receivables::payment_behaviour(const View& view, const Group& group, const Period& period,
                                      const std::vector<CountColumn>& counts, const Filter& filter) const {
  Grouped<Behaviour> groups;
  const ResolvedGroup by = store_.resolve(group);
  std::vector<CountRule> counted;
  counted.reserve(counts.size());
  for (const CountColumn& column : counts) counted.emplace_back(store_, column);

  visit_lives(store_, view, period, store_.resolve(filter), [&](const Item& item, const InvoiceLife& life) {
    Behaviour& behaviour = groups.at(store_.group_of(item, by), item.currency);
    behaviour.counts.resize(counts.size());
    behaviour.add(life, view.as_of);
    for (std::size_t i = 0; i < counted.size(); ++i) behaviour.counts[i] += counted[i].takes(store_, item);
  });

  Report report{"payment_behaviour", {}, {}};
  std::vector<std::string> names{"invoices",
                                 "invoiced",
                                 "mean_invoice",
                                 "mean_days_to_pay",
                                 "amount_weighted_days_to_pay",
                                 "late_invoices",
                                 "late_share_count",
                                 "late_amount",
                                 "late_share_amount",
                                 "mean_days_late_all",
                                 "mean_days_late_late_only",
                                 "max_days_late"};
  for (const CountColumn& column : counts) names.push_back(column.name);
  names.insert(names.end(), {"first_invoice", "last_invoice"});
  report.columns = grouped_columns(group, names);
  for (const auto& row : groups.sorted(store_)) {
    std::vector<Cell>& cells = report.rows.emplace_back(group_cells(group, row));
    for (Cell& cell : behaviour_cells(*row.value, row.unit)) cells.push_back(std::move(cell));
  }
  return report;
}

Report Receivables::exposure_peak(const View& view, const Group& group, const Filter& filter) const {
  using Day = std::pair<Date, std::int64_t>;  // and what it adds to the open balance
  Grouped<std::vector<Day>> groups;
  const ResolvedGroup by = store_.resolve(group);
  store_.visit(view, ever, store_.resolve(filter), [&](std::uint32_t, const Item& item) {
    if (item.is_receipt) return;
    std::vector<Day>& days = groups.at(store_.group_of(item, by), item.currency);
    store_.visit_moves(item, view, [&](const Movement& move) { days.emplace_back(move.on(view.basis), move.amount); });
  });

  Report report{"exposure_peak", grouped_columns(group, {"peak_open_balance", "first_date_of_peak"}), {}};
  for (const auto& row : groups.sorted(store_)) {
    std::vector<Day> days = *row.value;
    std::sort(days.begin(), days.end());
    // Settlements of a day come before its invoices, so within a day the balance is highest at the end, or was the day before.
    Int128 balance = 0, peak = 0;
    std::optional<Date> reached;
    for (std::size_t i = 0; i < days.size(); ++i) {
      balance += days[i].second;
      const bool end_of_day = i + 1 == days.size() || days[i + 1].first != days[i].first;
      if (end_of_day && balance > peak) peak = balance, reached = days[i].first;
    }
    if (!reached) continue;
    std::vector<Cell>& cells = report.rows.emplace_back(group_cells(group, row));
    cells.push_back(sum_cell(peak, row.unit));
    cells.push_back(*reached);
  }
  return report;
}

}  // namespace o2c
