#pragma once
#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "events/json/json.hpp"

// Commands as senders write them, and what is none.
namespace o2c::test {

inline const std::string json_type = "application/json", binary_type = "application/x-flatbuffers";
inline constexpr std::uint32_t lanes = 2;

inline std::string id_of(std::uint64_t number) { return fmt::format("{:032x}", number); }

inline std::string command_json(const std::string& company, std::uint64_t id, const std::string& body) {
  return fmt::format(R"({{"company":"{}","command_id":"{}","actor":"clerk","body":{}}})", company, id_of(id), body);
}
inline std::string open_json(const std::string& company, std::uint64_t id) {
  return command_json(
      company, id,
      R"({"open_company":{"name":"Acme","base_currency":"CNY","time_zone":"UTC","opened_on":"2026-01-01"}})");
}
inline std::string mark_json(const std::string& company, std::uint64_t id, const std::string& name) {
  return command_json(company, id, fmt::format(R"({{"create_mark":{{"name":"{}"}}}})", name));
}
/// The same command as a FlatBuffer.
inline std::string binary_of(const std::string& json) {
  const auto buffer = parse_table(json, "Command");
  O2C_ASSERT(buffer);
  return {reinterpret_cast<const char*>(buffer->data()), buffer->size()};
}

struct SentRecord {
  std::optional<std::string> key, value, content_type;
};

/// A record that is no command, what is wrong with it, and the reason that its dead letter must name.
struct PoisonSample {
  std::string name;
  SentRecord record;
  std::string reason;
};

/// For the partition of ACME. `stranger` is a company of the other partition.
inline std::vector<PoisonSample> poisons(const std::string& stranger) {
  const std::string good = mark_json("ACME", 999, "A"), binary = binary_of(good);
  const auto json = [](std::string value) { return SentRecord{"ACME", std::move(value), json_type}; };
  const auto flat = [](std::string value) { return SentRecord{"ACME", std::move(value), binary_type}; };
  const auto with_body = [&](const std::string& body) { return json(command_json("ACME", 999, body)); };
  std::string control = binary_of(mark_json("ACMX", 999, "A"));
  control[control.find("ACMX") + 3] = '\x01';
  std::string short_id = good, large_name = mark_json("ACME", 999, std::string(2'000, 'x'));
  short_id.replace(short_id.find(id_of(999)), 32, "abc");
  return {
      {"without a key", {std::nullopt, good, json_type}, "no_key"},
      {"with an empty key", {"", good, json_type}, "no_key"},
      {"a tombstone", {"ACME", std::nullopt, json_type}, "no_value"},
      {"an empty value", {"ACME", "", json_type}, "no_value"},
      {"without a content type", {"ACME", good, std::nullopt}, "no_content_type"},
      {"of an unknown content type", {"ACME", good, "text/plain"}, "unknown_content_type"},
      {"of an empty content type", {"ACME", good, ""}, "unknown_content_type"},
      {"a FlatBuffer said to be JSON", json(binary), "invalid_json"},
      {"JSON said to be a FlatBuffer", flat(good), "invalid_command"},
      {"JSON that is cut off", json(good.substr(0, good.size() - 3)), "invalid_json"},
      {"two documents", json(good + good), "invalid_json"},
      {"a list", json("[" + good + "]"), "invalid_json"},
      {"a byte order mark", json("\xEF\xBB\xBF" + good), "invalid_json"},
      {"no UTF-8", json(mark_json("ACME", 999, "\xC3\x28")), "invalid_json"},
      {"an unknown field", json("{\"colour\":1," + good.substr(1)), "invalid_json"},
      {"a doubled field", json("{\"actor\":\"clerk\"," + good.substr(1)), "invalid_json"},
      {"without an id", json(R"({"company":"ACME","actor":"clerk","body":{"create_mark":{"name":"A"}}})"),
       "invalid_json"},
      {"a short id", json(short_id), "invalid_json"},
      {"without a body", json(fmt::format(R"({{"company":"ACME","command_id":"{}","actor":"clerk"}})", id_of(999))),
       "invalid_json"},
      {"an unknown body", with_body(R"({"make_coffee":{}})"), "invalid_json"},
      {"two bodies", with_body(R"({"create_mark":{"name":"A"},"close_period":{}})"), "invalid_json"},
      {"a number for a text", with_body(R"({"create_mark":{"name":5}})"), "invalid_json"},
      {"a text that is too long", json(large_name), "invalid_json"},
      {"a FlatBuffer that is cut off", flat(binary.substr(0, binary.size() / 2)), "invalid_command"},
      {"bytes without sense", flat(std::string(64, '\xEE')), "invalid_command"},
      {"a control character in the company", flat(control), "invalid_command"},
      {"too large", flat(std::string(500'000, '\0')), "invalid_command"},
      {"of another company than its key", {"ACME-2", good, json_type}, "other_company"},
      {"in the wrong partition", {stranger, mark_json(stranger, 999, "A"), json_type}, "wrong_lane"},
  };
}

}  // namespace o2c::test
