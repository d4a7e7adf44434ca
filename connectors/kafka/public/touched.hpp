#pragma once
#include <set>
#include <string>
#include <utility>

#include "events/codec/frame.hpp"
#include "projections/runtime/read_models.hpp"

namespace o2c::kafka {

/// Whose rows an entry may have changed.
struct Touched {
  std::set<std::string> orders;
  std::set<std::pair<ItemKind, std::string>> items;
  std::set<std::string> customers;  // whose open items moved
};

/// models: of the entry's company, with the entry folded.
Touched touched_by(const FrameView& entry, const CompanyModels& models);

}  // namespace o2c::kafka
