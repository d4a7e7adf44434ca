// The facts behind a cell: what each changed of it.
#include "projections/sales/billed_parts.hpp"
#include "projections/sales/order_parts.hpp"
#include "projections/sales/quote_parts.hpp"
#include "projections/sales/sales.hpp"

namespace o2c {
namespace {

using OrderFigure = std::int64_t (*)(const OrderPart&);
OrderFigure order_figure(std::string_view column) {
  if (column == "orders") return [](const OrderPart&) { return std::int64_t{1}; };
  if (column == "units") return [](const OrderPart& p) { return p.units; };
  if (column == "gross") return [](const OrderPart& p) { return p.gross; };
  if (column == "discount") return [](const OrderPart& p) { return p.gross - p.net; };
  if (column == "net_revenue" || column == "order_value") return [](const OrderPart& p) { return p.net; };
  if (column == "gross_profit") return [](const OrderPart& p) { return p.net - p.cost; };
  if (column == "shipped") return [](const OrderPart& p) { return std::int64_t{p.shipped}; };
  if (column == "late_shipments") return [](const OrderPart& p) { return std::int64_t{p.shipped && p.late}; };
  if (column == "open_orders") return [](const OrderPart& p) { return std::int64_t{p.open}; };
  if (column == "open_net_value") return [](const OrderPart& p) { return p.open ? p.open_net : 0; };
  if (column == "past_required_date") return [](const OrderPart& p) { return std::int64_t{p.open && p.past_promise}; };
  return nullptr;
}

using BilledFigure = Int128 (*)(const BilledSums&);
BilledFigure billed_figure(std::string_view column) {
  if (column == "invoices") return [](const BilledSums& s) { return Int128{s.invoices}; };
  if (column == "credit_notes") return [](const BilledSums& s) { return Int128{s.credit_notes}; };
  if (column == "units") return [](const BilledSums& s) { return s.units; };
  if (column == "net_sales" || column == "sales") return [](const BilledSums& s) { return s.net; };
  if (column == "cost") return [](const BilledSums& s) { return s.cost; };
  if (column == "gross_profit") return [](const BilledSums& s) { return s.net - s.cost; };
  return nullptr;
}

/// Collects contributions to one cell.
class Explanation {
 public:
  Explanation(const SaleStore& store, SalesGroup group, const SalesCell& cell)
      : store_(store), group_(group), cell_(cell) {}

  bool is_here(std::uint32_t value, Currency currency) const {
    if (currency != cell_.currency) return false;
    return group_ == SalesGroup::total || group_ == SalesGroup::currency ||
           group_text(store_, group_, value) == cell_.value;
  }
  void add(const When& when, std::int64_t amount) {
    if (amount != 0) parts_.push_back({when.seq, when.index, amount});
  }
  std::size_t size() const { return parts_.size(); }
  void drop_from(std::size_t first) { parts_.resize(first); }
  std::vector<Contribution> take() {
    std::sort(parts_.begin(), parts_.end(), [](const Contribution& a, const Contribution& b) {
      return std::tie(a.seq, a.index) < std::tie(b.seq, b.index);
    });
    return std::move(parts_);
  }

