#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "events/json/json.hpp"

// Entries as a journal would hand them over, written down as JSON.
namespace o2c::test {

struct EntrySpec {
  std::vector<std::string> events{};  // JSON of each
  std::string company = "ACME";
  std::string business_date = "2026-01-05";
  std::string source{};  // "timer"; empty: not said
  std::string correlation_id{}, causation_id{};
};

/// Entries of one lane: seq 1, 2, 3…, a command id for each. The views live as long as this.
class Frames {
 public:
  explicit Frames(std::uint32_t lane = 0) : lane_(lane) {}

  FrameView add(const EntrySpec& spec) {
    const std::uint64_t seq = ++seq_;
    std::string entry = head(seq, "command");
    entry += fmt::format(R"(,"business_date":"{}","outcome":"{}")", spec.business_date,
                         spec.events.empty() ? "refused" : "accepted");
    if (!spec.source.empty())
      entry += fmt::format(R"(,"source":{{"kind":"{}","partition":0,"offset":"0"}})", spec.source);
    if (!spec.events.empty()) entry += fmt::format(R"(,"events":[{}])", fmt::join(spec.events, ","));
    std::string command =
        fmt::format(R"({{"company":"{}","command_id":"{:032x}","actor":"zhang.san")", spec.company, seq);
    if (!spec.correlation_id.empty()) command += fmt::format(R"(,"correlation_id":"{}")", spec.correlation_id);
    if (!spec.causation_id.empty()) command += fmt::format(R"(,"causation_id":"{}")", spec.causation_id);
    return keep(entry + "}", command + R"(,"body":{"create_mark":{"name":"any"}}})");
  }
  /// An entry of the lane itself.
  FrameView add_lane_opened() { return keep(head(++seq_, "lane_opened") + "}", {}); }

 private:
  std::string head(std::uint64_t seq, std::string_view kind) const {
    return fmt::format(
        R"({{"lane":{},"seq":"{}","epoch":"1","prev_hash":"{:064x}","recorded_at":"2026-01-05T08:00:00.{:06}Z","kind":"{}")",
        lane_, seq, 0, seq, kind);
  }
  FrameView keep(const std::string& entry, const std::string& command) {
    FrameBatch& batch = batches_.emplace_back(lane_);
    const auto entry_bytes = parse(entry, "Entry");
    const auto command_bytes = command.empty() ? flatbuffers::DetachedBuffer{} : parse(command, "Command");
    batch.add({entry_bytes.data(), entry_bytes.size()}, {command_bytes.data(), command_bytes.size()});
    return batch.at(0);
  }
  static flatbuffers::DetachedBuffer parse(const std::string& json, std::string_view table) {
    auto parsed = parse_table(json, table);
    if (!parsed) throw std::runtime_error(parsed.error().message + " in " + json);
    return *std::move(parsed);
  }

  std::uint32_t lane_;
  std::uint64_t seq_ = 0;
  std::deque<FrameBatch> batches_;
};

inline std::string event_json(const fb::Event& event) {
  fmt::memory_buffer out;
  append_json(out, &event, "Event");
  return fmt::to_string(out);
}

}  // namespace o2c::test
