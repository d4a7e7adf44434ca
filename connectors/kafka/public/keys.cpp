#include "connectors/kafka/public/keys.hpp"

#include <iterator>

#include <fmt/format.h>

namespace o2c::kafka {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

template <class Keeps> void append_escaped(std::string& out, std::string_view text, Keeps keeps) {
  for (const char c : text) {
    if (keeps(c)) out += c;
    else fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
  }
}

}  // namespace

std::string key_of(std::initializer_list<std::string_view> parts) {
  std::string key;
  for (const std::string_view part : parts) {
    if (!key.empty()) key += '/';
    append_escaped(key, part, [](char c) { return c != '/' && c != '%'; });
  }
  return key;
}

std::string source_of(std::string_view company) {
  std::string source = "/companies/";
  append_escaped(source, company, is_unreserved);
  return source;
}

}  // namespace o2c::kafka
