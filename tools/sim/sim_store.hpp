#pragma once
#include <map>

#include "engine/ports/state_store.hpp"

namespace o2c::sim {

/// Checkpoints in memory, all rows of a commit or none. A commit can be the last thing that happens before a crash: whether it counts is drawn
/// beforehand, and its caller never learns it.
class SimStore final : public StateStore {
 public:
  enum class NextCommit { counts, counts_then_crash, lost_by_crash };

  Result<void> commit(const std::vector<StateWrite>& writes) override;
  Result<std::optional<std::string>> get(std::string_view key) override;
  Result<void> scan(std::string_view prefix, const RowSink& sink) override;
  Result<void> clear() override;

  void next_commit(NextCommit next) { next_ = next; }
  /// A commit met its crash: the world has to end now.
  bool crashed() const { return crashed_; }
  void restart() { crashed_ = false; }
  /// The rows are gone or of another version: either way only the journal is left.
  void lose() { rows_.clear(); }
  void make_old();
  bool empty() const { return rows_.empty(); }

 private:
  std::map<std::string, std::string, std::less<>> rows_;
  NextCommit next_ = NextCommit::counts;
  bool crashed_ = false;
};

}  // namespace o2c::sim
