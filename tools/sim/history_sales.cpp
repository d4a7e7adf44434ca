// Quotes, orders, stock, shipments.
#include "tools/sim/history.hpp"

namespace o2c::sim {

using Kind = fb::CommandBody;

std::optional<flatbuffers::Offset<fb::DocumentRequest>> History::document(Builder& b, std::string_view customer) {
  if (state_->products.size() == 0) return std::nullopt;
  const Customer* of = state_->customers.find(customer);
  const std::size_t addresses = of ? of->ship_to.size() : 0;
  std::vector<flatbuffers::Offset<fb::LineRequest>> lines;
  for (std::uint64_t n = odd() ? 0 : random_.between(1u, 4u); n > 0; --n) {
    const std::string id = any_product();
    const Product* product = state_->products.find(id);
    const fb::Quantity quantity{odd() ? -1 : product ? quantity_of(*product, 20 * one_quantity) : one_quantity};
    const fb::UnitPrice price{odd() ? -5 : random_.between<std::int64_t>(5'000, 300'000'000)};
    const fb::Percent discount{random_.between(0, odd() ? 2'000'000 : 150'000)};
    const auto name = b.CreateString(id);
    const auto unit = random_.chance(100'000) ? b.CreateString(known(random_.one_of({"box", "third"}))) : 0;
    const auto place = random_.chance(150'000) ? b.CreateString(any_place()) : 0;
    const auto ship_to = static_cast<std::uint16_t>(addresses > 0 && random_.chance(200'000) ? random_.below(addresses)
                                                    : odd()                                  ? 9
                                                                                             : 0);
    lines.push_back(fb::CreateLineRequest(b, name, &quantity, unit, random_.chance(800'000) ? &price : nullptr,
                                          random_.chance(200'000) ? &discount : nullptr, place, nullptr, ship_to));
  }
  const Currency currency = of ? of->currency : Currency::CNY;
  const fb::Money off{money_up_to(300), currency}, freight{money_up_to(2'000), odd() ? Currency::EUR : currency};
  const auto list = b.CreateVector(lines);
  const auto name = b.CreateString(customer.data(), customer.size());
  fb::DocumentRequestBuilder request(b);
  request.add_customer(name), request.add_lines(list);
  if (random_.chance(150'000)) request.add_header_discount(&off);
  if (random_.chance(250'000)) request.add_freight(&freight);
  return request.Finish();
}

std::optional<Body> History::quote(Builder& b, Kind kind) {
  if (kind == Kind::CreateQuote) {
    const auto request = document(b, any_customer());
    if (!request) return std::nullopt;
    const fb::Date until = to_fb(today_ + std::chrono::days{random_.between(odd() ? -5 : 0, 30)});
    const auto id = random_.chance(150'000) ? b.CreateString(odd() ? "QU-7" : given_id("Q")) : 0;
    return body(
        fb::CreateCreateQuote(b, id, *request, random_.coin() ? &until : nullptr, random_.chance(700'000), some_day()));
  }
  const Quote* quote = recent<Quote>(state_->quotes, 25, [](const Quote& q) {
    return q.status == QuoteStatus::draft || q.status == QuoteStatus::sent;
  });
  if (!quote) return std::nullopt;
  const std::string id = known(quote->id);
  const fb::Date* on = some_day(quote->last_on);
  switch (kind) {
    case Kind::SendQuote: return body(fb::CreateSendQuote(b, b.CreateString(id), on), "clerk", quote->version);
    case Kind::LoseQuote:
      return body(fb::CreateLoseQuote(b, b.CreateString(id), b.CreateString(odd() ? "" : "too late"), on), "clerk",
                  quote->version);
    case Kind::ReviseQuote: {
      const auto request = document(b, odd() ? any_customer() : quote->document->dimensions->customer);
      if (!request) return std::nullopt;
      return body(fb::CreateReviseQuote(b, b.CreateString(id), *request, nullptr, on), "clerk", quote->version);
    }
    default: {
      const auto order = random_.chance(100'000) ? b.CreateString(given_id("O")) : 0;
      return body(fb::CreateAcceptQuote(b, b.CreateString(id), order, on), "clerk", quote->version);
    }
  }
}

std::optional<Body> History::new_order(Builder& b) {
  const auto request = document(b, any_customer());
  if (!request) return std::nullopt;
  const auto id = random_.chance(150'000) ? b.CreateString(odd() ? "SO-3" : given_id("O")) : 0;
  return body(fb::CreateCreateOrder(b, id, *request, random_.chance(600'000), some_day()),
              random_.chance(800'000) ? "clerk" : "boss");
}

std::optional<Body> History::order_step(Builder& b, Kind kind) {
  using Fits = bool (*)(const Order&);
  constexpr auto fits_of = [](Kind k) -> Fits {
    switch (k) {
      case Kind::ReviseOrder:
        return [](const Order& o) { return o.status == OrderStatus::draft || o.status == OrderStatus::rejected; };
      case Kind::ConfirmOrder: return [](const Order& o) { return o.status == OrderStatus::draft; };
      case Kind::ApproveOrder:
      case Kind::RejectOrder:
      case Kind::WithdrawOrder: return [](const Order& o) { return o.status == OrderStatus::pending_approval; };
      case Kind::ReleaseOrder: return [](const Order& o) { return o.holds != 0; };
      case Kind::CancelOrder:
        return [](const Order& o) {
          return fulfilment_status(o) == Progress::none && billing_status(o) == Progress::none;
        };
      case Kind::ReserveOrder: return [](const Order& o) { return o.is_active() && o.granted; };
      case Kind::ExpireReservation: return [](const Order& o) { return o.reservation_expires_on.has_value(); };
      default: return [](const Order& o) { return o.is_active(); };
    }
  };
  const Order* order = order_where(fits_of(kind));
  if (!order) return std::nullopt;
  const std::string id = known(order->id);
  const fb::Date* on = some_day(order->last_on);
  const std::string manager = random_.chance(800'000) ? "boss" : random_.one_of({"junior", "clerk"});
  const auto at = order->version;
  const auto reason = [&] { return b.CreateString(odd() ? "" : "because"); };
  switch (kind) {
    case Kind::ReviseOrder: {
      const auto request = document(b, odd() ? any_customer() : order->document->dimensions->customer);
      if (!request) return std::nullopt;
      return body(fb::CreateReviseOrder(b, b.CreateString(id), *request, on), "clerk", at);
    }
    case Kind::ConfirmOrder:
      return body(fb::CreateConfirmOrder(b, b.CreateString(id), on), random_.chance(900'000) ? "clerk" : "boss", at);
    case Kind::ApproveOrder: return body(fb::CreateApproveOrder(b, b.CreateString(id), 0, on), manager, at);
    case Kind::RejectOrder: return body(fb::CreateRejectOrder(b, b.CreateString(id), reason(), on), manager, at);
    case Kind::WithdrawOrder: return body(fb::CreateWithdrawOrder(b, b.CreateString(id), on), "clerk", at);
    case Kind::HoldOrder:
      return body(fb::CreateHoldOrder(b, b.CreateString(id), static_cast<fb::HoldKind>(random_.below(odd() ? 9 : 4)),
                                      reason(), on),
                  "clerk", at);
    case Kind::ReleaseOrder: {
      fb::HoldKind hold = fb::HoldKind::manual;
      for (const fb::HoldKind k : fb::EnumValuesHoldKind()) {
        if (order->on_hold(k)) hold = k;
      }
      const bool override_limit = hold == fb::HoldKind::credit && random_.chance(300'000);
      return body(fb::CreateReleaseOrder(b, b.CreateString(id), hold, reason(), override_limit || odd(), on), manager,
                  at);
    }
    case Kind::CancelOrder: return body(fb::CreateCancelOrder(b, b.CreateString(id), reason(), on), "clerk", at);
    case Kind::ShortCloseOrder: {
      const std::vector<std::uint16_t> lines = {
          random_.between<std::uint16_t>(odd() ? 0 : 1, static_cast<std::uint16_t>(order->lines.size()))};
      return body(fb::CreateShortCloseOrder(b, b.CreateString(id), random_.chance(300'000) ? b.CreateVector(lines) : 0,
                                            reason(), on),
                  "clerk", at);
    }
    case Kind::ReserveOrder: return body(fb::CreateReserveOrder(b, b.CreateString(id), on), "clerk", at);
    default: return body(fb::CreateExpireReservation(b, b.CreateString(id)), "timer", at);
  }
}

std::optional<Body> History::stock(Builder& b, Kind kind) {
  if (state_->products.size() == 0) return std::nullopt;
  std::string place = any_place();
  const std::string to = any_place();
  std::vector<flatbuffers::Offset<fb::StockLine>> lines;
  for (std::uint64_t n = random_.between(1u, 3u); n > 0; --n) {
    const std::string id = any_product();
    const Product* product = state_->products.find(id);
    const StockAt* at = product ? product->at(place) : nullptr;
    std::int64_t quantity = product ? quantity_of(*product, (swarm_.generous ? 200 : 30) * one_quantity) : one_quantity;
    if (at && kind == Kind::CountStock)
      quantity = random_.coin() ? at->on_hand : std::min(at->on_hand, at->reserved + quantity);
    if (at && kind == Kind::TransferStock && !odd())
      quantity = std::min(quantity, std::max<std::int64_t>(at->free(), one_quantity));
    const fb::Quantity stored{odd() ? -quantity : quantity};
    lines.push_back(fb::CreateStockLine(b, b.CreateString(id), &stored));
  }
  const auto list = b.CreateVector(lines);
  const auto name = b.CreateString(place);
  if (kind == Kind::CountStock)
    return body(fb::CreateCountStock(b, name, list, b.CreateString(odd() ? "" : "counted"), some_day()));
  if (kind == Kind::TransferStock) return body(fb::CreateTransferStock(b, name, b.CreateString(to), list, some_day()));
  return body(fb::CreateReceiveStock(b, name, list, 0, some_day()));
}

std::optional<Body> History::shipment(Builder& b) {
  const Order* order = order_where([](const Order& o) {
    std::int64_t open = 0;
    for (std::size_t i = 0; i < o.lines.size(); ++i) open += o.open(i);
    return o.is_active() && open > 0;
  });
  if (!order) return std::nullopt;
  std::vector<flatbuffers::Offset<fb::ShipmentLineRequest>> lines;
  if (random_.chance(500'000)) {
    for (std::size_t i = 0; i < order->lines.size(); ++i) {
      const Product* product = state_->products.find(order->document->lines[i].product);
      if (order->open(i) == 0 || !product || !random_.chance(700'000)) continue;
      // Mostly what is set aside, else a part of what is open, sometimes more than that.
      std::int64_t quantity = order->lines[i].reserved_total();
      if (quantity == 0 || random_.chance(400'000))
        quantity = quantity_of(*product, order->open(i) + (random_.chance(200'000) ? one_quantity : 0));
      const fb::Quantity wanted{quantity};
      const auto place = random_.chance(100'000) ? b.CreateString(any_place()) : 0;
      lines.push_back(fb::CreateShipmentLineRequest(b, static_cast<std::uint16_t>(odd() ? 77 : i + 1),
                                                    random_.chance(900'000) ? &wanted : nullptr, place));
    }
  }
  const auto id = random_.chance(100'000) ? b.CreateString(given_id("S")) : 0;
  const auto of = b.CreateString(known(order->id));
  const auto list = lines.empty() ? 0 : b.CreateVector(lines);
  const fb::Date* on = some_day(order->shippable_from);
  fb::PostShipmentBuilder post(b);
  post.add_shipment(id), post.add_order(of), post.add_lines(list), post.add_occurred_on(on);
  const std::size_t addresses = order->document->ship_to->size();
  if (odd() || (addresses > 0 && random_.chance(200'000)))
    post.add_ship_to(static_cast<std::uint16_t>(random_.below(addresses + (odd() ? 2u : 1u))));
  return body(post.Finish(), "clerk", order->version);
}

std::optional<Body> History::delivery(Builder& b) {
  const Shipment* shipment = recent<Shipment>(state_->shipments, 30, [](const Shipment& s) { return !s.delivered_on; });
  if (!shipment) return std::nullopt;
  return body(fb::CreateConfirmDelivery(b, b.CreateString(known(shipment->id)), b.CreateString("the porter"),
                                        some_day(shipment->shipped_on)));
}

}  // namespace o2c::sim
