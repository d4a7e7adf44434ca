#include "connectors/kafka/publisher/state_topic.hpp"

#include "connectors/kafka/public/resume.hpp"
#include "connectors/kafka/public/state.hpp"
#include "connectors/kafka/publisher/read_to_end.hpp"

namespace o2c::kafka {
namespace {

constexpr std::size_t records_at_once = 1'000;

std::size_t print_of(std::string_view value) { return std::hash<std::string_view>{}(row_content(value)); }

/// A record without a readable number is nobody's: it knows less than any row.
std::uint64_t entry_of(const Record& record) {
  const auto value = record.header("o2c_entry_seq");
  return value ? row_entry_seq({{"o2c_entry_seq", std::string(text_of(*value))}}).value_or(0) : 0;
}

}  // namespace

Result<std::unique_ptr<StateTopic>> StateTopic::open(const ClientConfig& config, const std::string& name, LaneId lane) {
  auto reader = PartitionReader::open(config, name, static_cast<std::int32_t>(lane), 0);
  if (!reader) return reader.error();
  return std::unique_ptr<StateTopic>{new StateTopic{std::move(*reader)}};
}

Result<std::vector<PublicRecord>> StateTopic::compare(std::vector<PublicRecord> rows, const Standing& standing,
                                                      const std::atomic<bool>& stopping) {
  std::map<std::string, std::size_t> present;  // what the last record of each key says
  const auto take = [&present](const Record& record) -> Result<void> {
    const std::string key{text_of(record.key)};
    if (record.tombstone) present.erase(key);
    else present[key] = print_of(text_of(record.value));
    return {};
  };
  if (auto read = read_to_end(*reader_, all_records, take, stopping); !read) return read.error();
  std::vector<PublicRecord> records;
  for (PublicRecord& row : rows) {
    const auto at = present.find(row.key);
    const bool same = at != present.end() && at->second == print_of(*row.value);
    if (at != present.end()) present.erase(at);
    if (!same) records.push_back(std::move(row));
  }
  for (const auto& [key, print] : present)
    records.push_back(state_tombstone(key, standing.entry_seq, standing.sequence));
  compared_ = standing.entry_seq;
  return records;
}

Result<void> StateTopic::follow() {
  for (;;) {
    const ReadBatch batch = reader_->poll(records_at_once, std::chrono::milliseconds{0});
    for (const Record& record : batch.records) note(record);
    if (batch.status == ReadStatus::deleted || batch.status == ReadStatus::truncated) return batch.error;
    if (batch.records.size() < records_at_once) return {};  // `failed` too: asked again soon
  }
}

void StateTopic::note(const Record& record) {
  const std::uint64_t entry = entry_of(record);
  const auto at = newest_.try_emplace(std::string(text_of(record.key)), compared_).first;
  if (entry < at->second) overtaken_.insert(at->first);
  else at->second = entry;
}

std::set<std::string> StateTopic::overtaken(const Standing& standing) const {
  std::set<std::string> keys;
  for (const std::string& key : overtaken_) {
    // Beyond: another owner is ahead of this one, or this one has still to come to that entry.
    if (newest_.at(key) <= standing.entry_seq) keys.insert(key);
  }
  return keys;
}

std::vector<PublicRecord> StateTopic::repair(const std::vector<PublicRecord>& rows, const std::set<std::string>& keys,
                                             const Standing& standing) {
  std::set<std::string> gone = keys;
  std::vector<PublicRecord> records;
  for (const PublicRecord& row : rows) {
    if (gone.erase(row.key) > 0) records.push_back(row);
  }
  for (const std::string& key : gone) records.push_back(state_tombstone(key, standing.entry_seq, standing.sequence));
  for (const std::string& key : keys) overtaken_.erase(key);
  return records;
}

}  // namespace o2c::kafka
