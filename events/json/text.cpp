#include "events/json/text.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include <flatbuffers/util.h>

namespace o2c::json {
namespace {

/// Unicode code point at `at`, which it moves behind; -1: no character, or half of a surrogate pair.
int next_code_point(std::string_view text, std::size_t& at) {
  // flatbuffers::FromUTF8 wants a terminator: four bytes and a zero are enough for one character.
  char bytes[5] = {};
  std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(at), std::min<std::size_t>(4, text.size() - at), bytes);
  const char* end = bytes;
  const int code = flatbuffers::FromUTF8(&end);
  at += static_cast<std::size_t>(end - bytes);
  return code;
}

bool is_control(int code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }
/// They reverse what follows on a screen: one name can be made to look like another.
bool is_bidirectional(int code) { return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069); }
bool is_blank(int code) { return code == ' ' || code == 0xa0 || code == 0x3000 || (code >= 0x2000 && code <= 0x200a); }

}  // namespace

std::string text_fault(std::string_view text, std::size_t bytes_max) {
  if (text.empty()) return "empty; say something, or leave the field out where that is allowed";
  if (text.size() > bytes_max) return fmt::format("longer than {} bytes", bytes_max);
  int code = 0;
  for (std::size_t at = 0; at < text.size();) {
    const bool first = at == 0;
    const auto byte = static_cast<unsigned char>(text[at]);
    code = byte < 0x80 ? byte : next_code_point(text, at);
    if (byte < 0x80) ++at;
    if (code < 0) return "half of a surrogate pair";
    if (is_control(code)) return fmt::format("contains the control character U+{:04X}", code);
    if (is_bidirectional(code)) return fmt::format("contains the bidirectional control U+{:04X}", code);
    if (first && is_blank(code)) return "begins with a blank";
  }
  return is_blank(code) ? "ends with a blank" : "";
}

void append_string(fmt::memory_buffer& out, std::string_view text) {
  out.push_back('"');
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) continue;
    out.append(text.data() + done, text.data() + at);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(static_cast<char>(c));
    } else {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
    }
    done = at + 1;
  }
  out.append(text.data() + done, text.data() + text.size());
  out.push_back('"');
}

std::string shown(std::string_view name) {
  std::string safe;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t from = at;
    const int code = next_code_point(name, at);
    if (at == from) ++at;
    if (code < 0 || is_control(code) || is_bidirectional(code))
      safe += fmt::format("\\u{:04x}", code < 0 ? 0xfffd : code);
    else safe += name.substr(from, at - from);
    if (safe.size() > 60) return safe + "…";
  }
  return safe;
}

void append_segment(std::string& pointer, std::string_view name) {
  pointer += '/';
  for (const char c : name) {
    if (c == '~') pointer += "~0";
    else if (c == '/') pointer += "~1";
    else pointer += c;
  }
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = a[i - 1] == b[j - 1];
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

std::size_t find_broken_text(std::string_view text) {
  std::size_t opened = text.size();  // where the string that is open began
  bool inside = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const int code = next_code_point(text, at);
    if (code < 0 || (inside && code < 0x20)) return from;
    if (code == '\\' && inside && at < text.size()) ++at;
    else if (code == '"' && (inside = !inside)) opened = from;
  }
  return inside ? opened : text.size();
}

}  // namespace o2c::json
