#pragma once
#include <cstdint>
#include <istream>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/import/mapping.hpp"
#include "events/base/hash.hpp"
#include "events/base/result.hpp"

/// Plans an import: files and a mapping become the commands to submit, or the list of what is wrong. Nothing here decides
/// or sends anything; whoever submits the plan tries it on a copy of the books first and then sends it in its order.
namespace o2c::importer {

/// A file that takes the place of one of the mapping's. name: for messages and reject files.
struct ImportFile {
  std::size_t file = 0;
  std::string name;
  std::unique_ptr<std::istream> content;
};

/// Finds for each argument, "PATH" by the pattern of its file name or "NAME=PATH", which file of the mapping it is, and opens it.
///
/// errors  not_found: no such file. invalid_input: no or several files of the mapping fit, one is given twice or is missing.
Result<std::vector<ImportFile>> bind_files(const Mapping& mapping, std::span<const std::string> arguments);

/// One command in the order of submission. json: whole, as parse_table(json, "o2c.fb.Command") takes it.
struct PlannedCommand {
  std::string json;
  std::string source_key;  // "mapping name:row key:step", unique for ever; without a row "mapping name::step"
  Id16 command_id;
  std::size_t file = 0;    // place in ImportPlan::files
  std::uint64_t line = 0;  // 0: made of no row
};

struct ImportPlan {
  std::vector<PlannedCommand> commands;
  std::vector<std::string> files;  // names; the first is the empty name of commands made of no row
  std::uint64_t rows = 0;
  std::uint64_t repeated_rows = 0;  // rows that repeat an earlier one exactly; they make no commands
};

/// One thing that is wrong. line 0: the whole file. column: its header, or the character where reading stopped.
struct RejectRow {
  std::string file;
  std::uint64_t line = 0;
  std::string column;
  std::string rule;
  std::string row;
};

struct ImportErrors {
  std::vector<RejectRow> rows;  // the first ones
  std::uint64_t count = 0;      // all of them
  bool conflict = false;        // a row key with two contents is among them
};
inline constexpr std::size_t rejects_max = 100;

/// files    as bind_files gives them; they are read to their end.
/// returns  the commands, each checked against the schema.
/// errors   what is wrong in the form of all files together; when their form is right, what is wrong with their rows.
/// cost     linear in the files, which are held in memory.  threads: pure but for the streams.
Result<ImportPlan, ImportErrors> plan_import(const Mapping& mapping, std::span<ImportFile> files);

/// First 16 bytes of SHA-256("o2c.import", company, source key): a row that comes again comes with the same id, so the same
/// content has no second effect, and other content under the same key is noticed as a conflict.
Id16 command_id_of(std::string_view company, std::string_view source_key);

/// Whether write_rejects will be able to write there; leaves no file that was not there.
/// errors  not_allowed, naming the file.
Result<void> check_rejects(const std::string& path);
/// Writes a CSV "file,line,column,rule,row". Text that a spreadsheet would run as a formula is made inert by a leading '.
Result<void> write_rejects(const std::string& path, std::span<const RejectRow> rows);

}  // namespace o2c::importer
