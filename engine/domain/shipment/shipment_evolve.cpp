#include "engine/domain/decide.hpp"
#include "engine/domain/shipment/billing.hpp"
#include "engine/domain/stock/reservation.hpp"

namespace o2c {
namespace {

ShipmentLine line_from(const fb::ShipmentLine& line) {
  return {.line = line.line(),
          .product = text(line.product()),
          .place = text(line.place()),
          .quantity = line.quantity()->millionths(),
          .invoiced = 0,
          .invoiced_by_order = 0,
          .cost_minor = line.cost_minor()};
}

/// The document's own address where the shipment repeats one.
std::shared_ptr<const Address> address_of(const Document& document, const fb::Address& stored) {
  for (const Address& address : *document.ship_to)
    if (same(address, stored)) return {document.ship_to, &address};
  return std::make_shared<const Address>(address_from(stored));
}

/// The goods leave: from the order's open quantity, from what it had set aside, from stock.
void take_out(CompanyState& state, Order& order, Date on, const fb::ShipmentLine& line) {
  StockAt& stock = state.products.change(view(line.product())).at_or_add(view(line.place()));
  line_of(order, line.line()).shipped += line.quantity()->millionths();
  if (line.reserved()->millionths() != 0) change_reserved(order, line.line(), stock, -line.reserved()->millionths());
  stock.move(on, -line.quantity()->millionths());
  if (stock.on_hand < stock.reserved)
    throw BrokenHistory(fmt::format("order {} ships more than is there at {}", order.id, stock.place));
}

}  // namespace

void take_over_ahead(OrderLineState& ordered, ShipmentLine& shipped) {
  const std::int64_t part = std::min(shipped.to_invoice(), ordered.invoiced_ahead);
  shipped.invoiced_by_order += part, ordered.invoiced_ahead -= part;
}

void evolve(CompanyState& state, const fb::Event& event, const fb::ShipmentPosted& body) {
  Shipment& shipment = state.shipments.add(view(body.shipment()));
  count_number(state, "SH", shipment.id);
  shipment.version = event.stream_version();
  shipment.order = view(body.order());
  shipment.carrier = view(body.carrier());
  shipment.tracking_number = view(body.tracking_number());
  shipment.shipped_on = from_fb(*event.occurred_on());
  Order& order = state.orders.change(shipment.order);
  order.last_on = std::max(order.last_on, shipment.shipped_on);
  order.shipments.push_back(shipment.id);
  if (body.ship_to()) shipment.ship_to = address_of(*order.document, *body.ship_to());
  shipment.lines.reserve(body.lines()->size());
  for (const fb::ShipmentLine* line : *body.lines()) {
    shipment.lines.push_back(line_from(*line));
    take_out(state, order, shipment.shipped_on, *line);
    take_over_ahead(line_of(order, line->line()), shipment.lines.back());
  }
  forget_expiry_when_empty(order);
  refresh_exposure(state, order);  // an over-delivery adds to it
}

void evolve(CompanyState& state, const fb::Event& event, const fb::DeliveryConfirmed& body) {
  Shipment& shipment = state.shipments.change(view(body.shipment()));
  shipment.version = event.stream_version();
  shipment.delivered_on = from_fb(*event.occurred_on());
  shipment.received_by = view(body.received_by());
}

}  // namespace o2c
