#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/import/value.hpp"

/// The functions that expressions know.
namespace o2c::importer {

/// work: no argument is a fault; none is empty either, for then the result is empty without asking, unless takes_empty.
struct Function {
  std::string_view name;
  std::size_t arguments_min;
  std::size_t arguments_max;
  Value (*work)(std::span<const Value> arguments);
  bool takes_empty = false;
};

/// Operators are functions too, under their sign: "+", "=", "&".
std::span<const Function> functions();
std::size_t find_function(std::string_view name);  // none if there is none
std::vector<std::string> function_names();

/// Over the values of many rows, faults and empty ones taken out before: sum, only, first, last, min, max.
struct RowFunction {
  std::string_view name;
  Value (*work)(std::span<const Value> values);
};
std::span<const RowFunction> row_functions();
std::size_t find_row_function(std::string_view name);

}  // namespace o2c::importer
