#pragma once
#include <boost/container/small_vector.hpp>

#include "engine/domain/decision.hpp"

namespace o2c {

/// Whether `quantity` may leave a place on a day: then and on every later day as much has to lie there (I3), however late it is recorded.
/// errors  negative_stock, naming the day on which it would be missing.
Verdict check_leaves(const Product& product, const StockAt& at, Date day, std::int64_t quantity,
                     const std::string& place);

/// Refuses a quantity in base units with more decimals than the product's unit allows.
Verdict check_base_quantity(const Product& product, std::int64_t quantity, const std::string& place);

/// A quantity of an order line at a place, in base units. The views point into the state or into the decision's own copy of the order.
struct Portion {
  std::uint16_t line = 0;
  std::string_view product, place;
  std::int64_t quantity = 0;
};

/// Most orders have few lines at few places: no allocation for them.
using Portions = boost::container::small_vector<Portion, 8>;

/// What one decision may still take of the free stock. Takings are remembered, so that two lines of one product never get the same piece.
/// Lives as long as the decision; the state does not change meanwhile.
class FreeStock {
 public:
  explicit FreeStock(const StockRules& rules) : rules_(rules) {}

  /// Takes up to `wanted` of a product at the place `only`, or, when that is empty, at every place: first those of the rules, in their order,
  /// then the others by name. Calls f(place, quantity) for each part and returns what was taken in all.
  template <class F> std::int64_t take(const Product& product, std::string_view only, std::int64_t wanted, F&& f) {
    std::int64_t taken = 0;
    for (const StockAt* at : places_of(product, only)) {
      const std::int64_t part = std::min(wanted - taken, free_at(at));
      if (part <= 0) continue;
      taken_.emplace_back(at, part);
      f(std::string_view(at->place), part);
      taken += part;
    }
    return taken;
  }

 private:
  std::int64_t free_at(const StockAt* at) const;
  using Places = boost::container::small_vector<const StockAt*, 8>;
  const Places& places_of(const Product& product, std::string_view only);

  const StockRules& rules_;
  boost::container::small_vector<std::pair<const StockAt*, std::int64_t>, 8> taken_;
  Places places_;
};

/// Whether a reservation that cannot be had in full is refused (stock_short, naming the first such line) or is taken as far as it goes.
enum class Shortage { refuse, reserve_what_is_free };

/// Sets aside free stock for what the open lines of an order still miss: adds one StockReserved, or none when nothing is free.
Verdict reserve_missing(const CompanyState& state, const Order& order, const StockRules& rules, Shortage shortage,
                        Day day, Decision& decision);

/// All that an order has set aside.
Portions reserved_portions(const Order& order);
/// Gives portions back: adds one ReservationReleased, or none for no portions.
void release_portions(const Order& order, const Portions& portions, fb::ReleaseReason reason, Day day,
                      Decision& decision);

/// Changes what an order line has set aside at a place, on the line and in stock together (I2). Used by evolve only.
void change_reserved(Order& order, std::uint16_t line, StockAt& stock, std::int64_t change);

/// What is used up or given back expires no more. Used by evolve only, after its last change_reserved.
void forget_expiry_when_empty(Order& order);

/// The line of an order by its number, for evolve; a number that cannot be stops the replay.
OrderLineState& line_of(Order& order, std::uint16_t line);

}  // namespace o2c
