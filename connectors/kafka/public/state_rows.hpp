#pragma once
#include <map>
#include <string>
#include <string_view>

#include "connectors/kafka/public/touched.hpp"
#include "projections/runtime/read_models.hpp"

namespace o2c::kafka {

/// Rows of one topic by key: the members of a JSON object, commas between, without its braces and without what the row knows.
using Rows = std::map<std::string, std::string>;

/// The rows of one company at a view: all of them, or those that were touched.
struct RowSets {
  Rows order_status, open_items, aging;
};
RowSets all_rows(std::string_view company, const CompanyModels& models, const View& view);
RowSets touched_rows(std::string_view company, const CompanyModels& models, const View& view, const Touched& touched);

}  // namespace o2c::kafka
