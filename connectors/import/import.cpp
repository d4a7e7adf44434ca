#include "connectors/import/import.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "connectors/import/load.hpp"
#include "connectors/import/nearest.hpp"
#include "connectors/import/workbook.hpp"
#include "events/json/json.hpp"

namespace o2c::importer {
namespace {

/// Whether a file name fits a pattern with * (any text) and ? (one byte).
bool fits(std::string_view name, std::string_view pattern) {
  std::size_t at = 0, p = 0, star = none, back = 0;
  while (at < name.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || (pattern[p] == name[at] && pattern[p] != '*'))) ++at, ++p;
    else if (p < pattern.size() && pattern[p] == '*') star = p++, back = at;
    else if (star != none) p = star + 1, at = ++back;
    else return false;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::vector<std::string> file_names(const Mapping& mapping) {
  std::vector<std::string> names;
  names.reserve(mapping.files.size());
  for (const FileRule& file : mapping.files) names.push_back(file.name);
  return names;
}

/// The file of the mapping that an argument means. "NAME=PATH" only where NAME is a name: paths may hold a = too.
Result<std::size_t> file_of(const Mapping& mapping, std::string_view argument, std::string& path) {
  const std::vector<std::string> names = file_names(mapping);
  const std::size_t sign = argument.find('=');
  const std::string_view name = argument.substr(0, sign);
  path = argument;
  if (sign != std::string_view::npos && is_name(name)) {
    path = argument.substr(sign + 1);
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end())
      return invalid(fmt::format("{}: the mapping has no file {}{}", argument, name, did_you_mean(name, names)));
    return static_cast<std::size_t>(at - names.begin());
  }
  const std::string file_name = std::filesystem::path(path).filename().string();
  std::vector<std::string> fitting;
  std::size_t found = none;
  for (std::size_t i = 0; i < mapping.files.size(); ++i) {
    if (!fits(file_name, mapping.files[i].pattern)) continue;
    fitting.push_back(names[i]);
    found = i;
  }
  if (fitting.empty())
    return invalid(fmt::format("{}: no file of the mapping has a pattern that fits; say NAME={}, NAME is one of {}",
                               path, path, fmt::join(names, ", ")));
  if (fitting.size() > 1)
    return invalid(fmt::format("{}: fits {}; say which with NAME={}", path, fmt::join(fitting, " and "), path));
  return found;
}

}  // namespace

Result<std::vector<ImportFile>> bind_files(const Mapping& mapping, std::span<const std::string> arguments) {
  std::vector<ImportFile> files;
  std::vector<bool> given(mapping.files.size());
  for (const std::string& argument : arguments) {
    std::string path;
    const auto file = file_of(mapping, argument, path);
    if (!file) return file.error();
    if (given[*file])
      return invalid(fmt::format("{}: the file {} of the mapping is given twice", path, mapping.files[*file].name));
    given[*file] = true;
    std::error_code error;
    if (!std::filesystem::exists(path, error))
      return Error{ErrorCode::not_found, fmt::format("{}: no such file", path), Remedy::fix_first};
    auto content = std::make_unique<std::ifstream>(path, std::ios::binary);
    if (std::filesystem::is_directory(path, error) || !*content)
      return invalid(fmt::format("{}: cannot be read", path));
    files.push_back({*file, path, std::move(content)});
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (!given[i])
      return invalid(
          fmt::format("the file {} ({}) of the mapping is missing", mapping.files[i].name, mapping.files[i].pattern));
  }
  return files;
}

