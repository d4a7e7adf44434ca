#pragma once
#include "events/base/hash.hpp"

namespace o2c {

/// 16 bytes that nobody drew before: of a journal, of an attempt to take a lane. threads  any.
Id16 random_id();

}  // namespace o2c
