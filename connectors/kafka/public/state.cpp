#include "connectors/kafka/public/state.hpp"

#include "connectors/kafka/public/state_rows.hpp"
#include "events/base/flat.hpp"

namespace o2c::kafka {
namespace {

constexpr std::string_view knowledge_begins = R"(,"entry_seq":")";

/// What a record knows, in its row and in its headers.
struct Knowledge {
  std::uint64_t entry_seq, sequence;

  PublicRecord record(const std::string& key, std::optional<std::string> value) const {
    Headers headers{{"o2c_entry_seq", fmt::to_string(entry_seq)}, {"o2c_sequence", fmt::to_string(sequence)}};
    if (value) headers.emplace_back("content-type", "application/json");
    return {key, std::move(headers), std::move(value)};
  }
  PublicRecord upsert(const std::string& key, const std::string& members) const {
    return record(key, fmt::format(R"({{{}{}{}","sequence":"{}"}})", members, knowledge_begins, entry_seq, sequence));
  }
};

std::vector<PublicRecord> changes(const Rows& before, const Rows& after, const Knowledge& knowledge) {
  std::vector<PublicRecord> records;
  auto old = before.begin();
  const auto gone_until = [&](const std::string* key) {
    for (; old != before.end() && (!key || old->first < *key); ++old)
      records.push_back(knowledge.record(old->first, std::nullopt));
  };
  for (const auto& [key, members] : after) {
    gone_until(&key);
    const bool was_there = old != before.end() && old->first == key;
    if (!was_there || old->second != members) records.push_back(knowledge.upsert(key, members));
    if (was_there) ++old;
  }
  gone_until(nullptr);
  return records;
}

StateRecords changes(const RowSets& before, const RowSets& after, const Knowledge& knowledge) {
  return {changes(before.order_status, after.order_status, knowledge),
          changes(before.open_items, after.open_items, knowledge), changes(before.aging, after.aging, knowledge)};
}

}  // namespace

StateRecords state_records(const FrameView& entry, const ReadModels& models, const BusinessDay& day,
                           std::uint64_t sequence) {
  const std::string_view company = view(entry.command->company());
  const CompanyModels* of = models.company(company);
  if (!of) return {};  // nothing was ever accepted of it
  const std::uint64_t seq = entry.entry->seq();
  const View before{day.before.value_or(day.now), seq - 1}, after{day.now, seq};
  const Knowledge knowledge{seq, sequence};
  if (day.is_new()) return changes(all_rows(company, *of, before), all_rows(company, *of, after), knowledge);
  const Touched touched = touched_by(entry, *of);
  return changes(touched_rows(company, *of, before, touched), touched_rows(company, *of, after, touched), knowledge);
}

StateRecords state_snapshot(std::string_view company, const CompanyModels& models, Date today, std::uint64_t entry_seq,
                            std::uint64_t sequence) {
  return changes({}, all_rows(company, models, View{today, entry_seq}), Knowledge{entry_seq, sequence});
}

PublicRecord state_tombstone(const std::string& key, std::uint64_t entry_seq, std::uint64_t sequence) {
  return Knowledge{entry_seq, sequence}.record(key, std::nullopt);
}

std::string_view row_content(std::string_view value) { return value.substr(0, value.rfind(knowledge_begins)); }

}  // namespace o2c::kafka
