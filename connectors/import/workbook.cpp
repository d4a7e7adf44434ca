#include "connectors/import/workbook.hpp"

#include <numeric>

#include <fmt/format.h>

#include "connectors/import/functions.hpp"

namespace o2c::importer {

void Table::add(const CsvRecord& record) {
  const std::uint64_t base = bytes_.size();
  bytes_ += record.text;
  for (const std::uint32_t end : record.ends) ends_.push_back(base + end);
  lines_.push_back(record.line);
}

std::string Table::text(std::size_t row, char delimiter) const {
  std::string out;
  for (std::size_t field = 0; field < fields_; ++field) {
    if (field > 0) out += delimiter;
    append_csv_field(out, cell(row, field), delimiter);
  }
  return out;
}

Workbook::Workbook(const Mapping& mapping)
    : mapping_(mapping), tables_(mapping.files.size()), fields_(mapping.files.size()) {}

Value Workbook::value(RowAt at, std::size_t column) {
  const FileRule& file = mapping_.files[at.file];
  if (column >= file.columns.size()) {
    Rows alone = {at};
    return evaluate(file.derived[column - file.columns.size()].value, alone);
  }
  Value value = file.columns[column].format.read(tables_[at.file].cell(at.row, fields_[at.file][column]));
  if (auto* fault = std::get_if<Fault>(&value)) fault->column = file.columns[column].header;
  return value;
}

Value Workbook::evaluate(const Node& node, Rows& rows) {
  switch (node.op) {
    case Op::literal: return node.literal;
    case Op::column: return value(rows[node.frame], node.column);
    case Op::field: return evaluate_field(node, rows);
    case Op::count:
    case Op::over_rows: return evaluate_over_rows(node, rows);
    case Op::choose: return evaluate_choice(node, rows);
    case Op::otherwise: {
      Value first = evaluate(node.arguments[0], rows);
      return is_empty(first) ? evaluate(node.arguments[1], rows) : first;
    }
    case Op::both:
    case Op::either: return evaluate_logic(node, rows);
    case Op::call: return evaluate_call(node, rows);
  }
  return Empty{};
}

namespace {

/// Parts of a key that belongs to several columns are kept apart by a byte that no text holds.
constexpr char key_separator = '\0';

}  // namespace

const std::vector<std::uint32_t>& Workbook::all_rows(std::size_t file) {
  auto [at, made] = all_rows_.try_emplace(file);
  if (made) {
    at->second.resize(tables_[file].rows());
    std::iota(at->second.begin(), at->second.end(), 0U);
  }
  return at->second;
}

const Workbook::Index& Workbook::index(std::size_t file, const std::vector<std::size_t>& columns) {
  auto [at, made] = indexes_.try_emplace({file, columns});
  if (!made) return at->second;
  for (const std::uint32_t row : all_rows(file)) {
    std::string key;
    bool whole = true;
    for (const std::size_t column : columns) {
      const Value part = value({file, row}, column);
      whole = whole && !is_empty(part) && fault_in(part) == nullptr;
      (key += key_of(part)) += key_separator;
    }
    if (whole) at->second[key].push_back(row);
  }
  return at->second;
}

Result<std::span<const std::uint32_t>, Fault> Workbook::find(const RowSet& set, Rows& rows) {
  if (set.keys.empty()) return std::span<const std::uint32_t>{all_rows(set.file)};
  std::string key;
  for (const Node& node : set.keys) {
    const Value part = evaluate(node, rows);
    if (const Fault* fault = fault_in(part)) return *fault;
    if (is_empty(part)) return std::span<const std::uint32_t>{};
    (key += key_of(part)) += key_separator;
  }
  const Index& by_key = index(set.file, set.columns);
  const auto found = by_key.find(key);
  return found == by_key.end() ? std::span<const std::uint32_t>{} : std::span<const std::uint32_t>{found->second};
}

Value Workbook::evaluate_field(const Node& node, Rows& rows) {
  const auto found = find(node.rows, rows);
  if (!found) return found.error();
  if (found->size() == 1) return value({node.rows.file, found->front()}, node.column);
  std::string key;
  for (const Node& part : node.rows.keys) {
    const Value value = evaluate(part, rows);
    if (is_empty(value)) return Empty{};
    key += (key.empty() ? "" : ", ") + text_of(value);
  }
  return broken(fmt::format("{} has {} with the key \"{}\"", mapping_.files[node.rows.file].name,
                            found->empty() ? "no row" : "several rows", key));
}

Value Workbook::evaluate_over_rows(const Node& node, Rows& rows) {
  const auto found = find(node.rows, rows);
  if (!found) return found.error();
  if (node.op == Op::count) return Decimal{static_cast<std::int64_t>(found->size()), 0};
  std::vector<Value> values;
  rows.push_back({node.rows.file, 0});
  for (const std::uint32_t row : *found) {
    rows.back().row = row;
    Value value = evaluate(node.arguments[0], rows);
    const bool fault = fault_in(value) != nullptr;
    if (!is_empty(value)) values.push_back(std::move(value));
    if (fault) break;
  }
  rows.pop_back();
  if (!values.empty() && fault_in(values.back()) != nullptr) return values.back();
  return row_functions()[node.function].work(values);
}

Value Workbook::evaluate_choice(const Node& node, Rows& rows) {
  for (std::size_t i = 0; i + 1 < node.arguments.size(); i += 2) {
    Value condition = evaluate(node.arguments[i], rows);
    if (fault_in(condition) != nullptr) return condition;
    const bool* holds = std::get_if<bool>(&condition);
    if (holds == nullptr && !is_empty(condition))
      return broken(fmt::format("a condition is a yes or no, not {}", kind_of(condition)));
    if (holds != nullptr && *holds) return evaluate(node.arguments[i + 1], rows);
  }
  return evaluate(node.arguments.back(), rows);
}

/// The second operand is only looked at when the first leaves it open. No value counts as "does not hold".
Value Workbook::evaluate_logic(const Node& node, Rows& rows) {
  for (const Node& operand : node.arguments) {
    Value value = evaluate(operand, rows);
    if (fault_in(value) != nullptr) return value;
    const bool* holds = std::get_if<bool>(&value);
    if (holds == nullptr && !is_empty(value))
      return broken(fmt::format("\"and\" and \"or\" join conditions, not {}", kind_of(value)));
    const bool yes = holds != nullptr && *holds;
    if (yes == (node.op == Op::either)) return yes;
  }
  return node.op == Op::both;
}

Value Workbook::evaluate_call(const Node& node, Rows& rows) {
  const Function& function = functions()[node.function];
  std::vector<Value> arguments;
  arguments.reserve(node.arguments.size());
  for (const Node& argument : node.arguments) {
    arguments.push_back(evaluate(argument, rows));
    if (fault_in(arguments.back()) != nullptr) return arguments.back();
  }
  for (const Value& argument : arguments) {
    if (is_empty(argument) && !function.takes_empty) return Empty{};
  }
  return function.work(arguments);
}

}  // namespace o2c::importer
