// Rows 91 to 96 and 98: the key figure board.
#include "projections/sales/billed_parts.hpp"
#include "projections/sales/order_parts.hpp"
#include "projections/sales/quote_parts.hpp"
#include "projections/sales/sales.hpp"

namespace o2c {
namespace {

/// Everything of one row in whole numbers, before anything is divided.
struct KpiSums {
  std::int64_t orders = 0, quotes_sent = 0, quotes_accepted = 0, due_lines = 0, kept_promises = 0;
  Int128 order_value = 0;
  BilledSums billed;
  Int128 receipts = 0, cohort_invoiced = 0, cohort_allocated = 0;  // with tax
  PeriodFigures ledger;                                            // with tax
  CountingTable days_to_ship;
};

/// Fills the rows of one board from all sources.
class KpiBoard {
 public:
  KpiBoard(const SaleStore& store, const SalesViews& views, SalesGroup group, const Period& period)
      : store_(store),
        views_{views.process, within(views.ledger, period)},
        as_of_(views.ledger),
        group_(group),
        period_(period) {}

  void gather(const Receivables& receivables) {
    gather_orders();
    gather_quotes();
    visit_billed(store_, views_.ledger, group_, period_,
                 [&](const SoldDocument& billed, std::uint32_t value, const BilledSums& part) {
                   see(billed.when.days[basis()]);
                   rows_.at({value, billed.currency}).billed.add(part);
                 });
    if (is_of_line(group_)) return;
    gather_cash();
    if (group_ == SalesGroup::month) gather_months(receivables);
    else gather_ledger(receivables, date_of(first_day()), views_.ledger);
  }
  Report report() const;

 private:
  std::size_t basis() const { return static_cast<std::size_t>(views_.ledger.basis); }
  void see(std::int32_t day) { first_seen_ = std::min(first_seen_, day), last_seen_ = std::max(last_seen_, day); }
  std::int32_t first_day() const { return period_.from ? days_of(*period_.from) : first_seen_; }

  void gather_orders();
  void gather_quotes();
  void gather_cash();
  void gather_months(const Receivables& receivables);
  void gather_ledger(const Receivables& receivables, Date from, const View& view);
  std::int64_t days_of_row(const SalesKey& key) const;
  void put_ledger(std::vector<Cell>& cells, const SalesKey& key, const KpiSums& sums) const;
  void put_flow(std::vector<Cell>& cells, const KpiSums& sums) const;

