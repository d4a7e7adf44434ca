#include "tools/cli/output.hpp"

#include <unistd.h>

#include <chrono>
#include <ranges>

#include <fmt/format.h>

#include "tools/cli/words.hpp"

namespace o2c {
namespace {

Language spoken = Language::en;

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// Next code point of valid UTF-8; invalid bytes come out one by one.
std::uint32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = static_cast<unsigned char>(text[at++]);
  const int more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
  if (more == 0) return byte;
  std::uint32_t point = byte & (0x3FU >> more);
  for (int i = 0; i < more && at < text.size(); ++i)
    point = (point << 6) | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  return point;
}

bool is_wide(std::uint32_t p) {
  return (p >= 0x1100 && p <= 0x115F) || (p >= 0x2E80 && p <= 0xA4CF) || (p >= 0xAC00 && p <= 0xD7A3) ||
         (p >= 0xF900 && p <= 0xFAFF) || (p >= 0xFE30 && p <= 0xFE6F) || (p >= 0xFF00 && p <= 0xFF60) ||
         (p >= 0xFFE0 && p <= 0xFFE6) || (p >= 0x1F300 && p <= 0x1FAFF) || (p >= 0x20000 && p <= 0x3FFFD);
}
bool is_combining(std::uint32_t p) {
  return (p >= 0x300 && p <= 0x36F) || (p >= 0x20D0 && p <= 0x20FF) || (p >= 0xFE20 && p <= 0xFE2F) ||
         (p >= 0x200B && p <= 0x200F);
}

bool is_figure(const Cell& cell) {
  return std::holds_alternative<std::int64_t>(cell) || std::holds_alternative<Decimal>(cell);
}

/// Thousands apart, for people only: 1265793.29 -> 1,265,793.29
std::string grouped(std::string figure) {
  const std::size_t first = figure.starts_with('-') ? 1 : 0;
  std::size_t end = figure.find('.');
  if (end == std::string::npos) end = figure.size();
  for (std::size_t at = end; at > first + 3; at -= 3) figure.insert(at - 3, ",");
  return figure;
}

std::string shown(const Cell& cell) {
  if (std::holds_alternative<Decimal>(cell)) return grouped(cell_text(cell));
  if (std::holds_alternative<std::monostate>(cell)) return "–";
  return printable(cell_text(cell));
}

/// Whether a column holds words of the engine, not of a person. Known by its title, which no --rename changes.
bool holds_words(const Column& column) {
  constexpr std::string_view titles[] = {"状态", "发货", "开票", "回款", "红黄绿灯", "原因", "字段", "类型", "项目"};
  return std::ranges::find(titles, column.title_zh) != std::end(titles);
}
/// Fields of a sheet whose value is such words.
bool is_field_of_words(const Cell& field) {
  constexpr std::string_view names[] = {"status", "holds", "fulfilment", "billing"};
  const auto* name = std::get_if<std::string>(&field);
  return name && std::ranges::find(names, *name) != std::end(names);
}

/// What a person sees. Machines get the program's own words (csv, json); tables speak the reader's language.
std::string shown(const std::vector<Cell>& row, std::size_t at, const Report& report, Language language) {
  const auto* text = std::get_if<std::string>(&row[at]);
  const Column& column = report.columns[at];
  const bool of_sheet =
      column.title_zh == "值" && report.columns.front().title_zh == "字段" && is_field_of_words(row[0]);
  if (language != Language::zh || !text || !(of_sheet || holds_words(column))) return shown(row[at]);
  return words_in_chinese(*text);
}

/// A line on stderr for each of the message's; what stands in it is made harmless. kind: stands before the first, empty: nothing.
void print_lines(std::string_view kind, std::string_view message) {
  for (const auto part : message | std::views::split(std::string_view{"\n"})) {
    const std::string_view line{part.begin(), part.end()};
    const std::string text = spoken == Language::zh ? sentence_in_chinese(line) : std::string(line);
    fmt::print(stderr, "o2c: {}{}{}\n", kind, kind.empty() ? "" : "：", printable(text));
    kind = {};
  }
}

std::string_view colour_of(std::string_view word) {
  if (word == "red") return "\x1b[31m";
  if (word == "yellow") return "\x1b[33m";
  if (word == "green") return "\x1b[32m";
  return {};
}

void print_table(const Report& report, const OutputStyle& style) {
  std::vector<std::size_t> widths;
  std::vector<std::string> titles;
  std::vector<bool> right;
  for (std::size_t c = 0; c < report.columns.size(); ++c) {
    const Column& column = report.columns[c];
    const std::string& title = style.language == Language::zh ? column.title_zh : column.title_en;
    titles.push_back(title.empty() ? column.name : title);
    std::size_t width = display_width(titles.back());
    bool figures = !report.rows.empty();
    for (const auto& row : report.rows) {
      width = std::max(width, display_width(shown(row, c, report, style.language)));
      figures = figures && (is_figure(row[c]) || std::holds_alternative<std::monostate>(row[c]));
    }
    widths.push_back(width);
    right.push_back(figures);
  }
  // A cell's colour follows from the program's word, whatever language it is shown in.
  const auto print_row = [&](auto&& text_at, const std::vector<Cell>* row) {
    std::string line;
    for (std::size_t c = 0; c < widths.size(); ++c) {
      const std::string text = text_at(c);
      const std::string pad(widths[c] - display_width(text), ' ');
      if (c > 0) line += "  ";
      std::string_view colour;
      if (style.colour) colour = row ? colour_of(cell_text((*row)[c])) : std::string_view{"\x1b[1m"};
      const std::string painted = colour.empty() ? text : std::string(colour) + text + "\x1b[0m";
      line += right[c] ? pad + painted : painted + pad;
    }
    while (line.ends_with(' ')) line.pop_back();
    fmt::print("{}\n", line);
  };
  print_row([&](std::size_t c) { return titles[c]; }, nullptr);
  std::string rule;
  for (std::size_t c = 0; c < widths.size(); ++c) {
    if (c > 0) rule += "  ";
    for (std::size_t i = 0; i < widths[c]; ++i) rule += "─";
  }
  fmt::print("{}\n", rule);
  for (const auto& row : report.rows)
    print_row([&](std::size_t c) { return shown(row, c, report, style.language); }, &row);
}

std::string csv_field(const Cell& cell) {
  std::string text = cell_text(cell);
  // A spreadsheet would run a text that begins like a formula; figures are figures.
  if (std::holds_alternative<std::string>(cell) && !text.empty() &&
      std::string_view{"=+-@\t\r"}.find(text[0]) != std::string_view::npos)
    text.insert(0, "'");
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

void print_csv(const Report& report) {
  std::string out;
  for (std::size_t c = 0; c < report.columns.size(); ++c)
    out += (c ? "," : "") + csv_field(Cell{report.columns[c].name});
  out += "\n";
  for (const auto& row : report.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) out += (c ? "," : "") + csv_field(row[c]);
    out += "\n";
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
}

std::string json_row(const Report& report, const std::vector<Cell>& row) {
  std::string out = "{";
  for (std::size_t c = 0; c < row.size(); ++c) {
    if (c) out += ",";
    append_json_string(out, report.columns[c].name);
    out += ":";
    if (std::holds_alternative<std::monostate>(row[c])) out += "null";
    else if (std::holds_alternative<std::int64_t>(row[c])) out += cell_text(row[c]);  // counts and days: small
    else append_json_string(out, cell_text(row[c]));
  }
  return out + "}";
}

std::string json_rows(const Report& report) {
  std::string out = "[";
  for (std::size_t r = 0; r < report.rows.size(); ++r) out += (r ? ",\n " : "") + json_row(report, report.rows[r]);
  return out + "]";
}

void print_json(const std::vector<Report>& reports) {
  std::string out;
  if (reports.size() == 1) {
    out = json_rows(reports[0]);
  } else {
    out = "{";
    for (std::size_t i = 0; i < reports.size(); ++i) {
      if (i) out += ",\n";
      append_json_string(out, reports[i].name);
      out += ":" + json_rows(reports[i]);
    }
    out += "}";
  }
  out += "\n";
  std::fwrite(out.data(), 1, out.size(), stdout);
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t point = next_code_point(text, at);
    width += is_combining(point) ? 0U : is_wide(point) ? 2U : 1U;
  }
  return width;
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const std::uint32_t point = next_code_point(text, at);
    const bool dangerous = point < 0x20 || (point >= 0x7F && point < 0xA0) || (point >= 0x202A && point <= 0x202E) ||
                           (point >= 0x2066 && point <= 0x2069);
    if (dangerous) out += fmt::format("\\x{:02x}", point);
    else out += text.substr(from, at - from);
  }
  return out;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\', out += c;
    else if (static_cast<unsigned char>(c) < 0x20) out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    else out += c;
  }
  out += '"';
}

