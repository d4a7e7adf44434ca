#pragma once
#include <cstdint>

#include "events/base/assert.hpp"

namespace o2c {

/// Adds within 64 bits; deciders refuse what could go beyond, so more is a bug.
inline void add_to(std::int64_t& sum, std::int64_t amount) { O2C_ASSERT(!__builtin_add_overflow(sum, amount, &sum)); }

}  // namespace o2c
