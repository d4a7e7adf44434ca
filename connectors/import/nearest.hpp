#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace o2c::importer {

/// `, did you mean "customer_id"?` when one of the known names is near enough to be meant, else nothing.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& known);

}  // namespace o2c::importer
