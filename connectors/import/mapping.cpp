#include "connectors/import/mapping.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "connectors/import/nearest.hpp"

namespace o2c::importer {
namespace {

using Keys = std::vector<std::string>;

/// Keeps short what is worked out by recursion, as each may use another one.
constexpr std::size_t derived_max = 1000;

bool is_label(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), fits);
}

/// Goes through the TOML once, in the order in which names become known, and collects all faults.
class Reader {
 public:
  explicit Reader(std::string_view source) : source_(source) {}

  Result<Mapping, MappingFaults> read(const toml::table& root) {
    only_keys(root, "a mapping", {"mapping", "constants", "file", "phase"});
    read_head(root);
    read_constants(root);
    read_files(root);
    read_derived();
    read_phases(root);
    if (faults_.empty()) return std::move(mapping_);
    std::stable_sort(faults_.begin(), faults_.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
    return std::move(faults_);
  }

 private:
  void read_head(const toml::table& root) {
    const toml::table* head = table_in(root, "mapping", true);
    if (head == nullptr) return;
    only_keys(*head, "[mapping]", {"name", "version", "company", "actor"});
    mapping_.name = label_in(*head, "name");
    mapping_.company = text_in(*head, "company", true).value_or("");
    mapping_.actor = text_in(*head, "actor", false).value_or("import");
    const toml::node* version = head->get("version");
    if (version == nullptr) fail(*head, "\"version\" is missing");
    else if (const auto number = version->value_exact<std::int64_t>()) mapping_.version = std::to_string(*number);
    else mapping_.version = text_in(*head, "version", true).value_or("");
  }

  void read_constants(const toml::table& root) {
    const toml::table* constants = table_in(root, "constants", false);
    if (constants == nullptr) return;
    for (const auto& [key, node] : *constants) {
      check_name(key);
      Value value;
      if (const auto text = node.value_exact<std::string>()) value = *text;
      else if (const auto number = node.value_exact<std::int64_t>()) value = Decimal{*number, 0};
      else if (const auto yes = node.value_exact<bool>()) value = *yes;
      else if (const auto date = node.value_exact<toml::date>()) value = date_of(*date);
      if (is_empty(value))
        fail(
            node,
            "a constant is a text, a whole number, true or false, or a date; write other numbers into the expressions");
      names_.constants.emplace_back(std::string(key.str()), std::move(value));
    }
  }
  static Date date_of(toml::date date) {
    return Date{std::chrono::year{date.year} / std::chrono::month{date.month} / std::chrono::day{date.day}};
  }

  void read_files(const toml::table& root) {
    const toml::table* files = table_in(root, "file", false);
    if (files == nullptr) return;
    for (const auto& [key, node] : *files) {
      check_name(key);
      FileRule file;
      file.name = key.str();
      FileNames names{file.name, {}, {}};
      const toml::table* table = node.as_table();
      derived_.push_back(nullptr);
      if (table == nullptr) fail(node, fmt::format("[file.{}] is a table", file.name));
      else read_file(*table, file, names);
      mapping_.files.push_back(std::move(file));
      names_.files.push_back(std::move(names));
    }
  }

  void read_file(const toml::table& table, FileRule& file, FileNames& names) {
    only_keys(table, fmt::format("[file.{}]", file.name),
              {"pattern", "delimiter", "encoding", "key", "columns", "derived"});
    file.pattern = text_in(table, "pattern", false).value_or(file.name + ".csv");
    if (const auto delimiter = text_in(table, "delimiter", false)) {
      const bool fits = delimiter->size() == 1 &&
                        std::string_view{"\"\r\n"}.find((*delimiter)[0]) == std::string_view::npos &&
                        (*delimiter)[0] > 0;
      if (*delimiter == "tab") file.csv.delimiter = '\t';
      else if (fits) file.csv.delimiter = (*delimiter)[0];
      else fail(*table.get("delimiter"), "a delimiter is one ASCII character, or \"tab\"");
    }
    if (const auto encoding = text_in(table, "encoding", false)) {
      if (*encoding == "gbk") file.csv.encoding = Encoding::gbk;
      else if (*encoding != "utf-8")
        fail(*table.get("encoding"), fmt::format("unknown encoding \"{}\"; known are utf-8 and gbk", *encoding));
    }
    read_columns(table, file, names);
    read_key(table, file, names);
    derived_.back() = table_in(table, "derived", false);
    if (derived_.back() == nullptr) return;
    for (const auto& [key, node] : *derived_.back()) {
      check_name(key);
      if (std::find(names.columns.begin(), names.columns.end(), key.str()) != names.columns.end())
        fail(node, fmt::format("{} is a column already", key.str()));
      names.columns.emplace_back(key.str());
    }
  }

  void read_columns(const toml::table& table, FileRule& file, FileNames& names) {
    const toml::table* columns = table_in(table, "columns", true);
    if (columns == nullptr) return;
    for (const auto& [key, node] : *columns) {
      check_name(key);
      Column column{std::string(key.str()), std::string(key.str()), {}};
      std::optional<std::string> description;
      if (const toml::table* details = node.as_table()) {
        only_keys(*details, fmt::format("column {}", column.name), {"header", "format"});
        column.header = text_in(*details, "header", false).value_or(column.name);
        description = text_in(*details, "format", true);
      } else {
        description = text_in(*columns, key.str(), true);
      }
      if (description) {
        auto format = CellFormat::parse(*description);
        if (format) column.format = *format;
        else fail(node, format.error());
      }
      names.columns.push_back(column.name);
      file.columns.push_back(std::move(column));
    }
  }

  void read_key(const toml::table& table, FileRule& file, FileNames& names) {
    const toml::node* key = table.get("key");
    if (key == nullptr) return;
    Keys columns;
    if (const toml::array* several = key->as_array()) {
      for (const toml::node& part : *several) columns.push_back(part.value_exact<std::string>().value_or(""));
    } else {
      columns.push_back(text_in(table, "key", true).value_or(""));
    }
    for (const std::string& column : columns) {
      const auto at = std::find(names.columns.begin(), names.columns.end(), column);
      if (at == names.columns.end())
        fail(*key, fmt::format("a key is made of columns, {} is none{}", column, did_you_mean(column, names.columns)));
      else names.key.push_back(static_cast<std::size_t>(at - names.columns.begin()));
    }
    file.key = names.key;
  }

  /// After all files, because a derived value may look into any of them.
  void read_derived() {
    std::size_t count = 0;
    for (std::size_t file = 0; file < mapping_.files.size(); ++file) {
      if (derived_[file] == nullptr) continue;
      count += derived_[file]->size();
      if (count > derived_max)
        return fail(*derived_[file], fmt::format("a mapping has at most {} derived values", derived_max));
      for (const auto& [key, node] : *derived_[file]) {
        auto value = expression_in(*derived_[file], key.str(), {file});
        mapping_.files[file].derived.push_back({std::string(key.str()), value ? std::move(*value) : Node{}});
      }
    }
    for (std::size_t file = 0; file < mapping_.files.size(); ++file) {
      for (std::size_t i = 0; i < mapping_.files[file].derived.size(); ++i) refuse_circle(file, i);
    }
  }

  /// Called for each; one that comes back to itself would never end.
  void refuse_circle(std::size_t file, std::size_t derived) {
    using Place = std::pair<std::size_t, std::size_t>;
    const Place start{file, mapping_.files[file].columns.size() + derived};
    std::set<Place> seen;
    std::vector<Place> open = {start};
    while (!open.empty()) {
      const Place at = open.back();
      open.pop_back();
      const FileRule& rule = mapping_.files[at.first];
      if (at.second < rule.columns.size()) continue;
      for (const Place& used : columns_used(rule.derived[at.second - rule.columns.size()].value, {at.first})) {
        const std::string& name = mapping_.files[file].derived[derived].name;
        if (used == start) return fail(*derived_[file]->get(name), fmt::format("{} is derived from itself", name));
        if (seen.insert(used).second) open.push_back(used);
      }
    }
  }

  void read_phases(const toml::table& root) {
    const toml::array* phases = array_in(root, "phase");
    if (phases == nullptr) return;
    for (const toml::node& node : *phases) {
      const toml::table* table = node.as_table();
      if (table == nullptr) {
        fail(node, "a phase is a table: [[phase]]");
        continue;
      }
      only_keys(*table, "[[phase]]", {"name", "by_date", "command"});
      Phase phase;
      phase.name = text_in(*table, "name", true).value_or("");
      if (const toml::node* by_date = table->get("by_date")) {
        if (const auto yes = by_date->value_exact<bool>()) phase.by_date = *yes;
        else fail(*by_date, "\"by_date\" is true or false");
      }
      const toml::array* commands = array_in(*table, "command");
      for (std::size_t i = 0; commands != nullptr && i < commands->size(); ++i) {
        const toml::node& command = (*commands)[i];
        if (command.is_table()) phase.commands.push_back(read_command(*command.as_table(), phase));
        else fail(command, "a command is a table: [[phase.command]]");
      }
      mapping_.phases.push_back(std::move(phase));
    }
  }

  CommandRule read_command(const toml::table& table, const Phase& phase) {
    only_keys(table, "[[phase.command]]", {"step", "from", "when", "once_per", "key", "date", "body"});
    CommandRule rule;
    rule.step = label_in(table, "step");
    if (!rule.step.empty() && !steps_.insert(rule.step).second)
      fail(*table.get("step"), fmt::format("two commands are step \"{}\"", rule.step));
    Scope scope;
    if (const auto from = text_in(table, "from", false)) {
      const std::size_t file = names_.find_file(*from);
      if (file == none)
        return fail(*table.get("from"), fmt::format("no file {}{}", *from, did_you_mean(*from, file_names()))), rule;
      rule.from = file;
      scope.push_back(file);
    }
    rule.when = expression_in(table, "when", scope);
    rule.date = expression_in(table, "date", scope);
    rule.key = expression_in(table, "key", scope);
    rule.once_per_key = table.get("once_per") != nullptr;
    if (rule.once_per_key && table.get("key") != nullptr) fail(table, "\"once_per\" is the key; leave \"key\" out");
    if (rule.once_per_key) rule.key = expression_in(table, "once_per", scope);
    if (!rule.from && rule.key) fail(table, "\"key\" and \"once_per\" need rows; say \"from\" which file");
    const bool has_key = table.get("key") != nullptr || rule.once_per_key;
    if (rule.from && !has_key && mapping_.files[*rule.from].key.empty()) {
      fail(table, fmt::format("the file {} has no key; give it one or give the command \"key\" or \"once_per\"",
                              mapping_.files[*rule.from].name));
    }
    if (phase.by_date && table.get("date") == nullptr)
      fail(table, "the phase goes by date, so the command needs a \"date\"");
    if (!phase.by_date && rule.date)
      fail(*table.get("date"), "a date has no effect here: the phase does not go by date");
    read_body(table, scope, rule);
    return rule;
  }

  void read_body(const toml::table& table, const Scope& scope, CommandRule& rule) {
    const auto body = text_in(table, "body", true);
    if (!body) return;
    auto compiled = compile_template(*body, names_, scope);
    if (compiled) rule.body = std::move(*compiled);
    else
      faults_.push_back(
          {first_line_of(*table.get("body")) + compiled.error().line, "in the body: " + compiled.error().rule});
  }

  /// A text in ''' begins on the next line when nothing follows the quotes.
  std::uint64_t first_line_of(const toml::node& node) const {
    const std::uint64_t line = node.source().begin.line;
    std::string_view rest = source_;
    for (std::uint64_t i = 1; i < line; ++i) rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
    std::string_view text = rest.substr(0, rest.find('\n'));
    if (text.ends_with('\r')) text.remove_suffix(1);
    return text.ends_with("'''") || text.ends_with("\"\"\"") ? line + 1 : line;
  }

  std::optional<Node> expression_in(const toml::table& table, std::string_view key, const Scope& scope) {
    const auto text = text_in(table, key, false);
    if (!text) return std::nullopt;
    auto node = compile_expression(*text, names_, scope);
    if (!node) return fail(*table.get(key), fmt::format("in \"{}\", {}", key, node.error())), std::nullopt;
    return std::move(*node);
  }

  std::optional<std::string> text_in(const toml::table& table, std::string_view key, bool required) {
    const toml::node* node = table.get(key);
    if (node == nullptr && required) fail(table, fmt::format("\"{}\" is missing", key));
    if (node == nullptr) return std::nullopt;
    auto text = node->value_exact<std::string>();
    if (!text || text->empty())
      return fail(*node, fmt::format("\"{}\" is a text that is not empty", key)), std::nullopt;
    return text;
  }
  std::string label_in(const toml::table& table, std::string_view key) {
    const auto text = text_in(table, key, true);
    if (text && !is_label(*text))
      fail(*table.get(key), fmt::format("\"{}\" is made of a-z, 0-9, '-', '_' and '.', at most 64", key));
    return text.value_or("");
  }
  const toml::table* table_in(const toml::table& table, std::string_view key, bool required) {
    const toml::node* node = table.get(key);
    if (node == nullptr && required) fail(table, fmt::format("[{}] is missing", key));
    if (node != nullptr && !node->is_table()) fail(*node, fmt::format("[{}] is a table", key));
    return node == nullptr ? nullptr : node->as_table();
  }
  const toml::array* array_in(const toml::table& table, std::string_view key) {
    const toml::node* node = table.get(key);
    const toml::array* array = node == nullptr ? nullptr : node->as_array();
    if (array == nullptr || array->empty())
      fail(node == nullptr ? table : *node, fmt::format("at least one [[{}]] is needed", key));
    return array;
  }

  void only_keys(const toml::table& table, std::string_view where, const Keys& known) {
    for (const auto& [key, node] : table) {
      const std::string_view name = key.str();
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      faults_.push_back(
          {key.source().begin.line, fmt::format("{} has no \"{}\"{}", where, name, did_you_mean(name, known))});
    }
  }
  void check_name(const toml::key& key) {
    static const Keys reserved = {"true", "false", "none", "and", "or", "not"};
    const bool taken = std::find(reserved.begin(), reserved.end(), key.str()) != reserved.end();
    if (!is_name(key.str()) || taken) {
      faults_.push_back(
          {key.source().begin.line,
           fmt::format(
               "\"{}\" cannot be used as a name in expressions; a column may have another name than its \"header\"",
               key.str())});
    }
  }
  std::vector<std::string> file_names() const {
    std::vector<std::string> all;
    all.reserve(mapping_.files.size());
    for (const FileRule& file : mapping_.files) all.push_back(file.name);
    return all;
  }

  void fail(const toml::node& node, std::string rule) {
    faults_.push_back({node.source().begin.line, std::move(rule)});
  }

  std::string_view source_;
  Mapping mapping_;
  Names names_;
  std::vector<const toml::table*> derived_;  // by file
  std::set<std::string> steps_;
  MappingFaults faults_;
};

}  // namespace

Result<Mapping, MappingFaults> parse_mapping(std::string_view toml) {
  try {
    const toml::table root = toml::parse(toml);
    return Reader(toml).read(root);
  } catch (const toml::parse_error& error) {
    return MappingFaults{{error.source().begin.line, std::string(error.description())}};
  }
}

Result<Mapping, MappingFaults> load_mapping(const std::string& path) {
  constexpr std::size_t bytes_max = std::size_t{1} << 20;
  std::ifstream in(path, std::ios::binary);
  std::string text(bytes_max + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.gcount() == 0) return MappingFaults{{0, "the mapping cannot be read or is empty"}};
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > bytes_max) return MappingFaults{{0, "the mapping is larger than 1 MB"}};
  return parse_mapping(text);
}

std::string describe(const MappingFaults& faults, std::string_view file) {
  std::string out;
  for (const MappingFault& fault : faults) {
    if (!out.empty()) out += '\n';
    out += fault.line == 0 ? fmt::format("{}: {}", file, fault.rule)
                           : fmt::format("{}:{}: {}", file, fault.line, fault.rule);
  }
  return out;
}

}  // namespace o2c::importer
