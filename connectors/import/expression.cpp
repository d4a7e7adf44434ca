#include "connectors/import/expression.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "connectors/import/functions.hpp"
#include "connectors/import/nearest.hpp"
#include "events/base/decimal.hpp"

namespace o2c::importer {
namespace {

/// Letters of other scripts may stand in names too, so that 客户 can be called 客户.
bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool in_name(char c) { return starts_name(c) || is_digit(c); }

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && starts_name(text.front()) && std::all_of(text.begin(), text.end(), in_name);
}

std::size_t Names::find_file(std::string_view name) const {
  const auto at = std::find_if(files.begin(), files.end(), [name](const FileNames& file) { return file.file == name; });
  return at == files.end() ? none : static_cast<std::size_t>(at - files.begin());
}

std::size_t Names::find_column(std::size_t file, std::string_view name) const {
  const auto& columns = files[file].columns;
  const auto at = std::find(columns.begin(), columns.end(), name);
  return at == columns.end() ? none : static_cast<std::size_t>(at - columns.begin());
}

namespace {

/// Recursive descent over one expression. The first fault ends it: the rest reads as the end of the text.
class ExpressionParser {
 public:
  ExpressionParser(std::string_view text, const Names& names, const Scope& scope)
      : text_(text), names_(names), scope_(scope) {
    if (text_.size() > expression_bytes_max)
      fail(fmt::format("an expression has at most {} bytes", expression_bytes_max));
  }

  Result<Node, std::string> expression() {
    Node node = parse_default();
    if (fault_.empty() && !at_end()) fail("an operator or the end is expected here");
    if (!fault_.empty()) return fault_;
    return node;
  }
  Result<RowSet, std::string> row_set() {
    RowSet rows = parse_row_set(take_name());
    if (fault_.empty() && !at_end()) fail("the end is expected here");
    if (!fault_.empty()) return fault_;
    return rows;
  }

 private:
  Node parse_default() {
    Node node = parse_chain(Op::either);
    while (take("??")) node = combine(Op::otherwise, std::move(node), parse_chain(Op::either));
    return node;
  }

  /// a or b or c; in each of them a and b and c.
  Node parse_chain(Op op) {
    const bool either = op == Op::either;
    Node node = either ? parse_chain(Op::both) : parse_negation();
    while (take_word(either ? "or" : "and"))
      node = combine(op, std::move(node), either ? parse_chain(Op::both) : parse_negation());
    return node;
  }

  Node parse_negation() {
    const Nesting nesting(*this);
    if (take_word("not")) return call("not", parse_negation());
    return parse_comparison();
  }

  Node parse_comparison() {
    Node node = parse_binary(0);
    for (const std::string_view sign : {"!=", "<=", ">=", "=", "<", ">"}) {
      if (take(sign)) return call(sign, std::move(node), parse_binary(0));
    }
    return node;
  }

  /// Operators by how tightly they bind: & then + and - then *.
  Node parse_binary(std::size_t level) {
    static constexpr std::string_view signs[] = {"&", "+-", "*"};
    if (level == 3) return parse_unary();
    Node node = parse_binary(level + 1);
    for (;;) {
      skip_blanks();
      const char c = at_ < text_.size() ? text_[at_] : '\0';
      if (c == '\0' || signs[level].find(c) == std::string_view::npos) return node;
      const std::string_view sign = text_.substr(at_++, 1);
      node = call(sign, std::move(node), parse_binary(level + 1));
    }
  }

  Node parse_unary() {
    const Nesting nesting(*this);
    if (take("-")) return call("negated", parse_unary());
    return parse_primary();
  }

  Node parse_primary() {
    skip_blanks();
    if (at_end()) return fail("a value is expected here");
    const char c = text_[at_];
    if (take("(")) {
      Node node = parse_default();
      expect(")");
      return node;
    }
    if (is_digit(c)) return parse_number_or_date();
    if (c == '\'') return parse_text();
    if (!starts_name(c)) return fail("a value is expected here");
    const std::size_t start = at_;
    const std::string_view name = take_name();
    if (name == "true" || name == "false") return literal(name == "true");
    if (name == "none") return literal(Empty{});
    if (peek('(')) return parse_call(name, start);
    if (peek('[')) return parse_field(name);
    return parse_column(name, start);
  }

  Node parse_number_or_date() {
    const std::size_t from = at_;
    const auto date = parse_date(text_.substr(at_, 10));
    if (date) {
      at_ += 10;
      return literal(*date);
    }
    while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
    static const CellFormat plain = *CellFormat::parse("decimal");
    Value value = plain.read(text_.substr(from, at_ - from));
    if (const Fault* wrong = fault_in(value)) return at_ = from, fail(wrong->rule);
    return literal(std::move(value));
  }

