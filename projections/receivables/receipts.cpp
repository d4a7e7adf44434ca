#include "projections/receivables/columns.hpp"
#include "projections/receivables/receivables.hpp"

namespace o2c {
namespace {

struct ReceiptAt {
  const Item* item = nullptr;
  Date received_on;
  std::int64_t received = 0, open = 0, refunded = 0, returned = 0;  // minor units, as the customer's balance sees them
};

ReceiptAt receipt_at(const ItemStore& store, const Item& item, const View& view) {
  ReceiptAt at{&item, store.move(item.first_move).occurred_on()};
  store.visit_moves(item, view, [&](const Movement& move) {
    add_to(at.open, move.amount);
    if (move.kind == MoveKind::received) add_to(at.received, move.amount);
    if (move.kind == MoveKind::refunded) add_to(at.refunded, move.amount);
    if (move.kind == MoveKind::returned) add_to(at.returned, move.amount);
  });
  return at;
}

}  // namespace

Report Receivables::latest_receipts(const View& view, std::string_view customer, std::size_t count) const {
  std::vector<ReceiptAt> receipts;
  store_.visit(view, ever, store_.resolve(Filter::customer(std::string(customer))),
               [&](std::uint32_t, const Item& item) {
                 if (item.is_receipt) receipts.push_back(receipt_at(store_, item, view));
               });
  std::erase_if(receipts,
                [](const ReceiptAt& receipt) { return receipt.received == 0; });  // not yet received on the view's day
  std::ranges::stable_sort(receipts, {}, &ReceiptAt::received_on);
  if (receipts.size() > count) receipts.erase(receipts.begin(), receipts.end() - static_cast<std::ptrdiff_t>(count));

  Report report{"latest_payments", {}, {}};
  for (const auto* name : {"receipt", "customer", "received_on", "currency", "amount", "unapplied", "refunded",
                           "returned", "bank_reference"})
    report.columns.push_back(column(name));
  for (const ReceiptAt& receipt : receipts) {
    const Currency unit = receipt.item->currency;
    report.rows.push_back({text_cell(store_.text(receipt.item->id)), text_cell(customer), receipt.received_on,
                           text_cell(currency_code(unit)), amount_cell(-receipt.received, unit),
                           amount_cell(-receipt.open, unit), amount_cell(receipt.refunded, unit),
                           amount_cell(receipt.returned, unit), text_cell(store_.text(receipt.item->number))});
  }
  return report;
}

}  // namespace o2c
