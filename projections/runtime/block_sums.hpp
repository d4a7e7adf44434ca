#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "projections/runtime/fact.hpp"

namespace o2c {

/// Days from (in) to last (in); all days when nothing is said.
struct DayRange {
  std::int32_t from = std::numeric_limits<std::int32_t>::min(), last = std::numeric_limits<std::int32_t>::max();
  bool holds(DayRange other) const { return from <= other.from && other.last <= last; }
  bool misses(DayRange other) const { return other.last < from || last < other.from; }
  void widen(DayRange other) { from = std::min(from, other.from), last = std::max(last, other.last); }
};

/// Sums of facts dated from a day up to the view, with the view's knowledge, without adding up the history.
///
/// Facts lie in journal order, sixteen to a block, sixteen blocks to the next: a block wholly inside counts by its sum, one wholly
/// outside is passed over. Days rise with the journal but for late entries, so few blocks are opened. Days are kept for both bases.
/// A fact may be filed under one more day (that of the order which it changes), so that facts of some orders only can be summed.
///
/// Sum   has add(const Sum&); starts as zero.
/// cost  sum: logarithmic, and the blocks that late facts spoil. add: one block per level.
template <class Sum> class BlockSums {
 public:
  using Days = std::array<std::int32_t, 2>;  // by posting, by business

  void add(std::uint64_t seq, Days days, const Sum& sum, std::int32_t filed = 0) {
    if (levels_.empty()) levels_.emplace_back();
    std::size_t place = levels_[0].size();
    for (std::size_t level = 0;; ++level, place /= width) {
      if (level == levels_.size()) grow();
      if (place == levels_[level].size()) levels_[level].emplace_back();
      levels_[level][place].merge(
          {seq, seq, {DayRange{days[0], days[0]}, DayRange{days[1], days[1]}, DayRange{filed, filed}}, true, sum});
      if (place == 0 && level + 1 == levels_.size()) return;
    }
  }

  /// from <= day <= view.as_of, entries up to view.known, filed within the range.
  Sum sum(const View& view, Date from, DayRange filed = {}) const {
    Sum total{};
    const Wanted wanted{view.known, static_cast<std::size_t>(view.basis), {days_of(from), days_of(view.as_of)}, filed};
    if (!levels_.empty() && wanted.days.from <= wanted.days.last) descend(levels_.size() - 1, 0, wanted, total);
    return total;
  }

 private:
  static constexpr std::size_t width = 16, filed_place = 2;
  struct Wanted {
    std::uint64_t known;
    std::size_t basis;
    DayRange days, filed;
  };
  struct Block {
    std::uint64_t first_seq = 0, last_seq = 0;
    std::array<DayRange, 3> days{};  // by posting, by business, filed
    bool used = false;
    Sum sum{};

    void merge(const Block& other) {
      if (!other.used) return;
      if (!used) return static_cast<void>(*this = other);
      last_seq = std::max(last_seq, other.last_seq);
      for (std::size_t i = 0; i < days.size(); ++i) days[i].widen(other.days[i]);
      sum.add(other.sum);
    }
  };

  /// The top gets a second block: a level above it begins with what the first one held.
  void grow() {
    Block whole;
    const auto& below = levels_.back();
    for (std::size_t i = 0; i + 1 < below.size(); ++i) whole.merge(below[i]);
    levels_.push_back({whole});
  }

  void descend(std::size_t level, std::size_t i, const Wanted& wanted, Sum& total) const {
    const Block& block = levels_[level][i];
    const DayRange &days = block.days[wanted.basis], &filed = block.days[filed_place];
    if (block.first_seq > wanted.known || wanted.days.misses(days) || wanted.filed.misses(filed)) return;
    if (block.last_seq <= wanted.known && wanted.days.holds(days) && wanted.filed.holds(filed))
      return total.add(block.sum);
    const std::size_t end = level == 0 ? 0 : std::min((i + 1) * width, levels_[level - 1].size());
    for (std::size_t child = i * width; child < end; ++child) descend(level - 1, child, wanted, total);
  }

  std::vector<std::vector<Block>> levels_;  // [0]: single facts; the last level has one block
};

}  // namespace o2c
