#include "projections/receivables/flow_index.hpp"

#include <algorithm>

#include "projections/receivables/sums.hpp"

namespace o2c {

void Flow::add(const Flow& other) {
  add_wrapping(invoiced_minor, other.invoiced_minor);
  add_wrapping(collected_minor, other.collected_minor);
  collected_days += other.collected_days;
}

void FlowIndex::Block::include(std::uint64_t seq, std::array<std::int32_t, 2> days, const Flow& flow) {
  last_seq = seq;
  for (std::size_t basis = 0; basis < 2; ++basis) {
    first_day[basis] = std::min(first_day[basis], days[basis]);
    last_day[basis] = std::max(last_day[basis], days[basis]);
  }
  sum.add(flow);
}

void FlowIndex::add(std::uint64_t seq, std::array<std::int32_t, 2> days, const Flow& flow) {
  const Block single{seq, seq, days, days, flow};
  if (levels_.empty()) levels_.emplace_back();
  levels_[0].push_back(single);
  for (std::size_t level = 1, i = (levels_[0].size() - 1) / width; levels_[level - 1].size() > 1; ++level, i /= width) {
    if (levels_.size() == level) levels_.push_back({levels_[level - 1].front()});  // one block so far: it was the sum
    if (levels_[level].size() == i) levels_[level].push_back(single);
    else levels_[level][i].include(seq, days, flow);
  }
}

Flow FlowIndex::sum(const View& view, Date from) const {
  Flow sum;
  if (!levels_.empty()) descend(levels_.size() - 1, 0, view, days_of(from), sum);
  return sum;
}

void FlowIndex::descend(std::size_t level, std::size_t i, const View& view, std::int32_t from, Flow& sum) const {
  const Block& block = levels_[level][i];
  const std::size_t basis = static_cast<std::size_t>(view.basis);
  const std::int32_t until = days_of(view.as_of);
  if (block.first_seq > view.known || block.first_day[basis] > until || block.last_day[basis] < from) return;
  if (block.last_seq <= view.known && block.last_day[basis] <= until && block.first_day[basis] >= from)
    return sum.add(block.sum);
  const std::size_t end = std::min((i + 1) * width, levels_[level - 1].size());  // a single flow is in or out
  for (std::size_t child = i * width; child < end; ++child) descend(level - 1, child, view, from, sum);
}

}  // namespace o2c
