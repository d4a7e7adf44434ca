#include <gtest/gtest.h>

#include <random>

#include "projections/receivables/alive_index.hpp"
#include "projections/receivables/flow_index.hpp"

namespace o2c::test {
namespace {

Date on(int days) { return date_of(20'000 + days); }
Life life(int begin, std::uint64_t begin_seq) {
  Life l;
  l.begin = {20'000 + begin, 20'000 + begin};
  l.begin_seq = begin_seq;
  l.settled = {Life::never, Life::never};
  l.settled_seq = Life::unknown;
  return l;
}
void settle(Life& l, int day, std::uint64_t seq) {
  l.settled = {20'000 + day, 20'000 + day - 1};
  l.settled_seq = seq;
}
std::vector<std::size_t> visited(const AliveIndex& index, const View& view, Date alive_on) {
  std::vector<std::size_t> places;
  index.visit(view, alive_on, [&places](std::size_t place) { places.push_back(place); });
  return places;
}

TEST(GivenSettledAndOpenItems, WhenVisitedThenOnlyThoseThatMayCount) {
  AliveIndex index;
  for (int i = 0; i < 5'000; ++i) {
    Life l = life(i, static_cast<std::uint64_t>(i) + 1);
    if (i % 1'000 != 7) settle(l, i + 3, static_cast<std::uint64_t>(i) + 4);
    index.add(l);
  }
  EXPECT_EQ(visited(index, View{on(9'999)}, on(10'000)), (std::vector<std::size_t>{7, 1'007, 2'007, 3'007, 4'007}));
  EXPECT_EQ(visited(index, View{on(2'500)}, on(2'501)),
            (std::vector<std::size_t>{7, 1'007, 2'007, 2'498, 2'499, 2'500}));
  EXPECT_EQ(visited(index, View{on(9'999), 3}, on(10'000)), (std::vector<std::size_t>{0, 1, 2}))
      << "settlements after entry 3 are not known yet";
}

TEST(GivenSettledItem, WhenReopenedThenFoundAgainAtEveryPosition) {
  AliveIndex index;
  for (int i = 0; i < 400; ++i) {
    Life l = life(i, 1);
    settle(l, i + 1, 2);
    index.add(l);
  }
  EXPECT_TRUE(visited(index, View{on(1'000)}, on(1'001)).empty());
  index.set(123, life(123, 1));
  EXPECT_EQ(visited(index, View{on(1'000)}, on(1'001)), std::vector<std::size_t>{123});
  Life again = life(123, 1);
  settle(again, 700, 9);
  index.set(123, again);
  EXPECT_TRUE(visited(index, View{on(1'000)}, on(1'001)).empty());
  EXPECT_EQ(visited(index, View{on(1'000), 8}, on(1'001)), std::vector<std::size_t>{123});
}

TEST(GivenFlows, WhenSummedOverAnyStretchThenEqualsPlainSum) {
  std::mt19937 random(11);
  const auto roll = [&random](int below) { return std::uniform_int_distribution<int>{0, below - 1}(random); };
  struct Plain {
    std::uint64_t seq;
    std::array<std::int32_t, 2> days;
    Flow flow;
  };
  std::vector<Plain> plain;
  FlowIndex index;
  EXPECT_EQ(index.sum(View{on(0)}, on(0)), Flow{});
  for (int i = 0; i < 3'000; ++i) {
    const int late = roll(10) == 0 ? roll(300) : 0;
    const Plain p{static_cast<std::uint64_t>(i / 2 + 1),
                  {20'000 + i / 5, 20'000 + i / 5 - late},
                  Flow{roll(1'000), roll(1'000), roll(9'000) - 4'500}};
    plain.push_back(p);
    index.add(p.seq, p.days, p.flow);
    if (i % 37 != 0) continue;
    View view{on(roll(620)), roll(2) ? ~std::uint64_t{0} : static_cast<std::uint64_t>(roll(i / 2 + 2)),
              roll(2) ? Basis::posting : Basis::business};
    const Date from = on(roll(620) - 10);
    Flow sum;
    for (const Plain& f : plain) {
      const Date at = date_of(f.days[static_cast<std::size_t>(view.basis)]);
      if (f.seq <= view.known && at >= from && at <= view.as_of) sum.add(f.flow);
    }
    ASSERT_EQ(index.sum(view, from), sum) << i;
  }
}

}  // namespace
}  // namespace o2c::test
