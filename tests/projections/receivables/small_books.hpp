#pragma once
#include <map>
#include <optional>

#include "tests/projections/receivables/report_table.hpp"
#include "tests/support/facts.hpp"

namespace o2c::test {

/// A handful of invoices and receipts, each fact an entry of its own, folded at once.
class SmallBooks {
 public:
  Receivables receivables;
  Currency currency = Currency::USD;
  std::optional<Date> posted_on;  // first open day; absent: posted when it happened
  std::vector<AttributeSpec> attributes;

  void invoice(const std::string& id, const std::string& customer, const std::vector<PartSpec>& parts, const char* on) {
    InvoiceSpec& spec = invoices_[id];
    const At at = next(on);
    spec = {id, {customer, "CN", "North", "S1", "T1", "G1"}, currency, parts, attributes, at.occurred_on, at.posted_on};
    facts_.issued(at, spec);
    fold();
  }
  void invoice(const std::string& id, const std::string& customer, const char* amount, const char* on,
               const char* due) {
    invoice(id, customer, {{day(due), parse_decimal(amount, 2).value()}}, on);
  }
  void reverse(const std::string& id, const char* on) { facts_.reversed(next(on), invoices_.at(id)), fold(); }
  void receipt(const std::string& id, const std::string& customer, const char* amount, const char* on) {
    ReceiptSpec& spec = receipts_[id];
    const At at = next(on);
    spec = {id,       {customer, "CN", "North", "S1", "T1", "G1"},
            currency, parse_decimal(amount, 2).value(),
            {},       at.occurred_on};
    facts_.received(at, spec);
    fold();
  }
  void apply(const std::string& receipt, const std::string& invoice, const std::vector<std::int64_t>& shares,
             const char* on) {
    facts_.applied(next(on), receipts_.at(receipt), invoices_.at(invoice), shares), fold();
  }
  void unapply(const std::string& receipt, const std::string& invoice, const std::vector<std::int64_t>& shares,
               const char* on) {
    facts_.unapplied(next(on), receipts_.at(receipt), invoices_.at(invoice), shares), fold();
  }
  void bounce(const std::string& receipt, std::int64_t amount, const char* on) {
    facts_.returned(next(on), receipts_.at(receipt), amount), fold();
  }
  void refund(const std::string& receipt, std::int64_t amount, const char* on) {
    facts_.refunded(next(on), receipts_.at(receipt), amount), fold();
  }
  void customer(const char* id, const char* name, const char* country, const char* on, bool changed = false) {
    facts_.customer(next(on), id, name, country, changed), fold();
  }

  std::uint64_t head() const { return seq_; }
  Report aging(const char* as_of, std::uint64_t known = ~std::uint64_t{0}, Basis basis = Basis::posting) const {
    return receivables.aging(View{day(as_of), known, basis}, Group::by(Dimension::customer));
  }

 private:
  At next(const char* on) { return {++seq_, day(on), std::max(day(on), posted_on.value_or(day(on)))}; }
  void fold() { receivables.fold(facts_.back()); }

  Facts facts_;
  std::uint64_t seq_ = 0;
  std::map<std::string, InvoiceSpec> invoices_;
  std::map<std::string, ReceiptSpec> receipts_;
};

}  // namespace o2c::test
