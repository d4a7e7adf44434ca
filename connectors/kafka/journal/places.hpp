#pragma once
#include <filesystem>
#include <mutex>
#include <vector>

#include "engine/journal/log_position.hpp"
#include "events/base/result.hpp"

namespace o2c::kafka {

/// Places of one lane's log, every few thousand entries and at the ends of tenures: where reading from a given entry may begin, and what a
/// log that was truncated is held against. Kept in a file of its own as well, 64 bytes a place, appended; what is torn or missing at its end
/// is noted again.
/// threads  any.
class Places {
 public:
  static constexpr std::uint64_t every = 4096;  // entries

  /// file  empty: in memory only.
  /// errors  unavailable: the file cannot be read or made.
  Result<void> load(const Place& genesis, const std::filesystem::path& file);

  /// Notes the place if it is far enough behind the last one.
  void note(const Place& place);
  /// Notes the place if it is behind the last one at all.
  void keep(const Place& place);
  /// The nearest place before entry `seq`: reading from there sees it.
  Place before(std::uint64_t seq) const;
  Place last() const { return before(~std::uint64_t{0}); }

 private:
  void append(const Place& place, std::uint64_t distance);

  mutable std::mutex mutex_;
  std::vector<Place> places_;  // the first is genesis
  std::filesystem::path file_;
};

}  // namespace o2c::kafka