void print_reports(const std::vector<Report>& reports, const OutputStyle& style) {
  if (style.format == OutputFormat::json) return print_json(reports);
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const Report& report = reports[i];
    if (style.format == OutputFormat::jsonl) {
      for (const auto& row : report.rows) fmt::print("{}\n", json_row(report, row));
    } else if (style.format == OutputFormat::csv) {
      if (i) fmt::print("\n");
      print_csv(report);
    } else {
      if (i) fmt::print("\n");
      if (reports.size() > 1) fmt::print("{}\n", report.name);
      print_table(report, style);
    }
  }
  std::fflush(stdout);
}

int exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_input: return 2;
    case ErrorCode::not_found: return 3;
    case ErrorCode::conflict: return 4;
    case ErrorCode::not_allowed: return 5;
    case ErrorCode::unavailable:
    case ErrorCode::outcome_unknown: return 6;
    case ErrorCode::integrity: return 7;
  }
  return 2;
}

void speak(Language language) { spoken = language; }

void say(std::string_view message) { print_lines({}, message); }

int complain(const Error& error) {
  print_lines(spoken == Language::zh ? kind_in_chinese(error.code) : std::string_view{}, error.message);
  return exit_code(error.code);
}

ProgressLine::ProgressLine(std::string what, std::uint64_t total)
    : what_(std::move(what)),
      total_(total),
      terminal_(isatty(STDERR_FILENO) == 1),
      started_ms_(now_ms()),
      last_ms_(started_ms_) {}

ProgressLine::~ProgressLine() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
}

void ProgressLine::at(std::uint64_t done) {
  const std::int64_t now = now_ms();
  if (!terminal_ || (now - last_ms_ < 100 && done < total_)) return;
  last_ms_ = now;
  shown_ = true;
  const std::int64_t elapsed_ms = std::max<std::int64_t>(now - started_ms_, 1);
  const std::uint64_t per_second = done * 1000 / static_cast<std::uint64_t>(elapsed_ms);
  const std::uint64_t left = per_second > 0 && total_ > done ? (total_ - done) / per_second : 0;
  constexpr std::uint64_t width = 30;
  const std::uint64_t filled = total_ > 0 ? std::min(width, done * width / total_) : 0;
  std::string bar;
  for (std::uint64_t i = 0; i < width; ++i) bar += i < filled ? "█" : "░";
  fmt::print(stderr, "\r\x1b[K{} {} {}/{}  {}/s  {} s left", what_, bar, done, total_, per_second, left);
  std::fflush(stderr);
}

}  // namespace o2c
