#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "projections/runtime/fact.hpp"

namespace o2c {

/// When an item can have something open: from its first fact until the last one that left it settled. Days per basis.
struct Life {
  static constexpr std::int32_t never = std::numeric_limits<std::int32_t>::max();
  static constexpr std::uint64_t unknown = std::numeric_limits<std::uint64_t>::max();

  std::array<std::int32_t, 2> begin{never, never};  // first day, by posting and by business
  std::array<std::int32_t, 2> settled{0, 0};        // latest day of its facts; never: open at head
  std::uint64_t begin_seq = unknown;
  std::uint64_t settled_seq = 0;  // its last entry; unknown: open at head
  bool operator==(const Life&) const = default;
};

/// Finds the items that may be open without looking at the settled ones.
///
/// Items lie in order of their creation, sixteen to a block, sixteen blocks to the next. A block knows the earliest begin
/// and the latest settlement in it, so history that is over, or not yet begun, at a view is skipped in blocks. Reopening
/// an item moves its settlement to a later entry: views from before then look at it again.
///
/// cost  visit: the items found, and a few blocks beside them. add, set: one block per level.
class AliveIndex {
 public:
  void add(const Life& life);
  void set(std::size_t place, const Life& life);
  std::size_t size() const { return levels_.empty() ? 0 : levels_[0].size(); }

  /// Calls visit(place), ascending, for each item begun at the view and perhaps not settled before `alive_on`. The caller
  /// looks at the item's facts: the index only leaves out what cannot count.
  template <class F> void visit(const View& view, Date alive_on, F&& visit) const {
    if (levels_.empty()) return;
    for (std::size_t i = 0; i < levels_.back().size(); ++i)
      descend(levels_.size() - 1, i, view, days_of(alive_on), visit);
  }

 private:
  static constexpr std::size_t width = 16;

  static bool counts(const Life& life, const View& view, std::int32_t alive_on) {
    const std::size_t basis = static_cast<std::size_t>(view.basis);
    if (life.begin_seq > view.known || life.begin[basis] > days_of(view.as_of)) return false;
    return life.settled_seq > view.known || life.settled[basis] >= alive_on;
  }
  template <class F>
  void descend(std::size_t level, std::size_t i, const View& view, std::int32_t alive_on, F& visit) const {
    if (!counts(levels_[level][i], view, alive_on)) return;
    if (level == 0) return static_cast<void>(visit(i));
    const std::size_t end = std::min((i + 1) * width, levels_[level - 1].size());
    for (std::size_t child = i * width; child < end; ++child) descend(level - 1, child, view, alive_on, visit);
  }
  void refresh(std::size_t place);
  Life merged(std::size_t level, std::size_t i) const;

  std::vector<std::vector<Life>> levels_;  // [0]: items; each further level covers sixteen of the one below
};

}  // namespace o2c
