// Sales, fulfilment, backlog, order board, customer value, key figures: the questions to the sales read model.
#include "tools/host/explanation.hpp"
#include "tools/host/query_context.hpp"

namespace o2c {
namespace {

using Reports = Result<std::vector<Report>>;

SalesGroup group_of(const QueryContext& q, std::string_view otherwise) {
  return *parse_sales_group(q.text("by", otherwise));
}

/// Processes go by what happened when, the ledger by posting dates, unless the asker says.
SalesViews views_of(const QueryContext& q) {
  SalesViews views{q.view, q.view};
  if (!q.has("basis")) views.process.basis = Basis::business, views.ledger.basis = Basis::posting;
  return views;
}

Result<SalesQuestion> question_of(const QueryContext& q) {
  const SalesGroup group = group_of(q, "month");
  const auto period = q.period();
  if (!period) return period.error();
  const bool invoices = q.text("measure") == "invoices";
  return SalesQuestion{group, *period, invoices ? SalesMeasure::invoices : SalesMeasure::orders};
}
View view_of(const QueryContext& q, SalesMeasure measure) {
  return measure == SalesMeasure::orders ? views_of(q).process : views_of(q).ledger;
}

Reports sales(const QueryContext& q) {
  const auto question = question_of(q);
  if (!question) return question.error();
  return std::vector{q.company.sales.sales(view_of(q, question->measure), *question)};
}

Reports fulfilment(const QueryContext& q) {
  const SalesGroup group = group_of(q, "month");
  const auto period = q.period();
  if (!period) return period.error();
  return std::vector{q.company.sales.fulfilment(views_of(q).process, group, *period)};
}

Reports backlog(const QueryContext& q) {
  const SalesGroup group = group_of(q, "total");
  return std::vector{q.company.sales.backlog(views_of(q).process, group)};
}

Reports orders(const QueryContext& q) {
  const auto limit = q.integer("limit", std::numeric_limits<std::int64_t>::max());
  if (!limit) return limit.error();
  if (*limit < 0) return invalid("--limit: not negative");
  BoardFilter filter{.light = {},
                     .customer = std::string(q.text("customer")),
                     .status = std::string(q.text("status")),
                     .limit = static_cast<std::size_t>(*limit)};
  for (const Light l : {Light::red, Light::yellow, Light::green}) {
    if (light_name(l) == q.text("light")) filter.light = l;
  }
  return std::vector{q.company.sales.orders(views_of(q).process, q.company.receivables, filter)};
}

Reports customer_value(const QueryContext& q) {
  const auto period = q.period();
  if (!period) return period.error();
  return std::vector{q.company.sales.customer_value(views_of(q), q.company.receivables, *period)};
}

Reports kpi(const QueryContext& q) {
  const SalesGroup group = group_of(q, "month");
  const auto period = q.period();
  if (!period) return period.error();
  return std::vector{q.company.sales.kpi(views_of(q), q.company.receivables, group, *period)};
}

Result<SalesCell> cell_of(const QueryContext& q, SalesGroup group) {
  const auto currency = q.currency();
  if (!currency) return currency.error();
  if (!q.has("column")) return invalid("--column is needed: the name of the cell's column");
  const bool by_value = group != SalesGroup::total && group != SalesGroup::currency;
  if (q.has("value") && !by_value) return invalid("--value: names a row of a group; say --by customer, month, …");
  if (!q.has("value") && by_value) return invalid("--value is needed: the row's value of the group");
  return SalesCell{std::string(q.text("value")), *currency, std::string(q.text("column"))};
}
AmountKind kind_of(std::string_view column) {
  if (column == "units") return AmountKind::quantity;
  constexpr std::string_view counts[] = {"orders",         "invoices",    "credit_notes",       "shipped",
                                         "late_shipments", "open_orders", "past_required_date", "quotes_sent",
                                         "quotes_accepted"};
  return std::ranges::find(counts, column) != std::end(counts) ? AmountKind::count : AmountKind::money;
}

/// f(period, cell) -> the facts behind it.
template <class F> Reports explained(const QueryContext& q, SalesGroup group, F&& f) {
  const auto period = q.period();
  if (!period) return period.error();
  const auto cell = cell_of(q, group);
  if (!cell) return cell.error();
  return explanation(q, f(*period, *cell), kind_of(cell->column), cell->currency);
}

Reports explain_sales(const QueryContext& q) {
  const auto question = question_of(q);
  if (!question) return question.error();
  return explained(q, question->group, [&](const Period&, const SalesCell& cell) {
    return q.company.sales.explain_sales(view_of(q, question->measure), *question, cell);
  });
}

Reports explain_kpi(const QueryContext& q) {
  const SalesGroup group = group_of(q, "month");
  return explained(q, group, [&](const Period& period, const SalesCell& cell) {
    return q.company.sales.explain_kpi(views_of(q), q.company.receivables, group, period, cell);
  });
}

Reports explain_fulfilment(const QueryContext& q) {
  const SalesGroup group = group_of(q, "month");
  return explained(q, group, [&](const Period& period, const SalesCell& cell) {
    return q.company.sales.explain_fulfilment(views_of(q).process, group, period, cell);
  });
}

Reports explain_backlog(const QueryContext& q) {
  const SalesGroup group = group_of(q, "total");
  return explained(q, group, [&](const Period&, const SalesCell& cell) {
    return q.company.sales.explain_backlog(views_of(q).process, group, cell);
  });
}

Reports explain_customer_value(const QueryContext& q) {
  return explained(q, SalesGroup::customer, [&](const Period& period, const SalesCell& cell) {
    return q.company.sales.explain_customer_value(views_of(q), q.company.receivables, period, cell);
  });
}

ParameterHelp by(std::string_view otherwise) {
  return one_of("by", fmt::format("what the rows are told apart by (default {})", otherwise), sales_group_names());
}
ParameterHelp measure() {
  return one_of("measure", "what was ordered (default), or invoiced less credit notes", {"orders", "invoices"});
}
const ParameterHelp value{"value", "the row: value of the group, such as 2026-03"},
    currency{"currency", "the row's currency"},
    column{"column", "the cell's column, as the report names it: amounts and counts, not ratios"};

}  // namespace

void add_sales_queries(std::vector<QueryEntry>& queries) {
  queries.push_back(
      {{"report sales", "orders by order date, or invoices less credit notes: units, gross, discount, net",
        with_view({by("month"), help_from, help_until, measure()})},
       sales});
  queries.push_back({{"report fulfilment", "how long orders take to ship, and how many late",
                      with_view({by("month"), help_from, help_until})},
                     fulfilment});
  queries.push_back(
      {{"report backlog", "orders not wholly shipped on a day, and those past their promise", with_view({by("total")})},
       backlog});
  queries.push_back({{"report orders", "every order with its light and the reason, red ones first",
                      with_view({one_of("light", "only with this light", {"red", "yellow", "green"}),
                                 help_customer,
                                 one_of("status", "only in this status",
                                        {"draft", "pending_approval", "rejected", "confirmed", "on_hold", "completed",
                                         "short_closed", "cancelled"}),
                                 {"limit", "at most so many rows"}})},
                     orders});
  queries.push_back({{"report customer-value", "orders, margin and days to pay of each customer, and the rating",
                      with_view({help_from, help_until})},
                     customer_value});
  queries.push_back(
      {{"report kpi", "key figures: orders, sales, margin, receivables, DSO, collection, conversion, delivery",
        with_view({by("month"), help_from, help_until})},
       kpi});
  queries.push_back({{"explain sales", "the events behind one cell of report sales",
                      with_view({by("month"), help_from, help_until, measure(), value, currency, column})},
                     explain_sales});
  queries.push_back(
      {{"explain kpi",
        "the events behind one cell of report kpi: orders, order_value, sales, cost, gross_profit, invoiced, receipts, "
        "receivables_end, quotes_sent, quotes_accepted",
        with_view({by("month"), help_from, help_until, value, currency, column})},
       explain_kpi});
  queries.push_back(
      {{"explain fulfilment", "the events behind one cell of report fulfilment: orders, shipped, late_shipments",
        with_view({by("month"), help_from, help_until, value, currency, column})},
       explain_fulfilment});
  queries.push_back({{"explain backlog",
                      "the events behind one cell of report backlog: open_orders, open_net_value, past_required_date",
                      with_view({by("total"), value, currency, column})},
                     explain_backlog});
  queries.push_back({{"explain customer-value",
                      "the events behind one cell of report customer-value: order_value, orders, gross_profit",
                      with_view({help_from, help_until, {"value", "the row: the customer"}, currency, column})},
                     explain_customer_value});
}

}  // namespace o2c
