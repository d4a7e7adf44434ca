#include "connectors/import/load.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "connectors/import/nearest.hpp"

namespace o2c::importer {

void reject(ImportErrors& errors, RejectRow row) {
  if (errors.count++ < rejects_max) errors.rows.push_back(std::move(row));
}

namespace {

std::string text_of(const CsvRecord& record, char delimiter) {
  std::string out;
  for (std::size_t i = 0; i < record.size(); ++i) {
    if (i > 0) out += delimiter;
    append_csv_field(out, record.field(i), delimiter);
  }
  return out;
}

/// What other programs write instead of the declared delimiter, if the header looks like it.
std::string delimiter_hint(const CsvRecord& header, char declared) {
  if (header.size() != 1) return {};
  for (const char other : {';', '\t', ',', '|'}) {
    const bool there = other != declared && header.field(0).find(other) != std::string_view::npos;
    if (there)
      return fmt::format("; the file seems to be separated by {}, say so with delimiter",
                         other == '\t' ? "tabs" : fmt::format("\"{}\"", other));
  }
  return {};
}

class Loader {
 public:
  Loader(const FileRule& rule, ImportFile& from, Workbook& into, ImportPlan& plan, ImportErrors& errors)
      : rule_(rule),
        from_(from),
        into_(into),
        table_(into.table(from.file)),
        plan_(plan),
        errors_(errors),
        reader_(*from.content, rule.csv) {}

  void load() {
    if (!next()) {
      if (!stopped_) fail({from_.name, 1, "", "the file is empty; its first row names the columns", ""});
      return;
    }
    if (!read_header()) return;
    std::uint64_t blank_line = 0;
    while (next()) {
      // A blank line is only harmless at the end; one column alone may be empty.
      if (blank_line > 0 && !record_.blank) fail({from_.name, blank_line, "", "a blank line between rows", ""});
      blank_line = record_.blank && columns_ > 1 ? (blank_line > 0 ? blank_line : record_.line) : 0;
      if (blank_line == 0) read_row();
    }
  }

 private:
  bool next() {
    const auto more = reader_.next(record_);
    if (!more) {
      stopped_ = true;
      const CsvFault& fault = more.error();
      fail({from_.name, fault.line, std::to_string(fault.column), fault.rule, ""});
    }
    return more && *more;
  }

  bool read_header() {
    const std::uint64_t before = errors_.count;
    columns_ = record_.size();
    std::vector<std::string> headers;
    for (std::size_t i = 0; i < columns_; ++i) {
      const std::string header{record_.field(i)};
      if (header.empty()) fail_row(fmt::format("column {}", i + 1), "a header is empty");
      else if (std::find(headers.begin(), headers.end(), header) != headers.end())
        fail_row(header, "two columns have this header");
      headers.push_back(header);
    }
    std::vector<std::size_t> fields;
    for (const Column& column : rule_.columns) {
      const auto at = std::find(headers.begin(), headers.end(), column.header);
      fields.push_back(static_cast<std::size_t>(at - headers.begin()));
      if (at == headers.end())
        fail_row(column.header, fmt::format("the header is missing{}{}", did_you_mean(column.header, headers),
                                            delimiter_hint(record_, rule_.csv.delimiter)));
    }
    fields_ = fields;
    into_.set_fields(from_.file, std::move(fields));
    table_.begin(columns_);
    return errors_.count == before;
  }

  void read_row() {
    ++plan_.rows;
    if (record_.size() != columns_)
      return fail_row("", fmt::format("the row has {} fields, the header {}", record_.size(), columns_));
    const std::uint64_t before = errors_.count;
    std::string key;
    std::vector<Value> values(rule_.key.empty() ? 0 : rule_.columns.size());
    for (std::size_t i = 0; i < rule_.columns.size(); ++i) {
      Value value = rule_.columns[i].format.read(record_.field(fields_[i]));
      if (const Fault* fault = fault_in(value)) fail_row(rule_.columns[i].header, fault->rule);
      if (!values.empty()) values[i] = std::move(value);
    }
    for (const std::size_t column : rule_.key) {
      if (is_empty(values[column])) fail_row(rule_.columns[column].header, "empty, but it is part of the key");
      (key += key_of(values[column])) += '\0';
    }
    if (errors_.count != before || repeats(key)) return;
    table_.add(record_);
  }

  /// True for a row that is there already, wholly or with other content.
  bool repeats(const std::string& key) {
    if (key.empty()) return false;
    const auto [at, first] = row_of_key_.try_emplace(key, table_.rows());
    if (first) return false;
    bool same = true;
    for (std::size_t i = 0; i < columns_; ++i) same = same && table_.cell(at->second, i) == record_.field(i);
    if (same) {
      ++plan_.repeated_rows;
    } else {
      errors_.conflict = true;
      fail_row(rule_.columns[rule_.key.front()].header,
               fmt::format("line {} has the same key with other content", table_.line(at->second)));
    }
    return true;
  }

  void fail(RejectRow row) { reject(errors_, std::move(row)); }
  void fail_row(std::string column, std::string rule) {
    fail({from_.name, record_.line, std::move(column), std::move(rule), text_of(record_, rule_.csv.delimiter)});
  }

  const FileRule& rule_;
  ImportFile& from_;
  Workbook& into_;
  Table& table_;
  ImportPlan& plan_;
  ImportErrors& errors_;
  CsvReader reader_;
  CsvRecord record_;
  std::size_t columns_ = 0;
  std::vector<std::size_t> fields_;  // of the file, for each column of the mapping
  std::unordered_map<std::string, std::size_t> row_of_key_;
  bool stopped_ = false;
};

}  // namespace

void load_file(const Mapping& mapping, ImportFile& from, Workbook& into, ImportPlan& plan, ImportErrors& errors) {
  Loader(mapping.files[from.file], from, into, plan, errors).load();
}

}  // namespace o2c::importer