Id16 command_id_of(std::string_view company, std::string_view source_key) {
  std::string text = "o2c.import";
  for (const std::string_view part : {company, source_key}) (text += '\0') += part;
  const Hash32 hash = sha256(bytes_of(text));
  Id16 id;
  std::copy_n(hash.bytes.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

namespace {

/// The second half of planning: rows of well-formed files become commands.
class Planner {
 public:
  Planner(const Mapping& mapping, Workbook& book, ImportPlan& plan, ImportErrors& errors)
      : mapping_(mapping), book_(book), plan_(plan), errors_(errors) {}

  void plan_phase(const Phase& phase) {
    std::vector<Draft> drafts;
    for (std::size_t first = 0; first < phase.commands.size();) {
      // Commands of one file that stand together go row by row.
      std::size_t end = first + 1;
      while (end < phase.commands.size() && phase.commands[first].from &&
             phase.commands[end].from == phase.commands[first].from)
        ++end;
      const std::size_t rows = phase.commands[first].from ? book_.table(*phase.commands[first].from).rows() : 1;
      for (std::uint32_t row = 0; row < rows; ++row) {
        for (std::size_t i = first; i < end; ++i) add_draft(phase, i, row, drafts);
      }
      first = end;
    }
    if (phase.by_date) {
      std::sort(drafts.begin(), drafts.end(), [](const Draft& a, const Draft& b) {
        return std::tie(a.date, a.command, a.row) < std::tie(b.date, b.command, b.row);
      });
    }
    for (const Draft& draft : drafts) add_command(phase.commands[draft.command], draft.row);
  }

 private:
  struct Draft {
    Date date;
    std::size_t command = 0;
    std::uint32_t row = 0;
  };

  static Rows rows_at(const CommandRule& rule, std::uint32_t row) {
    return rule.from ? Rows{{*rule.from, row}} : Rows{};
  }

  void add_draft(const Phase& phase, std::size_t command, std::uint32_t row, std::vector<Draft>& drafts) {
    const CommandRule& rule = phase.commands[command];
    Rows rows = rows_at(rule, row);
    Draft draft{Date{}, command, row};
    if (rule.when) {
      const Value when = book_.evaluate(*rule.when, rows);
      if (const Fault* fault = fault_in(when)) return fail(rule, row, *fault, "when: ");
      const bool* holds = std::get_if<bool>(&when);
      if (holds == nullptr && !is_empty(when))
        return fail(rule, row, {fmt::format("a condition is a yes or no, not {}", kind_of(when)), {}}, "when: ");
      if (holds == nullptr || !*holds) return;
    }
    if (phase.by_date && rule.date) {
      const Value date = book_.evaluate(*rule.date, rows);
      if (const Fault* fault = fault_in(date)) return fail(rule, row, *fault, "date: ");
      if (!std::holds_alternative<Date>(date))
        return fail(rule, row, {fmt::format("a date is needed, not {}", kind_of(date)), {}}, "date: ");
      draft.date = std::get<Date>(date);
    }
    drafts.push_back(draft);
  }

  void add_command(const CommandRule& rule, std::uint32_t row) {
    Rows rows = rows_at(rule, row);
    const auto row_key = key_of_row(rule, rows);
    if (!row_key) return fail(rule, row, row_key.error(), "key: ");
    PlannedCommand command;
    command.source_key = fmt::format("{}:{}:{}", mapping_.name, *row_key, rule.step);
    command.command_id = command_id_of(mapping_.company, command.source_key);
    command.file = rule.from ? 1 + *rule.from : 0;
    command.line = rule.from ? book_.table(*rule.from).line(row) : 0;
    if (auto fault = write_json(rule, rows, command)) return fail(rule, row, *fault, "");

    const auto [at, first] = command_of_key_.try_emplace(command.source_key, plan_.commands.size());
    if (!first) return check_same(rule, row, plan_.commands[at->second], command);
    if (const auto table = parse_table(command.json, "o2c.fb.Command"); !table)
      return fail(rule, row, {table.error().message, {}}, "");
    plan_.commands.push_back(std::move(command));
  }

  Result<std::string, Fault> key_of_row(const CommandRule& rule, Rows& rows) {
    if (!rule.from) return std::string{};
    std::vector<Value> parts;
    if (rule.key) parts.push_back(book_.evaluate(*rule.key, rows));
    else
      for (const std::size_t column : mapping_.files[*rule.from].key)
        parts.push_back(book_.value(rows.front(), column));
    std::string key;
    for (const Value& part : parts) {
      if (const Fault* fault = fault_in(part)) return *fault;
      if (is_empty(part)) return Fault{"the row key has no value", {}};
      key += (key.empty() ? "" : ",") + importer::key_of(part);
    }
    return key;
  }

  std::optional<Fault> write_json(const CommandRule& rule, Rows& rows, PlannedCommand& command) {
    std::string& out = command.json;
    out = R"({"company":)";
    append_json_text(out, mapping_.company);
    out += fmt::format(R"(,"command_id":"{}","actor":)", to_hex(command.command_id));
    append_json_text(out, mapping_.actor);
    out += R"(,"source_key":)";
    append_json_text(out, command.source_key);
    out += R"(,"body":)";
    const std::size_t start = out.size();
    if (auto fault = book_.render(rule.body, rows, out)) return fault;
    if (out.size() == start) return Fault{"nothing in the body has a value", {}};
    out += '}';
    return std::nullopt;
  }

  void check_same(const CommandRule& rule, std::uint32_t row, const PlannedCommand& first,
                  const PlannedCommand& second) {
    if (first.json == second.json) {
      if (!rule.once_per_key) ++plan_.repeated_rows;
      return;
    }
    errors_.conflict = true;
    fail(rule, row, {fmt::format("line {} makes another command for the same key", first.line), {}}, "");
  }

  void fail(const CommandRule& rule, std::uint32_t row, const Fault& fault, std::string_view where) {
    RejectRow out;
    out.column = fault.column;
    out.rule = fmt::format("step {}: {}{}", rule.step, where, fault.rule);
    if (rule.from) {
      const Table& table = book_.table(*rule.from);
      out.file = plan_.files[1 + *rule.from];
      out.line = table.line(row);
      if (errors_.count < rejects_max) out.row = table.text(row, mapping_.files[*rule.from].csv.delimiter);
    }
    reject(errors_, std::move(out));
  }

  const Mapping& mapping_;
  Workbook& book_;
  ImportPlan& plan_;
  ImportErrors& errors_;
  std::unordered_map<std::string, std::size_t> command_of_key_;
};

}  // namespace

Result<ImportPlan, ImportErrors> plan_import(const Mapping& mapping, std::span<ImportFile> files) {
  ImportPlan plan;
  ImportErrors errors;
  Workbook book(mapping);
  plan.files.resize(1 + mapping.files.size());
  for (ImportFile& file : files) {
    plan.files[1 + file.file] = file.name;
    load_file(mapping, file, book, plan, errors);
  }
  // What rows mean is only asked when every file is whole: a row that could not be read would be missed by all others.
  if (errors.count > 0) return errors;
  Planner planner(mapping, book, plan, errors);
  for (const Phase& phase : mapping.phases) planner.plan_phase(phase);
  if (errors.count > 0) return errors;
  return plan;
}

namespace {

Error cannot_open(const std::string& path) {
  return {ErrorCode::not_allowed,
          fmt::format("{}: the reject file cannot be written ({})", path, std::generic_category().message(errno)),
          Remedy::fix_first};
}

}  // namespace

Result<void> check_rejects(const std::string& path) {
  std::error_code ignored;
  const bool there = std::filesystem::exists(path, ignored);
  // Opened as it will be, since rights, read-only disks and missing folders are all told only by that.
  if (!std::ofstream(path, std::ios::binary | std::ios::app)) return cannot_open(path);
  if (!there) std::filesystem::remove(path, ignored);
  return {};
}

Result<void> write_rejects(const std::string& path, std::span<const RejectRow> rows) {
  std::string text = "file,line,column,rule,row\n";
  for (const RejectRow& row : rows) {
    const std::string line = std::to_string(row.line);
    const std::string_view fields[] = {row.file, line, row.column, row.rule, row.row};
    for (const std::string_view field : fields) {
      append_inert_csv_field(text, field);
      text += ',';
    }
    text.back() = '\n';
  }
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  if (!out) return cannot_open(path);
  out << text << std::flush;
  if (!out)
    return Error{ErrorCode::unavailable, fmt::format("{}: the reject file cannot be written whole", path),
                 Remedy::fix_first};
  return {};
}

}  // namespace o2c::importer
