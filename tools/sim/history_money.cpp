// Invoices and receipts.
#include "tools/sim/history.hpp"

namespace o2c::sim {

std::optional<Body> History::invoice(Builder& b) {
  using Fits = bool (*)(const Order&);
  const Fits left = [](const Order& o) {  // goods that left and are not billed
    return std::any_of(o.lines.begin(), o.lines.end(),
                       [](const OrderLineState& line) { return line.shipped > line.invoiced; });
  };
  const Fits ordered = [](const Order& o) { return o.is_active() && !is_completed(o); };
  const Order* order = order_where(random_.chance(850'000) ? left : ordered);
  if (!order) return std::nullopt;
  const Shipment* shipment = nullptr;
  if (random_.chance(400'000)) {
    shipment = recent<Shipment>(state_->shipments, 30, [](const Shipment& s) {
      return std::any_of(s.lines.begin(), s.lines.end(),
                         [](const ShipmentLine& line) { return line.to_invoice() > 0; });
    });
  }
  const std::string number = odd() ? "INV-2" : given_id("N");
  const auto id = random_.chance(80'000) ? b.CreateString(given_id("I")) : 0;
  const auto given = random_.chance(50'000) ? b.CreateString(number) : 0;
  const auto of_order = shipment ? 0 : b.CreateString(known(order->id));
  const auto of_shipment = shipment ? b.CreateString(known(shipment->id)) : 0;
  const fb::Date due = to_fb(today_ + std::chrono::days{random_.between(odd() ? -90 : 0, 40)});
  const fb::Date* on = some_day(shipment ? shipment->shipped_on : order->last_on);
  fb::IssueInvoiceBuilder issue(b);
  issue.add_invoice(id), issue.add_number(given), issue.add_order(of_order), issue.add_shipment(of_shipment),
      issue.add_occurred_on(on);
  if (random_.chance(100'000)) issue.add_due_date(&due);
  return body(issue.Finish(), "clerk", shipment ? std::nullopt : std::optional{order->version});
}

std::optional<Body> History::manual_invoice(Builder& b) {
  const std::string customer = any_customer();
  const Customer* of = state_->customers.find(customer);
  std::vector<flatbuffers::Offset<fb::InvoiceLineRequest>> lines;
  for (std::uint64_t n = random_.between(1u, 3u); n > 0; --n) {
    const fb::Money net{money_up_to(90'000), of ? of->currency : Currency::CNY};
    const fb::UnitPrice price{random_.between<std::int64_t>(20'000, 90'000'000)};
    const fb::Quantity quantity{random_.between<std::int64_t>(1, 5) * one_quantity};
    const auto what = b.CreateString("work");
    if (random_.coin()) lines.push_back(fb::CreateInvoiceLineRequest(b, what, 0, nullptr, nullptr, &net));
    else lines.push_back(fb::CreateInvoiceLineRequest(b, what, 0, &quantity, &price));
  }
  const auto name = b.CreateString(customer);
  const auto list = b.CreateVector(lines);
  const auto terms = random_.chance(300'000) ? b.CreateString(known("NET")) : 0;
  const fb::Date* on = some_day();
  fb::IssueInvoiceBuilder issue(b);
  issue.add_customer(name), issue.add_lines(list), issue.add_payment_terms(terms), issue.add_occurred_on(on);
  return body(issue.Finish());
}

std::optional<Body> History::reversal(Builder& b) {
  const Invoice* invoice = recent<Invoice>(
      state_->invoices, 40, [](const Invoice& i) { return !i.reversed() && i.open_minor == i.total_minor; });
  if (!invoice) return std::nullopt;
  return body(fb::CreateReverseInvoice(b, b.CreateString(known(invoice->id)), b.CreateString(odd() ? "" : "wrong"),
                                       some_day(invoice->last_on)),
              "clerk", invoice->version);
}

/// One to three open invoices of a customer; total: what is open of them.
std::vector<flatbuffers::Offset<fb::Application>> History::applications(Builder& b, const std::string& customer,
                                                                        std::int64_t& total) {
  std::vector<flatbuffers::Offset<fb::Application>> list;
  const auto open = state_->open_invoices.find(customer);
  if (open == state_->open_invoices.end() || open->second.empty()) return list;
  for (std::uint64_t n = random_.between(1u, 3u); n > 0; --n) {
    const Invoice* invoice = state_->invoices.find(random_.pick(open->second));
    const fb::Money amount{money_up_to(invoice->open_minor), invoice->currency};
    const bool whole = random_.coin();
    total += whole ? invoice->open_minor : std::min(amount.amount_minor(), invoice->open_minor);
    list.push_back(fb::CreateApplication(b, b.CreateString(known(invoice->id)), whole ? nullptr : &amount));
  }
  return list;
}

std::optional<Body> History::receipt(Builder& b) {
  std::string customer = any_customer();
  for (int tries = 4; tries > 0 && !state_->open_invoices.contains(customer); --tries) customer = any_customer();
  const Customer* of = state_->customers.find(customer);
  const auto mode = random_.one_of({fb::AllocationMode::named, fb::AllocationMode::oldest_first,
                                    fb::AllocationMode::oldest_first, fb::AllocationMode::none});
  std::int64_t total = 0;
  std::vector<flatbuffers::Offset<fb::Application>> list;
  if (mode != fb::AllocationMode::none || odd()) list = applications(b, customer, total);
  if (mode == fb::AllocationMode::oldest_first && random_.coin()) list.clear();
  const std::int64_t owed = of ? of->exposure.receivables_minor : 1'000;
  const std::int64_t amount = list.empty()              ? money_up_to(std::max<std::int64_t>(owed, 500))
                              : random_.chance(700'000) ? total
                                                        : money_up_to(total * 2);
  const fb::Money received{amount, odd() ? Currency::EUR : of ? of->currency : Currency::CNY};
  const auto id = random_.chance(100'000) ? b.CreateString(given_id("R")) : 0;
  const auto name = b.CreateString(customer);
  const auto applied = list.empty() ? 0 : b.CreateVector(list);
  return body(fb::CreateRecordReceipt(b, id, name, &received, some_day(), 0, applied, mode));
}

std::optional<Body> History::apply(Builder& b) {
  const Receipt* receipt =
      recent<Receipt>(state_->receipts, 40, [](const Receipt& r) { return r.unapplied_minor > 0; });
  if (!receipt) return std::nullopt;
  std::int64_t total = 0;
  const auto list = applications(b, receipt->customer, total);
  const auto mode = random_.one_of({fb::AllocationMode::named, fb::AllocationMode::oldest_first});
  if (list.empty() && !odd() && mode == fb::AllocationMode::named) return std::nullopt;
  const auto applied = list.empty() ? 0 : b.CreateVector(list);
  return body(fb::CreateApplyCash(b, b.CreateString(known(receipt->id)), applied, mode, some_day(receipt->reopened_on)),
              "clerk", receipt->version);
}

std::optional<Body> History::unapply(Builder& b) {
  const Receipt* receipt = recent<Receipt>(state_->receipts, 40, [](const Receipt& r) {
    return std::any_of(r.applied.begin(), r.applied.end(),
                       [](const CashFromReceipt& cash) { return cash.amount_minor > 0; });
  });
  if (!receipt || receipt->applied.empty()) return std::nullopt;
  const CashFromReceipt& cash = random_.pick(receipt->applied);
  const fb::Money amount{money_up_to(std::max<std::int64_t>(cash.amount_minor, 1)), receipt->amount.currency};
  return body(fb::CreateUnapplyCash(b, b.CreateString(known(receipt->id)), b.CreateString(known(cash.invoice)),
                                    random_.coin() ? &amount : nullptr, 0, some_day(cash.last_on)),
              "clerk", receipt->version);
}

std::optional<Body> History::pay_out(Builder& b, bool bounced) {
  const Receipt* receipt = recent<Receipt>(
      state_->receipts, 40, [](const Receipt& r) { return !r.returned() && r.amount.amount_minor > r.refunded_minor; });
  if (!receipt) return std::nullopt;
  const auto id = b.CreateString(known(receipt->id));
  const auto reason = b.CreateString(odd() ? "" : "no cover");
  if (bounced)
    return body(fb::CreateReturnReceipt(b, id, reason, some_day(receipt->last_on)), "clerk", receipt->version);
  const fb::Money amount{money_up_to(std::max<std::int64_t>(receipt->unapplied_minor, 1)), receipt->amount.currency};
  return body(
      fb::CreateRefundReceipt(b, id, random_.coin() ? &amount : nullptr, reason, some_day(receipt->reopened_on)),
      "clerk", receipt->version);
}

}  // namespace o2c::sim
