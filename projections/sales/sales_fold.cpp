// Which event adds what to the store.
#include "projections/sales/sale_store.hpp"

namespace o2c {
const SaleOrder* SaleStore::fold(const Fact& fact) {
  const fb::Event& event = *fact.event;
  touched_ = no_number;
  switch (event.body_type()) {
#define O2C_CASE(Name) \
  case fb::EventBody::Name: read(fact, *event.body_as_##Name()); break;
    O2C_SALES_EVENTS(O2C_CASE)
#undef O2C_CASE
    default: break;
  }
  return touched_ == no_number ? nullptr : &orders_[touched_];
}

// Master data and policies.
void SaleStore::read(const Fact& fact, const fb::CompanyOpened& body) {
  opened_seq_ = fact.seq, base_currency_ = body.base_currency();
}
void SaleStore::read(const Fact& fact, const fb::CustomerRegistered& body) { keep_customer(fact, *body.customer()); }
void SaleStore::read(const Fact& fact, const fb::CustomerChanged& body) { keep_customer(fact, *body.customer()); }
void SaleStore::read(const Fact& fact, const fb::ProductRegistered& body) { keep_product(fact, *body.product()); }
void SaleStore::read(const Fact& fact, const fb::ProductChanged& body) { keep_product(fact, *body.product()); }
void SaleStore::read(const Fact& fact, const fb::PolicyPublished& body) {
  if (const auto* rules = body.policy_as_RatingRules())
    ratings_.push_back({fact.seq, from_fb(*body.effective_from()), content_from(*rules)});
}

// Quotes.
void SaleStore::quote_document(std::string_view id, const fb::DocumentData& data) {
  const auto [at, fresh] = quote_numbers_.try_emplace(names_.intern(id), static_cast<std::uint32_t>(quotes_.size()));
  if (fresh) quotes_.emplace_back();
  SaleQuote& quote = quotes_[at->second];
  if (!quote.sent) quote.document = keep_document(data);
}
void SaleStore::send_quote(const Fact& fact, std::string_view id) {
  SaleQuote& quote = quote_of(id);
  if (!quote.sent) quote.sent = true, quote.sent_at = When::of(fact);
}
void SaleStore::read(const Fact& fact, const fb::QuoteCreated& body) {
  quote_document(view(body.quote()), *body.document());
  if (body.sent()) send_quote(fact, view(body.quote()));
}
void SaleStore::read(const Fact&, const fb::QuoteRevised& body) {
  quote_document(view(body.quote()), *body.document());
}
void SaleStore::read(const Fact& fact, const fb::QuoteSent& body) { send_quote(fact, view(body.quote())); }
void SaleStore::read(const Fact& fact, const fb::QuoteAccepted& body) {
  SaleQuote& quote = quote_of(view(body.quote()));
  quote.accepted = true, quote.accepted_at = When::of(fact);
}

// Orders.
void SaleStore::order_document(const Fact& fact, std::string_view id, const fb::DocumentData& data) {
  const std::uint32_t document = keep_document(data);
  add(fact, id, OrderStep::document).first = document;
  order_of(id).document = document;
}
void SaleStore::read(const Fact& fact, const fb::OrderCreated& body) {
  SaleOrder order;
  order.id = names_.intern(view(body.order()));
  order.ordered_on = days_of(fact.occurred_on());
  order_numbers_.emplace(order.id, static_cast<std::uint32_t>(orders_.size()));
  orders_.push_back(order);
  order_document(fact, view(body.order()), *body.document());
}
void SaleStore::read(const Fact& fact, const fb::OrderRevised& body) {
  order_document(fact, view(body.order()), *body.document());
}
void SaleStore::read(const Fact& fact, const fb::OrderSubmitted& body) {
  OrderFact& step = add(fact, view(body.order()), OrderStep::submitted);
  for (const fb::ApprovalReason reason : *body.reasons()) {
    if (reason == fb::ApprovalReason::credit) step.detail = 1;
  }
}
void SaleStore::read(const Fact& fact, const fb::OrderRejected& body) {
  add(fact, view(body.order()), OrderStep::rejected);
}
void SaleStore::read(const Fact& fact, const fb::OrderWithdrawn& body) {
  add(fact, view(body.order()), OrderStep::withdrawn);
}
void SaleStore::read(const Fact& fact, const fb::OrderConfirmed& body) {
  add(fact, view(body.order()), OrderStep::confirmed);
}
void SaleStore::read(const Fact& fact, const fb::OrderHeld& body) {
  add(fact, view(body.order()), OrderStep::held).detail = static_cast<std::uint8_t>(body.hold());
}
void SaleStore::read(const Fact& fact, const fb::OrderReleased& body) {
  add(fact, view(body.order()), OrderStep::released).detail = static_cast<std::uint8_t>(body.hold());
}
void SaleStore::read(const Fact& fact, const fb::OrderCancelled& body) {
  add(fact, view(body.order()), OrderStep::cancelled);
}
void SaleStore::read(const Fact& fact, const fb::OrderShortClosed& body) {
  OrderFact& step = add(fact, view(body.order()), OrderStep::closed);
  for (const fb::ClosedLine* line : *body.lines()) count_line(step, line->line(), line->quantity()->millionths());
}
void SaleStore::read(const Fact& fact, const fb::StockReserved& body) {
  OrderFact& step = add(fact, view(body.order()), OrderStep::reserved);
  for (const fb::ReservationLine* line : *body.lines()) count_line(step, line->line(), line->quantity()->millionths());
}
void SaleStore::read(const Fact& fact, const fb::ReservationReleased& body) {
  OrderFact& step = add(fact, view(body.order()), OrderStep::freed);
  for (const fb::ReservationLine* line : *body.lines()) count_line(step, line->line(), line->quantity()->millionths());
}
void SaleStore::read(const Fact& fact, const fb::ShipmentPosted& body) {
  OrderFact& step = add(fact, view(body.order()), OrderStep::shipped);
  for (const fb::ShipmentLine* line : *body.lines())
    count_line(step, line->line(), line->quantity()->millionths(), line->reserved()->millionths());
}

// Invoices.
template <class Body> void SaleStore::bill(const Fact& fact, const Body& body, OrderStep kind, std::uint32_t invoice) {
  if (!body.order()) return;
  OrderFact& step = add(fact, view(body.order()), kind);
  step.invoice = invoice;
  step.detail = body.freight_minor() != 0;
  for (const fb::InvoiceLine* line : *body.lines()) {
    if (line->order_line() > 0) count_line(step, line->order_line(), line->quantity()->millionths());
  }
}
std::uint32_t SaleStore::keep_billed(const Fact& fact, const fb::InvoiceIssued& body) {
  SoldDocument billed;
  billed.invoice = names_.intern(view(body.invoice()));
  billed.total_minor = body.total_with_tax_minor();
  billed.when = When::of(fact);
  billed.dimensions = intern(*body.dimensions());
  billed.currency = body.currency();
  billed.first_line = static_cast<std::uint32_t>(billed_lines_.size());
  billed.lines = static_cast<std::uint16_t>(body.lines()->size());
  const SaleOrder* order = body.order() ? &order_of(view(body.order())) : nullptr;
  if (order) billed.order = order->id;
  const std::uint32_t home = dimensions_[billed.dimensions][static_cast<std::size_t>(Dimension::country)];
  for (const fb::InvoiceLine* from : *body.lines()) {
    SoldLine& line = billed_lines_.emplace_back();
    if (order && from->order_line() > 0) {  // as the order has it
      const SaleLine& ordered = lines(documents_[order->document])[from->order_line() - 1u];
      line.product = ordered.product, line.category = ordered.category, line.ship_country = ordered.ship_country;
    } else {
      line.product = names_.intern(view(from->product()));
      line.category = category_of(line.product), line.ship_country = home;
    }
    line.quantity = from->quantity()->millionths();
    line.net_minor = from->net_minor();
    if (const auto cost = from->cost_minor()) line.cost_known = true, line.cost_minor = *cost;
  }
  const auto number = static_cast<std::uint32_t>(billed_.size());
  billed_numbers_.emplace(billed.invoice, number);
  billed_.push_back(billed);
  return number;
}
void SaleStore::read(const Fact& fact, const fb::InvoiceIssued& body) {
  bill(fact, body, OrderStep::billed, keep_billed(fact, body));
  add_cash(fact, CashKind::invoiced, *body.dimensions(), body.currency(), body.total_with_tax_minor(), fact.posted_on(),
           fact.occurred_on());
}
// The mirror takes back what the invoice counted, whatever has become of the master data since.
void SaleStore::read(const Fact& fact, const fb::InvoiceReversed& body) {
  const auto original = billed_numbers_.find(names_.find(view(body.invoice())));
  O2C_ASSERT(original != billed_numbers_.end());  // no history reverses an invoice that was never issued
  SoldDocument mirror = billed_[original->second];
  mirror.when = When::of(fact);
  mirror.sign = -1;
  billed_.push_back(mirror);
  bill(fact, body, OrderStep::credited, original->second);
  add_cash(fact, CashKind::invoiced, *body.dimensions(), body.currency(), -body.total_with_tax_minor(),
           from_fb(*body.invoice_posted_on()), from_fb(*body.issued_on()));
}

// Cash.
void SaleStore::add_cash(const Fact& fact, CashKind kind, const fb::Dimensions& dimensions, Currency currency,
                         std::int64_t amount, Date invoice_posted_on, Date issued_on) {
  cash_.push_back(
      {When::of(fact), {days_of(invoice_posted_on), days_of(issued_on)}, intern(dimensions), currency, kind, amount});
}
template <class Body> void SaleStore::allocate(const Fact& fact, const Body& body, std::int64_t sign) {
  add_cash(fact, CashKind::allocated, *body.dimensions(), body.amount()->currency(),
           sign * body.amount()->amount_minor(), from_fb(*body.invoice_posted_on()), from_fb(*body.issued_on()));
}
template <class Body> void SaleStore::receive(const Fact& fact, const Body& body, std::int64_t sign) {
  add_cash(fact, CashKind::received, *body.dimensions(), body.amount()->currency(),
           sign * body.amount()->amount_minor(), fact.posted_on(), fact.occurred_on());
}
void SaleStore::read(const Fact& fact, const fb::ReceiptRecorded& body) { receive(fact, body, 1); }
void SaleStore::read(const Fact& fact, const fb::ReceiptReturned& body) { receive(fact, body, -1); }
void SaleStore::read(const Fact& fact, const fb::ReceiptRefunded& body) { receive(fact, body, -1); }
void SaleStore::read(const Fact& fact, const fb::CashApplied& body) { allocate(fact, body, 1); }
void SaleStore::read(const Fact& fact, const fb::CashUnapplied& body) { allocate(fact, body, -1); }

}  // namespace o2c