 private:
  const SaleStore& store_;
  const SalesGroup group_;
  const SalesCell& cell_;
  std::vector<Contribution> parts_;
};

void explain_order(const SaleStore& store, OrderAt& at, const SaleOrder& order, const View& view, SalesGroup group,
                   OrderFigure figure, Explanation& out) {
  std::vector<OrderPart> parts;
  std::int64_t before = 0;
  const std::size_t first = out.size();
  at.replay(order, view, [&](const OrderFact& fact) {
    parts_of(store, at, group, view, parts);
    std::int64_t now = 0;
    for (const OrderPart& part : parts) {
      if (out.is_here(part.group, at.document().currency)) now += figure(part);
    }
    if (now != before) out.add(fact.when, now - before);
    before = now;
  });
  if (before == 0) out.drop_from(first);  // it came and went: nothing of it is in the figure
}

std::vector<Contribution> explain_orders(const SaleStore& store, const View& view, SalesGroup group,
                                         const Period& period, const SalesCell& cell, OrderFigure figure) {
  Explanation out(store, group, cell);
  OrderAt at(store);
  for (const SaleOrder& order : store.orders()) {
    if (in_period(period, order.ordered_on)) explain_order(store, at, order, view, group, figure, out);
  }
  return out.take();
}

std::vector<Contribution> explain_billed(const SaleStore& store, const View& view, SalesGroup group,
                                         const Period& period, const SalesCell& cell, BilledFigure figure) {
  Explanation out(store, group, cell);
  visit_billed(store, view, group, period,
               [&](const SoldDocument& billed, std::uint32_t value, const BilledSums& sums) {
                 if (!out.is_here(value, billed.currency)) return;
                 const auto amount = narrow(figure(sums));
                 O2C_ASSERT(amount.has_value());  // of one document: it fitted when it was issued
                 out.add(billed.when, *amount);
               });
  return out.take();
}

std::vector<Contribution> explain_receipts(const SaleStore& store, const View& view, SalesGroup group,
                                           const Period& period, const SalesCell& cell) {
  Explanation out(store, group, cell);
  for (const CashFlow& flow : store.cash()) {
    const std::int32_t day = flow.when.days[static_cast<std::size_t>(view.basis)];
    if (flow.kind != CashKind::received || !flow.when.visible(view) || !in_period(period, day)) continue;
    if (out.is_here(document_value(store, group, flow.dimensions, day), flow.currency))
      out.add(flow.when, flow.amount_minor);
  }
  return out.take();
}

/// The cell as the report shows it: what is explained is what is seen.
/// key  column that holds the group's value.  errors  as find_cell.
Result<Cell> cell_in(const Report& report, SalesGroup group, const SalesCell& wanted, std::size_t key = 0) {
  RowKey row;
  if (group != SalesGroup::total && group != SalesGroup::currency)
    row.emplace_back(report.columns[key].name, wanted.value);
  row.emplace_back("currency", std::string(currency_code(wanted.currency)));
  return find_cell(report, row, wanted.column);
}

/// Why a figure of invoices is left empty: the first document with a line whose cost nobody knows.
Error unknown_cost(const SaleStore& store, const View& view, SalesGroup group, const Period& period,
                   const SalesCell& cell) {
  const Explanation here(store, group, cell);
  std::string_view invoice;
  std::uint64_t entry = 0;
  visit_billed(store, view, group, period,
               [&](const SoldDocument& billed, std::uint32_t value, const BilledSums& sums) {
                 if (entry == 0 && !sums.cost_known() && here.is_here(value, billed.currency))
                   invoice = store.text(billed.invoice), entry = billed.when.seq;
               });
  return {ErrorCode::not_found, fmt::format("{} of '{}' in {} is unknown: no cost for a line of invoice {} (entry {})",
                                            cell.column, cell.value, currency_code(cell.currency), invoice, entry)};
}

Result<std::vector<Contribution>> explain_known(const SaleStore& store, const View& view, SalesGroup group,
                                                const Period& period, const SalesCell& cell, const Cell& shown,
                                                BilledFigure figure) {
  if (std::holds_alternative<std::monostate>(shown)) return unknown_cost(store, view, group, period, cell);
  return explain_billed(store, view, group, period, cell, figure);
}

/// Why a profit of orders is left empty: the first one with a line whose cost nobody knows.
Error unknown_order_cost(const SaleStore& store, const View& view, SalesGroup group, const Period& period,
                         const SalesCell& cell) {
  const Explanation here(store, group, cell);
  std::string_view first;
  std::vector<OrderPart> parts;
  visit_orders(store, view, period, [&](const OrderAt& order) {
    parts_of(store, order, group, view, parts);
    const bool unknown = std::ranges::any_of(parts, [&](const OrderPart& part) {
      return !part.cost_known && here.is_here(part.group, order.document().currency);
    });
    if (unknown && first.empty()) first = store.text(order.order().id);
  });
  return {ErrorCode::not_found, fmt::format("{} of '{}' in {} is unknown: no cost for a line of order {}", cell.column,
                                            cell.value, currency_code(cell.currency), first)};
}

/// Each quote by its sending, or by its acceptance.
std::vector<Contribution> explain_quotes(const SaleStore& store, const View& view, SalesGroup group,
                                         const Period& period, const SalesCell& cell) {
  Explanation out(store, group, cell);
  const bool accepted = cell.column == "quotes_accepted";
  visit_sent_quotes(store, view, group, period, [&](const SaleQuote& quote, std::uint32_t value, Currency currency) {
    if (!out.is_here(value, currency) || (accepted && !quote.was_accepted(view))) return;
    out.add(accepted ? quote.accepted_at : quote.sent_at, 1);
  });
  return out.take();
}

/// What was invoiced in the row's stretch of time, or is open at its end.
Result<std::vector<Contribution>> explain_ledger(const Receivables& receivables, const View& ledger, SalesGroup group,
                                                 const Period& period, const SalesCell& cell) {
  View view = within(ledger, period);
  Date from = period.from.value_or(ever);
  if (group == SalesGroup::month) {
    const Date month = *parse_date(cell.value + "-01");  // the board has a row of it
    from = std::max(from, month), view = within(view, month_from(month));
  }
  const auto dimension = dimension_of(group);
  return receivables.explain_month(view, from,
                                   {dimension ? Group::by(*dimension) : Group{}, cell.value, cell.currency,
                                    cell.column == "invoiced" ? "invoiced" : "closing_ar"});
}

}  // namespace

Result<std::vector<Contribution>> Sales::explain_sales(const View& view, const SalesQuestion& question,
                                                       const SalesCell& cell) const {
  const auto shown = cell_in(sales(view, question), question.group, cell);
  if (!shown) return shown.error();
  if (question.measure == SalesMeasure::orders) {
    const OrderFigure figure = order_figure(cell.column);
    if (!figure) return not_explained(cell.column);
    return explain_orders(store_, view, question.group, question.period, cell, figure);
  }
  const BilledFigure figure = billed_figure(cell.column);
  if (!figure) return not_explained(cell.column);
  return explain_known(store_, view, question.group, question.period, cell, *shown, figure);
}

Result<std::vector<Contribution>> Sales::explain_fulfilment(const View& view, SalesGroup group, const Period& period,
                                                            const SalesCell& cell) const {
  if (const auto shown = cell_in(fulfilment(view, group, period), group, cell); !shown) return shown.error();
  if (cell.column != "orders" && cell.column != "shipped" && cell.column != "late_shipments")
    return not_explained(cell.column);
  return explain_orders(store_, view, group, period, cell, order_figure(cell.column));
}

Result<std::vector<Contribution>> Sales::explain_backlog(const View& view, SalesGroup group,
                                                         const SalesCell& cell) const {
  const std::size_t key = 1;  // behind the date
  if (const auto shown = cell_in(backlog(view, group), group, cell, key); !shown) return shown.error();
  if (cell.column != "open_orders" && cell.column != "open_net_value" && cell.column != "past_required_date")
    return not_explained(cell.column);
  return explain_orders(store_, view, group, {std::nullopt, view.as_of + std::chrono::days{1}}, cell,
                        order_figure(cell.column));
}

Result<std::vector<Contribution>> Sales::explain_customer_value(const SalesViews& views, const Receivables& receivables,
                                                                const Period& period, const SalesCell& cell) const {
  const SalesGroup group = SalesGroup::customer;
  const auto shown = cell_in(customer_value(views, receivables, period, cell.value), group, cell);
  if (!shown) return shown.error();
  if (cell.column != "order_value" && cell.column != "orders" && cell.column != "gross_profit")
    return not_explained(cell.column);
  if (std::holds_alternative<std::monostate>(*shown))
    return unknown_order_cost(store_, views.process, group, period, cell);
  return explain_orders(store_, views.process, group, period, cell, order_figure(cell.column));
}

Result<std::vector<Contribution>> Sales::explain_kpi(const SalesViews& views, const Receivables& receivables,
                                                     SalesGroup group, const Period& period,
                                                     const SalesCell& cell) const {
  const auto shown = cell_in(kpi(views, receivables, group, period), group, cell);
  if (!shown) return shown.error();
  if (cell.column == "orders" || cell.column == "order_value")
    return explain_orders(store_, views.process, group, period, cell, order_figure(cell.column));
  if (cell.column == "sales" || cell.column == "cost" || cell.column == "gross_profit")
    return explain_known(store_, views.ledger, group, period, cell, *shown, billed_figure(cell.column));
  if (cell.column == "quotes_sent" || cell.column == "quotes_accepted")
    return explain_quotes(store_, views.process, group, period, cell);
  if (cell.column != "receipts" && cell.column != "invoiced" && cell.column != "receivables_end")
    return not_explained(cell.column);
  if (is_of_line(group))
    return Error{ErrorCode::not_found,
                 fmt::format("{} has no row by product, category or destination: cash is owed and paid by document",
                             cell.column)};
  if (cell.column == "receipts") return explain_receipts(store_, views.ledger, group, period, cell);
  return explain_ledger(receivables, views.ledger, group, period, cell);
}

}  // namespace o2c
