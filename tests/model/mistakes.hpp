#pragma once
#include <span>
#include <string_view>

#include "tests/model/world.hpp"

namespace o2c::model {

/// A deliberate mistake, switched on by its name, and what goes wrong with it.
struct Mistake {
  std::string_view name;
  std::string_view promise;  // the one that it breaks
  std::string_view what;
  Bounds needs;  // it is found within these
};

/// Every mistake the check must find. In the rule, the writer, or the model's engine around it.
std::span<const Mistake> mistakes();

}  // namespace o2c::model
