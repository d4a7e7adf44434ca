// Aging, open items, statement, monthly receivables, payment behaviour, exposure peak: the questions to the receivables read model.
#include "tools/host/explanation.hpp"
#include "tools/host/query_context.hpp"

namespace o2c {
namespace {

using Reports = Result<std::vector<Report>>;

// What can be explained of a report: the columns that are sums of events.
constexpr std::string_view aging_columns =
    "current, d1_30, …, unapplied, total_open, total_overdue, balance, open_invoices or overdue_invoices";
constexpr std::string_view month_columns =
    "opening_ar, invoiced, invoices_issued, collected, invoices_settled, closing_ar, open_invoices, closing_current, "
    "closing_overdue or late_settled_count";
constexpr std::string_view behaviour_columns = "invoices, invoiced, late_invoices, late_amount, disputed or electronic";
constexpr std::string_view peak_columns = "peak_open_balance";

Filter filter_of(const QueryContext& q) {
  Filter filter;
  for (const auto& [name, dimension] : {std::pair{"customer", Dimension::customer},
                                        {"country", Dimension::country},
                                        {"region", Dimension::region},
                                        {"seller", Dimension::seller},
                                        {"team", Dimension::team},
                                        {"grade", Dimension::grade}}) {
    if (q.has(name)) filter.equal.emplace_back(Group::by(dimension), q.text(name));
  }
  return filter;
}

/// An attribute may be asked for by its bare name too.
Group group_of(const QueryContext& q, std::string_view otherwise) {
  const std::string_view text = q.text("by", otherwise);
  auto group = parse_group(text);
  return group ? *group : Group::by_attribute(std::string(text));
}

/// Months are the rows always; --by month says no more than that, another group splits them.
Group group_in_month(const QueryContext& q) {
  return q.text("by", "month") == "month" ? Group{} : group_of(q, "total");
}

Result<Buckets> buckets_of(const QueryContext& q) {
  return q.has("buckets") ? parse_buckets(q.text("buckets")) : Result<Buckets>(default_buckets());
}

Reports aging(const QueryContext& q) {
  const Group group = group_of(q, "total");
  const auto buckets = buckets_of(q);
  if (!buckets) return buckets.error();
  return std::vector{q.company.receivables.aging(q.view, group, *buckets, filter_of(q))};
}

Reports open_items(const QueryContext& q) {
  return std::vector{q.company.receivables.open_items(q.view, filter_of(q))};
}

Reports statement(const QueryContext& q) {
  const auto period = q.period();
  if (!period) return period.error();
  if (!q.has("customer")) return invalid("--customer is needed: whose statement?");
  return std::vector{q.company.receivables.statement(q.view, *period, q.text("customer"))};
}

Reports receivables(const QueryContext& q) {
  const auto period = q.period();
  if (!period) return period.error();
  return std::vector{q.company.receivables.receivables_by_month(q.view, *period, group_in_month(q), filter_of(q))};
}

Reports payment_behaviour(const QueryContext& q) {
  const Group group = group_of(q, "total");
  const auto period = q.period();
  if (!period) return period.error();
  return std::vector{
      q.company.receivables.payment_behaviour(q.view, group, *period, default_count_columns(), filter_of(q))};
}

Reports exposure_peak(const QueryContext& q) {
  const Group group = group_of(q, "customer");
  return std::vector{q.company.receivables.exposure_peak(q.view, group, filter_of(q))};
}

/// A row and a column, as they are named by the asker.
/// errors  invalid_input: what is missing. columns: those that can be explained.
Result<ReceivablesCell> cell_of(const QueryContext& q, Group group, std::string_view columns) {
  const auto currency = q.currency();
  if (!currency) return currency.error();
  if (!q.has("column")) return invalid(fmt::format("--column is needed: {}", columns));
  const bool by_value = group.kind == GroupKind::dimension || group.kind == GroupKind::attribute;
  if (q.has("value") && !by_value) return invalid("--value: names a row of a group; say --by customer, country, …");
  if (!q.has("value") && by_value) return invalid("--value is needed: the row's value of the group");
  return ReceivablesCell{std::move(group), std::string(q.text("value")), *currency, std::string(q.text("column"))};
}

Reports explained(const QueryContext& q, const ReceivablesCell& cell, const Result<std::vector<Contribution>>& parts) {
  constexpr std::string_view counting[] = {"invoices",         "late_invoices",      "open_invoices",
                                           "overdue_invoices", "invoices_issued",    "invoices_settled",
                                           "disputed",         "late_settled_count", "electronic"};
  const bool counts = std::ranges::find(counting, cell.column) != std::end(counting);
  return explanation(q, parts, counts ? AmountKind::count : AmountKind::money, cell.currency);
}

Reports explain_figure(const QueryContext& q) {
  const auto cell = cell_of(q, group_of(q, "total"), aging_columns);
  if (!cell) return cell.error();
  const auto buckets = buckets_of(q);
  if (!buckets) return buckets.error();
  return explained(q, *cell, q.company.receivables.explain_aging(q.view, *cell, *buckets, filter_of(q)));
}

Reports explain_receivables(const QueryContext& q) {
  const auto cell = cell_of(q, group_in_month(q), month_columns);
  if (!cell) return cell.error();
  const auto month = parse_date(std::string(q.text("month")) + "-01");
  if (!q.has("month")) return invalid("--month is needed: the row's month, such as 2026-03");
  if (!month) return invalid(fmt::format("--month {}: a month such as 2026-03 is needed", q.text("month")));
  const Report report = q.company.receivables.receivables_by_month(q.view, {}, cell->group, filter_of(q));
  RowKey row = row_key(report, *cell);
  row.insert(row.begin(), {"month", std::string(q.text("month"))});
  if (const auto shown = find_cell(report, row, cell->column); !shown) return shown.error();
  const View view = within(q.view, month_from(*month));
  return explained(q, *cell, q.company.receivables.explain_month(view, *month, *cell, filter_of(q)));
}

Reports explain_payment_behaviour(const QueryContext& q) {
  const auto cell = cell_of(q, group_of(q, "total"), behaviour_columns);
  if (!cell) return cell.error();
  const auto period = q.period();
  if (!period) return period.error();
  return explained(q, *cell, q.company.receivables.explain_behaviour(q.view, *period, *cell, filter_of(q)));
}

Reports explain_exposure_peak(const QueryContext& q) {
  const auto cell = cell_of(q, group_of(q, "customer"), peak_columns);
  if (!cell) return cell.error();
  return explained(q, *cell, q.company.receivables.explain_peak(q.view, *cell, filter_of(q)));
}

const std::vector<std::string> groups{"total", "customer", "country", "region", "seller", "team", "grade", "currency"};
const ParameterHelp buckets{"buckets", "last days of the buckets (default 30,60,90,120)"};

ParameterHelp by(std::string_view otherwise) {
  return one_of("by", fmt::format("what the rows are told apart by (default {})", otherwise), groups, true);
}
ParameterHelp by_in_month() {
  std::vector<std::string> words{"month"};
  words.insert(words.end(), groups.begin(), groups.end());
  return one_of("by", "months (default), or months and within them", std::move(words), true);
}

std::vector<ParameterHelp> with_filter(std::vector<ParameterHelp> own) {
  for (const char* name : {"customer", "country", "region", "seller", "team", "grade"})
    own.push_back({name, std::string("only this ") + name});
  return with_view(std::move(own));
}

}  // namespace

void add_receivables_queries(std::vector<QueryEntry>& queries) {
  queries.push_back(
      {{"report aging", "open items by days past due, with unapplied cash", with_filter({by("total"), buckets})},
       aging});
  queries.push_back(
      {{"report open-items", "every open instalment and every unapplied receipt", with_filter({})}, open_items});
  queries.push_back({{"report statement", "a customer's account: opening, every document, closing",
                      with_view({{"customer", "whose statement"}, help_from, help_until})},
                     statement});
  queries.push_back({{"report receivables", "month by month: invoiced, collected, open, overdue, DSO, CEI",
                      with_filter({by_in_month(),
                                   {"from", "a day of the first month; months are shown whole"},
                                   {"until", "first day behind the last month"}})},
                     receivables});
  queries.push_back({{"report payment-behaviour", "how invoices are paid: days to pay, late shares",
                      with_filter({by("total"), help_from, help_until})},
                     payment_behaviour});
  queries.push_back(
      {{"report exposure-peak", "highest open balance and the first day it was reached", with_filter({by("customer")})},
       exposure_peak});
  const auto cell = [](std::string_view columns, std::vector<ParameterHelp> own) {
    own.insert(own.end(), {{"value", "the row: value of the group"},
                           {"currency", "the row's currency"},
                           {"column", fmt::format("the cell's column: {}", columns)}});
    return with_filter(std::move(own));
  };
  queries.push_back(
      {{"explain figure", "the events behind one cell of report aging", cell(aging_columns, {by("total"), buckets})},
       explain_figure});
  queries.push_back({{"explain receivables", "the events behind one cell of report receivables",
                      cell(month_columns, {by_in_month(), {"month", "the row's month, such as 2026-03"}})},
                     explain_receivables});
  queries.push_back({{"explain payment-behaviour", "the invoices behind one cell of report payment-behaviour",
                      cell(behaviour_columns, {by("total"), help_from, help_until})},
                     explain_payment_behaviour});
  queries.push_back({{"explain exposure-peak", "the events behind one cell of report exposure-peak",
                      cell(peak_columns, {by("customer")})},
                     explain_exposure_peak});
}

}  // namespace o2c
