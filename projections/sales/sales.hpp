#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "projections/receivables/receivables.hpp"
#include "projections/runtime/fact.hpp"
#include "projections/runtime/report.hpp"
#include "projections/sales/kpi.hpp"
#include "projections/sales/order_index.hpp"
#include "projections/sales/sale_store.hpp"
#include "projections/sales/sales_group.hpp"

namespace o2c {

/// orders: what was ordered and not cancelled, by order date. invoices: what was invoiced less credit notes, each in its own period.
enum class SalesMeasure : std::uint8_t { orders, invoices };

struct SalesQuestion {
  SalesGroup group = SalesGroup::month;
  Period period;  // of order dates, or of the dates of invoices and credit notes
  SalesMeasure measure = SalesMeasure::orders;
};

/// Names a cell of a report.
struct SalesCell {
  std::string value;  // of the group: "2026-03", "P-1"; not looked at for total and currency
  Currency currency = Currency::XXX;
  std::string column;
};

enum class Light : std::uint8_t { red, yellow, green };
std::string_view light_name(Light light);

struct BoardFilter {
  std::optional<Light> light;
  std::string customer, status;
  std::size_t limit = std::numeric_limits<std::size_t>::max();
};

/// What the two halves of a figure are looked at by: processes by what happened when, the ledger by posting dates, unless the asker says.
struct SalesViews {
  View process, ledger;
};

/// What was ordered, shipped and sold, of one company.
///
/// Rows     one history for each order, quote and invoice, one flow for each fact about cash. Nothing is overwritten, so every question is
///          answered as of any date with the knowledge of any position, and what is folded later never changes such an answer.
/// Figures  minor units of the document's currency, one row per currency, without tax where not said otherwise. Orders count when they are
///          confirmed and not cancelled; a cancelled or short-closed rest does not. Groups are those frozen in the document. Averages and
///          shares are rounded once, half up; what a group has no meaning for, or what nobody knows (a cost), is left empty.
/// Days     orders by order date, a business date. What counts is decided by the view's basis.
/// Cost     sales of orders by a group of the document, and customer_value: sums from an index (order_index.hpp). All else: the documents of the
///          period, a pass over their facts each.
/// Threads  fold by one; queries by any number while nobody folds.
class Sales {
 public:
  /// Facts in the journal's order; those of other questions are passed over. Bug, ends the process: a fact about a document that the
  /// history does not have.
  void fold(const Fact& fact) {
    if (const SaleOrder* order = store_.fold(fact)) orders_.add(store_, *order);
  }

  /// orders: group, currency, orders, units, gross, discount, net_revenue, net_revenue_per_order; orders = orders that touch the group.
  /// invoices: group, currency, invoices, credit_notes, units, net_sales, cost, gross_profit, margin_percent.
  Report sales(const View& view, const SalesQuestion& question) const;
  /// The facts whose amounts sum to the cell, in journal order: each with what it changed.
  /// errors  not_found: no such column or row, or the report leaves the cell empty, since a cost is not known; invalid_input: an average,
  ///         which no facts sum to.  cost  the report, and its documents once more.
  Result<std::vector<Contribution>> explain_sales(const View& view, const SalesQuestion& question,
                                                  const SalesCell& cell) const;

  /// group, currency, orders, shipped (wholly), mean_days_order_to_ship, late_shipments (of those shipped: later than promised).
  Report fulfilment(const View& view, SalesGroup group = SalesGroup::month, const Period& period = {}) const;
  /// as_of, group, currency, open_orders, open_net_value (not yet shipped), past_required_date (promised before the view's date).
  Report backlog(const View& view, SalesGroup group = SalesGroup::total) const;

  /// Every order with its light: red: hold, over the limit, overdue invoice, anomaly (late, over-delivered, over-billed); yellow: open work;
  /// green: complete. Red ones first, then as created. open = net value not yet shipped.
  Report orders(const View& view, const Receivables& receivables, const BoardFilter& filter = {}) const;

  /// As explain_sales, for a cell of fulfilment (orders, shipped, late_shipments), of backlog (open_orders, open_net_value,
  /// past_required_date) and of customer_value (order_value, orders, gross_profit; cell.value: the customer).
  Result<std::vector<Contribution>> explain_fulfilment(const View& view, SalesGroup group, const Period& period,
                                                       const SalesCell& cell) const;
  Result<std::vector<Contribution>> explain_backlog(const View& view, SalesGroup group, const SalesCell& cell) const;
  Result<std::vector<Contribution>> explain_customer_value(const SalesViews& views, const Receivables& receivables,
                                                           const Period& period, const SalesCell& cell) const;

  /// The board's row of one order; none: the view does not know it. cost: the facts of the order and of its invoices.
  Report order(const View& view, const Receivables& receivables, std::string_view id) const;

  /// Row 97: customer, name, currency, order_value, orders, average_order_value, gross_profit, margin_percent, collection_days, rating.
  /// Days: Σ cash · (day received − day invoiced) / Σ cash of the period's allocations. Rated by the rules in force on the view's date.
  /// customer: only this one's row, at the cost of its own documents; empty: all.
  Report customer_value(const SalesViews& views, const Receivables& receivables, const Period& period = {},
                        std::string_view customer = {}) const;

  /// Rows 91 to 96 and 98: the measures of kpi_measures(), by month, or over the period for another group.
  Report kpi(const SalesViews& views, const Receivables& receivables, SalesGroup group,
             const Period& period = {}) const;
  /// As explain_sales, for the measures that are sums: orders, order_value, sales, cost, gross_profit, invoiced, receipts, receivables_end,
  /// quotes_sent, quotes_accepted.
  Result<std::vector<Contribution>> explain_kpi(const SalesViews& views, const Receivables& receivables,
                                                SalesGroup group, const Period& period, const SalesCell& cell) const;

  const SaleStore& store() const { return store_; }
  /// SHA-256 over everything folded: equal for the live one and one rebuilt up to the same position.
  Hash32 content_hash() const { return store_.content_hash(); }

 private:
  SaleStore store_;
  OrderIndex orders_;
};

}  // namespace o2c
