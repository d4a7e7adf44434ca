#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/import/expression.hpp"

/// The JSON of a command with expressions in its strings; what that means for its author is told in mapping.hpp.
namespace o2c::importer {

/// Plain text, or a value when there is an expression.
struct TemplatePart {
  std::string text;
  std::optional<Node> value;
};

struct TemplateMember;
struct TemplateNode {
  enum class Kind { object, array, text, bare, literal };
  Kind kind = Kind::literal;
  std::string literal;                  // number, true or false as written
  std::vector<TemplatePart> parts;      // of a text or a bare value
  std::vector<TemplateMember> members;  // of an object; of an array without names
  std::optional<RowSet> each;           // an element of an array: once for each of these rows
  std::optional<Node> when;             // an object: only if this holds
};

struct TemplateMember {
  std::string name;
  TemplateNode value;
};

/// line: counted from 0 at the first line of the template.
struct TemplateFault {
  std::size_t line = 0;
  std::string rule;
};

/// Reads a template for rows of the scope. Expressions are compiled, so that every name in it is known to exist.
Result<TemplateNode, TemplateFault> compile_template(std::string_view text, const Names& names, const Scope& scope);

/// Appends UTF-8 text as a JSON string.
void append_json_text(std::string& out, std::string_view text);

}  // namespace o2c::importer
