#include "engine/domain/decide.hpp"
#include "tools/sim/own_orders.hpp"
#include "tools/sim/trace.hpp"

namespace o2c::sim {

/// I3 to I5 in journal order, after each movement: an oversell shows here, whatever the engine's fold says.
void OwnOrders::move_stock(std::string_view product, std::string_view place, std::int64_t on_hand,
                           std::int64_t reserved, const fb::Event& event) {
  Stock& stock = stock_[{std::string(product), std::string(place)}];
  stock.on_hand += on_hand;
  stock.reserved += reserved;
  require(stock.on_hand >= 0 && stock.reserved >= 0 && stock.reserved <= stock.on_hand,
          "S2 {} {}: product {} at {}: on hand {}, reserved {}", fb::EnumNameEventBody(event.body_type()),
          view(event.stream_id()), product, place, stock.on_hand, stock.reserved);
}

void OwnOrders::reserve(Order& order, const fb::ReservationLine& line, int sign, const fb::Event& event) {
  const std::int64_t quantity = line.quantity()->millionths();
  Line& l = order.lines.at(line.line() - 1u);
  std::int64_t& at = l.reserved[text(line.place())];
  at += sign * quantity;
  require(quantity > 0 && at >= 0, "I2 order {} line {}: {} more reserved at {}, then {}", order.id, line.line(),
          sign * quantity, view(line.place()), at);
  if (at == 0) l.reserved.erase(text(line.place()));
  std::int64_t all = 0;
  for (const auto& [place, part] : l.reserved) all += part;
  require(sign < 0 || all <= l.open(), "I2 order {} line {}: reserved {}, open {}", order.id, line.line(), all,
          l.open());
  move_stock(view(line.product()), view(line.place()), 0, sign * quantity, event);
}

void OwnOrders::ship(const fb::Event& event, const fb::ShipmentPosted& shipment, const Policies& rules) {
  const Date on = from_fb(*event.occurred_on());
  const std::int32_t over = rules_on(rules.stock_rules, on).over_delivery_ppm;
  Order& o = order(view(shipment.order()));
  expect_status(o, event, {OrderStatus::confirmed});
  require(o.holds.empty(), "S7 shipment {} of order {}, which is on hold", view(shipment.shipment()), o.id);
  expect_not_before(on, o.shippable_from, event);
  o.last_on = std::max(o.last_on, on);
  for (const fb::ShipmentLine* line : *shipment.lines()) {
    Line& l = o.lines.at(line->line() - 1u);
    const std::int64_t quantity = line->quantity()->millionths(), reserved = line->reserved()->millionths();
    const Int128 before = static_cast<Int128>(l.net) * l.shipped, whole = l.ordered;
    l.shipped += quantity;
    l.shipped_net += line->net_minor();
    const Int128 most =
        (static_cast<Int128>(l.ordered - l.cancelled) * 1'000'000) + static_cast<Int128>(l.ordered) * over;
    require(static_cast<Int128>(l.shipped) * 1'000'000 <= most,
            "I1 shipment {} line {}: shipped {}, ordered {}, cancelled {}", view(shipment.shipment()), line->line(),
            l.shipped, l.ordered, l.cancelled);
    // Values of all shipments of a line are shares of the line: |2·Σ·ordered − 2·net·shipped| <= ordered.
    const Int128 off =
        2 * (static_cast<Int128>(l.shipped_net) * whole - before - static_cast<Int128>(l.net) * quantity);
    require((off < 0 ? -off : off) <= whole, "I27 shipment {} line {}: {} shipped in value, not the share of {}",
            view(shipment.shipment()), line->line(), l.shipped_net, l.net);
    if (reserved > 0) {
      std::int64_t& at = l.reserved[text(line->place())];
      at -= reserved;
      require(at >= 0, "I2 shipment {} line {}: takes {} more from a reservation than is there",
              view(shipment.shipment()), line->line(), -at);
      if (at == 0) l.reserved.erase(text(line->place()));
    }
    move_stock(view(line->product()), view(line->place()), -quantity, -reserved, event);
  }
  shipments_.emplace(text(shipment.shipment()), Shipped{o.id, on});
  refresh(o);
}

void OwnOrders::fold_stock(const fb::Event& event, const Policies& rules) {
  const auto all = [&](const auto& lines, std::string_view place, int sign) {
    for (const fb::StockLine* line : lines)
      move_stock(view(line->product()), place, sign * line->quantity()->millionths(), 0, event);
  };
  switch (event.body_type()) {
    case fb::EventBody::StockReceived:
      return all(*event.body_as_StockReceived()->lines(), view(event.body_as_StockReceived()->place()), 1);
    case fb::EventBody::StockCounted:
      return all(*event.body_as_StockCounted()->differences(), view(event.body_as_StockCounted()->place()), 1);
    case fb::EventBody::StockTransferred:
      all(*event.body_as_StockTransferred()->lines(), view(event.body_as_StockTransferred()->from_place()), -1);
      return all(*event.body_as_StockTransferred()->lines(), view(event.body_as_StockTransferred()->to_place()), 1);
    case fb::EventBody::PurchaseReceived:
      for (const fb::GoodsLine* line : *event.body_as_PurchaseReceived()->lines())
        move_stock(view(line->product()), view(event.body_as_PurchaseReceived()->place()),
                   line->quantity()->millionths(), 0, event);
      return;
    case fb::EventBody::GoodsReturned:
      for (const fb::ReturnedLine* line : *event.body_as_GoodsReturned()->lines())
        move_stock(view(line->product()), view(line->place()), line->quantity()->millionths(), 0, event);
      return;
    case fb::EventBody::StockReserved: {
      Order& o = order(view(event.body_as_StockReserved()->order()));
      expect_status(o, event, {OrderStatus::confirmed});
      require(o.granted, "S7 order {} reserves on credit hold", o.id);
      for (const fb::ReservationLine* line : *event.body_as_StockReserved()->lines()) reserve(o, *line, 1, event);
      return;
    }
    case fb::EventBody::ReservationReleased: {
      Order& o = order(view(event.body_as_ReservationReleased()->order()));
      for (const fb::ReservationLine* line : *event.body_as_ReservationReleased()->lines())
        reserve(o, *line, -1, event);
      return;
    }
    case fb::EventBody::ShipmentPosted: return ship(event, *event.body_as_ShipmentPosted(), rules);
    case fb::EventBody::DeliveryConfirmed: {
      const auto shipment = shipments_.find(view(event.body_as_DeliveryConfirmed()->shipment()));
      require(shipment != shipments_.end(), "S7 delivery of {}, which never left", view(event.stream_id()));
      return expect_not_before(from_fb(*event.occurred_on()), shipment->second.on, event);
    }
    default: return;
  }
}

void OwnOrders::compare_stock(const CompanyState& state) const {
  for (const Product& product : state.products.rows()) {
    for (const StockAt& at : product.stock) {
      const auto own = stock_.find({product.id, at.place});
      const Stock sum = own == stock_.end() ? Stock{} : own->second;
      require(at.on_hand == sum.on_hand && at.reserved == sum.reserved,
              "I3 product {} at {}: on hand {} reserved {}, by events {} and {}", product.id, at.place, at.on_hand,
              at.reserved, sum.on_hand, sum.reserved);
    }
  }
}

}  // namespace o2c::sim
