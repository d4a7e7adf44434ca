#include "connectors/import/csv.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <iconv.h>

#include <fmt/format.h>

#include "events/base/assert.hpp"

namespace o2c::importer {
namespace {

constexpr int end_of_file = -1;
constexpr int not_in_encoding = -2;
constexpr int read_failed = -3;

}  // namespace

/// Bytes of the stream as UTF-8, one at a time, with the place of the next one.
class CsvReader::Source {
 public:
  Source(std::istream& in, Encoding encoding) : in_(in) {
    if (encoding == Encoding::gbk) {
      // GB18030 holds every character of GBK and more, so that exports of newer systems are read too.
      converter_ = iconv_open("UTF-8", "GB18030");
      O2C_ASSERT(converter_ != no_converter());
    }
  }
  ~Source() {
    if (converter_ != no_converter()) iconv_close(converter_);
  }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  int peek() {
    if (at_ == ready_.size() && !refill()) return end_;
    return static_cast<unsigned char>(ready_[at_]);
  }
  void take() {
    const auto byte = static_cast<unsigned char>(ready_[at_++]);
    if (byte == '\n') {
      ++line;
      column = 1;
    } else if ((byte & 0xC0) != 0x80) {
      ++column;
    }
  }
  /// The first bytes of the file as they are, without conversion.
  std::string_view raw_start() {
    peek();
    return {raw_.data(), raw_filled_ < 4 ? raw_filled_ : 4};
  }
  void skip_byte_order_mark() {
    if (peek() != end_of_file && std::string_view{ready_}.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  std::uint64_t line = 1;
  std::uint64_t column = 1;

 private:
  // As POSIX has it.  NOLINTNEXTLINE(performance-no-int-to-ptr)
  static iconv_t no_converter() { return reinterpret_cast<iconv_t>(-1); }

  bool refill() {
    if (end_ != 0) return false;
    ready_.clear();
    at_ = 0;
    while (ready_.empty()) {
      in_.read(raw_.data() + raw_kept_, static_cast<std::streamsize>(raw_.size() - raw_kept_));
      raw_filled_ = raw_kept_ + static_cast<std::size_t>(in_.gcount());
      if (in_.bad()) return end_ = read_failed, false;
      if (in_.gcount() == 0) return end_ = raw_kept_ == 0 ? end_of_file : not_in_encoding, false;
      const std::size_t filled = raw_filled_;
      raw_kept_ = 0;
      if (!(converter_ == no_converter() ? check(filled) : convert(filled))) break;
    }
    return !ready_.empty();
  }

  /// Both make the characters of the block ready that come before a byte that is none; false if there is such a byte.
  bool check(std::size_t filled) {
    const std::size_t good = utf8_prefix({raw_.data(), filled});
    ready_.assign(raw_.data(), good);
    if (filled - good > 3) return end_ = not_in_encoding, false;
    keep(good, filled - good);  // the block may end in the middle of a character
    return true;
  }
  bool convert(std::size_t filled) {
    char* from = raw_.data();
    std::size_t from_left = filled;
    ready_.resize(filled * 2 + 8);
    char* to = ready_.data();
    std::size_t to_left = ready_.size();
    const bool whole = iconv(converter_, &from, &from_left, &to, &to_left) != static_cast<std::size_t>(-1);
    const int reason = errno;
    ready_.resize(ready_.size() - to_left);
    if (!whole && reason != EINVAL) return end_ = not_in_encoding, false;
    keep(filled - from_left, from_left);
    return true;
  }
  void keep(std::size_t from, std::size_t bytes) {
    std::memmove(raw_.data(), raw_.data() + from, bytes);
    raw_kept_ = bytes;
  }

  std::istream& in_;
  iconv_t converter_ = no_converter();
  std::array<char, std::size_t{64} * 1024> raw_{};
  std::size_t raw_kept_ = 0;  // bytes of a character whose rest was not read yet
  std::size_t raw_filled_ = 0;
  std::string ready_;
  std::size_t at_ = 0;
  int end_ = 0;  // why nothing more comes; 0: more may come
};

CsvReader::CsvReader(std::istream& in, CsvFormat format)
    : source_(std::make_unique<Source>(in, format.encoding)), delimiter_(format.delimiter) {}
CsvReader::~CsvReader() = default;

CsvFault CsvReader::fault(std::string rule) const { return {source_->line, source_->column, std::move(rule)}; }

Result<bool, CsvFault> CsvReader::next(CsvRecord& record) {
  O2C_ASSERT(!broken_);
  record.text.clear();
  record.ends.clear();
  record.blank = false;
  Source& source = *source_;
  if (source.line == 1 && source.column == 1) {
    const std::string_view start = source.raw_start();
    broken_ = start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF");
    if (broken_) return fault("the file is UTF-16; save it as UTF-8");
    source.skip_byte_order_mark();
  }
  record.line = source.line;
  if (source.peek() == end_of_file) return false;
  for (bool row_ended = false; !row_ended;) {
    std::optional<CsvFault> wrong = read_field(record, row_ended);
    if (!wrong && record.size() + 1 == csv_fields_max && !row_ended)
      wrong = fault(fmt::format("a row has at most {} fields", csv_fields_max));
    if (wrong) {
      broken_ = true;
      return *wrong;
    }
    record.ends.push_back(static_cast<std::uint32_t>(record.text.size()));
  }
  return true;
}

/// A field up to and with what ends it: the delimiter or the end of the row.
std::optional<CsvFault> CsvReader::read_field(CsvRecord& record, bool& row_ended) {
  Source& source = *source_;
  const std::size_t from = record.text.size();
  const bool quoted = source.peek() == '"';
  if (quoted) {
    if (auto wrong = read_quoted(record)) return wrong;
  }
  for (;;) {
    const int c = source.peek();
    if (c == not_in_encoding) return fault("bytes that are no character in the encoding that the mapping declares");
    if (c == read_failed) return fault("the file cannot be read any further");
    if (c == 0) return fault("a NUL byte; the file is no text or is UTF-16");
    if (c == delimiter_) return source.take(), std::nullopt;
    if (c == end_of_file || c == '\n' || c == '\r') break;
    if (quoted) return fault("text behind a closing quote");
    if (c == '"')
      return fault("a quote inside a field that does not begin with one; quote the field and double the quote");
    if (record.text.size() - from == csv_field_bytes_max) return fault("a field is longer than 64 KB");
    record.text.push_back(static_cast<char>(c));
    source.take();
  }
  row_ended = true;
  record.blank = !quoted && record.size() == 0 && record.text.empty();
  if (source.peek() == '\r') {
    CsvFault lone = fault("a CR that is not followed by LF");
    source.take();
    if (source.peek() != '\n') return lone;
  }
  if (source.peek() == '\n') source.take();
  return std::nullopt;
}

/// From the opening quote to behind the closing one.
std::optional<CsvFault> CsvReader::read_quoted(CsvRecord& record) {
  Source& source = *source_;
  CsvFault unclosed = fault("a quote that is never closed");
  const std::size_t from = record.text.size();
  source.take();
  for (;;) {
    const int c = source.peek();
    if (c == not_in_encoding) return fault("bytes that are no character in the encoding that the mapping declares");
    if (c == read_failed) return fault("the file cannot be read any further");
    if (c == end_of_file) return unclosed;
    if (c == 0) return fault("a NUL byte; the file is no text or is UTF-16");
    source.take();
    if (c == '"') {
      if (source.peek() != '"') return std::nullopt;
      source.take();
    }
    if (record.text.size() - from == csv_field_bytes_max) {
      return CsvFault{unclosed.line, unclosed.column,
                      "a quoted field is longer than 64 KB; its closing quote may be missing"};
    }
    record.text.push_back(static_cast<char>(c));
  }
}

namespace {

/// Bytes of the character that `text` begins with, 0 if it is none. Table 3-7 of the Unicode standard.
std::size_t character_size(std::string_view text) {
  const auto byte = [text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto in = [](unsigned value, unsigned low, unsigned high) { return value >= low && value <= high; };
  const unsigned a = byte(0);
  if (a < 0x80) return 1;
  if (in(a, 0xC2, 0xDF)) return in(byte(1), 0x80, 0xBF) ? 2 : 0;
  if (in(a, 0xE0, 0xEF)) {
    const bool second = in(byte(1), a == 0xE0 ? 0xA0 : 0x80, a == 0xED ? 0x9F : 0xBF);
    return second && in(byte(2), 0x80, 0xBF) ? 3 : 0;
  }
  if (!in(a, 0xF0, 0xF4)) return 0;
  const bool second = in(byte(1), a == 0xF0 ? 0x90 : 0x80, a == 0xF4 ? 0x8F : 0xBF);
  return second && in(byte(2), 0x80, 0xBF) && in(byte(3), 0x80, 0xBF) ? 4 : 0;
}

}  // namespace

std::size_t utf8_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t size = character_size(text.substr(at));
    if (size == 0) break;
    at += size;
  }
  return at;
}

void append_csv_field(std::string& out, std::string_view field, char delimiter) {
  const char special[] = {delimiter, '"', '\r', '\n'};
  if (field.find_first_of(std::string_view{special, sizeof special}) == std::string_view::npos) {
    out += field;
    return;
  }
  out += '"';
  for (const char c : field) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_inert_csv_field(std::string& out, std::string_view field, char delimiter) {
  const bool formula = !field.empty() && std::string_view{"=+-@\t\r"}.find(field.front()) != std::string_view::npos;
  append_csv_field(out, formula ? "'" + std::string(field) : std::string(field), delimiter);
}

}  // namespace o2c::importer
