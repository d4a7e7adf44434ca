#include "engine/domain/decide.hpp"
#include "engine/domain/intercompany/sending.hpp"
#include "engine/domain/order/confirmation.hpp"
#include "engine/domain/shipment/picking.hpp"
#include "events/base/seeded_bug.hpp"

namespace o2c {
namespace {

Verdict check_shippable(const Order& order) {
  if (order.status != OrderStatus::confirmed) return refuse_transition(order);
  if (order.holds == 0 || O2C_BUG(held_order_ships)) return accept();
  std::string kinds;
  for (const fb::HoldKind kind : fb::EnumValuesHoldKind()) {
    if (order.on_hold(kind)) kinds += (kinds.empty() ? "" : ", ") + std::string(fb::EnumNameHoldKind(kind));
  }
  return refuse(Refusal::order_on_hold, "/order", fmt::format("order {}: {}", order.id, kinds));
}

/// The excess that has been let pass once is not checked again; otherwise the exposure, which holds this order already, is compared with the limit.
Verdict check_credit_at_shipment(const CompanyState& state, const Order& order, Day day, CreditCheck& check) {
  const CreditRules& rules = rules_on(state.policies.credit_rules, day.occurred_on);
  if (!rules.check_at_shipment || order.limit_overridden) return accept();
  if (Verdict v = check_credit(state, order, rules, check); !v) return v;
  if (check.within() || rules.over_limit != fb::OverLimit::refuse) return accept();
  return refuse(Refusal::exceeds_credit_limit, "/order", describe(check, order.document->currency));
}

/// One shipment goes to one address. Named: it must exist, and without named lines only the lines for it are shipped. Not named: the address
/// that all shipped lines have in common.
Verdict check_address(const Order& order, const fb::PostShipment& command) {
  const auto wanted = command.ship_to();
  if (wanted && *wanted >= order.document->ship_to->size())
    return refuse(Refusal::address_unknown, "/ship_to", fmt::format("{}", *wanted));
  return accept();
}

std::optional<std::uint16_t> common_address(const Order& order, const PickedLines& picked) {
  const auto address_of = [&](const PickedLine& p) { return order.document->lines[p.line - 1u].ship_to; };
  for (const PickedLine& p : picked) {
    if (address_of(p) != address_of(picked.front())) return std::nullopt;
  }
  return address_of(picked.front());
}

Verdict pick_named(const Order& order, const flatbuffers::Vector<flatbuffers::Offset<fb::ShipmentLineRequest>>& lines,
                   Picking& picking) {
  for (flatbuffers::uoffset_t i = 0; i < lines.size(); ++i) {
    const fb::ShipmentLineRequest& request = *lines[i];
    const std::string place = fmt::format("/lines/{}", i);
    if (request.line() == 0 || request.line() > order.lines.size())
      return refuse(Refusal::line_unknown, place + "/line", fmt::format("line {}", request.line()));
    const std::optional<std::int64_t> quantity =
        request.quantity() ? std::optional{request.quantity()->millionths()} : std::nullopt;
    if (Verdict v = picking.pick(request.line() - 1u, quantity, view(request.place()), place); !v) return v;
  }
  return accept();
}

Verdict pick_open(const Order& order, std::optional<std::uint16_t> ship_to, Picking& picking) {
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    if (order.open(i) == 0 || (ship_to && order.document->lines[i].ship_to != *ship_to)) continue;
    if (Verdict v = picking.pick(i, std::nullopt, {}, "/lines"); !v) return v;
  }
  return picking.lines().empty() ? refuse(Refusal::nothing_to_do, "/order", "nothing is open") : accept();
}

flatbuffers::Offset<fb::ShipmentPosted> shipment_to(flatbuffers::FlatBufferBuilder& b, std::string_view id,
                                                    const Order& order, const PickedLines& picked,
                                                    std::optional<std::uint16_t> ship_to,
                                                    const fb::PostShipment& command) {
  boost::container::small_vector<flatbuffers::Offset<fb::ShipmentLine>, 8> lines;
  for (const PickedLine& p : picked) {
    const auto product = b.CreateString(order.document->lines[p.line - 1u].product), place = b.CreateString(p.place);
    const fb::Quantity quantity{p.quantity}, reserved{p.reserved};
    fb::ShipmentLineBuilder line(b);
    line.add_line(p.line), line.add_product(product), line.add_place(place), line.add_quantity(&quantity),
        line.add_reserved(&reserved);
    line.add_net_minor(p.net_minor), line.add_tax_minor(p.tax_minor);
    if (p.cost_minor) line.add_cost_minor(*p.cost_minor);
    lines.push_back(line.Finish());
  }
  const auto list = b.CreateVector(lines.data(), lines.size());
  const auto address =
      ship_to && *ship_to < order.document->ship_to->size() ? address_to(b, (*order.document->ship_to)[*ship_to]) : 0;
  const auto shipment = b.CreateString(id), of = b.CreateString(order.id), carrier = put(b, view(command.carrier())),
             tracking = put(b, view(command.tracking_number()));
  return fb::CreateShipmentPosted(b, shipment, of, list, address, carrier, tracking);
}

boost::container::small_vector<LineOnTheWay, 8> goods_of(const Order& order, const PickedLines& picked) {
  boost::container::small_vector<LineOnTheWay, 8> goods;
  for (const PickedLine& p : picked)
    goods.push_back({order.document->lines[p.line - 1u].product, p.quantity, p.net_minor});
  return goods;
}

}  // namespace

