#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "projections/receivables/group.hpp"
#include "projections/receivables/item_store.hpp"
#include "projections/runtime/fact.hpp"
#include "projections/runtime/report.hpp"

namespace o2c {

/// Last days of the aging buckets: {30, 60, 90} makes current, d1_30, d31_60, d61_90, d91_plus.
using Buckets = std::vector<int>;
/// "30,60,90": ascending days, at least one, at most twelve.
Result<Buckets> parse_buckets(std::string_view text);
Buckets default_buckets();

/// Names a cell of a report: its row and its column.
struct ReceivablesCell {
  Group group;
  std::string value;  // of the group; not looked at for total and currency
  Currency currency = Currency::XXX;
  std::string column;
};

/// The cell's row in a report of the group.
RowKey row_key(const Report& report, const ReceivablesCell& cell);

/// Counts the invoices whose attribute has the value.
struct CountColumn {
  std::string name, attribute, value;
};
std::vector<CountColumn> default_count_columns();

/// What is open of a group, and how much of it is overdue.
struct OpenFigures {
  std::string group;
  Currency currency = Currency::XXX;
  std::int64_t current = 0, overdue = 0, unapplied = 0;  // minor units; unapplied <= 0
  std::int64_t open_invoices = 0, overdue_invoices = 0;
};

/// A stretch of time of a group, in whole numbers that may be added up before anything is divided:
/// DSO = closing / invoiced · days, CEI = (opening + invoiced − closing) / (opening + invoiced − closing_current),
/// average collection days = collected_days / collected.
struct PeriodFigures {
  std::string group;
  Currency currency = Currency::XXX;
  Int128 opening = 0, invoiced = 0, collected = 0, closing = 0, closing_current = 0, collected_days = 0;
};

/// A customer's record at a view.
struct CustomerRecord {
  std::string name, country;
  friend bool operator==(const CustomerRecord&, const CustomerRecord&) = default;
};

/// Who owes what since when, of one company: open items, aging, statements, monthly receivables, payment behaviour.
///
/// Rows     one item for each invoice and receipt, one movement for each fact on each of its instalments. Nothing is
///          overwritten, so every question is answered as of any date with the knowledge of any position, and what is folded
///          later never changes an answer for the same view.
/// Figures  minor units of the document's currency, one row per currency. Invoices count positive, receipts negative:
///          Σ buckets + unapplied = balance. A reversal closes its invoice, so no credit note is ever unmatched. Ratios are
///          rounded once, half up.
/// Days     by the view's basis: what counts and when it was settled. Due dates, issue dates and days to pay are business dates.
/// Cost     aging, open items, explain: the items open at the view (settled history is skipped in blocks, alive_index.hpp);
///          collections, period: dimensions × log of the history (flow_index.hpp); statement: the customer's facts;
///          by month, behaviour, peak: all facts, since every one of them counts.
/// Threads  fold by one; queries by any number while nobody folds.
class Receivables {
 public:
  /// Facts in the journal's order; those of other questions are passed over. Bug, ends the process: cash on an invoice or
  /// receipt that the history does not have.
  void fold(const Fact& fact);

