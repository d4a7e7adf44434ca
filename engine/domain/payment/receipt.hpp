#pragma once
#include "engine/domain/archive.hpp"

namespace o2c {

/// Cash of this receipt on one invoice.
struct CashFromReceipt {
  std::string invoice;
  std::int64_t amount_minor = 0;
  Date last_on;
  template <class A>
  friend void archive(A& a, CashFromReceipt& x) { a(x.invoice, x.amount_minor, x.last_on); }
};

/// I15: amount = Σ applied + unapplied + refunded + returned, all >= 0.
struct Receipt {
  std::string id;
  std::uint32_t version = 0;
  std::string customer, bank_reference;
  Money amount;
  std::int64_t unapplied_minor = 0, refunded_minor = 0, returned_minor = 0;
  std::vector<CashFromReceipt> applied;
  Date received_on, last_on;
  template <class A>
  friend void archive(A& a, Receipt& x) {
    a(x.id, x.version, x.customer, x.bank_reference, x.amount, x.unapplied_minor, x.refunded_minor, x.returned_minor, x.applied, x.received_on, x.last_on);
  }
};

}  // namespace o2c
