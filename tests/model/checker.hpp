#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/model/world.hpp"

namespace o2c::model {

/// What a search found.
struct Outcome {
  std::uint64_t states = 0, steps = 0;
  std::uint64_t complete = 0;         // states in which every command is acknowledged or answered "not executed"
  std::uint64_t progress_checks = 0;  // states from which a faultless end was played
  int depth = 0;
  bool whole = true;               // every state within the bounds was seen
  std::string broken;              // the promise, and how; empty when all hold
  std::vector<std::string> trace;  // then: a shortest way there, in words
};

/// Visits every state within the bounds, breadth first, and checks all promises in each.
/// states_max  stops there; about 100 bytes of memory for each state.
/// progress_every  plays a faultless end from each state whose number this divides; 0 for none.
/// promise  the only one to be checked; all when empty.
Outcome search(const Bounds& bounds, std::string_view promise, std::uint64_t states_max, std::uint64_t progress_every);

}  // namespace o2c::model
