#pragma once
#include <cstdio>
#include <string>
#include <vector>

#include "events/base/refusal.hpp"
#include "events/base/result.hpp"
#include "projections/runtime/report.hpp"

namespace o2c {

enum class OutputFormat { table, json, jsonl, csv };

/// How this run talks: data on stdout in one of the formats, talk on stderr.
struct OutputStyle {
  OutputFormat format = OutputFormat::table;
  Language language = Language::en;
  bool colour = false;
};

/// Writes reports to stdout. table: aligned, figures to the right; csv: RFC 4180, one header per report, cells that a spreadsheet would run
/// get a leading '; json: one array of objects, or an object of arrays when there are several; jsonl: an object a row.
void print_reports(const std::vector<Report>& reports, const OutputStyle& style);

/// Columns that a terminal needs: East Asian wide characters take two.
std::size_t display_width(std::string_view text);
/// Control characters shown as \xNN, so that no name can drive the terminal.
std::string printable(std::string_view text);
void append_json_string(std::string& out, std::string_view text);

int exit_code(ErrorCode code);
/// The language of what is said on stderr. Set once, before a verb runs.
void speak(Language language);
/// "o2c: message" on stderr, a line for each of the message's.
void say(std::string_view message);
/// As say, of what went wrong; in Chinese the kind of error stands before it: "o2c: 未找到：…". Returns the exit code.
int complain(const Error& error);

/// Progress on stderr with rate and time left; silent when stderr is no terminal.
class ProgressLine {
 public:
  ProgressLine(std::string what, std::uint64_t total);
  ~ProgressLine();
  void at(std::uint64_t done);

 private:
  std::string what_;
  std::uint64_t total_ = 0;
  bool shown_ = false, terminal_ = false;
  std::int64_t started_ms_ = 0, last_ms_ = 0;
};

}  // namespace o2c
