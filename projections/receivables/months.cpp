#include <climits>

#include "projections/receivables/columns.hpp"
#include "projections/receivables/invoice_life.hpp"
#include "projections/receivables/receivables.hpp"

namespace o2c {
namespace {

/// Months since year 0.
int month_of(Date date) {
  const std::chrono::year_month_day ymd{date};
  return int{ymd.year()} * 12 + static_cast<int>(unsigned{ymd.month()}) - 1;
}
Date first_day(int month) {
  return Date{std::chrono::year{month / 12} / std::chrono::month{static_cast<unsigned>(month % 12 + 1)} / 1};
}
std::string month_text(int month) { return fmt::format("{:04}-{:02}", month / 12, month % 12 + 1); }

struct MonthSums {
  Int128 invoiced = 0, collected = 0, closing = 0, overdue = 0, settled_amount = 0, settled_amount_days = 0;
  std::int64_t issued = 0, settled = 0, open_invoices = 0, settled_days = 0, settled_late = 0;
};
/// One group's months, without a gap from its first to the last of the report.
struct MonthRows {
  int first = INT_MAX;
  std::vector<MonthSums> sums;
  const MonthSums* find(int month) const {
    return month < first ? nullptr : &sums[static_cast<std::size_t>(month - first)];
  }
};

class MonthFold {
 public:
  MonthFold(const ItemStore& store, const View& view, int last) : store_(store), view_(view), last_(last) {}

  Date last_day(int month) const { return std::min(end_of_month(first_day(month)), view_.as_of); }
  int days(int month) const { return static_cast<int>((last_day(month) - first_day(month)).count()) + 1; }

  /// Adds one invoice to the months of its group, from its first fact on.
  void add(const Item& item, MonthRows& rows) {
    moves_by_date(store_, item, view_, moves_);
    if (moves_.empty()) return;
    const int begin = month_of(moves_.front()->on(view_.basis));
    reach(rows, begin);
    life_.start(store_.parts(item), store_.move(item.first_move).occurred_on());
    std::size_t at = 0;
    for (int month = begin; month <= last_; ++month) {
      MonthSums& sums = rows.sums[static_cast<std::size_t>(month - rows.first)];
      const std::size_t before = at;
      for (; at < moves_.size() && month_of(moves_[at]->on(view_.basis)) == month; ++at) count(*moves_[at], sums);
      if (at != before && life_.is_settled()) count_settled(sums);
      if (life_.is_open()) count_open(item, month, sums);
      else if (at == moves_.size()) break;
    }
  }

 private:
  void reach(MonthRows& rows, int month) const {
    if (month >= rows.first || month > last_) return;
    const int until = rows.sums.empty() ? last_ + 1 : rows.first;
    rows.sums.insert(rows.sums.begin(), static_cast<std::size_t>(until - month), MonthSums{});
    rows.first = month;
  }
  void count(const Movement& move, MonthSums& sums) {
    life_.add(move);
    const bool billed = move.kind == MoveKind::issued || move.kind == MoveKind::reversed;
    (billed ? sums.invoiced : sums.collected) += billed ? move.amount : -move.amount;
    if (move.kind == MoveKind::issued && move.instalment == 0) ++sums.issued;
  }
  void count_settled(MonthSums& sums) const {
    ++sums.settled;
    sums.settled_days += (life_.settled_on() - life_.issued_on()).count();
    if (life_.days_late(life_.settled_on()) > 0) ++sums.settled_late;
    sums.settled_amount += life_.collected();
    sums.settled_amount_days += life_.collected_days();
  }
  void count_open(const Item& item, int month, MonthSums& sums) const {
    const std::span<const DuePart> parts = store_.parts(item);
    const Date day = last_day(month);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      sums.closing += life_.open(i);
      if (parts[i].due_date < day) sums.overdue += life_.open(i);
    }
    ++sums.open_invoices;
  }

