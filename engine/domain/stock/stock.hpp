#pragma once
#include "engine/domain/archive.hpp"

namespace o2c {

/// A place where goods lie; begins with the first goods that are booked there. What lies there is kept with each product (StockAt).
struct StockPlace {
  std::string id;
  std::uint32_t version = 0;  // events of the place's own stream
  template <class A> friend void archive(A& a, StockPlace& x) { a(x.id, x.version); }
};

}  // namespace o2c
