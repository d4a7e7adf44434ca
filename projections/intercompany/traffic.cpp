#include "projections/intercompany/traffic.hpp"

namespace o2c {

Traffic::Channel& Traffic::channel(std::string_view from, std::string_view to) {
  return channels_[{std::string(from), std::string(to)}];
}

void Traffic::fold(std::string_view company, LaneIndex lane, const Fact& fact) {
  const fb::Event& event = *fact.event;
  switch (event.body_type()) {
    case fb::EventBody::MessageSent: return sent(company, lane, fact, *event.body_as_MessageSent());
    case fb::EventBody::MessageTaken: {
      const fb::MessageTaken& body = *event.body_as_MessageTaken();
      return taken(channel(view(body.from()), company), body.number());
    }
    case fb::EventBody::GoodsArrived: {
      const fb::GoodsArrived& body = *event.body_as_GoodsArrived();
      channel(company, view(body.at())).goods[body.currency()].arrived += body.net_minor();
      return;
    }
    case fb::EventBody::GoodsReturned: {
      const fb::GoodsReturned& body = *event.body_as_GoodsReturned();
      channel(company, view(body.by())).goods[body.currency()].returned += body.net_minor();
      return;
    }
    case fb::EventBody::PurchaseReceived: {
      const fb::PurchaseReceived& body = *event.body_as_PurchaseReceived();
      channel(view(body.from()), company).goods[body.currency()].received += body.net_minor();
      return;
    }
    default: return;
  }
}

void Traffic::sent(std::string_view company, LaneIndex lane, const Fact& fact, const fb::MessageSent& message) {
  Channel& c = channel(company, view(message.to()));
  c.lane = lane;
  c.sent = message.number();
  if (c.sent > c.taken) c.waiting.push_back({c.sent, fact.seq, fact.index}), ++waiting_;
  const fb::GoodsSent* goods = message.body_as_GoodsSent();
  if (!goods) return;
  for (const fb::GoodsLine* line : *goods->lines()) c.goods[goods->currency()].sent += line->net_minor();
}

void Traffic::taken(Channel& channel, std::uint64_t number) {
  channel.taken = number;
  while (!channel.waiting.empty() && channel.waiting.front().number <= number) {
    channel.waiting.pop_front();
    --waiting_;
  }
}

Report Traffic::report() const {
  Report report{"intercompany",
                {{"seller", "Seller", "销售公司"},
                 {"buyer", "Buyer", "采购公司"},
                 {"currency", "Currency", "币种"},
                 {"messages_sent", "Messages sent", "已发消息"},
                 {"messages_taken", "Messages taken", "已收消息"},
                 {"goods_sent", "Goods sent", "已发货"},
                 {"goods_arrived", "Arrived", "已到货"},
                 {"goods_returned", "Not taken", "未收下"},
                 {"on_the_way", "On the way", "在途"},
                 {"goods_received", "Received by buyer", "采购方收货"},
                 {"difference", "Difference", "差额"}},
                {}};
  for (const auto& [pair, c] : channels_) {
    for (const auto& [currency, goods] : c.goods)
      report.rows.push_back({pair.first, pair.second, std::string(fb::EnumNameCurrency(currency)),
                             static_cast<std::int64_t>(c.sent), static_cast<std::int64_t>(c.taken),
                             sum_cell(goods.sent, currency), sum_cell(goods.arrived, currency),
                             sum_cell(goods.returned, currency), sum_cell(goods.on_the_way(), currency),
                             sum_cell(goods.received, currency), sum_cell(goods.arrived - goods.received, currency)});
  }
  return report;
}

Hash32 Traffic::content_hash() const {
  Sha256 hash;
  for (const auto& [pair, c] : channels_) {
    hash.update(fmt::format("{}:{}>{}:{} {} {};", pair.first.size(), pair.first, pair.second.size(), pair.second,
                            c.sent, c.taken));
    for (const Waiting& w : c.waiting) hash.update(fmt::format("{} {} {},", w.number, w.seq, w.index));
  }
  const Hash32 goods = report_hash(report());
  hash.update(Bytes{goods.bytes});
  return hash.finish();
}

}  // namespace o2c
