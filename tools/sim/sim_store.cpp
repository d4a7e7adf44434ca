#include "tools/sim/sim_store.hpp"

namespace o2c::sim {

Result<void> SimStore::commit(const std::vector<StateWrite>& writes) {
  const NextCommit how = std::exchange(next_, NextCommit::counts);
  if (how != NextCommit::lost_by_crash) {
    for (const StateWrite& write : writes) {
      if (write.value) rows_[write.key] = *write.value;
      else rows_.erase(write.key);
    }
  }
  if (how == NextCommit::counts) return {};
  crashed_ = true;
  return Error{ErrorCode::outcome_unknown, "crashed in a commit", Remedy::retry};
}

Result<std::optional<std::string>> SimStore::get(std::string_view key) {
  const auto at = rows_.find(key);
  return at == rows_.end() ? std::optional<std::string>{} : std::optional{at->second};
}

Result<void> SimStore::scan(std::string_view prefix, const RowSink& sink) {
  for (auto at = rows_.lower_bound(prefix); at != rows_.end() && at->first.starts_with(prefix); ++at) {
    if (!sink(at->first, at->second)) break;
  }
  return {};
}

Result<void> SimStore::clear() {
  rows_.clear();
  return {};
}

void SimStore::make_old() {
  // The position begins with the version of the state as a varint; 0 was never one.
  if (const auto at = rows_.find("p"); at != rows_.end() && !at->second.empty()) at->second[0] = 0;
}

}  // namespace o2c::sim
