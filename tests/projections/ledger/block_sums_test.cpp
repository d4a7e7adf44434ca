#include "projections/runtime/block_sums.hpp"

#include <gtest/gtest.h>

#include <random>

namespace o2c {
namespace {

struct Amount {
  std::int64_t value = 0;
  void add(const Amount& other) { value += other.value; }
};

TEST(GivenAmountsInJournalOrder, WhenSummedAtAnyViewThenEqualToAddingThemUp) {
  std::mt19937 random(20261122);
  const auto below = [&](std::uint32_t n) { return static_cast<std::int32_t>(random() % n); };
  struct One {
    std::uint64_t seq;
    std::array<std::int32_t, 2> days;
    std::int64_t value;
    std::int32_t filed;
  };
  std::vector<One> all;
  BlockSums<Amount> sums;
  for (std::uint64_t seq = 1; seq <= 700; ++seq) {
    // Mostly in order, now and then late or far ahead.
    const std::int32_t today = static_cast<std::int32_t>(seq) / 3, odd = below(20) == 0 ? below(400) - 200 : 0;
    all.push_back({seq, {today, today + odd}, below(2000) - 1000, today - below(9)});
    sums.add(seq, all.back().days, {all.back().value}, all.back().filed);
    for (int probe = 0; probe < 4; ++probe) {
      const View view{date_of(below(300) - 20), static_cast<std::uint64_t>(below(static_cast<std::uint32_t>(seq) + 3)),
                      probe % 2 == 0 ? Basis::posting : Basis::business};
      const std::int32_t from = below(300) - 60;
      DayRange filed;
      if (probe >= 2) filed = {below(240), below(240)};
      std::int64_t expected = 0;
      for (const One& one : all) {
        const std::int32_t on = one.days[static_cast<std::size_t>(view.basis)];
        if (one.seq <= view.known && on <= days_of(view.as_of) && on >= from && one.filed >= filed.from &&
            one.filed <= filed.last)
          expected += one.value;
      }
      ASSERT_EQ(sums.sum(view, date_of(from), filed).value, expected)
          << "after " << seq << " amounts, known " << view.known;
    }
  }
}

TEST(GivenNoAmounts, WhenSummedThenZero) { EXPECT_EQ(BlockSums<Amount>{}.sum({date_of(0)}, date_of(0)).value, 0); }

}  // namespace
}  // namespace o2c
