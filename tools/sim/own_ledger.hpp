#pragma once
#include <map>
#include <set>
#include <string>

#include "engine/domain/company/company.hpp"
#include "engine/domain/ledger/ledger.hpp"

namespace o2c::sim {

/// Invoices, receipts and the ledger, kept from the events alone. A rule that does not hold ends the run.
///
/// rules  I11 every entry balances, so the trial balance is zero; I12 the two control accounts equal open items and unapplied cash of each
///        customer; I13, I15 nothing is applied twice or beyond what is open; I19, I24 sums of a document; I37 numbers 1..n, drawn only by what
///        bears them; I38 nothing is posted into a closed period; no fact is dated before its cause.
class OwnLedger {
 public:
  void fold(const fb::Event& event);
  /// The control accounts of the customers that the entry touched, against the engine's exposure.
  void end_entry(const CompanyState& state);
  void compare(const CompanyState& state) const;

 private:
  struct Invoice {
    std::string customer;
    Currency currency = Currency::XXX;
    std::int64_t total = 0, open = 0;
    bool reversed = false;
    Date issued_on, latest;
  };
  struct Receipt {
    std::string customer;
    std::int64_t unapplied = 0;
    Date received_on, latest;
    std::map<std::string, std::int64_t> applied;  // by invoice
  };
  struct Control {
    std::int64_t receivables = 0, advances = 0;
  };

  void post(const fb::Event& event);
  void check_dates(const fb::Event& event);
  void draw(std::string_view series, const std::string& number, std::uint64_t& last);
  void issue(const fb::Event& event, const fb::InvoiceIssued& issued);
  void reverse(const fb::Event& event, const fb::InvoiceReversed& reversed);
  template <class Body> void move_cash(const fb::Event& event, const Body& cash, int sign);
  template <class Body> void pay_out(const fb::Event& event, const Body& paid);
  Receipt& receipt(const flatbuffers::String* id);
  Invoice& invoice(const flatbuffers::String* id);
  void check_control(const CompanyState& state, const std::string& customer) const;

  std::map<std::string, Invoice, std::less<>> invoices_;
  std::map<std::string, Receipt, std::less<>> receipts_;
  std::map<std::string, Control, std::less<>> controls_;  // by customer
  std::map<std::pair<Currency, Account>, std::int64_t> balances_;
  std::set<std::string> numbers_, touched_;
  std::uint64_t last_invoice_ = 0, last_credit_note_ = 0;
  std::optional<Date> opened_on_, closed_until_;
};

}  // namespace o2c::sim
