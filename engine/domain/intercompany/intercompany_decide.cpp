#include "engine/domain/decide.hpp"
#include "engine/domain/intercompany/sending.hpp"
#include "engine/domain/stock/incoming.hpp"

namespace o2c {
namespace {

template <class T>
void add_event(std::string_view partner, const Partner* known, Day day, flatbuffers::Offset<T> body,
               Decision& decision) {
  decision.add(fb::StreamType::partner, partner, known ? known->version : 0, day.occurred_on, day.posted_on, body);
}

/// The next message to a partner. Of one decision at most one goes to each.
template <class T>
void send(std::string_view to, const Partner* known, Day day, flatbuffers::Offset<T> content, Decision& decision) {
  auto& b = decision.b;
  const auto name = b.CreateString(to);
  const std::uint64_t number = (known ? known->sent : 0) + 1;
  const auto sent = fb::CreateMessageSent(b, name, number, fb::MessageBodyTraits<T>::enum_value, content.Union());
  add_event(to, known, day, sent, decision);
}

/// What is told to this company by another, once it is known to be the next message.
struct Taking {
  const CompanyState& state;
  const Context& context;
  std::string_view from;
  const Partner* known;  // null: a company that nobody here has heard of
  Decision& decision;

  void taken(std::uint64_t number, Day day) {
    auto& b = decision.b;
    const auto name = b.CreateString(from);
    add_event(from, known, day, fb::CreateMessageTaken(b, name, number), decision);
    decision.answer(fb::StreamType::partner, from, "taken");
  }
  Day today() const { return {context.today, state.posting_day(context.today)}; }
};

/// Whether goods can be taken in. What is not set up here, or does not fit into the books, goes back with the reason.
Verdict check_purchase(const Taking& in, const fb::GoodsSent& goods, Day& day) {
  if (!in.known || in.known->place.empty())
    return refuse(Refusal::partner_unknown, "/from", fmt::format("no place for goods from {}", in.from));
  std::vector<StockMove> moves;
  if (Verdict v = read_lines(in.state, *goods.lines(), 1, moves); !v) return v;
  if (Verdict v = day_of(in.state, in.context, goods.shipped_on(), std::nullopt, day); !v) return v;
  Sums added;
  Int128 net = 0;
  for (const StockMove& move : moves) {
    if (Verdict v = check_total(move, day.occurred_on, added); !v) return v;
  }
  for (const fb::GoodsLine* line : *goods.lines()) net += line->net_minor();
  return narrow(net) ? accept() : refuse(Refusal::number_range, "/lines", "the sum of the lines");
}

flatbuffers::Offset<fb::PurchaseReceived> purchase_to(flatbuffers::FlatBufferBuilder& b, const Taking& in,
                                                      const fb::GoodsSent& goods) {
  std::vector<flatbuffers::Offset<fb::GoodsLine>> lines;
  std::int64_t net = 0;
  for (const fb::GoodsLine* line : *goods.lines()) {
    lines.push_back(fb::CreateGoodsLine(b, put(b, view(line->product())), line->quantity(), line->net_minor()));
    net += line->net_minor();
  }
  const auto list = b.CreateVector(lines);
  const auto from = b.CreateString(in.from), shipment = put(b, view(goods.shipment())),
             order = put(b, view(goods.order())), place = put(b, in.known->place);
  return fb::CreatePurchaseReceived(b, from, shipment, order, place, goods.currency(), list, net);
}

void take(Taking& in, const fb::GoodsSent& goods, std::uint64_t number) {
  auto& b = in.decision.b;
  Day day = in.today();
  if (Verdict v = check_purchase(in, goods, day); !v) {
    day = in.today();
    in.taken(number, day);
    const auto shipment = put(b, view(goods.shipment())), place = put(b, v.place), detail = put(b, v.detail);
    return send(in.from, in.known, day, fb::CreateGoodsRefused(b, shipment, v.code, place, detail), in.decision);
  }
  in.taken(number, day);
  add_event(in.from, in.known, day, purchase_to(b, in, goods), in.decision);
  send(in.from, in.known, day, fb::CreateGoodsAccepted(b, put(b, view(goods.shipment()))), in.decision);
}

/// The goods that an answer is about; null: no such goods are on the way, and the answer changes nothing.
const InTransit* on_the_way(const Partner* partner, std::string_view shipment) {
  if (!partner) return nullptr;
  const auto at = std::find_if(partner->in_transit.begin(), partner->in_transit.end(),
                               [&](const InTransit& goods) { return goods.shipment == shipment; });
  return at == partner->in_transit.end() ? nullptr : &*at;
}

/// The goods came on the day they left: between companies of one instance nothing is lost on the way, and both books say so for any date.
Day day_of_shipment(const CompanyState& state, std::string_view shipment) {
  const Date on = state.shipments.find(shipment)->shipped_on;
  return {on, state.posting_day(on)};
}

void take(Taking& in, const fb::GoodsAccepted& answer, std::uint64_t number) {
  const InTransit* goods = on_the_way(in.known, view(answer.shipment()));
  const Day day = goods ? day_of_shipment(in.state, goods->shipment) : in.today();
  in.taken(number, day);
  if (!goods) return;
  auto& b = in.decision.b;
  const auto at = b.CreateString(in.from), shipment = b.CreateString(goods->shipment);
  add_event(in.from, in.known, day, fb::CreateGoodsArrived(b, at, shipment, goods->currency, goods->net_minor),
            in.decision);
}

/// They lie again where they left. Order, invoice and price are for people to settle: the goods were not taken, the sale was made.
void take(Taking& in, const fb::GoodsRefused& answer, std::uint64_t number) {
  const InTransit* goods = on_the_way(in.known, view(answer.shipment()));
  const Day day = goods ? day_of_shipment(in.state, goods->shipment) : in.today();
  in.taken(number, day);
  if (!goods) return;
  auto& b = in.decision.b;
  std::vector<flatbuffers::Offset<fb::ReturnedLine>> lines;
  for (const ShipmentLine& line : in.state.shipments.find(goods->shipment)->lines) {
    const fb::Quantity quantity{line.quantity};
    lines.push_back(fb::CreateReturnedLine(b, b.CreateString(line.product), b.CreateString(line.place), &quantity));
  }
  const auto list = b.CreateVector(lines);
  const auto by = b.CreateString(in.from), shipment = b.CreateString(goods->shipment),
             detail = put(b, view(answer.detail()));
  add_event(in.from, in.known, day,
            fb::CreateGoodsReturned(b, by, shipment, goods->currency, goods->net_minor, list, answer.code(), detail),
            in.decision);
}

Verdict check_customer(const CompanyState& state, std::string_view customer, std::string_view partner) {
  if (customer.empty()) return accept();
  if (!state.customers.contains(customer)) return refuse(Refusal::customer_unknown, "/customer", std::string(customer));
  const Partner* other = partner_of(state, customer);
  if (!other || other->id == partner) return accept();
  return refuse(Refusal::invalid_value, "/customer", fmt::format("{} is company {} already", customer, other->id));
}

}  // namespace

const Partner* partner_of(const CompanyState& state, std::string_view customer) {
  for (const Partner& partner : state.partners.rows())
    if (!partner.customer.empty() && partner.customer == customer) return &partner;
  return nullptr;
}

void send_goods(const Partner& partner, const Order& order, std::string_view shipment,
                std::span<const LineOnTheWay> lines, Day day, Decision& decision) {
  auto& b = decision.b;
  std::vector<flatbuffers::Offset<fb::GoodsLine>> sent;
  for (const LineOnTheWay& line : lines) {
    const fb::Quantity quantity{line.quantity};
    sent.push_back(fb::CreateGoodsLine(b, b.CreateString(line.product), &quantity, line.net_minor));
  }
  const auto list = b.CreateVector(sent);
  const auto id = b.CreateString(shipment), of = b.CreateString(order.id);
  const fb::Date on = to_fb(day.occurred_on);
  send(partner.id, &partner, day, fb::CreateGoodsSent(b, id, of, &on, order.document->currency, list), decision);
}

Verdict decide(const CompanyState& state, const Context& context, const fb::SetPartner& command, Decision& decision) {
  const std::string_view partner = view(command.partner()), customer = view(command.customer()),
                         place = view(command.place());
  Day day;
  if (Verdict v = check_id(partner, "/partner"); !v) return v;
  if (partner == state.books().id)
    return refuse(Refusal::invalid_value, "/partner", "a company is not its own partner");
  if (Verdict v = check_customer(state, customer, partner); !v) return v;
  if (Verdict v = place.empty() ? accept() : check_id(place, "/place"); !v) return v;
  if (Verdict v = day_of(state, context, nullptr, std::nullopt, day); !v) return v;
  auto& b = decision.b;
  const auto id = b.CreateString(partner), of = put(b, customer), at = put(b, place);
  add_event(partner, state.partners.find(partner), day, fb::CreatePartnerSet(b, id, of, at), decision);
  decision.answer(fb::StreamType::partner, partner, "set");
  return accept();
}

/// A message is never refused, for its sender goes by what was taken: "no" is a message that goes back. Only one that cannot be the next is.
Verdict decide(const CompanyState& state, const Context& context, const fb::TakeMessage& command, Decision& decision) {
  const std::string_view from = view(command.from());
  if (Verdict v = check_id(from, "/from"); !v) return v;
  Taking in{state, context, from, state.partners.find(from), decision};
  const std::uint64_t next = (in.known ? in.known->taken : 0) + 1;
  if (command.number() != next)
    return refuse(command.number() < next ? Refusal::already_done : Refusal::invalid_value, "/number",
                  fmt::format("the next message from {} is {}", from, next));
  switch (command.body_type()) {
    case fb::MessageBody::GoodsSent: take(in, *command.body_as_GoodsSent(), next); break;
    case fb::MessageBody::GoodsAccepted: take(in, *command.body_as_GoodsAccepted(), next); break;
    case fb::MessageBody::GoodsRefused: take(in, *command.body_as_GoodsRefused(), next); break;
    case fb::MessageBody::NONE: return refuse(Refusal::invalid_value, "/body", "unknown message");
  }
  return accept();
}

}  // namespace o2c
