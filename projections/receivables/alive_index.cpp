#include "projections/receivables/alive_index.hpp"

#include <algorithm>

namespace o2c {

void AliveIndex::add(const Life& life) {
  if (levels_.empty()) levels_.emplace_back();
  levels_[0].push_back(life);
  refresh(levels_[0].size() - 1);
}

void AliveIndex::set(std::size_t place, const Life& life) {
  if (levels_[0][place] == life) return;
  levels_[0][place] = life;
  refresh(place);
}

/// Brings the blocks over an item up to date, from below, until one does not change.
void AliveIndex::refresh(std::size_t place) {
  for (std::size_t level = 1, i = place / width; levels_[level - 1].size() > width; ++level, i /= width) {
    if (levels_.size() == level) {  // a new top: the block below has outgrown one
      levels_.emplace_back();
      for (std::size_t k = 0; k * width < levels_[level - 1].size(); ++k) levels_[level].push_back(merged(level, k));
      continue;
    }
    if (levels_[level].size() == i) levels_[level].emplace_back();
    const Life now = merged(level, i);
    if (now == levels_[level][i]) return;
    levels_[level][i] = now;
  }
}

Life AliveIndex::merged(std::size_t level, std::size_t i) const {
  Life sum;
  const std::vector<Life>& below = levels_[level - 1];
  for (std::size_t child = i * width; child < std::min((i + 1) * width, below.size()); ++child) {
    const Life& life = below[child];
    for (std::size_t basis = 0; basis < 2; ++basis) {
      sum.begin[basis] = std::min(sum.begin[basis], life.begin[basis]);
      sum.settled[basis] = std::max(sum.settled[basis], life.settled[basis]);
    }
    sum.begin_seq = std::min(sum.begin_seq, life.begin_seq);
    sum.settled_seq = std::max(sum.settled_seq, life.settled_seq);
  }
  return sum;
}

}  // namespace o2c
