#include "engine/domain/decide.hpp"

namespace o2c {
namespace {

Partner& begin_event(CompanyState& state, const fb::Event& event) {
  Partner& partner = state.partners.change_or_add(view(event.stream_id()));
  partner.version = event.stream_version();
  return partner;
}

void count_next(std::uint64_t& last, std::uint64_t number, const std::string& partner) {
  if (number != last + 1)
    throw BrokenHistory(fmt::format("message {} of partner {} follows {}", number, partner, last));
  last = number;
}

/// The answer is there: the goods are not on the way any more.
void arrive(Partner& partner, std::string_view shipment) {
  const auto same = [&](const InTransit& goods) { return goods.shipment == shipment; };
  if (std::erase_if(partner.in_transit, same) != 1)
    throw BrokenHistory(fmt::format("shipment {} is not on its way to {}", shipment, partner.id));
}

}  // namespace

void evolve(CompanyState& state, const fb::Event& event, const fb::PartnerSet& body) {
  Partner& partner = begin_event(state, event);
  partner.customer = view(body.customer());
  partner.place = view(body.place());
}

void evolve(CompanyState& state, const fb::Event& event, const fb::MessageSent& body) {
  Partner& partner = begin_event(state, event);
  count_next(partner.sent, body.number(), partner.id);
  const fb::GoodsSent* goods = body.body_as_GoodsSent();
  if (!goods) return;
  InTransit& sent = partner.in_transit.emplace_back(InTransit{text(goods->shipment()), goods->currency(), 0});
  for (const fb::GoodsLine* line : *goods->lines()) sent.net_minor += line->net_minor();
}

void evolve(CompanyState& state, const fb::Event& event, const fb::MessageTaken& body) {
  Partner& partner = begin_event(state, event);
  count_next(partner.taken, body.number(), partner.id);
}

void evolve(CompanyState& state, const fb::Event& event, const fb::PurchaseReceived& body) {
  begin_event(state, event);
  if (!state.stock_places.contains(view(body.place()))) state.stock_places.add(view(body.place()));
  for (const fb::GoodsLine* line : *body.lines())
    state.products.change(view(line->product()))
        .at_or_add(view(body.place()))
        .move(from_fb(*event.occurred_on()), line->quantity()->millionths());
}

void evolve(CompanyState& state, const fb::Event& event, const fb::GoodsArrived& body) {
  arrive(begin_event(state, event), view(body.shipment()));
}

void evolve(CompanyState& state, const fb::Event& event, const fb::GoodsReturned& body) {
  arrive(begin_event(state, event), view(body.shipment()));
  for (const fb::ReturnedLine* line : *body.lines())
    state.products.change(view(line->product()))
        .at_or_add(view(line->place()))
        .move(from_fb(*event.occurred_on()), line->quantity()->millionths());
}

}  // namespace o2c
