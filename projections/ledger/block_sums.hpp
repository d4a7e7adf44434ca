#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "projections/runtime/fact.hpp"

namespace o2c {

/// Sums of facts dated from a day up to the view, with the view's knowledge, without adding up the history.
///
/// Facts lie in journal order, sixteen to a block, sixteen blocks to the next: a block wholly inside counts by its sum, one wholly
/// outside is passed over. Days rise with the journal but for late entries, so few blocks are opened. Days are kept for both bases.
///
/// Sum   has add(const Sum&); starts as zero.
/// cost  sum: logarithmic, and the blocks that late facts spoil. add: one block per level.
template <class Sum>
class BlockSums {
 public:
  using Days = std::array<std::int32_t, 2>;   // by posting, by business

  void add(std::uint64_t seq, Days days, const Sum& sum) {
    if (levels_.empty()) levels_.emplace_back();
    std::size_t place = levels_[0].size();
    for (std::size_t level = 0;; ++level, place /= width) {
      if (level == levels_.size()) grow();
      if (place == levels_[level].size()) levels_[level].emplace_back();
      levels_[level][place].include(seq, days, sum);
      if (place == 0 && level + 1 == levels_.size()) return;
    }
  }

  /// from <= day <= view.as_of, entries up to view.known.
  Sum sum(const View& view, Date from) const {
    Sum total{};
    if (!levels_.empty()) descend(levels_.size() - 1, 0, view, days_of(from), total);
    return total;
  }

 private:
  static constexpr std::size_t width = 16;
  struct Block {
    std::uint64_t first_seq = 0, last_seq = 0;
    Days first_day{}, last_day{};
    bool used = false;
    Sum sum{};

    void include(std::uint64_t seq, Days days, const Sum& more) { merge({seq, seq, days, days, true, more}); }
    void merge(const Block& other) {
      if (!other.used) return;
      if (!used) return static_cast<void>(*this = other);
      last_seq = std::max(last_seq, other.last_seq);
      for (std::size_t b = 0; b < 2; ++b) {
        first_day[b] = std::min(first_day[b], other.first_day[b]);
        last_day[b] = std::max(last_day[b], other.last_day[b]);
      }
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

  void descend(std::size_t level, std::size_t i, const View& view, std::int32_t from, Sum& total) const {
    const Block& block = levels_[level][i];
    const auto basis = static_cast<std::size_t>(view.basis);
    const std::int32_t as_of = days_of(view.as_of);
    if (block.first_seq > view.known || block.first_day[basis] > as_of || block.last_day[basis] < from) return;
    if (block.last_seq <= view.known && block.last_day[basis] <= as_of && block.first_day[basis] >= from) return total.add(block.sum);
    const std::size_t end = level == 0 ? 0 : std::min((i + 1) * width, levels_[level - 1].size());
    for (std::size_t child = i * width; child < end; ++child) descend(level - 1, child, view, from, total);
  }

  std::vector<std::vector<Block>> levels_;   // [0]: single facts; the last level has one block
};

}  // namespace o2c
