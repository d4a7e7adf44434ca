#include <fmt/format.h>

#include "connectors/import/workbook.hpp"

namespace o2c::importer {
std::optional<Fault> Workbook::render(const TemplateNode& node, Rows& rows, std::string& out) {
  switch (node.kind) {
    case TemplateNode::Kind::literal: out += node.literal; return std::nullopt;
    case TemplateNode::Kind::text: return render_text(node, rows, out);
    case TemplateNode::Kind::bare: return render_bare(node, rows, out);
    case TemplateNode::Kind::object:
    case TemplateNode::Kind::array: return render_members(node, rows, out);
  }
  return std::nullopt;
}

std::optional<Fault> Workbook::render_text(const TemplateNode& node, Rows& rows, std::string& out) {
  const bool alone = node.parts.size() == 1;
  std::string text;
  for (const TemplatePart& part : node.parts) {
    if (!part.value) {
      text += part.text;
      continue;
    }
    const Value value = evaluate(*part.value, rows);
    if (const Fault* fault = fault_in(value)) return *fault;
    if (alone && is_empty(value)) return std::nullopt;
    if (is_empty(value))
      return Fault{fmt::format("\"{}\" has no value; say with ?? what stands in its place", part.text), {}};
    if (alone && std::holds_alternative<bool>(value)) return out += text_of(value), std::nullopt;
    text += text_of(value);
  }
  append_json_text(out, text);
  return std::nullopt;
}

std::optional<Fault> Workbook::render_bare(const TemplateNode& node, Rows& rows, std::string& out) {
  const Value value = evaluate(*node.parts[0].value, rows);
  if (const Fault* fault = fault_in(value)) return *fault;
  if (is_empty(value)) return std::nullopt;
  const auto* number = std::get_if<Decimal>(&value);
  if (number == nullptr || number->scale != 0)
    return Fault{fmt::format("\"{}\" is no whole number", text_of(value)), {}};
  out += text_of(value);
  return std::nullopt;
}

/// An object or array; nothing at all when none of its members has a value.
std::optional<Fault> Workbook::render_members(const TemplateNode& node, Rows& rows, std::string& out) {
  const bool object = node.kind == TemplateNode::Kind::object;
  if (node.when) {
    const Value holds = evaluate(*node.when, rows);
    if (const Fault* fault = fault_in(holds)) return *fault;
    if (!is_empty(holds) && !std::holds_alternative<bool>(holds))
      return Fault{fmt::format("\"$when\" is a yes or no, not {}", kind_of(holds)), {}};
    if (is_empty(holds) || !std::get<bool>(holds)) return std::nullopt;
  }
  const std::size_t start = out.size();
  const auto add = [&](const std::string& name, const TemplateNode& member) -> std::optional<Fault> {
    const std::size_t back = out.size();
    out += back == start ? (object ? '{' : '[') : ',';
    if (object) append_json_text(out, name), out += ':';
    const std::size_t value_start = out.size();
    if (auto fault = render(member, rows, out)) return fault;
    if (out.size() == value_start) out.resize(back);
    return std::nullopt;
  };
  for (const auto& [name, member] : node.members) {
    if (!member.each) {
      if (auto fault = add(name, member)) return fault;
      continue;
    }
    const auto found = find(*member.each, rows);
    if (!found) return found.error();
    rows.push_back({member.each->file, 0});
    for (const std::uint32_t row : *found) {
      rows.back().row = row;
      if (auto fault = add(name, member)) return rows.pop_back(), fault;
    }
    rows.pop_back();
  }
  if (out.size() != start) out += object ? '}' : ']';
  return std::nullopt;
}

}  // namespace o2c::importer
