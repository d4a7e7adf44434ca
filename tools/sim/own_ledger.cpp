#include "tools/sim/own_ledger.hpp"

#include "engine/domain/decide.hpp"
#include "tools/sim/trace.hpp"

namespace o2c::sim {
namespace {

void not_before(const fb::Event& event, Date cause) {
  const Date on = from_fb(*event.occurred_on());
  require(on >= cause, "{} {}: of {}, before its cause of {}", fb::EnumNameEventBody(event.body_type()),
          view(event.stream_id()), format_date(on), format_date(cause));
}

}  // namespace

OwnLedger::Receipt& OwnLedger::receipt(const flatbuffers::String* id) {
  const auto at = receipts_.find(view(id));
  require(at != receipts_.end(), "I15 receipt {} never began", view(id));
  return at->second;
}
OwnLedger::Invoice& OwnLedger::invoice(const flatbuffers::String* id) {
  const auto at = invoices_.find(view(id));
  require(at != invoices_.end(), "I13 invoice {} never began", view(id));
  return at->second;
}

void OwnLedger::check_dates(const fb::Event& event) {
  const Date posted = from_fb(*event.posted_on()), occurred = from_fb(*event.occurred_on());
  require(posted >= occurred, "I38 {} {}: posted {}, occurred {}", fb::EnumNameEventBody(event.body_type()),
          view(event.stream_id()), format_date(posted), format_date(occurred));
  require(!opened_on_ || posted >= *opened_on_, "I38 {}: posted {}, the books opened {}", view(event.stream_id()),
          format_date(posted), format_date(*opened_on_));
  const bool open = !closed_until_ || posted > *closed_until_;
  require(open, "I38 {} {}: posted {} into a period closed until {}", fb::EnumNameEventBody(event.body_type()),
          view(event.stream_id()), format_date(posted), closed_until_ ? format_date(*closed_until_) : "");
}

void OwnLedger::post(const fb::Event& event) {
  const std::optional<JournalEntry> entry = postings_of(event);
  if (!entry) return;
  std::int64_t sum = 0;
  for (const Posting& posting : entry->postings) {
    sum += posting.balance_minor();
    balances_[{entry->currency, posting.account}] += posting.balance_minor();
    if (entry->customer.empty()) continue;  // goods between companies move no control account
    Control& control = controls_[std::string(entry->customer)];
    if (posting.account == o2c::Account::receivables) control.receivables += posting.balance_minor();
    if (posting.account == o2c::Account::customer_advances) control.advances -= posting.balance_minor();
  }
  require(sum == 0, "I11 {} {}: debits and credits differ by {}", fb::EnumNameEventBody(event.body_type()),
          entry->document, sum);
  if (!entry->customer.empty()) touched_.emplace(entry->customer);
}

/// A number of the series is the next one; every other is new.
void OwnLedger::draw(std::string_view series, const std::string& number, std::uint64_t& last) {
  require(numbers_.insert(number).second, "I37 number {} is used twice", number);
  const std::string prefix = std::string(series) + "-";
  if (!number.starts_with(prefix) || number.find_first_not_of("0123456789", prefix.size()) != std::string::npos) return;
  ++last;
  require(number == prefix + std::to_string(last), "I37 {} is drawn, the next of the series is {}{}", number, prefix,
          last);
}

void OwnLedger::issue(const fb::Event& event, const fb::InvoiceIssued& issued) {
  draw("INV", text(issued.number()), last_invoice_);
  const std::string id = text(issued.invoice());
  std::int64_t net = issued.freight_minor(), tax = issued.freight_tax_minor(), instalments = 0, taxable = 0,
               by_category = 0;
  for (const fb::InvoiceLine* line : *issued.lines()) net += line->net_minor(), tax += line->tax_minor();
  for (const fb::Instalment* i : *issued.instalments()) instalments += i->amount_minor();
  for (const fb::TaxBreakdown* b : *issued.breakdown()) taxable += b->taxable_minor(), by_category += b->tax_minor();
  require(net == issued.total_without_tax_minor() && taxable == net,
          "I22 invoice {}: lines and freight {}, by category {}, stated {}", id, net, taxable,
          issued.total_without_tax_minor());
  require(tax == issued.tax_minor() && by_category == tax, "I23 invoice {}: tax of lines {}, by category {}, stated {}",
          id, tax, by_category, issued.tax_minor());
  require(net + tax == issued.total_with_tax_minor(), "I24 invoice {}: {} + {} is not {}", id, net, tax,
          issued.total_with_tax_minor());
  require(instalments == issued.total_with_tax_minor(), "I19 invoice {}: instalments {}, total {}", id, instalments,
          issued.total_with_tax_minor());
  const Date on = from_fb(*event.occurred_on());
  const auto [at, fresh] =
      invoices_.emplace(id, Invoice{text(issued.dimensions()->customer()), issued.currency(),
                                    issued.total_with_tax_minor(), issued.total_with_tax_minor(), false, on, on});
  require(fresh, "invoice {} begins twice", id);
}

void OwnLedger::reverse(const fb::Event& event, const fb::InvoiceReversed& reversed) {
  draw("CN", text(reversed.credit_note()), last_credit_note_);
  Invoice& i = invoice(reversed.invoice());
  not_before(event, i.latest);
  require(!i.reversed && i.open == i.total && reversed.total_with_tax_minor() == i.total,
          "I13 invoice {}: reversed by {}, open {} of {}", view(reversed.invoice()), reversed.total_with_tax_minor(),
          i.open, i.total);
  i.reversed = true;
  i.open = 0;
}

template <class Body> void OwnLedger::move_cash(const fb::Event& event, const Body& cash, int sign) {
  Invoice& i = invoice(cash.invoice());
  Receipt& r = receipt(cash.receipt());
  const std::int64_t amount = cash.amount()->amount_minor();
  std::int64_t shares = 0;
  for (const fb::InstalmentShare* share : *cash.shares()) shares += share->amount_minor();
  require(amount > 0 && shares == amount, "I19 cash of {} on {}: {}, by instalments {}", view(cash.receipt()),
          view(cash.invoice()), amount, shares);
  require(i.customer == r.customer && i.currency == cash.amount()->currency(),
          "I16 cash of {} on {} crosses customers or currencies", view(cash.receipt()), view(cash.invoice()));
  not_before(event, std::max(i.issued_on, r.received_on));
  require(from_fb(*cash.issued_on()) == i.issued_on && from_fb(*cash.received_on()) == r.received_on,
          "I16 cash of {} on {}: other days of its documents", view(cash.receipt()), view(cash.invoice()));
  std::int64_t& applied = r.applied[text(cash.invoice())];
  applied += sign * amount;
  r.unapplied -= sign * amount;
  i.open -= sign * amount;
  require(applied >= 0 && r.unapplied >= 0 && i.open >= 0 && i.open <= i.total && !i.reversed,
          "I13 I15 cash of {} on {}: {} moved, then applied {}, unapplied {}, open {} of {}", view(cash.receipt()),
          view(cash.invoice()), sign * amount, applied, r.unapplied, i.open, i.total);
  const Date on = from_fb(*event.occurred_on());
  i.latest = std::max(i.latest, on), r.latest = std::max(r.latest, on);
}

template <class Body> void OwnLedger::pay_out(const fb::Event& event, const Body& paid) {
  Receipt& r = receipt(paid.receipt());
  not_before(event, r.received_on);
  r.unapplied -= paid.amount()->amount_minor();
  require(paid.amount()->amount_minor() > 0 && r.unapplied >= 0, "I15 receipt {}: {} paid out, then unapplied {}",
          view(paid.receipt()), paid.amount()->amount_minor(), r.unapplied);
}

void OwnLedger::fold(const fb::Event& event) {
  const Date on = from_fb(*event.occurred_on());
  check_dates(event);
  switch (event.body_type()) {
    case fb::EventBody::CompanyOpened: opened_on_ = on; break;
    case fb::EventBody::PeriodClosed: closed_until_ = from_fb(*event.body_as_PeriodClosed()->until()); break;
    case fb::EventBody::InvoiceIssued: issue(event, *event.body_as_InvoiceIssued()); break;
    case fb::EventBody::InvoiceReversed: reverse(event, *event.body_as_InvoiceReversed()); break;
    case fb::EventBody::ReceiptRecorded: {
      const auto& recorded = *event.body_as_ReceiptRecorded();
      const bool fresh = receipts_
                             .emplace(text(recorded.receipt()),
                                      Receipt{text(recorded.customer()), recorded.amount()->amount_minor(), on, on, {}})
                             .second;
      require(fresh && recorded.amount()->amount_minor() > 0, "I15 receipt {} of {} begins {}",
              view(recorded.receipt()), recorded.amount()->amount_minor(), fresh ? "" : "twice");
      break;
    }
    case fb::EventBody::CashApplied: move_cash(event, *event.body_as_CashApplied(), 1); break;
    case fb::EventBody::CashUnapplied: move_cash(event, *event.body_as_CashUnapplied(), -1); break;
    case fb::EventBody::ReceiptReturned: pay_out(event, *event.body_as_ReceiptReturned()); break;
    case fb::EventBody::ReceiptRefunded: pay_out(event, *event.body_as_ReceiptRefunded()); break;
    default: break;
  }
  post(event);
}

void OwnLedger::check_control(const CompanyState& state, const std::string& customer) const {
  const Customer* c = state.customers.find(customer);
  const auto control = controls_.find(customer);
  const Control sums = control == controls_.end() ? Control{} : control->second;
  require(c && c->exposure.receivables_minor == sums.receivables && c->exposure.unapplied_minor == sums.advances,
          "I12 customer {}: receivables {}, account 1122 {}; unapplied {}, account 2203 {}", customer,
          c ? c->exposure.receivables_minor : 0, sums.receivables, c ? c->exposure.unapplied_minor : 0, sums.advances);
}

void OwnLedger::end_entry(const CompanyState& state) {
  for (const std::string& customer : touched_) check_control(state, customer);
  touched_.clear();
}

void OwnLedger::compare(const CompanyState& state) const {
  std::map<Currency, std::int64_t> trial;
  for (const auto& [account, balance] : balances_) trial[account.first] += balance;
  for (const auto& [currency, balance] : trial)
    require(balance == 0, "I11 trial balance in {}: {}", currency_code(currency), balance);
  for (const Customer& customer : state.customers.rows()) check_control(state, customer.id);
  std::int64_t open = 0, stored = 0;
  for (const auto& [id, invoice] : invoices_) open += invoice.open;
  for (const auto& invoice : state.invoices.rows()) stored += invoice.open_minor;
  require(open == stored && invoices_.size() == state.invoices.size(),
          "I13 {} invoices with {} open, by events {} with {}", state.invoices.size(), stored, invoices_.size(), open);
}

}  // namespace o2c::sim
