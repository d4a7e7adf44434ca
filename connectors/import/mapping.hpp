#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/import/csv.hpp"
#include "connectors/import/expression.hpp"
#include "connectors/import/json_template.hpp"
#include "connectors/import/value.hpp"

/// How any CSV becomes commands: a TOML file that names the input files and their columns and writes down the commands that
/// their rows stand for. `mappings/northwind.toml` is a commented example that uses nearly all of it.
///
/// [mapping]        name (part of every source key: never change it, or rows count as new ones), version, company, actor
///                  (default "import").
/// [constants]      NAME = text, whole number, true or false, date.
/// [file.NAME]      pattern     which file it is, with * and ? (default "NAME.csv"), so that FILE... need no names.
///                  delimiter   "," unless said, "tab" or one character.      encoding  "utf-8" unless said, or "gbk".
///                  key         column or [columns] that identify a row for ever. A row that repeats another exactly counts
///                              once; the same key with other content is a conflict.
///                  columns     NAME = "format" (formats: CellFormat in value.hpp), or { header = "In the file", format = "..." }.
///                              Columns of the file that are not named here are left alone.
///                  derived     NAME = "expression": a further column, worked out from the others.
/// [[phase]]        name; by_date = true: its commands go in order of their date, those of one day in the order in which
///                  they are written here, then by row. Without: file by file, row by row, in a row as written here. The
///                  phases follow one another as written.
/// [[phase.command]]
///                  step        what this command is for its row; the source key is "mapping name:row key:step".
///                  from        the file whose rows it is made of; without: made once, before anything is known of files.
///                  when        expression; other rows make no such command.
///                  once_per    expression: one command for each of its values, made of the first row that has it. All rows
///                              that have it must make the same command.
///                  key         expression for the row key, instead of the file's.
///                  date        expression, in phases by date.
///                  body        the body of the command as JSON, exactly as `o2c command submit` takes it, in '''...'''.
///
/// In the strings of a body, ${expression} stands for its value. A string that is one expression alone and has no value
/// leaves its member out, and so does an object or array in which nothing is left; beside other text a value must be there.
/// "#{expression}" is a number without quotes; a condition becomes true or false. $${ is the text ${. An object may begin
/// with "$when": "condition", and an element of an array with "$each": "rows": it is repeated for each of them.
///
/// Expressions
///   'text' 12.50 1998-05-06 true none            literals; none is "no value". A quote in a text is doubled.
///   column  FILE.column                          of the row at hand; inside "$each" and sum(...) of the inner row first.
///   FILE[key].column                             of the row with that key, which must be there; empty key: no value.
///   FILE  FILE[key]  FILE[column = value, ...]   rows: all, with that key, with these values (seen from outside).
///   count(rows) sum(rows, e) min max first last only(rows, e)   over rows; only: all rows must agree. Of no rows sum is 0.
///   + - *  &  = != < <= > >=  not and or  ??     date + days, date - date; & joins texts; a ?? b is b if a has no value.
///   if(condition, value, ..., otherwise)  round(n, decimals)  quotient(a, b, decimals)  div mod abs number text
///   upper lower trim left(t, n) without_left(t, n) before(t, mark) after(t, mark) replace(t, a, b) contains starts_with
///   year month day add_months(d, n) end_of_month
/// Numbers are exact decimals; rounding (half away from zero) is only where round or quotient say so. What is worked out
/// from no value has no value; a condition without a value does not hold; = and != take "no value" as a value of its own.
namespace o2c::importer {

struct Column {
  std::string name;
  std::string header;
  CellFormat format;
};
struct Derived {
  std::string name;
  Node value;
};
struct FileRule {
  std::string name;
  std::string pattern;
  CsvFormat csv;
  std::vector<Column> columns;
  std::vector<Derived> derived;  // numbered behind the columns
  std::vector<std::size_t> key;
};

struct CommandRule {
  std::string step;
  std::optional<std::size_t> from;
  std::optional<Node> when, key, date;
  bool once_per_key = false;
  TemplateNode body;
};
struct Phase {
  std::string name;
  bool by_date = false;
  std::vector<CommandRule> commands;
};

/// A mapping that holds together: every name in it is known.
struct Mapping {
  std::string name;
  std::string version;
  std::string company;
  std::string actor;
  std::vector<FileRule> files;
  std::vector<Phase> phases;
};

/// line of the mapping file; 0 if it belongs to no line.
struct MappingFault {
  std::uint64_t line = 0;
  std::string rule;
};
using MappingFaults = std::vector<MappingFault>;

/// Reads a mapping. errors: all that is wrong with it, by line; never empty then. threads: pure.
Result<Mapping, MappingFaults> parse_mapping(std::string_view toml);
/// The same from a file of at most 1 MB.
Result<Mapping, MappingFaults> load_mapping(const std::string& path);

/// "file.toml:12: rule" for each fault.
std::string describe(const MappingFaults& faults, std::string_view file);

}  // namespace o2c::importer
