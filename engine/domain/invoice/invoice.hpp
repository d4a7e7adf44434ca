#pragma once
#include "engine/domain/quote/document.hpp"

namespace o2c {

struct Instalment {
  Date due_date;
  std::int64_t amount_minor = 0, open_minor = 0;
  template <class A> friend void archive(A& a, Instalment& x) { a(x.due_date, x.amount_minor, x.open_minor); }
};

/// Cash of one receipt on one invoice, the sum over all events; `last_on`: the latest of them.
struct CashOnInvoice {
  std::string receipt;
  std::int64_t amount_minor = 0;
  std::vector<std::int64_t> shares_minor;  // per instalment
  Date last_on;
  template <class A> friend void archive(A& a, CashOnInvoice& x) {
    a(x.receipt, x.amount_minor, x.shares_minor, x.last_on);
  }
};

/// What a line of a manual invoice says; a line of an order says it in the order's document.
struct ManualPart {
  std::string product, description, tax_category;
  std::int32_t tax_ppm = 0;
  std::optional<std::int64_t> unit_price_micros;
  template <class A> friend void archive(A& a, ManualPart& x) {
    a(x.product, x.description, x.tax_category, x.tax_ppm, x.unit_price_micros);
  }
};

/// A line as billed, so that a reversal can repeat it and give its quantity back to the order.
struct BilledLine {
  std::uint16_t order_line = 0;  // 0: manual
  std::int64_t quantity = 0;     // base units, millionths
  std::int64_t net_minor = 0, tax_minor = 0;
  std::optional<std::int64_t> cost_minor;
  std::shared_ptr<const ManualPart> manual;
  template <class A> friend void archive(A& a, BilledLine& x) {
    a(x.order_line, x.quantity, x.net_minor, x.tax_minor, x.cost_minor, x.manual);
  }
};

/// I13: open = total − applied, 0 <= open <= total; Σ instalments = total, Σ instalment open = open.
struct Invoice {
  std::string id;
  std::uint32_t version = 0;
  std::uint32_t sequence = 0;  // 1, 2, 3… in order of issue
  std::string number, customer, order, shipment, reference;
  SharedDimensions dimensions;  // those of the order, or frozen at issue
  Currency currency = Currency::XXX;
  std::int64_t freight_minor = 0, freight_tax_minor = 0;
  std::int64_t net_minor = 0, tax_minor = 0, total_minor = 0, open_minor = 0;  // net: without tax, freight included
  std::vector<Instalment> instalments;
  std::vector<CashOnInvoice> cash;
  std::vector<BilledLine> billed;
  Date issued_on, posted_on;
  Date last_on;      // of the latest fact about it: no reversal is dated before
  Date reopened_on;  // of issue or of the latest un-allocation: no new cash is dated before, so open >= 0 on every day
  std::string credit_note;  // number of the reversal, empty: in force
  bool reversed() const { return !credit_note.empty(); }
  template <class A> friend void archive(A& a, Invoice& x) {
    a(x.id, x.version, x.sequence, x.number, x.customer, x.order, x.shipment, x.reference, x.dimensions, x.currency,
      x.freight_minor, x.freight_tax_minor, x.net_minor, x.tax_minor, x.total_minor, x.open_minor, x.instalments,
      x.cash, x.billed, x.issued_on, x.posted_on, x.last_on, x.reopened_on, x.credit_note);
  }
};

/// Cash on an invoice of one receipt; null: none yet.
const CashOnInvoice* cash_of(const Invoice& invoice, std::string_view receipt);

struct CompanyState;
/// Puts the invoice in or takes it out of the customer's open invoices, after open_minor changed. Used by evolve only.
void refresh_open_item(CompanyState& state, const Invoice& invoice);

}  // namespace o2c
