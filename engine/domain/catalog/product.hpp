#pragma once
#include "engine/domain/customer/customer.hpp"

namespace o2c {

struct UnitConversion {
  std::string unit;
  std::uint64_t numerator = 1, denominator = 1;
  template <class A> friend void archive(A& a, UnitConversion& x) { a(x.unit, x.numerator, x.denominator); }
};

/// What came and went on one day, by the dates of the facts.
struct StockDay {
  Date day;
  std::int64_t moved = 0;
  template <class A> friend void archive(A& a, StockDay& x) { a(x.day, x.moved); }
};

/// Stock of one product at one place, in millionths of the base unit. I3–I5: 0 <= reserved <= on_hand, free = on_hand − reserved; on_hand is
/// never below zero at the end of any day, in whatever order the days were recorded.
struct StockAt {
  std::string place;
  std::int64_t on_hand = 0, reserved = 0;
  std::vector<StockDay> days;  // ascending, Σ moved = on_hand
  std::int64_t free() const { return on_hand - reserved; }

  /// Lowest and highest on hand at the end of `day` and of all later days, and what it is at the end of `day`.
  struct Level {
    Int128 least = 0, highest = 0, then = 0;
    Date least_on;
  };
  Level level_from(Date day) const {
    Level level{on_hand, on_hand, on_hand, day};
    for (auto at = days.rbegin(); at != days.rend() && at->day > day; ++at) {
      if (level.then <= level.least) level.least = level.then, level.least_on = at->day;
      level.highest = std::max(level.highest, level.then);
      level.then -= at->moved;
    }
    if (level.then <= level.least) level.least = level.then, level.least_on = day;
    level.highest = std::max(level.highest, level.then);
    return level;
  }
  void move(Date day, std::int64_t quantity) {
    on_hand += quantity;
    auto at = days.end();
    while (at != days.begin() && std::prev(at)->day >= day) --at;
    if (at == days.end() || at->day != day) at = days.insert(at, {day, 0});
    at->moved += quantity;
  }
  template <class A> friend void archive(A& a, StockAt& x) { a(x.place, x.on_hand, x.reserved, x.days); }
};

struct Product {
  std::string id;
  std::uint32_t version = 0;
  std::string name, category, unit;
  std::uint8_t decimals = 0;
  std::vector<UnitConversion> conversions;
  std::string tax_class = "standard";
  std::optional<std::int64_t> unit_cost_micros;  // company's base currency
  std::vector<Attribute> attributes;
  std::vector<StockAt> stock;  // in order of first arrival

  const StockAt* at(std::string_view place) const {
    for (const StockAt& s : stock)
      if (s.place == place) return &s;
    return nullptr;
  }
  StockAt& at_or_add(std::string_view place) {
    for (StockAt& s : stock)
      if (s.place == place) return s;
    return stock.emplace_back(StockAt{std::string(place), 0, 0, {}});
  }
  template <class A> friend void archive(A& a, Product& x) {
    a(x.id, x.version, x.name, x.category, x.unit, x.decimals, x.conversions, x.tax_class, x.unit_cost_micros,
      x.attributes, x.stock);
  }
};

}  // namespace o2c
