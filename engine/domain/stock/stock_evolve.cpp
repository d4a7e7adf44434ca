#include "engine/domain/decide.hpp"
#include "engine/domain/stock/reservation.hpp"

namespace o2c {
namespace {

void begin_event(CompanyState& state, const fb::Event& event, std::string_view place) {
  state.stock_places.change_or_add(place).version = event.stream_version();
}

void add_stock(CompanyState& state, const fb::Event& event, std::string_view product, std::string_view place,
               std::int64_t quantity) {
  state.products.change(product).at_or_add(place).move(from_fb(*event.occurred_on()), quantity);
}

/// Both events of a reservation are events of the order; no status changes by them, so `last_on` stays.
template <class Body>
Order& change_reservation(CompanyState& state, const fb::Event& event, const Body& body, int sign) {
  Order& order = state.orders.change(view(body.order()));
  order.version = event.stream_version();
  for (const fb::ReservationLine* line : *body.lines()) {
    StockAt& stock = state.products.change(view(line->product())).at_or_add(view(line->place()));
    change_reserved(order, line->line(), stock, sign * line->quantity()->millionths());
  }
  return order;
}

}  // namespace

void evolve(CompanyState& state, const fb::Event& event, const fb::StockReceived& body) {
  begin_event(state, event, view(body.place()));
  for (const fb::StockLine* line : *body.lines())
    add_stock(state, event, view(line->product()), view(body.place()), line->quantity()->millionths());
}

void evolve(CompanyState& state, const fb::Event& event, const fb::StockCounted& body) {
  begin_event(state, event, view(body.place()));
  for (const fb::StockLine* line : *body.differences())
    add_stock(state, event, view(line->product()), view(body.place()), line->quantity()->millionths());
}

void evolve(CompanyState& state, const fb::Event& event, const fb::StockTransferred& body) {
  begin_event(state, event, view(body.from_place()));
  if (!state.stock_places.contains(view(body.to_place()))) state.stock_places.add(view(body.to_place()));
  for (const fb::StockLine* line : *body.lines()) {
    add_stock(state, event, view(line->product()), view(body.from_place()), -line->quantity()->millionths());
    add_stock(state, event, view(line->product()), view(body.to_place()), line->quantity()->millionths());
  }
}

void evolve(CompanyState& state, const fb::Event& event, const fb::StockReserved& body) {
  change_reservation(state, event, body, +1).reservation_expires_on = date_in(body.expires_on());
}

void evolve(CompanyState& state, const fb::Event& event, const fb::ReservationReleased& body) {
  forget_expiry_when_empty(change_reservation(state, event, body, -1));
}

}  // namespace o2c
