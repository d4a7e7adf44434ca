#include "engine/domain/stock/reservation.hpp"

#include "events/base/seeded_bug.hpp"

namespace o2c {
namespace {

using Lines = flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::ReservationLine>>>;

Lines lines_to(flatbuffers::FlatBufferBuilder& b, const Portions& portions) {
  boost::container::small_vector<flatbuffers::Offset<fb::ReservationLine>, 8> lines;
  for (const Portion& p : portions) {
    const fb::Quantity quantity{p.quantity};
    lines.push_back(
        fb::CreateReservationLine(b, p.line, b.CreateString(p.product), b.CreateString(p.place), &quantity));
  }
  return b.CreateVector(lines.data(), lines.size());
}

}  // namespace

Verdict check_leaves(const Product& product, const StockAt& at, Date day, std::int64_t quantity,
                     const std::string& place) {
  const StockAt::Level level = at.level_from(day);
  if (quantity <= level.least) return accept();
  return refuse(Refusal::negative_stock, place,
                fmt::format("product {} at {}: {} leave on {}, {} lie there on {}", product.id, at.place,
                            format_trimmed(quantity, quantity_decimals), format_date(day),
                            format_trimmed(static_cast<std::int64_t>(level.least), quantity_decimals),
                            format_date(level.least_on)));
}

Verdict check_base_quantity(const Product& product, std::int64_t quantity, const std::string& place) {
  if (product.decimals >= quantity_decimals || quantity % power_of_ten(quantity_decimals - product.decimals) == 0)
    return accept();
  return refuse(Refusal::inexact_conversion, place,
                fmt::format("{} {} of product {}, {} decimals are allowed", format_trimmed(quantity, quantity_decimals),
                            product.unit, product.id, product.decimals));
}

std::int64_t FreeStock::free_at(const StockAt* at) const {
  std::int64_t free = O2C_BUG(stock_ignores_reservations) ? at->on_hand : at->free();
  for (const auto& [where, quantity] : taken_) {
    if (where == at) free -= quantity;
  }
  return free;
}

const FreeStock::Places& FreeStock::places_of(const Product& product, std::string_view only) {
  places_.clear();
  if (!only.empty()) {
    if (const StockAt* at = product.at(only)) places_.push_back(at);
    return places_;
  }
  for (const std::string& place : rules_.places) {
    if (const StockAt* at = product.at(place)) places_.push_back(at);
  }
  const auto listed = places_.size();
  for (const StockAt& at : product.stock) {
    const auto end = places_.begin() + static_cast<std::ptrdiff_t>(listed);
    if (std::find(places_.begin(), end, &at) == end) places_.push_back(&at);
  }
  std::sort(places_.begin() + static_cast<std::ptrdiff_t>(listed), places_.end(),
            [](const StockAt* a, const StockAt* b) { return a->place < b->place; });
  return places_;
}

Verdict reserve_missing(const CompanyState& state, const Order& order, const StockRules& rules, Shortage shortage,
                        Day day, Decision& decision) {
  FreeStock free(rules);
  Portions portions;
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    const PricedLine& line = order.document->lines[i];
    const std::int64_t missing = order.open(i) - order.lines[i].reserved_total();
    const Product* product = missing > 0 ? state.products.find(line.product) : nullptr;
    if (!product) continue;
    const std::int64_t taken =
        free.take(*product, line.place, missing, [&](std::string_view place, std::int64_t quantity) {
          portions.push_back({line.line, line.product, place, quantity});
        });
    if (taken < missing && shortage == Shortage::refuse) {
      return refuse(Refusal::stock_short, "/order",
                    fmt::format("line {}, product {}: {} wanted, {} free", line.line, line.product,
                                format_trimmed(missing, quantity_decimals), format_trimmed(taken, quantity_decimals)));
    }
  }
  if (portions.empty()) return accept();
  auto& b = decision.b;
  const auto lines = lines_to(b, portions);
  const auto id = b.CreateString(order.id);
  const fb::Date expires = to_fb(day.occurred_on + std::chrono::days{rules.reservation_days});
  decision.add(fb::StreamType::order, order.id, order.version, day.occurred_on, day.posted_on,
               fb::CreateStockReserved(b, id, lines, rules.reservation_days ? &expires : nullptr));
  return accept();
}

Portions reserved_portions(const Order& order) {
  Portions portions;
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    const PricedLine& line = order.document->lines[i];
    for (const Reserved& r : order.lines[i].reserved)
      portions.push_back({line.line, line.product, r.place, r.quantity});
  }
  return portions;
}

void release_portions(const Order& order, const Portions& portions, fb::ReleaseReason reason, Day day,
                      Decision& decision) {
  if (portions.empty()) return;
  const auto lines = lines_to(decision.b, portions);
  const auto id = decision.b.CreateString(order.id);
  decision.add(fb::StreamType::order, order.id, order.version, day.occurred_on, day.posted_on,
               fb::CreateReservationReleased(decision.b, id, lines, reason));
}

void forget_expiry_when_empty(Order& order) {
  const auto empty = [](const OrderLineState& line) { return line.reserved.empty(); };
  if (order.reservation_expires_on && std::all_of(order.lines.begin(), order.lines.end(), empty))
    order.reservation_expires_on.reset();
}

OrderLineState& line_of(Order& order, std::uint16_t line) {
  if (line == 0 || line > order.lines.size())
    throw BrokenHistory(fmt::format("order {} has no line {}", order.id, line));
  return order.lines[line - 1u];
}

void change_reserved(Order& order, std::uint16_t line, StockAt& stock, std::int64_t change) {
  std::vector<Reserved>& reserved = line_of(order, line).reserved;
  auto at = std::find_if(reserved.begin(), reserved.end(), [&](const Reserved& r) { return r.place == stock.place; });
  if (at == reserved.end()) at = reserved.insert(reserved.end(), {stock.place, 0});
  at->quantity += change, stock.reserved += change;
  if (at->quantity < 0 || stock.reserved < 0)
    throw BrokenHistory(fmt::format("order {} gives back more than it had at {}", order.id, stock.place));
  if (at->quantity == 0) reserved.erase(at);
}

}  // namespace o2c