  /// 'O''Neill': a quote inside is doubled.
  Node parse_text() {
    std::string value;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] != '\'') value += text_[at_];
      else if (at_ + 1 < text_.size() && text_[at_ + 1] == '\'') value += text_[at_++];
      else return ++at_, literal(std::move(value));
    }
    return fail("a ' that is never closed");
  }

  Node parse_call(std::string_view name, std::size_t start) {
    expect("(");
    if (name == "count") return parse_over_rows(none);
    if (const std::size_t function = find_row_function(name); function != none) return parse_over_rows(function);
    const std::size_t function = name == "if" ? none : find_function(name);
    if (function == none && name != "if")
      return at_ = start, fail(fmt::format("unknown function {}{}", name, did_you_mean(name, function_names())));
    Node node;
    node.op = name == "if" ? Op::choose : Op::call;
    node.function = function;
    do node.arguments.push_back(parse_default());
    while (take(","));
    expect(")");
    const std::size_t given = node.arguments.size();
    const bool fits =
        name == "if" ? given >= 3 && given % 2 == 1
                     : given >= functions()[function].arguments_min && given <= functions()[function].arguments_max;
    if (!fits && name == "if")
      return fail("if takes pairs of condition and value and a last value for the other cases");
    if (!fits)
      return fail(fmt::format("{} takes {} arguments, not {}", name, functions()[function].arguments_max, given));
    return node;
  }

  /// Behind "sum(": the rows and what to take of each; behind "count(" the rows alone.
  Node parse_over_rows(std::size_t function) {
    Node node;
    node.op = function == none ? Op::count : Op::over_rows;
    node.function = function;
    node.rows = parse_row_set(take_name());
    if (function != none) {
      expect(",");
      scope_.push_back(node.rows.file);
      node.arguments.push_back(parse_default());
      scope_.pop_back();
    }
    expect(")");
    return node;
  }

  /// Behind the name of a file: nothing for all rows, [key] or [column = key, ...] for some.
  RowSet parse_row_set(std::string_view name) {
    RowSet rows;
    rows.file = names_.find_file(name);
    if (rows.file == none) return fail(fmt::format("no file {}{}", name, did_you_mean(name, file_names()))), RowSet{};
    if (!take("[")) return rows;
    const std::size_t start = at_;
    do {
      const std::size_t back = at_;
      const std::string_view column = take_name();
      if (!column.empty() && peek('=')) {
        expect("=");
        rows.columns.push_back(column_of(rows.file, column, back));
      } else {
        at_ = back;
      }
      rows.keys.push_back(parse_chain(Op::either));
    } while (fault_.empty() && take(","));
    expect("]");
    if (rows.columns.empty()) rows.columns = names_.files[rows.file].key;
    if (fault_.empty() && rows.columns.empty())
      at_ = start, fail(fmt::format("{} has no key; write {}[column = value]", name, name));
    if (fault_.empty() && rows.columns.size() != rows.keys.size()) {
      at_ = start;
      fail(fmt::format("the key of {} has {} parts, here are {}", name, rows.columns.size(), rows.keys.size()));
    }
    return rows;
  }

  Node parse_field(std::string_view name) {
    Node node;
    node.op = Op::field;
    node.rows = parse_row_set(name);
    expect(".");
    const std::size_t start = at_;
    const std::string_view column = take_name();
    if (fault_.empty()) node.column = column_of(node.rows.file, column, start);
    return node;
  }

  /// A column of a row at hand, the innermost first, or a constant.
  Node parse_column(std::string_view name, std::size_t start) {
    Node node;
    node.op = Op::column;
    const bool of_file = peek('.');
    if (of_file) {
      const std::size_t file = names_.find_file(name);
      const auto frame = std::find(scope_.rbegin(), scope_.rend(), file);
      if (file == none) return at_ = start, fail(fmt::format("no file {}{}", name, did_you_mean(name, file_names())));
      if (frame == scope_.rend())
        return at_ = start, fail(fmt::format("no row of {} is at hand; choose one with {}[...]", name, name));
      expect(".");
      const std::size_t column_start = at_;
      node.frame = static_cast<std::size_t>(scope_.rend() - frame) - 1;
      node.column = column_of(file, take_name(), column_start);
      return node;
    }
    for (std::size_t frame = scope_.size(); frame-- > 0;) {
      node.frame = frame;
      node.column = names_.find_column(scope_[frame], name);
      if (node.column != none) return node;
    }
    for (const auto& [constant, value] : names_.constants) {
      if (constant == name) return literal(value);
    }
    at_ = start;
    return fail(fmt::format("no column or constant {}{}", name, did_you_mean(name, names_in_scope())));
  }

  std::size_t column_of(std::size_t file, std::string_view name, std::size_t start) {
    const std::size_t column = names_.find_column(file, name);
    if (column == none && fault_.empty()) {
      at_ = start;
      fail(fmt::format("{} has no column {}{}", names_.files[file].file, name,
                       did_you_mean(name, names_.files[file].columns)));
    }
    return column;
  }

  std::vector<std::string> file_names() const {
    std::vector<std::string> all;
    all.reserve(names_.files.size());
    for (const FileNames& file : names_.files) all.push_back(file.file);
    return all;
  }
  std::vector<std::string> names_in_scope() const {
    std::vector<std::string> all;
    for (const std::size_t file : scope_)
      all.insert(all.end(), names_.files[file].columns.begin(), names_.files[file].columns.end());
    for (const auto& constant : names_.constants) all.push_back(constant.first);
    return all;
  }

  template <class... Nodes> static Node make(Op op, std::size_t function, Nodes&&... arguments) {
    Node node;
    node.op = op;
    node.function = function;
    (node.arguments.push_back(std::forward<Nodes>(arguments)), ...);
    return node;
  }
  template <class... Nodes> static Node call(std::string_view function, Nodes&&... arguments) {
    return make(Op::call, find_function(function), std::forward<Nodes>(arguments)...);
  }
  static Node combine(Op op, Node a, Node b) { return make(op, none, std::move(a), std::move(b)); }
  static Node literal(Value value) {
    Node node;
    node.literal = std::move(value);
    return node;
  }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
      ++at_;
  }
  bool at_end() {
    skip_blanks();
    return at_ == text_.size();
  }
  bool peek(char c) {
    skip_blanks();
    return at_ < text_.size() && text_[at_] == c;
  }
  bool take(std::string_view sign) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }
  bool take_word(std::string_view word) {
    const std::size_t back = at_;
    if (take_name() == word) return true;
    at_ = back;
    return false;
  }
  std::string_view take_name() {
    skip_blanks();
    const std::size_t from = at_;
    if (at_ < text_.size() && starts_name(text_[at_])) {
      while (at_ < text_.size() && in_name(text_[at_])) ++at_;
    }
    return text_.substr(from, at_ - from);
  }
  void expect(std::string_view sign) {
    if (!take(sign)) fail(fmt::format("\"{}\" is expected here", sign));
  }
  Node fail(std::string_view rule) {
    if (fault_.empty()) fault_ = fmt::format("character {}: {}", at_ + 1, rule);
    at_ = text_.size();
    return {};
  }

  /// Counts how deep the brackets are, so that no mapping can exhaust the stack.
  struct Nesting {
    explicit Nesting(ExpressionParser& of) : parser(of) {
      if (++parser.depth_ > 100) parser.fail("nested too deeply");
    }
    ~Nesting() { --parser.depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    ExpressionParser& parser;
  };

  std::string_view text_;
  const Names& names_;
  Scope scope_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string fault_;
};

}  // namespace

