#include "engine/domain/decide.hpp"
#include "engine/domain/stock/reservation.hpp"

namespace o2c {
namespace {

Order& take_version(Order& order, const fb::Event& event) {
  order.version = event.stream_version();
  order.last_on = std::max(order.last_on, from_fb(*event.occurred_on()));
  return order;
}
template <class Body> Order& change_order(CompanyState& state, const fb::Event& event, const Body& body) {
  return take_version(state.orders.change(view(body.order())), event);
}

/// An order made of a quote takes its document as quoted; the event repeats it for readers that know no quotes, memory need not.
SharedDocument document_of(const CompanyState& state, const fb::OrderCreated& body) {
  const Quote* quote = body.quote() ? state.quotes.find(view(body.quote())) : nullptr;
  if (!quote) return std::make_shared<const Document>(document_from(state, *body.document()));
  const Document& quoted = *quote->document;
  if (quoted.lines.size() != body.document()->lines()->size() || quoted.net_minor != body.document()->net_minor() ||
      quoted.tax_minor != body.document()->tax_minor()) {
    throw BrokenHistory(fmt::format("order {} has another document than its quote {}", view(body.order()), quote->id));
  }
  return quote->document;
}

/// The content of a draft; nothing has been done about it yet.
void take_document(CompanyState& state, Order& order, SharedDocument document) {
  order.document = std::move(document);
  order.lines.assign(order.document->lines.size(), {});
  order.status = OrderStatus::draft;
  refresh_exposure(state, order);
}

void change_status(CompanyState& state, Order& order, OrderStatus status) {
  order.status = status;
  refresh_exposure(state, order);
}

constexpr std::uint8_t bit_of(fb::HoldKind kind) {
  return static_cast<std::uint8_t>(1u << static_cast<unsigned>(kind));
}

}  // namespace

void evolve(CompanyState& state, const fb::Event& event, const fb::OrderCreated& body) {
  Order& order = take_version(state.orders.add(view(body.order())), event);
  count_number(state, "SO", order.id);
  order.quote = view(body.quote());
  order.created_on = from_fb(*event.occurred_on());
  take_document(state, order, document_of(state, body));
}

void evolve(CompanyState& state, const fb::Event& event, const fb::OrderRevised& body) {
  Order& order = change_order(state, event, body);
  order.revision = body.version();
  take_document(state, order, std::make_shared<const Document>(document_from(state, *body.document())));
}

void evolve(CompanyState& state, const fb::Event& event, const fb::OrderSubmitted& body) {
  Order& order = change_order(state, event, body);
  order.submitted_by = view(body.submitted_by());
  order.approval_roles.assign(1, text(body.role()));
  if (body.further_roles()) {
    for (const flatbuffers::String* role : *body.further_roles()) order.approval_roles.push_back(text(role));
  }
  order.waits_for_credit = false;
  for (const fb::ApprovalReason reason : *body.reasons())
    order.waits_for_credit |= reason == fb::ApprovalReason::credit;
  change_status(state, order, OrderStatus::pending_approval);
}

/// What the approval leads to is the next event of the same entry.
void evolve(CompanyState& state, const fb::Event& event, const fb::OrderApproved& body) {
  change_order(state, event, body);
}

void evolve(CompanyState& state, const fb::Event& event, const fb::OrderRejected& body) {
  change_status(state, change_order(state, event, body), OrderStatus::rejected);
}

void evolve(CompanyState& state, const fb::Event& event, const fb::OrderWithdrawn& body) {
  change_status(state, change_order(state, event, body), OrderStatus::draft);
}

void evolve(CompanyState& state, const fb::Event& event, const fb::OrderConfirmed& body) {
  Order& order = change_order(state, event, body);
  order.confirmed_by = view(body.confirmed_by());
  order.confirmed_on = order.shippable_from = from_fb(*event.occurred_on());
  order.granted = true;
  order.limit_overridden = body.override_limit();
  change_status(state, order, OrderStatus::confirmed);
}

void evolve(CompanyState& state, const fb::Event& event, const fb::OrderHeld& body) {
  Order& order = change_order(state, event, body);
  order.holds |= bit_of(body.hold());
  if (body.hold() != fb::HoldKind::credit) return;
  order.granted = order.limit_overridden = false;
  refresh_exposure(state, order);
}

void evolve(CompanyState& state, const fb::Event& event, const fb::OrderReleased& body) {
  Order& order = change_order(state, event, body);
  order.holds = static_cast<std::uint8_t>(order.holds & ~bit_of(body.hold()));
  order.shippable_from = std::max(order.shippable_from, from_fb(*event.occurred_on()));
  if (body.hold() != fb::HoldKind::credit) return;
  order.granted = true;
  order.limit_overridden = body.override_limit();
  refresh_exposure(state, order);
}

void evolve(CompanyState& state, const fb::Event& event, const fb::OrderCancelled& body) {
  Order& order = change_order(state, event, body);
  for (std::size_t i = 0; i < order.lines.size(); ++i) order.lines[i].cancelled += order.open(i);
  change_status(state, order, OrderStatus::cancelled);
}

void evolve(CompanyState& state, const fb::Event& event, const fb::OrderShortClosed& body) {
  Order& order = change_order(state, event, body);
  for (const fb::ClosedLine* line : *body.lines())
    line_of(order, line->line()).cancelled += line->quantity()->millionths();
  bool open = false;
  for (std::size_t i = 0; i < order.lines.size(); ++i) open = open || order.open(i) > 0;
  change_status(state, order, open ? order.status : OrderStatus::short_closed);
}

}  // namespace o2c
