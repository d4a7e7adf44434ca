#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace o2c::kafka {

/// Names and values in the order in which they are written; UTF-8, no name twice.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// A record for a public topic, before anybody knows its partition (the lane) and offset. A value: owns what it holds.
struct PublicRecord {
  std::string key;
  Headers headers;
  std::optional<std::string> value;  // none: tombstone, the key is gone
  bool operator==(const PublicRecord&) const = default;
};

/// Empty when there is none.
inline std::string_view find_header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace o2c::kafka
