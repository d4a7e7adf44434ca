#pragma once
#include <cstdint>
#include <stdexcept>

namespace o2c {

/// A sum over customers that does not fit into 64 bits (deciders watch each customer's). The question fails, not the program.
struct SumTooLarge : std::range_error {
  SumTooLarge()
      : std::range_error("a sum of the report does not fit into 64 bits: ask for fewer documents or by customer") {}
};

inline void add_to(std::int64_t& sum, std::int64_t amount) {
  if (__builtin_add_overflow(sum, amount, &sum)) throw SumTooLarge();
}

/// For sums kept while folding: wraps around, so that what is subtracted later comes out right.
inline void add_wrapping(std::int64_t& sum, std::int64_t amount) {
  sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) + static_cast<std::uint64_t>(amount));
}

}  // namespace o2c
