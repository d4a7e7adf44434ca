// The facts behind a cell: what each changed of it.
#include "projections/sales/billed_parts.hpp"
#include "projections/sales/order_parts.hpp"
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
  /// The row is there, even if all of it is zero.
  void see() { found_ = true; }
  void add(const When& when, std::int64_t amount) {
    see();
    if (amount != 0) parts_.push_back({when.seq, when.index, amount});
  }
  Result<std::vector<Contribution>> take() {
    if (!found_)
      return Error{ErrorCode::not_found,
                   fmt::format("there is no row '{}' in {}", cell_.value, currency_code(cell_.currency))};
    std::sort(parts_.begin(), parts_.end(), [](const Contribution& a, const Contribution& b) {
      return std::tie(a.seq, a.index) < std::tie(b.seq, b.index);
    });
    return std::move(parts_);
  }

 private:
  const SaleStore& store_;
  const SalesGroup group_;
  const SalesCell& cell_;
  bool found_ = false;
  std::vector<Contribution> parts_;
};

void explain_order(const SaleStore& store, OrderAt& at, const SaleOrder& order, const View& view, SalesGroup group,
                   OrderFigure figure, Explanation& out) {
  std::vector<OrderPart> parts;
  std::int64_t before = 0;
  at.replay(order, view, [&](const OrderFact& fact) {
    parts_of(store, at, group, view, parts);
    std::int64_t now = 0;
    for (const OrderPart& part : parts) {
      if (out.is_here(part.group, at.document().currency)) out.see(), now += figure(part);
    }
    if (now != before) out.add(fact.when, now - before);
    before = now;
  });
}

Result<std::vector<Contribution>> explain_orders(const SaleStore& store, const View& view, SalesGroup group,
                                                 const Period& period, const SalesCell& cell, OrderFigure figure) {
  Explanation out(store, group, cell);
  OrderAt at(store);
  for (const SaleOrder& order : store.orders()) {
    if (in_period(period, order.ordered_on)) explain_order(store, at, order, view, group, figure, out);
  }
  return out.take();
}

Result<std::vector<Contribution>> explain_billed(const SaleStore& store, const View& view, SalesGroup group,
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

Error no_such_figure(std::string_view column) {
  for (const std::string_view average : {"net_revenue_per_order", "margin_percent"}) {
    if (column == average) return invalid(fmt::format("'{}' is an average: explain what it is made of", column));
  }
  return {ErrorCode::not_found, fmt::format("there is no figure '{}' to explain", column)};
}

}  // namespace

Result<std::vector<Contribution>> Sales::explain_sales(const View& view, const SalesQuestion& question,
                                                       const SalesCell& cell) const {
  if (question.measure == SalesMeasure::orders) {
    const OrderFigure figure = order_figure(cell.column);
    if (!figure) return no_such_figure(cell.column);
    return explain_orders(store_, view, question.group, question.period, cell, figure);
  }
  const BilledFigure figure = billed_figure(cell.column);
  if (!figure) return no_such_figure(cell.column);
  return explain_billed(store_, view, question.group, question.period, cell, figure);
}

Result<std::vector<Contribution>> Sales::explain_kpi(const SalesViews& views, SalesGroup group, const Period& period,
                                                     const SalesCell& cell) const {
  if (cell.column == "orders" || cell.column == "order_value")
    return explain_orders(store_, views.process, group, period, cell, order_figure(cell.column));
  if (cell.column == "sales" || cell.column == "cost" || cell.column == "gross_profit") {
    return explain_billed(store_, views.ledger, group, period, cell, billed_figure(cell.column));
  }
  if (cell.column == "receipts" && !is_of_line(group)) {
    Explanation out(store_, group, cell);
    for (const CashFlow& flow : store_.cash()) {
      const std::int32_t day = flow.when.days[static_cast<std::size_t>(views.ledger.basis)];
      if (flow.kind != CashKind::received || !flow.when.visible(views.ledger) || !in_period(period, day)) continue;
      if (out.is_here(document_value(store_, group, flow.dimensions, day), flow.currency))
        out.add(flow.when, flow.amount_minor);
    }
    return out.take();
  }
  return no_such_figure(cell.column);
}

}  // namespace o2c
