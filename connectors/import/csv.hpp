#pragma once
#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.hpp"

/// Reading CSV files as RFC 4180 has them, strictly: what is not well formed is named by line and column, never guessed.
namespace o2c::importer {

enum class Encoding { utf8, gbk };

/// How a file is written. The delimiter is one ASCII character, neither quote nor line end.
struct CsvFormat {
  char delimiter = ',';
  Encoding encoding = Encoding::utf8;
};

inline constexpr std::size_t csv_field_bytes_max = std::size_t{64} * 1024;
inline constexpr std::size_t csv_fields_max = 1000;

/// Lines and columns count from 1; columns count characters, not bytes.
struct CsvFault {
  std::uint64_t line = 0;
  std::uint64_t column = 0;
  std::string rule;
};

/// One row. Its fields lie one behind the other in `text`; `ends` says where each ends.
struct CsvRecord {
  std::string text;
  std::vector<std::uint32_t> ends;
  std::uint64_t line = 0;  // where the row begins; a quoted field may go over several lines
  bool blank = false;      // an empty line: one empty field that is not quoted

  std::size_t size() const { return ends.size(); }
  std::string_view field(std::size_t i) const {
    const std::uint32_t from = i == 0 ? 0 : ends[i - 1];
    return std::string_view{text}.substr(from, ends[i] - from);
  }
};

/// Gives the rows of a stream one by one, with flat memory.
///
/// input    UTF-8 with or without byte order mark, or GBK; lines end with LF or CRLF; the last may lack its end.
/// refuses  UTF-16, NUL, a CR that is no line end, bytes that are no characters, a quote inside an unquoted field, text
///          behind a closing quote, a quote that is never closed, fields over 64 KB, rows of more than 1,000 fields.
/// after a fault nothing more is read: the rest of such a file cannot be told apart with certainty.
/// threads  one. The stream must outlive the reader.
class CsvReader {
 public:
  explicit CsvReader(std::istream& in, CsvFormat format = {});
  ~CsvReader();
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  /// Puts the next row into `record`, whose memory is used again. False at the end of the file.
  Result<bool, CsvFault> next(CsvRecord& record);

 private:
  class Source;
  std::optional<CsvFault> read_field(CsvRecord& record, bool& row_ended);
  std::optional<CsvFault> read_quoted(CsvRecord& record);
  CsvFault fault(std::string rule) const;

  std::unique_ptr<Source> source_;
  char delimiter_;
  bool broken_ = false;
};

/// Length of the longest beginning of `text` that is UTF-8: no overlong forms, no surrogates, nothing over U+10FFFF.
std::size_t utf8_prefix(std::string_view text);

/// Appends a field, quoted where RFC 4180 asks for it.
void append_csv_field(std::string& out, std::string_view field, char delimiter = ',');

/// The same for files that people open with a spreadsheet: text that one would run as a formula gets a leading '.
void append_inert_csv_field(std::string& out, std::string_view field, char delimiter = ',');

}  // namespace o2c::importer