  const SaleStore& store_;
  const SalesViews views_;  // the ledger's on the last day of the period
  const View as_of_;        // allocations count up to here, whatever the period
  const SalesGroup group_;
  const Period period_;
  SalesRows<KpiSums> rows_;
  std::int32_t first_seen_ = std::numeric_limits<std::int32_t>::max(), last_seen_ = no_day;
};

void KpiBoard::gather_orders() {
  std::vector<OrderPart> parts;
  visit_orders(store_, views_.process, period_, [&](const OrderAt& order) {
    parts_of(store_, order, group_, views_.process, parts);
    if (!parts.empty()) see(order.order().ordered_on);
    for (const OrderPart& part : parts) {
      KpiSums& sums = rows_.at({part.group, order.document().currency});
      ++sums.orders;
      sums.order_value += part.net;
      sums.due_lines += part.due_lines, sums.kept_promises += part.kept_promises;
      if (part.shipped) sums.days_to_ship.add(part.last_shipped_on - order.order().ordered_on);
    }
  });
}

void KpiBoard::gather_quotes() {
  visit_sent_quotes(store_, views_.process, group_, period_,
                    [&](const SaleQuote& quote, std::uint32_t value, Currency currency) {
                      see(quote.sent_at.business_day());
                      KpiSums& sums = rows_.at({value, currency});
                      ++sums.quotes_sent;
                      sums.quotes_accepted += quote.was_accepted(views_.process);
                    });
}

void KpiBoard::gather_cash() {
  for (const CashFlow& flow : store_.cash()) {
    if (flow.when.seq > as_of_.known) break;  // in journal order
    if (!flow.when.visible(as_of_)) continue;
    const std::int32_t day = flow.when.days[basis()], invoiced_on = flow.invoice_days[basis()];
    const auto row = [&](std::int32_t on) -> KpiSums& {
      return see(on), rows_.at({document_value(store_, group_, flow.dimensions, on), flow.currency});
    };
    if (flow.kind == CashKind::received && in_period(period_, day)) row(day).receipts += flow.amount_minor;
    if (flow.kind == CashKind::allocated && in_period(period_, invoiced_on))
      row(invoiced_on).cohort_allocated += flow.amount_minor;
    if (flow.kind == CashKind::invoiced && in_period(period_, invoiced_on))
      row(invoiced_on).cohort_invoiced += flow.amount_minor;
  }
}

/// The receivables of each month at its end, the last one at the view's date.
void KpiBoard::gather_months(const Receivables& receivables) {
  if (last_seen_ == no_day) return;
  const Date last =
      std::min(views_.ledger.as_of, period_.until ? *period_.until - std::chrono::days{1} : date_of(last_seen_));
  for (Date month = first_of_month(date_of(first_day())); month <= last; month = add_months(month, 1)) {
    gather_ledger(receivables, period_.from ? std::max(month, *period_.from) : month,
                  within(views_.ledger, month_from(month)));
  }
}

void KpiBoard::gather_ledger(const Receivables& receivables, Date from, const View& view) {
  const auto dimension = dimension_of(group_);
  for (PeriodFigures& figures : receivables.period(view, from, dimension ? Group::by(*dimension) : Group{})) {
    const std::uint32_t value = group_ == SalesGroup::month ? month_value(days_of(from))
                                : dimension                 ? store_.find(figures.group)
                                                            : 0;
    rows_.at({value, figures.currency}).ledger = std::move(figures);
  }
}

/// Days of the row's stretch of time that are over at the view.
std::int64_t KpiBoard::days_of_row(const SalesKey& key) const {
  Date from = date_of(first_day()), until = views_.ledger.as_of + std::chrono::days{1};
  if (group_ == SalesGroup::month) {
    from = period_.from ? std::max(month_of(key.value), *period_.from) : month_of(key.value);
    until = std::min(until, add_months(month_of(key.value), 1));
  }
  return std::max<std::int64_t>(0, (until - from).count());
}

void KpiBoard::put_ledger(std::vector<Cell>& cells, const SalesKey& key, const KpiSums& sums) const {
  if (is_of_line(group_)) {  // cash is owed and paid by document, not by product
    cells.resize(cells.size() + 10);
    return;
  }
  const PeriodFigures& ledger = sums.ledger;
  const std::int64_t days = days_of_row(key);
  const Int128 closing = ledger.closing, current = ledger.closing_current;
  for (Cell cell :
       {sum_cell(ledger.invoiced, key.currency), sum_cell(sums.receipts, key.currency), sum_cell(closing, key.currency),
        percent_cell(closing - current, closing), dso_cell(closing, ledger.invoiced, days),
        dso_cell(current, ledger.invoiced, days), dso_cell(closing - current, ledger.invoiced, days),
        cei_cell(ledger.opening, ledger.invoiced, closing, current),
        percent_cell(sums.receipts, ledger.opening + ledger.invoiced),
        percent_cell(sums.cohort_allocated, sums.cohort_invoiced)}) {
    cells.push_back(std::move(cell));
  }
}

void KpiBoard::put_flow(std::vector<Cell>& cells, const KpiSums& sums) const {
  for (Cell cell :
       {count_of(sums.quotes_sent), count_of(sums.quotes_accepted),
        percent_cell(sums.quotes_accepted, sums.quotes_sent), percent_cell(sums.kept_promises, sums.due_lines),
        sums.days_to_ship.median(), sums.days_to_ship.percentile(90)}) {
    cells.push_back(std::move(cell));
  }
}

Report KpiBoard::report() const {
  Report report{"kpi", group_columns(group_), {}};
  for (const KpiMeasure& m : kpi_measures())
    report.columns.push_back({std::string(m.name), std::string(m.title_en), std::string(m.title_zh)});
  for (const auto& row : rows_.sorted(store_, group_)) {
    const KpiSums& sums = *row.value;
    const Currency unit = row.key.currency;
    const bool known = sums.billed.cost_known();
    const Int128 profit = sums.billed.net - sums.billed.cost;
    std::vector<Cell> cells = group_cells(store_, group_, row.key, views_.process);
    for (Cell cell : {count_of(sums.orders), sum_cell(sums.order_value, unit), sum_cell(sums.billed.net, unit),
                      known ? sum_cell(sums.billed.cost, unit) : Cell{}, known ? sum_cell(profit, unit) : Cell{},
                      known ? percent_cell(profit, sums.billed.net) : Cell{}}) {
      cells.push_back(std::move(cell));
    }
    put_ledger(cells, row.key, sums);
    put_flow(cells, sums);
    report.rows.push_back(std::move(cells));
  }
  return report;
}

}  // namespace

Report Sales::kpi(const SalesViews& views, const Receivables& receivables, SalesGroup group,
                  const Period& period) const {
  KpiBoard board(store_, views, group, period);
  board.gather(receivables);
  return board.report();
}

}  // namespace o2c