  /// Group, currency, current, d1_30, …, unapplied, total_open, total_overdue, balance, open_invoices, overdue_invoices.
  /// Each open instalment falls into one bucket by the days after its due date; groups with nothing open are left out.
  Report aging(const View& view, const Group& group, const Buckets& buckets = default_buckets(),
               const Filter& filter = {}) const;
  /// The facts whose amounts sum to the cell (an invoice counts 1 where the cell counts), in journal order.
  /// errors  not_found: no such row; invalid_input: no such column, or one of ratios and means, which are no sums.
  Result<std::vector<Contribution>> explain_aging(const View& view, const ReceivablesCell& cell,
                                                  const Buckets& buckets = default_buckets(),
                                                  const Filter& filter = {}) const;
  /// The same for a cell of receivables_by_month. from: first day of its month; the view's date: its last. Columns: opening_ar, invoiced,
  /// invoices_issued, collected, invoices_settled (each by its last fact), closing_ar, open_invoices, closing_current, closing_overdue,
  /// late_settled_count. A row that is not there has no facts.
  Result<std::vector<Contribution>> explain_month(const View& view, Date from, const ReceivablesCell& cell,
                                                  const Filter& filter = {}) const;
  /// The same for a cell of payment_behaviour: each invoice by its issue. Columns: invoices, invoiced, late_invoices, late_amount,
  /// disputed, electronic.
  Result<std::vector<Contribution>> explain_behaviour(const View& view, const Period& period,
                                                      const ReceivablesCell& cell, const Filter& filter = {}) const;
  /// The same for peak_open_balance of exposure_peak.
  Result<std::vector<Contribution>> explain_peak(const View& view, const ReceivablesCell& cell,
                                                 const Filter& filter = {}) const;
  /// One row for each open instalment and each receipt with unapplied cash; Σ open = balance.
  Report open_items(const View& view, const Filter& filter = {}) const;
  /// The rows of open_items of one invoice or receipt; none: nothing is open, or the view does not know it. cost: its own facts.
  Report open_item(const View& view, ItemKind kind, std::string_view id) const;
  /// Some document bears an attribute of this name, or has the value in a dimension.
  bool knows_attribute(std::string_view name) const { return store_.knows_attribute(name); }
  bool knows(Dimension dimension, std::string_view value) const { return store_.knows(dimension, value); }
  /// opening + invoices − credit notes − receipts + returns and refunds = closing, with the balance after each line. Cash that a
  /// customer pays for another one moves the balance from one to the other when it is applied.
  Report statement(const View& view, const Period& period, std::string_view customer) const;
  /// Month by month: what was invoiced (less reversals), collected (cash applied), open and overdue at its end, DSO three ways, CEI,
  /// how long the invoices settled in it took. The last month counts its days up to the view's date.
  Report receivables_by_month(const View& view, const Period& period = {}, const Group& group = {},
                              const Filter& filter = {}) const;
  /// How invoices issued in the period and not reversed are paid. Days to settle: issue to the last application that left nothing
  /// open; by amount: Σ cash · (day received − day issued) / Σ cash, part payments included. Late: an instalment settled after its due
  /// date, or still open after it.
  Report payment_behaviour(const View& view, const Group& group, const Period& period = {},
                           const std::vector<CountColumn>& counts = default_count_columns(),
                           const Filter& filter = {}) const;
  /// The highest balance of open invoices a group ever had, and the first day it did. On one day settlements come first.
  Report exposure_peak(const View& view, const Group& group, const Filter& filter = {}) const;

  std::vector<OpenFigures> open_by(const View& view, const Group& group, const Filter& filter = {}) const;
  /// By dimension, currency or total; from: first day, the view's date is the last.
  /// filter  values of dimensions.
  std::vector<PeriodFigures> period(const View& view, Date from, const Group& group, const Filter& filter = {}) const;
  /// The customer's last receipts, at most `count`, by day: receipt, customer, received_on, currency, amount, unapplied, refunded,
  /// returned, bank_reference. cost: the customer's facts.
  Report latest_receipts(const View& view, std::string_view customer, std::size_t count) const;
  /// Latest record of a customer at the view.
  std::optional<CustomerRecord> customer(const View& view, std::string_view id) const;

  /// SHA-256 over everything folded, in an order of its own: equal for the live one and one rebuilt up to the same position.
  Hash32 content_hash() const;

 private:
  struct CustomerVersion {
    std::uint64_t seq;
    std::array<std::int32_t, 2> days;
    CustomerRecord record;
  };
  void keep(const Fact& fact, const fb::CustomerData& data);

  ItemStore store_;
  std::map<std::string, std::vector<CustomerVersion>, std::less<>> customers_;
};

}  // namespace o2c