Result<Node, std::string> compile_expression(std::string_view text, const Names& names, const Scope& scope) {
  return ExpressionParser(text, names, scope).expression();
}

Result<RowSet, std::string> compile_row_set(std::string_view text, const Names& names, const Scope& scope) {
  return ExpressionParser(text, names, scope).row_set();
}

namespace {

void collect(const Node& node, Scope& scope, std::vector<std::pair<std::size_t, std::size_t>>& uses) {
  const RowSet& rows = node.rows;
  const bool of_rows = node.op == Op::field || node.op == Op::count || node.op == Op::over_rows;
  if (node.op == Op::column) uses.emplace_back(scope[node.frame], node.column);
  if (node.op == Op::field) uses.emplace_back(rows.file, node.column);
  if (of_rows) {
    for (const std::size_t column : rows.columns) uses.emplace_back(rows.file, column);
    for (const Node& key : rows.keys) collect(key, scope, uses);
  }
  if (node.op == Op::over_rows) scope.push_back(rows.file);
  for (const Node& argument : node.arguments) collect(argument, scope, uses);
  if (node.op == Op::over_rows) scope.pop_back();
}

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> columns_used(const Node& node, Scope scope) {
  std::vector<std::pair<std::size_t, std::size_t>> uses;
  collect(node, scope, uses);
  return uses;
}

}  // namespace o2c::importer
