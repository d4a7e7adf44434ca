#include "tools/sim/own_traffic.hpp"

#include "events/base/flat.hpp"
#include "tools/sim/trace.hpp"

namespace o2c::sim {
namespace {

template <class Lines> auto lines_in(const Lines& lines) {
  std::vector<std::tuple<std::string, std::int64_t, std::int64_t>> out;
  for (const fb::GoodsLine* line : lines)
    out.emplace_back(text(line->product()), line->quantity()->millionths(), line->net_minor());
  return out;
}

}  // namespace

void OwnTraffic::fold(const std::string& company, std::uint64_t seq, std::uint32_t index, const fb::Event& event) {
  switch (event.body_type()) {
    case fb::EventBody::MessageSent: return sent(company, {seq, index}, *event.body_as_MessageSent());
    case fb::EventBody::MessageTaken: return taken(company, *event.body_as_MessageTaken());
    case fb::EventBody::PurchaseReceived: return received(company, *event.body_as_PurchaseReceived());
    case fb::EventBody::GoodsArrived: {
      const fb::GoodsArrived& goods = *event.body_as_GoodsArrived();
      return move_on({{company, text(goods.at())}, text(goods.shipment())}, "accepted", "arrived");
    }
    case fb::EventBody::GoodsReturned: {
      const fb::GoodsReturned& goods = *event.body_as_GoodsReturned();
      return move_on({{company, text(goods.by())}, text(goods.shipment())}, "refused", "returned");
    }
    default: return;
  }
}

void OwnTraffic::sent(const std::string& company, const Sent& at, const fb::MessageSent& message) {
  const std::string to = text(message.to());
  Channel& channel = channels_[{company, to}];
  channel.sent.push_back(at);
  require(message.number() == channel.sent.size(), "I42 message {} from {} to {} follows {}", message.number(), company,
          to, channel.sent.size() - 1);
  if (const auto* goods = message.body_as_GoodsSent()) {
    const auto [shipment, first] = goods_.emplace(Shipment{{company, to}, text(goods->shipment())},
                                                  Goods{lines_in(*goods->lines()), goods->currency()});
    require(first, "I42 shipment {} from {} to {} is told twice", shipment->first.second, company, to);
  }
  if (const auto* yes = message.body_as_GoodsAccepted())
    move_on({{to, company}, text(yes->shipment())}, "received", "accepted");
  if (const auto* no = message.body_as_GoodsRefused())
    move_on({{to, company}, text(no->shipment())}, "sent", "refused");
}

void OwnTraffic::taken(const std::string& company, const fb::MessageTaken& message) {
  Channel& channel = channels_[{text(message.from()), company}];
  require(message.number() == channel.taken + 1, "I42 message {} from {} is taken by {} after {}", message.number(),
          view(message.from()), company, channel.taken);
  channel.taken = message.number();
  require(channel.taken <= channel.sent.size(), "I42 message {} from {} is taken by {} before it was sent",
          message.number(), view(message.from()), company);
}

void OwnTraffic::received(const std::string& company, const fb::PurchaseReceived& purchase) {
  const Shipment shipment{{text(purchase.from()), company}, text(purchase.shipment())};
  move_on(shipment, "sent", "received");
  const Goods& goods = goods_.at(shipment);
  std::int64_t net = 0;
  for (const auto& [product, quantity, value] : goods.lines) net += value;
  require(lines_in(*purchase.lines()) == goods.lines && purchase.currency() == goods.currency &&
              purchase.net_minor() == net,
          "I42 shipment {} from {} is received by {} as something else", shipment.second, shipment.first.first,
          company);
}

void OwnTraffic::move_on(const Shipment& shipment, std::string_view from, std::string_view to) {
  const auto at = goods_.find(shipment);
  require(at != goods_.end() && at->second.stage == from, "I42 shipment {} from {} to {}: {}, but it is {}",
          shipment.second, shipment.first.first, shipment.first.second, to,
          at == goods_.end() ? "not known" : at->second.stage);
  at->second.stage = to;
}

void OwnTraffic::expect_drained(const std::set<std::string>& opened) const {
  for (const auto& [pair, channel] : channels_)
    require(!opened.contains(pair.second) || channel.taken == channel.sent.size(),
            "liveness: {} messages from {} to {}, {} are taken", channel.sent.size(), pair.first, pair.second,
            channel.taken);
  for (const auto& [shipment, goods] : goods_)
    require(!opened.contains(shipment.first.second) || goods.stage == "arrived" || goods.stage == "returned",
            "I42 shipment {} from {} to {} is {} for ever", shipment.second, shipment.first.first,
            shipment.first.second, goods.stage);
}

}  // namespace o2c::sim
