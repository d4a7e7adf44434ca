#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "connectors/import/mapping.hpp"

/// The rows of the input files and what the expressions of a mapping are worth for them.
namespace o2c::importer {

/// Cells of one file, as they were read. A row is called by its number from 0; line: where it stands in the file.
class Table {
 public:
  std::size_t rows() const { return lines_.size(); }
  std::uint64_t line(std::size_t row) const { return lines_[row]; }
  std::string_view cell(std::size_t row, std::size_t field) const {
    const std::size_t i = row * fields_ + field;
    return std::string_view{bytes_}.substr(ends_[i], ends_[i + 1] - ends_[i]);
  }
  /// The row as CSV again.
  std::string text(std::size_t row, char delimiter) const;

  void begin(std::size_t fields) { fields_ = fields; }
  void add(const CsvRecord& record);

 private:
  std::size_t fields_ = 0;
  std::string bytes_;
  std::vector<std::uint64_t> ends_ = {0};
  std::vector<std::uint64_t> lines_;
};

/// Where a row at hand lies; the Scope of an expression says the files, this the rows too.
struct RowAt {
  std::size_t file = 0;
  std::uint32_t row = 0;
};
using Rows = std::vector<RowAt>;

/// All tables of an import. Reads cells by their formats and looks rows up with an index that it makes at first need.
/// threads: one. The mapping must outlive it.
class Workbook {
 public:
  explicit Workbook(const Mapping& mapping);

  Table& table(std::size_t file) { return tables_[file]; }
  const Table& table(std::size_t file) const { return tables_[file]; }
  /// Field of the file for each column of the mapping.
  void set_fields(std::size_t file, std::vector<std::size_t> fields) { fields_[file] = std::move(fields); }
  std::size_t field_of(std::size_t file, std::size_t column) const { return fields_[file][column]; }

  /// Of a column or derived value.
  Value value(RowAt at, std::size_t column);
  Value evaluate(const Node& node, Rows& rows);
  /// Rows in the order of the file, or a fault of a key.
  Result<std::span<const std::uint32_t>, Fault> find(const RowSet& set, Rows& rows);
  /// Appends the JSON of a template. Nothing is appended when nothing is in it. fault: the first value that is none.
  std::optional<Fault> render(const TemplateNode& node, Rows& rows, std::string& out);

 private:
  using Index = std::unordered_map<std::string, std::vector<std::uint32_t>>;

  const Index& index(std::size_t file, const std::vector<std::size_t>& columns);
  const std::vector<std::uint32_t>& all_rows(std::size_t file);
  Value evaluate_field(const Node& node, Rows& rows);
  Value evaluate_over_rows(const Node& node, Rows& rows);
  Value evaluate_choice(const Node& node, Rows& rows);
  Value evaluate_logic(const Node& node, Rows& rows);
  Value evaluate_call(const Node& node, Rows& rows);
  std::optional<Fault> render_text(const TemplateNode& node, Rows& rows, std::string& out);
  std::optional<Fault> render_bare(const TemplateNode& node, Rows& rows, std::string& out);
  std::optional<Fault> render_members(const TemplateNode& node, Rows& rows, std::string& out);

  const Mapping& mapping_;
  std::vector<Table> tables_;
  std::vector<std::vector<std::size_t>> fields_;
  std::map<std::pair<std::size_t, std::vector<std::size_t>>, Index> indexes_;
  std::map<std::size_t, std::vector<std::uint32_t>> all_rows_;
};

}  // namespace o2c::importer
