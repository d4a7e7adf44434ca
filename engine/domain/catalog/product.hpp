#pragma once
#include "engine/domain/customer/customer.hpp"

namespace o2c {

struct UnitConversion {
  std::string unit;
  std::uint64_t numerator = 1, denominator = 1;
  template <class A> friend void archive(A& a, UnitConversion& x) { a(x.unit, x.numerator, x.denominator); }
};

/// Stock of one product at one place, in millionths of the base unit. I3–I5: 0 <= reserved <= on_hand, free = on_hand − reserved.
struct StockAt {
  std::string place;
  std::int64_t on_hand = 0, reserved = 0;
  std::int64_t free() const { return on_hand - reserved; }
  template <class A> friend void archive(A& a, StockAt& x) { a(x.place, x.on_hand, x.reserved); }
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
    return stock.emplace_back(StockAt{std::string(place), 0, 0});
  }
  template <class A> friend void archive(A& a, Product& x) {
    a(x.id, x.version, x.name, x.category, x.unit, x.decimals, x.conversions, x.tax_class, x.unit_cost_micros,
      x.attributes, x.stock);
  }
};

}  // namespace o2c
