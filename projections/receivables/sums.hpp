#pragma once
#include <cstdint>
#include <stdexcept>

#include "events/base/checked.hpp"

namespace o2c {

/// A sum within one group that is computed further and does not fit into 64 bits (deciders watch each document's and customer's). The question
/// fails, not the program. Sums that are only shown are kept in 128 bits: sum_cell().
struct SumTooLarge : std::range_error {
  SumTooLarge() : std::range_error("a sum does not fit into 64 bits; ask for fewer documents or smaller groups") {}
};

inline void add_to(std::int64_t& sum, std::int64_t amount) {
  if (__builtin_add_overflow(sum, amount, &sum)) throw SumTooLarge();
}
/// A sum that has to leave as 64 bits.
inline std::int64_t narrowed(Int128 sum) {
  const auto fits = narrow(sum);
  if (!fits) throw SumTooLarge();
  return *fits;
}

/// For sums kept while folding: wraps around, so that what is subtracted later comes out right.
inline void add_wrapping(std::int64_t& sum, std::int64_t amount) {
  sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) + static_cast<std::uint64_t>(amount));
}

}  // namespace o2c