Verdict decide(const CompanyState& state, const Context& context, const fb::PostShipment& command, Decision& decision) {
  std::string id;
  Day day;
  CreditCheck check;
  const Order* order = state.orders.find(view(command.order()));
  if (Verdict v = new_id(state, command.shipment(), "SH", "/shipment", id); !v) return v;
  if (!order) return refuse(Refusal::order_unknown, "/order", text(command.order()));
  if (state.shipments.contains(id)) return refuse(Refusal::shipment_exists, "/shipment", id);
  if (Verdict v = check_address(*order, command); !v) return v;
  if (Verdict v = check_shippable(*order); !v) return v;
  if (Verdict v = day_of(state, context, command.occurred_on(), order->shippable_from, day); !v) return v;
  if (Verdict v = check_credit_at_shipment(state, *order, day, check); !v) return v;

  Picking picking(state, *order, rules_on(state.policies.stock_rules, day.occurred_on));
  const bool named = command.lines() != nullptr;
  if (named && command.lines()->size() == 0)
    return refuse(Refusal::line_count, "/lines", "an empty list ships nothing");
  const std::optional<std::uint16_t> wanted = command.ship_to();
  if (Verdict v = named ? pick_named(*order, *command.lines(), picking) : pick_open(*order, wanted, picking); !v)
    return v;
  if (Verdict v = picking.leaves_on(day.occurred_on); !v) return v;
  if (Verdict v = picking.value(); !v) return v;
  const auto ship_to = wanted ? wanted : common_address(*order, picking.lines());
  if (!ship_to) return refuse(Refusal::invalid_value, "/ship_to", "the lines go to several addresses: name one");
  // What could be shipped is put on hold instead; what could not be shipped anyway was refused above.
  if (!check.within()) {
    // Goods may leave on a day before the order's latest change, but the hold is a change itself.
    const Date held_on = std::max(day.occurred_on, order->last_on);
    hold_for_credit(*order, check, {held_on, state.posting_day(held_on)}, decision);
    return accept();
  }
  const auto posted = shipment_to(decision.b, id, *order, picking.lines(), ship_to, command);
  decision.add(fb::StreamType::shipment, id, 0, day.occurred_on, day.posted_on, posted);
  release_portions(*order, picking.left_over(), fb::ReleaseReason::shipped_elsewhere, day, decision);
  if (const Partner* partner = partner_of(state, order->document->dimensions->customer))
    send_goods(*partner, *order, id, goods_of(*order, picking.lines()), day, decision);
  decision.answer(fb::StreamType::shipment, id, "shipped");
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::ConfirmDelivery& command,
               Decision& decision) {
  Day day;
  const Shipment* shipment = state.shipments.find(view(command.shipment()));
  if (!shipment) return refuse(Refusal::shipment_unknown, "/shipment", text(command.shipment()));
  if (shipment->delivered_on)
    return refuse(Refusal::already_done, "/shipment",
                  fmt::format("delivered on {}", format_date(*shipment->delivered_on)));
  if (Verdict v = day_of(state, context, command.occurred_on(), shipment->shipped_on, day); !v) return v;
  auto& b = decision.b;
  const auto id = b.CreateString(shipment->id), by = put(b, view(command.received_by()));
  decision.add(fb::StreamType::shipment, shipment->id, shipment->version, day.occurred_on, day.posted_on,
               fb::CreateDeliveryConfirmed(b, id, by));
  decision.answer(fb::StreamType::shipment, shipment->id, "delivered");
  return accept();
}

}  // namespace o2c
