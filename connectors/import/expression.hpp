#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/import/value.hpp"

/// The expressions of a mapping; what they mean for its author is told in mapping.hpp.
namespace o2c::importer {

/// What expressions can name. Columns: those of the file as declared, then the derived ones; key: the columns of FILE[...].
struct FileNames {
  std::string file;
  std::vector<std::string> columns;
  std::vector<std::size_t> key;
};
struct Names {
  std::vector<FileNames> files;
  std::vector<std::pair<std::string, Value>> constants;

  std::size_t find_file(std::string_view name) const;  // none if there is none
  std::size_t find_column(std::size_t file, std::string_view name) const;
};
/// Keeps short what is worked out by recursion.
inline constexpr std::size_t expression_bytes_max = 4000;
inline constexpr std::size_t none = static_cast<std::size_t>(-1);

/// The rows at hand, by file, the innermost last: inside "$each" and sum(...) there is one more than outside.
using Scope = std::vector<std::size_t>;

struct Node;

/// Rows of a file: all of them, or those whose columns equal the keys, which are seen from outside.
struct RowSet {
  std::size_t file = 0;
  std::vector<std::size_t> columns;
  std::vector<Node> keys;
};

enum class Op {
  literal,
  column,  // of the row at hand number `frame`
  field,   // column of the one row of `rows`
  count,
  over_rows,  // `function` over the argument, once for each row of `rows`
  call,       // `function` of the arguments
  choose,     // if(condition, value, ..., otherwise)
  otherwise,  // a ?? b
  both,       // and
  either,     // or
};

/// A part of an expression, ready to be worked out. Names are already places.
struct Node {
  Op op = Op::literal;
  Value literal;
  std::size_t frame = 0;
  std::size_t column = 0;
  std::size_t function = 0;  // place in the table of functions
  RowSet rows;
  std::vector<Node> arguments;
};

/// Reads an expression. errors: what is wrong and at which character, with the nearest name for a name nobody knows.
Result<Node, std::string> compile_expression(std::string_view text, const Names& names, const Scope& scope);
/// The same for "order_details[order_id = order_id]" alone.
Result<RowSet, std::string> compile_row_set(std::string_view text, const Names& names, const Scope& scope);

/// File and column of all that the expression looks at: a derived value may not come back to itself.
std::vector<std::pair<std::size_t, std::size_t>> columns_used(const Node& node, Scope scope);

/// Letters, digits and _, not beginning with a digit.
bool is_name(std::string_view text);

}  // namespace o2c::importer
