#pragma once
#include "engine/domain/invoice/invoice.hpp"

namespace o2c {

/// Cash of this receipt on one invoice.
struct CashFromReceipt {
  std::string invoice;
  std::int64_t amount_minor = 0;
  Date last_on;
  template <class A> friend void archive(A& a, CashFromReceipt& x) { a(x.invoice, x.amount_minor, x.last_on); }
};

/// I15: amount = Σ applied + unapplied + refunded + returned, all >= 0.
struct Receipt {
  std::string id;
  std::uint32_t version = 0;
  std::string customer, bank_reference;
  SharedDimensions dimensions;  // frozen when recorded
  Money amount;
  std::int64_t unapplied_minor = 0, refunded_minor = 0, returned_minor = 0;
  std::vector<CashFromReceipt> applied;
  Date received_on;
  Date last_on;  // of the latest fact about it: no return is dated before
  Date
      reopened_on;  // of receipt or of the latest un-allocation: no new use is dated before, so unapplied >= 0 on every day
  bool returned() const { return returned_minor > 0; }
  template <class A> friend void archive(A& a, Receipt& x) {
    a(x.id, x.version, x.customer, x.bank_reference, x.dimensions, x.amount, x.unapplied_minor, x.refunded_minor,
      x.returned_minor, x.applied, x.received_on, x.last_on, x.reopened_on);
  }
};

}  // namespace o2c
