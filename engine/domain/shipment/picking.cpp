#include "engine/domain/shipment/picking.hpp"

namespace o2c {
namespace {

/// How much more of a line may leave: what is open and the tolerance on what was ordered. Nothing when nothing is open.
std::int64_t most_of(const Order& order, std::size_t line, std::int64_t shipped, std::int32_t over_delivery_ppm) {
  const std::int64_t open = order.ordered(line) - order.lines[line].cancelled - shipped;
  if (open <= 0) return 0;
  const Int128 tolerance = static_cast<Int128>(order.ordered(line)) * over_delivery_ppm / one_ppm;
  return narrow(open + tolerance).value_or(std::numeric_limits<std::int64_t>::max());
}

/// As share_minor, but nothing when it does not fit: an over-delivery may go beyond 64 bits.
std::optional<std::int64_t> share_of(std::int64_t total_minor, std::int64_t quantity, std::int64_t ordered) {
  if (quantity == 0) return 0;
  return quantity == ordered ? total_minor : scale(total_minor, quantity, ordered);
}

/// What the step from `from` to `until` units is worth; false when it does not fit.
bool step_value(std::int64_t total_minor, std::int64_t from, std::int64_t until, std::int64_t ordered,
                std::int64_t& value) {
  const auto before = share_of(total_minor, from, ordered), after = share_of(total_minor, until, ordered);
  if (before && after) value = *after - *before;
  return before && after;
}

}  // namespace

Picking::Picking(const CompanyState& state, const Order& order, const StockRules& rules)
    : state_(state), order_(order), rules_(rules), free_(rules) {
  shipped_.reserve(order.lines.size());
  for (const OrderLineState& line : order.lines) shipped_.push_back(line.shipped);
}

Verdict Picking::pick(std::size_t i, std::optional<std::int64_t> quantity, std::string_view place,
                      const std::string& at) {
  const PricedLine& line = order_.document->lines[i];
  const Product* product = state_.products.find(line.product);
  if (!product) return refuse(Refusal::product_unknown, at, line.product);
  if (!line.place.empty() && !place.empty() && place != line.place) {
    return refuse(Refusal::invalid_value, at + "/place",
                  fmt::format("line {} is to be shipped from {} only", line.line, line.place));
  }
  const std::int64_t open = order_.ordered(i) - order_.lines[i].cancelled - shipped_[i];
  const std::int64_t wanted = quantity.value_or(open), most = most_of(order_, i, shipped_[i], rules_.over_delivery_ppm);
  if (quantity && wanted <= 0)
    return refuse(Refusal::invalid_value, at + "/quantity", format_trimmed(wanted, quantity_decimals));
  if (Verdict v = check_base_quantity(*product, wanted, at + "/quantity"); !v) return v;
  if (wanted > most || most == 0) {
    return refuse(Refusal::exceeds_open_quantity, at + "/quantity",
                  fmt::format("line {}: {} wanted, {} open, at most {} may be shipped", line.line,
                              format_trimmed(wanted, quantity_decimals),
                              format_trimmed(std::max<std::int64_t>(open, 0), quantity_decimals),
                              format_trimmed(most, quantity_decimals)));
  }
  const std::string_view only = place.empty() ? std::string_view(line.place) : place;
  std::int64_t rest = wanted;
  for (const Reserved& r : order_.lines[i].reserved) {
    if (!only.empty() && r.place != only) continue;
    const std::int64_t part = std::min(rest, r.quantity - picked_reserved(line.line, r.place));
    add(line.line, r.place, part, part);
    rest -= part;
  }
  if (rest > 0)
    rest -= free_.take(*product, only, rest,
                       [&](std::string_view from, std::int64_t part) { add(line.line, from, part, 0); });
  if (rest > 0) {
    return refuse(
        Refusal::stock_short, at,
        fmt::format("line {}, product {}: {} wanted, {} there", line.line, line.product,
                    format_trimmed(wanted, quantity_decimals), format_trimmed(wanted - rest, quantity_decimals)));
  }
  shipped_[i] += wanted;
  return accept();
}

Verdict Picking::leaves_on(Date day) const {
  const auto product_of = [&](const PickedLine& p) -> const std::string& {
    return order_.document->lines[p.line - 1u].product;
  };
  for (const PickedLine& p : picked_) {
    const Product& product = *state_.products.find(product_of(p));
    std::int64_t leaving = 0;  // of the product from the place, by all lines: not more than lies there, so it fits
    for (const PickedLine& other : picked_) {
      if (other.place == p.place && product_of(other) == product.id) leaving += other.quantity;
    }
    if (Verdict v = check_leaves(product, *product.at(p.place), day, leaving, "/occurred_on"); !v) return v;
  }
  return accept();
}

Verdict Picking::value() {
  boost::container::small_vector<std::int64_t, 8> shipped;
  shipped.reserve(order_.lines.size());
  for (const OrderLineState& line : order_.lines) shipped.push_back(line.shipped);
  for (PickedLine& p : picked_) {
    const PricedLine& line = order_.document->lines[p.line - 1u];
    const std::int64_t from = shipped[p.line - 1u], until = from + p.quantity, ordered = line.base_quantity;
    std::int64_t cost = 0;
    bool fits = step_value(line.net_minor, from, until, ordered, p.net_minor) &&
                step_value(line.tax_minor, from, until, ordered, p.tax_minor);
    if (line.cost_minor) fits = fits && step_value(*line.cost_minor, from, until, ordered, cost), p.cost_minor = cost;
    if (!fits || !share_of(line.net_minor + line.tax_minor, until, ordered))
      return refuse(Refusal::number_range, "/lines", fmt::format("value of line {}", p.line));
    shipped[p.line - 1u] = until;
  }
  return accept();
}

Portions Picking::left_over() const {
  Portions portions;
  for (std::size_t i = 0; i < order_.lines.size(); ++i) {
    const PricedLine& line = order_.document->lines[i];
    std::int64_t needed = std::max<std::int64_t>(order_.ordered(i) - order_.lines[i].cancelled - shipped_[i], 0);
    for (const Reserved& r : order_.lines[i].reserved) {
      const std::int64_t left = r.quantity - picked_reserved(line.line, r.place), kept = std::min(left, needed);
      needed -= kept;
      if (left > kept) portions.push_back({line.line, line.product, r.place, left - kept});
    }
  }
  return portions;
}

void Picking::add(std::uint16_t line, std::string_view place, std::int64_t quantity, std::int64_t reserved) {
  if (quantity <= 0) return;
  for (PickedLine& p : picked_) {
    if (p.line == line && p.place == place) {
      p.quantity += quantity, p.reserved += reserved;
      return;
    }
  }
  picked_.push_back({line, place, quantity, reserved, 0, 0, std::nullopt});
}

std::int64_t Picking::picked_reserved(std::uint16_t line, std::string_view place) const {
  for (const PickedLine& p : picked_) {
    if (p.line == line && p.place == place) return p.reserved;
  }
  return 0;
}

}  // namespace o2c
