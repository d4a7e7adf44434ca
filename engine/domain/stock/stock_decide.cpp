#include "engine/domain/decide.hpp"
#include "engine/domain/order/confirmation.hpp"
#include "engine/domain/stock/incoming.hpp"

namespace o2c {
namespace {

struct Difference {
  const Product* product = nullptr;
  std::int64_t quantity = 0;
};
template <class List>
flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::StockLine>>> lines_to(flatbuffers::FlatBufferBuilder& b,
                                                                                      const List& list) {
  std::vector<flatbuffers::Offset<fb::StockLine>> lines;
  lines.reserve(list.size());
  for (const auto& item : list) {
    const fb::Quantity quantity{item.quantity};
    lines.push_back(fb::CreateStockLine(b, b.CreateString(item.product->id), &quantity));
  }
  return b.CreateVector(lines);
}

/// Adds an event to a place's own stream.
template <class Body>
void add_stock_event(const CompanyState& state, std::string_view place, Day day, flatbuffers::Offset<Body> body,
                     Decision& decision) {
  const StockPlace* known = state.stock_places.find(place);
  decision.add(fb::StreamType::stock, place, known ? known->version : 0, day.occurred_on, day.posted_on, body);
  decision.answer(fb::StreamType::stock, place, "");
}

/// The difference of each line to what the books say of the day's end. Less than is set aside cannot be counted away: an order was promised it;
/// nor what has left since.
Verdict differences_of(const std::vector<StockMove>& moves, std::string_view place, Date day,
                       std::vector<Difference>& differences) {
  Sums added;
  for (const StockMove& move : moves) {
    if (added.contains(move.product))
      return refuse(Refusal::invalid_value, move.place + "/product",
                    fmt::format("product {} is counted twice", move.product->id));
    const StockAt* at = move.product->at(place);
    const auto found = narrow(move.quantity - (at ? at->level_from(day).then : Int128{0}));
    if (!found) return refuse(Refusal::number_range, move.place + "/quantity", "the difference");
    const StockMove difference{move.product, *found, move.place};
    if (at && difference.quantity < 0 && at->reserved > at->on_hand + difference.quantity) {
      return refuse(Refusal::negative_stock, move.place + "/quantity",
                    fmt::format("{} would be left, {} are reserved: release reservations first",
                                format_trimmed(at->on_hand + difference.quantity, quantity_decimals),
                                format_trimmed(at->reserved, quantity_decimals)));
    }
    if (at && difference.quantity < 0) {
      if (Verdict v = check_leaves(*move.product, *at, day, -difference.quantity, move.place + "/quantity"); !v)
        return v;
    }
    if (Verdict v = check_total(difference, day, added); !v) return v;
    differences.push_back({difference.product, difference.quantity});
  }
  return accept();
}

Verdict check_transfer(const std::vector<StockMove>& moves, std::string_view from, Date day) {
  Sums moved;
  for (const StockMove& move : moves) {
    const StockAt* at = move.product->at(from);
    if (!at)
      return refuse(Refusal::place_unknown, move.place + "/product",
                    fmt::format("product {} at {}", move.product->id, from));
    const std::int64_t left = at->free() - moved[move.product];
    if (move.quantity > left) {
      return refuse(Refusal::stock_short, move.place + "/quantity",
                    fmt::format("{} wanted, {} free", format_trimmed(move.quantity, quantity_decimals),
                                format_trimmed(left, quantity_decimals)));
    }
    moved[move.product] += move.quantity;
    if (Verdict v = check_leaves(*move.product, *at, day, moved[move.product], move.place + "/quantity"); !v) return v;
  }
  return accept();
}

}  // namespace

Verdict read_line(const CompanyState& state, std::string_view product, std::int64_t quantity, std::int64_t least,
                  std::string place, std::vector<StockMove>& moves) {
  const Product* known = state.products.find(product);
  if (!known) return refuse(Refusal::product_unknown, place + "/product", std::string(product));
  if (quantity < least)
    return refuse(Refusal::invalid_value, place + "/quantity", format_trimmed(quantity, quantity_decimals));
  if (Verdict v = check_base_quantity(*known, quantity, place + "/quantity"); !v) return v;
  moves.push_back({known, quantity, std::move(place)});
  return accept();
}

Verdict check_total(const StockMove& move, Date day, Sums& added) {
  Int128 total = static_cast<Int128>(added[move.product]) + move.quantity;
  for (const StockAt& at : move.product->stock) total += at.level_from(day).highest;
  if (!narrow(total))
    return refuse(Refusal::number_range, move.place + "/quantity",
                  fmt::format("stock of product {}", move.product->id));
  added[move.product] += move.quantity;
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::ReceiveStock& command, Decision& decision) {
  Day day;
  std::vector<StockMove> moves;
  Sums added;
  if (Verdict v = check_id(view(command.place()), "/place"); !v) return v;
  if (Verdict v = read_lines(state, *command.lines(), 1, moves); !v) return v;
  if (Verdict v = day_of(state, context, command.occurred_on(), std::nullopt, day); !v) return v;
  for (const StockMove& move : moves) {
    if (Verdict v = check_total(move, day.occurred_on, added); !v) return v;
  }
  auto& b = decision.b;
  const auto lines = lines_to(b, moves);
  const auto place = put(b, view(command.place())), reference = put(b, view(command.reference()));
  add_stock_event(state, view(command.place()), day, fb::CreateStockReceived(b, place, lines, reference), decision);
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::CountStock& command, Decision& decision) {
  Day day;
  std::vector<StockMove> moves;
  std::vector<Difference> differences;
  if (Verdict v = check_id(view(command.place()), "/place"); !v) return v;
  if (Verdict v = check_reason(command.reason()); !v) return v;
  if (Verdict v = read_lines(state, *command.lines(), 0, moves); !v) return v;
  if (Verdict v = day_of(state, context, command.occurred_on(), std::nullopt, day); !v) return v;
  if (Verdict v = differences_of(moves, view(command.place()), day.occurred_on, differences); !v) return v;
  auto& b = decision.b;
  const auto lines = lines_to(b, differences);
  const auto place = put(b, view(command.place())), reason = put(b, view(command.reason()));
  add_stock_event(state, view(command.place()), day, fb::CreateStockCounted(b, place, lines, reason), decision);
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::TransferStock& command,
               Decision& decision) {
  Day day;
  std::vector<StockMove> moves;
  const std::string_view from = view(command.from_place()), to = view(command.to_place());
  if (Verdict v = check_id(from, "/from_place"); !v) return v;
  if (Verdict v = check_id(to, "/to_place"); !v) return v;
  if (from == to) return refuse(Refusal::invalid_value, "/to_place", "goods are there already");
  if (Verdict v = read_lines(state, *command.lines(), 1, moves); !v) return v;
  if (Verdict v = day_of(state, context, command.occurred_on(), std::nullopt, day); !v) return v;
  if (Verdict v = check_transfer(moves, from, day.occurred_on); !v) return v;
  auto& b = decision.b;
  const auto lines = lines_to(b, moves);
  const auto from_place = put(b, from), to_place = put(b, to);
  add_stock_event(state, from, day, fb::CreateStockTransferred(b, from_place, to_place, lines), decision);
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::ReserveOrder& command, Decision& decision) {
  const Order* order = nullptr;
  Day day;
  if (Verdict v = find_order(state, context, command, order, day); !v) return v;
  if (Verdict v = check_running(*order); !v) return v;
  if (!order->granted) return refuse(Refusal::order_on_hold, "/order", "an order on credit hold reserves nothing");
  std::int64_t missing = 0;
  for (std::size_t i = 0; i < order->lines.size(); ++i)
    missing = std::max(missing, order->open(i) - order->lines[i].reserved_total());
  if (missing == 0) return refuse(Refusal::nothing_to_do, "/order", "all that is open is reserved");
  const StockRules& rules = rules_on(state.policies.stock_rules, day.occurred_on);
  if (Verdict v = reserve_missing(state, *order, rules, Shortage::reserve_what_is_free, day, decision); !v) return v;
  if (decision.size() == 0) return refuse(Refusal::stock_short, "/order", "nothing of what is missing is free");
  decision.answer(fb::StreamType::order, order->id, shown_status(*order));
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::ExpireReservation& command,
               Decision& decision) {
  const Order* order = state.orders.find(view(command.order()));
  Day day;
  if (!order) return refuse(Refusal::order_unknown, "/order", text(command.order()));
  if (Verdict v = day_of(state, context, nullptr, std::nullopt, day); !v) return v;
  const Portions portions = reserved_portions(*order);
  if (portions.empty() || !order->reservation_expires_on || *order->reservation_expires_on >= context.today) {
    return refuse(Refusal::nothing_to_do, "/order",
                  portions.empty() ? "nothing is reserved"
                  : order->reservation_expires_on
                      ? fmt::format("reserved until {}", format_date(*order->reservation_expires_on))
                      : "reserved without end");
  }
  release_portions(*order, portions, fb::ReleaseReason::expired, day, decision);
  decision.answer(fb::StreamType::order, order->id, shown_status(*order));
  return accept();
}

}  // namespace o2c
