#pragma once
#include <filesystem>
#include <mutex>
#include <vector>

#include "engine/journal/log_position.hpp"
#include "events/base/result.hpp"

namespace o2c::kafka {

/// Places of one lane's log, every few thousand entries: where reading from a given entry may begin. Kept in a file of its own as well,
/// 64 bytes a place, appended; it is a cache, what is torn or missing at its end is noted again.
/// threads  any.
class Places {
 public:
  static constexpr std::uint64_t every = 4096;  // entries

  /// file  empty: in memory only.
  /// errors  unavailable: the file cannot be read or made.
  Result<void> load(const Place& genesis, const std::filesystem::path& file);

  /// Notes the place if it is far enough behind the last one.
  void note(const Place& place);
  /// The nearest place before entry `seq`: reading from there sees it.
  Place before(std::uint64_t seq) const;
  Place last() const { return before(~std::uint64_t{0}); }

 private:
  mutable std::mutex mutex_;
  std::vector<Place> places_;  // the first is genesis
  std::filesystem::path file_;
};

}  // namespace o2c::kafka