  const ItemStore& store_;
  const View& view_;
  const int last_;
  InvoiceLife life_;
  std::vector<const Movement*> moves_;
};

/// Closing balance over the invoicing of `count` months up to this one, times their days; undefined when the history is shorter.
Cell dso(const MonthRows& rows, const MonthFold& fold, int month, int count, Int128 closing) {
  Int128 invoiced = 0;
  int days = 0;
  for (int m = month - count + 1; m <= month; ++m) {
    const MonthSums* sums = rows.find(m);
    if (!sums) return std::monostate{};
    invoiced += sums->invoiced;
    days += fold.days(m);
  }
  if (invoiced <= 0) return std::monostate{};
  return ratio_cell(closing * days, invoiced, 2);
}

/// Peels off the invoicing of month after month, going back, until the receivable is used up; undefined when it never is.
Cell dso_countback(const MonthRows& rows, const MonthFold& fold, int month) {
  Int128 rest = rows.find(month)->closing;
  int days = 0;
  for (; rest > 0; --month) {
    const MonthSums* sums = rows.find(month);
    if (!sums) return std::monostate{};
    if (rest < sums->invoiced)
      return ratio_cell(Int128{days} * sums->invoiced + rest * fold.days(month), sums->invoiced, 2);
    rest -= sums->invoiced;
    days += fold.days(month);
  }
  return Decimal{std::int64_t{days} * 100, 2};
}

/// Of two figures as they are shown, so that the row adds up for who reads it; the answers published with such tables do the same.
Cell shown_difference(const Cell& a, const Cell& b) {
  const auto* x = std::get_if<Decimal>(&a);
  const auto* y = std::get_if<Decimal>(&b);
  if (!x || !y) return std::monostate{};
  return Decimal{x->value - y->value, x->decimals};
}

void put_row(std::vector<Cell>& cells, const MonthRows& rows, const MonthFold& fold, int month, Currency unit) {
  const MonthSums& sums = *rows.find(month);
  const MonthSums* before = rows.find(month - 1);
  const Int128 opening = before ? before->closing : 0;
  const Int128 current = sums.closing - sums.overdue;
  const Int128 due = opening + sums.invoiced;
  const Cell undefined = std::monostate{};
  const auto amount = [&](Int128 minor) { cells.push_back(sum_cell(minor, unit)); };
  const auto count = [&](std::int64_t number) { cells.push_back(count_cell(number)); };

  count(fold.days(month));
  amount(opening), amount(sums.invoiced), count(sums.issued), amount(sums.collected), count(sums.settled);
  amount(sums.closing), count(sums.open_invoices), amount(current), amount(sums.overdue);
  cells.push_back(ratio_cell(sums.overdue, sums.closing, 4));
  cells.push_back(dso(rows, fold, month, 1, sums.closing));
  cells.push_back(dso(rows, fold, month, 3, sums.closing));
  cells.push_back(dso_countback(rows, fold, month));
  const Cell best = dso(rows, fold, month, 1, current);
  cells.push_back(best);
  cells.push_back(shown_difference(dso(rows, fold, month, 1, sums.closing), best));
  cells.push_back(due > 0 ? ratio_cell(sums.collected, due, 4) : undefined);
  cells.push_back(due > current ? ratio_cell(due - sums.closing, due - current, 4) : undefined);
  cells.push_back(ratio_cell(sums.settled_days, sums.settled, 2));
  cells.push_back(ratio_cell(sums.settled_amount_days, sums.settled_amount, 2));
  count(sums.settled_late);
}

/// Last month with a fact about an invoice that the view knows.
int last_month(const ItemStore& store, const View& view) {
  int last = INT_MIN;
  for (const Movement& move : store.moves()) {
    if (!store.items()[move.item].is_receipt && move.visible(view))
      last = std::max(last, month_of(move.on(view.basis)));
  }
  return last;
}

}  // namespace

Report Receivables::receivables_by_month(const View& view, const Period& period, const Group& group,
                                         const Filter& filter) const {
  Report report{"receivables", {}, {}};
  report.columns = grouped_columns(group, {"days_in_month",
                                           "opening_ar",
                                           "invoiced",
                                           "invoices_issued",
                                           "collected",
                                           "invoices_settled",
                                           "closing_ar",
                                           "open_invoices",
                                           "closing_current",
                                           "closing_overdue",
                                           "overdue_share",
                                           "dso_month",
                                           "dso_trailing3",
                                           "dso_countback",
                                           "best_possible_dso",
                                           "avg_days_delinquent",
                                           "collection_rate",
                                           "cei",
                                           "mean_days_to_pay_settled",
                                           "amount_weighted_days_to_pay_settled",
                                           "late_settled_count"});
  const bool in_total = group.kind == GroupKind::total;
  if (in_total) report.columns.erase(report.columns.begin());
  report.columns.insert(report.columns.begin(), column("month"));

  const int last = period.until ? std::min(month_of(*period.until - std::chrono::days{1}), month_of(view.as_of))
                                : last_month(store_, view);
  MonthFold fold(store_, view, last);
  Grouped<MonthRows> groups;
  const ResolvedGroup by = store_.resolve(group);
  if (last != INT_MIN) {
    store_.visit(view, ever, store_.resolve(filter), [&](std::uint32_t, const Item& item) {
      if (!item.is_receipt) fold.add(item, groups.at(store_.group_of(item, by), item.currency));
    });
  }
  const auto rows = groups.sorted(store_);
  int first = INT_MAX;
  for (const auto& row : rows) first = std::min(first, row.value->first);
  if (period.from) first = std::max(first, month_of(*period.from));
  for (int month = first; month <= last; ++month) {
    for (const auto& row : rows) {
      if (!row.value->find(month)) continue;
      std::vector<Cell>& cells = report.rows.emplace_back();
      cells.push_back(month_text(month));
      for (Cell& cell : group_cells(group, row)) cells.push_back(std::move(cell));
      if (in_total) cells.erase(cells.begin() + 1);
      put_row(cells, *row.value, fold, month, row.unit);
    }
  }
  return report;
}

}  // namespace o2c
