#include "connectors/import/json_template.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "events/base/decimal.hpp"

namespace o2c::importer {
namespace {

using Kind = TemplateNode::Kind;

/// Recursive descent over the JSON of a template. The first fault ends it.
class TemplateParser {
 public:
  TemplateParser(std::string_view text, const Names& names, const Scope& scope)
      : text_(text.substr(0, text.find_last_not_of(" \t\r\n") + 1)), names_(names), scope_(scope) {}

  Result<TemplateNode, TemplateFault> whole() {
    TemplateNode node = parse_value(0);
    if (!fault_ && !at_end()) fail("one JSON object is expected, here is more");
    if (!fault_ && (node.kind != Kind::object || node.each)) fail("a template is a JSON object, made once");
    if (fault_) return *fault_;
    return node;
  }

 private:
  TemplateNode parse_value(int depth) {
    if (at_end()) return fail("the JSON ends too early");
    if (depth == 32) return fail("nested too deeply");
    const char c = text_[at_];
    if (c == '{') return parse_object(depth);
    if (c == '[') return parse_array(depth);
    if (c == '"') return parse_text();
    return parse_literal();
  }

  /// "$each" and "$when" must come first, because the names inside depend on them.
  TemplateNode parse_object(int depth) {
    TemplateNode node;
    node.kind = Kind::object;
    expect('{');
    const std::size_t scope_size = scope_.size();
    while (!fault_ && !take('}')) {
      const std::size_t start = at_;
      const std::string name = parse_string();
      expect(':');
      const bool again =
          std::any_of(node.members.begin(), node.members.end(), [&](const auto& m) { return m.name == name; });
      if (again) return at_ = start, fail(fmt::format("\"{}\" stands here twice", name));
      if (name == "$each" || name == "$when") parse_directive(node, name, start);
      else if (name.starts_with('$'))
        return at_ = start, fail(fmt::format("unknown \"{}\"; known are \"$each\" and \"$when\"", name));
      else node.members.push_back({name, parse_value(depth + 1)});
      if (!node.members.empty() && node.members.back().value.each)
        fail("\"$each\" repeats elements of an array, this is none");
      if (!peek('}')) expect(',');
    }
    scope_.resize(scope_size);
    return node;
  }

  void parse_directive(TemplateNode& node, std::string_view name, std::size_t start) {
    at_end();
    const std::size_t value_start = at_;
    const std::string value = parse_string();
    if (fault_) return;
    if (!node.members.empty() || (name == "$each" && (node.each || node.when)) || (name == "$when" && node.when)) {
      at_ = start;
      fail("\"$each\" comes first, then \"$when\", then the members, each once");
      return;
    }
    at_ = value_start;
    if (name == "$each") {
      auto rows = compile_row_set(value, names_, scope_);
      if (!rows) return void(fail(fmt::format("in \"{}\", {}", value, rows.error())));
      scope_.push_back(rows->file);
      node.each = std::move(*rows);
    } else {
      auto when = compile_expression(value, names_, scope_);
      if (!when) return void(fail(fmt::format("in \"{}\", {}", value, when.error())));
      node.when = std::move(*when);
    }
    at_ = value_start;
    parse_string();
  }

  TemplateNode parse_array(int depth) {
    TemplateNode node;
    node.kind = Kind::array;
    expect('[');
    while (!fault_ && !take(']')) {
      node.members.push_back({{}, parse_value(depth + 1)});
      if (!peek(']')) expect(',');
    }
    return node;
  }

  TemplateNode parse_literal() {
    TemplateNode node;
    const std::size_t end = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
    node.literal = text_.substr(at_, end - at_);
    if (node.literal != "true" && node.literal != "false" && !parse_decimal(node.literal, 0)) {
      return fail(
          fmt::format("\"{}\" is no JSON value that a command has; amounts and dates are strings", node.literal));
    }
    at_ = end;
    return node;
  }

