#pragma once
#include "engine/domain/quote/document.hpp"

namespace o2c {

struct Instalment {
  Date due_date;
  std::int64_t amount_minor = 0, open_minor = 0;
  template <class A>
  friend void archive(A& a, Instalment& x) { a(x.due_date, x.amount_minor, x.open_minor); }
};

/// Cash of one receipt on one invoice, the sum over all events; `last_on`: the latest of them.
struct CashOnInvoice {
  std::string receipt;
  std::int64_t amount_minor = 0;
  std::vector<std::int64_t> shares_minor;   // per instalment
  Date last_on;
  template <class A>
  friend void archive(A& a, CashOnInvoice& x) { a(x.receipt, x.amount_minor, x.shares_minor, x.last_on); }
};

/// Which quantity of which order line an invoice line billed, so that a reversal can give it back.
struct BilledLine {
  std::uint16_t order_line = 0;
  std::int64_t quantity = 0;
  template <class A>
  friend void archive(A& a, BilledLine& x) { a(x.order_line, x.quantity); }
};

/// I13: open = total − applied, 0 <= open <= total; Σ instalments = total, Σ instalment open = open.
struct Invoice {
  std::string id;
  std::uint32_t version = 0;
  std::string number, customer, order, shipment, reference;
  Currency currency = Currency::XXX;
  std::int64_t net_minor = 0, tax_minor = 0, total_minor = 0, open_minor = 0;
  std::vector<Instalment> instalments;
  std::vector<CashOnInvoice> cash;
  std::vector<BilledLine> billed;
  bool billed_freight = false;
  Date issued_on, last_on;
  std::string credit_note;          // number of the reversal, empty: in force
  bool reversed() const { return !credit_note.empty(); }
  template <class A>
  friend void archive(A& a, Invoice& x) {
    a(x.id, x.version, x.number, x.customer, x.order, x.shipment, x.reference, x.currency, x.net_minor, x.tax_minor, x.total_minor, x.open_minor,
      x.instalments, x.cash, x.billed, x.billed_freight, x.issued_on, x.last_on, x.credit_note);
  }
};

}  // namespace o2c
