#include "engine/domain/decide.hpp"
#include "events/base/seeded_bug.hpp"

namespace o2c {
namespace {

template <class Row> void reopen(Row& row, Date on) { row.reopened_on = std::max(row.reopened_on, on); }

/// The row's entry for the other side, made when it is the first cash between the two.
CashFromReceipt& cash_from(Receipt& receipt, std::string_view invoice) {
  for (auto cash = receipt.applied.rbegin(); cash != receipt.applied.rend(); ++cash)
    if (cash->invoice == invoice) return *cash;
  return receipt.applied.emplace_back(CashFromReceipt{std::string(invoice), 0, {}});
}
CashOnInvoice& cash_on(Invoice& invoice, std::string_view receipt) {
  for (auto cash = invoice.cash.rbegin(); cash != invoice.cash.rend(); ++cash)
    if (cash->receipt == receipt) return *cash;
  return invoice.cash.emplace_back(
      CashOnInvoice{std::string(receipt), 0, std::vector<std::int64_t>(invoice.instalments.size(), 0), {}});
}

/// Moves cash from the receipt onto the invoice (sign 1) or back (sign −1), on both sides and in the customer's exposure.
template <class Body> void move_cash(CompanyState& state, const fb::Event& event, const Body& body, std::int64_t sign) {
  Receipt& receipt = state.receipts.change(view(body.receipt()));
  Invoice& invoice = state.invoices.change(view(body.invoice()));
  const Date on = from_fb(*event.occurred_on());
  const std::int64_t amount = sign * body.amount()->amount_minor();
  CashFromReceipt& from = cash_from(receipt, invoice.id);
  CashOnInvoice& cash = cash_on(invoice, receipt.id);
  from.amount_minor += amount, cash.amount_minor += amount;
  from.last_on = cash.last_on = std::max(cash.last_on, on);
  for (const fb::InstalmentShare* share : *body.shares()) {
    if (share->instalment() >= invoice.instalments.size())
      throw BrokenHistory("cash on an instalment that invoice '" + invoice.id + "' has not");
    invoice.instalments[share->instalment()].open_minor -= sign * share->amount_minor();
    cash.shares_minor[share->instalment()] += sign * share->amount_minor();
  }
  receipt.version = event.stream_version();
  receipt.unapplied_minor -= amount;
  receipt.last_on = std::max(receipt.last_on, on);
  if (!O2C_BUG(unapply_keeps_closed) || sign > 0) invoice.open_minor -= amount;
  invoice.last_on = std::max(invoice.last_on, on);
  if (sign < 0) reopen(receipt, on), reopen(invoice, on);
  change_exposure(state, receipt.customer, &Exposure::unapplied_minor, -amount);
  change_exposure(state, receipt.customer, &Exposure::receivables_minor, -amount);
  refresh_open_item(state, invoice);
}

/// Unapplied cash leaves the house; `part` says as what.
template <class Body>
void pay_out(CompanyState& state, const fb::Event& event, const Body& body, std::int64_t Receipt::*part) {
  Receipt& receipt = state.receipts.change(view(body.receipt()));
  const std::int64_t amount = body.amount()->amount_minor();
  receipt.version = event.stream_version();
  receipt.unapplied_minor -= amount;
  receipt.*part += amount;
  receipt.last_on = std::max(receipt.last_on, from_fb(*event.occurred_on()));
  change_exposure(state, receipt.customer, &Exposure::unapplied_minor, -amount);
}

}  // namespace

void evolve(CompanyState& state, const fb::Event& event, const fb::ReceiptRecorded& body) {
  Receipt& receipt = state.receipts.add(view(body.receipt()));
  receipt.version = event.stream_version();
  receipt.customer = view(body.customer());
  receipt.bank_reference = view(body.bank_reference());
  receipt.dimensions = dimensions_from(state, *body.dimensions());
  receipt.amount = Money::from(*body.amount());
  receipt.unapplied_minor = receipt.amount.amount_minor;
  receipt.received_on = receipt.last_on = receipt.reopened_on = from_fb(*event.occurred_on());
  count_number(state, "RC", receipt.id);
  change_exposure(state, receipt.customer, &Exposure::unapplied_minor, receipt.unapplied_minor);
}

void evolve(CompanyState& state, const fb::Event& event, const fb::CashApplied& body) {
  move_cash(state, event, body, 1);
}
void evolve(CompanyState& state, const fb::Event& event, const fb::CashUnapplied& body) {
  move_cash(state, event, body, -1);
}
void evolve(CompanyState& state, const fb::Event& event, const fb::ReceiptReturned& body) {
  pay_out(state, event, body, &Receipt::returned_minor);
}
void evolve(CompanyState& state, const fb::Event& event, const fb::ReceiptRefunded& body) {
  pay_out(state, event, body, &Receipt::refunded_minor);
}

}  // namespace o2c