  /// "text ${expression} text", or "#{expression}" alone for a number without quotes.
  TemplateNode parse_text() {
    const std::size_t start = at_;
    const std::string text = parse_string();
    TemplateNode node;
    node.kind = Kind::text;
    if (fault_) return node;
    const std::size_t end = at_;
    at_ = start;
    std::string_view rest = text;
    if (rest.starts_with("#{") && expression_size(rest) == rest.size()) {
      node.kind = Kind::bare;
      add_value(node, rest);
      rest = {};
    }
    while (!fault_ && !rest.empty()) {
      const std::size_t dollar = std::min(rest.find('$'), rest.size());
      if (dollar > 0) add_plain(node, rest.substr(0, dollar));
      rest.remove_prefix(dollar);
      if (rest.starts_with("$${")) {
        add_plain(node, "${");
        rest.remove_prefix(3);
      } else if (rest.starts_with("${")) {
        const std::size_t size = expression_size(rest);
        if (size == 0) return fail("a ${ that is never closed");
        add_value(node, rest.substr(0, size));
        rest.remove_prefix(size);
      } else if (!rest.empty()) {
        add_plain(node, rest.substr(0, 1));
        rest.remove_prefix(1);
      }
    }
    if (!fault_) at_ = end;
    return node;
  }

  static void add_plain(TemplateNode& node, std::string_view text) {
    if (node.parts.empty() || node.parts.back().value) node.parts.emplace_back();
    node.parts.back().text += text;
  }
  void add_value(TemplateNode& node, std::string_view braced) {
    const std::string_view expression = braced.substr(2, braced.size() - 3);
    auto value = compile_expression(expression, names_, scope_);
    if (!value) return void(fail(fmt::format("in \"{}\", {}", expression, value.error())));
    node.parts.push_back({std::string(expression), std::move(*value)});
  }

  /// Length of "${...}" or "#{...}" at the beginning, 0 if it is not closed. Braces inside 'text' do not count.
  static std::size_t expression_size(std::string_view text) {
    bool quoted = false;
    for (std::size_t at = 2; at < text.size(); ++at) {
      if (text[at] == '\'') quoted = !quoted;
      if (text[at] == '}' && !quoted) return at + 1;
    }
    return 0;
  }

  std::string parse_string() {
    std::string out;
    if (at_end() || text_[at_] != '"') return fail("a \" is expected here"), out;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\n') return fail("a string goes over the end of its line"), out;
      if (text_[at_] != '\\') {
        out += text_[at_];
        continue;
      }
      const char escaped = ++at_ < text_.size() ? text_[at_] : '\0';
      if (escaped != '"' && escaped != '\\' && escaped != '/')
        return fail("the escapes of a template are \\\" \\\\ and \\/"), out;
      out += escaped;
    }
    if (at_ == text_.size()) fail("a \" that is never closed");
    else ++at_;
    return out;
  }

  bool at_end() {
    while (at_ < text_.size() && std::string_view{" \t\r\n"}.find(text_[at_]) != std::string_view::npos) ++at_;
    return at_ == text_.size();
  }
  bool peek(char c) { return !at_end() && text_[at_] == c; }
  bool take(char c) {
    if (!peek(c)) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail(fmt::format("'{}' is expected here", c));
  }
  TemplateNode fail(std::string rule) {
    const auto lines =
        std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, text_.size())), '\n');
    if (!fault_) fault_ = TemplateFault{static_cast<std::size_t>(lines), std::move(rule)};
    at_ = text_.size();
    return {};
  }

  std::string_view text_;
  const Names& names_;
  Scope scope_;
  std::size_t at_ = 0;
  std::optional<TemplateFault> fault_;
};

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') (out += '\\') += c;
    else if (static_cast<unsigned char>(c) < 0x20) out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    else out += c;
  }
  out += '"';
}

Result<TemplateNode, TemplateFault> compile_template(std::string_view text, const Names& names, const Scope& scope) {
  return TemplateParser(text, names, scope).whole();
}

}  // namespace o2c::importer
