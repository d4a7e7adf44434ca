#include <random>

#include "engine/domain/pricing/pricing.hpp"
#include "tests/support/books.hpp"

namespace o2c::test {
namespace {

/// "2026-03-31 100.00, 2026-04-30 19.00"
std::string schedule(const Books& books, std::string_view terms, std::string_view issued_on, std::string_view total) {
  std::vector<Instalment> instalments;
  const Verdict v =
      instalments_of(books.state(), terms, day(issued_on), Currency::CNY, cny(total).amount_minor, instalments);
  if (!v) return std::string(refusal_name(v.code));
  std::string out;
  for (const Instalment& i : instalments) {
    EXPECT_EQ(i.amount_minor, i.open_minor);
    out += (out.empty() ? "" : ", ") + format_date(i.due_date) + " " + format_amount(i.amount_minor, Currency::CNY);
  }
  return out;
}

TEST(GivenNoTerms, WhenBilledThenAllIsDueOnIssue) {
  EXPECT_EQ(schedule(Books{}, "", "2026-03-05", "119.00"), "2026-03-05 119.00");
}

TEST(GivenNetDays, WhenBilledThenDueThatManyDaysLater) {
  EXPECT_EQ(schedule(Books{}, "NET30", "2026-01-31", "119.00"), "2026-03-02 119.00");
}

// Months with clamp to the month's last day, then days, then end of month, then days after.
TEST(GivenTermsByMonthAndEndOfMonth, WhenBilledThenEachStepFollowsTheOneBefore) {
  Books books;
  books.given(publish_terms("1M", {{.months = 1}}), publish_terms("1M+1", {{.months = 1, .days = 1}}),
              publish_terms("EOM", {{.end_of_month = true}}),
              publish_terms("30EOM10", {{.days = 30, .end_of_month = true, .days_after = 10}}));
  EXPECT_EQ(schedule(books, "1M", "2026-01-31", "1.00"), "2026-02-28 1.00");
  EXPECT_EQ(schedule(books, "1M", "2028-01-31", "1.00"), "2028-02-29 1.00");
  EXPECT_EQ(schedule(books, "1M+1", "2026-01-31", "1.00"), "2026-03-01 1.00");
  EXPECT_EQ(schedule(books, "EOM", "2026-04-01", "1.00"), "2026-04-30 1.00");
  EXPECT_EQ(schedule(books, "EOM", "2026-04-30", "1.00"), "2026-04-30 1.00");
  EXPECT_EQ(schedule(books, "30EOM10", "2026-01-15", "1.00"), "2026-03-10 1.00");
}

TEST(GivenPercentRowsAndBalance, WhenBilledThenEachPercentIsRoundedAndTheBalanceTakesTheRest) {
  Books books;
  books.given(publish_terms("thirds", {{.percent = "33.3333"}, {.percent = "33.3333", .days = 30}, {.days = 60}}),
              publish_terms("50+50", {{.percent = "50"}, {.percent = "50", .days = 30}}));
  EXPECT_EQ(schedule(books, "thirds", "2026-01-01", "100.00"), "2026-01-01 33.33, 2026-01-31 33.33, 2026-03-02 33.34");
  EXPECT_EQ(schedule(books, "50+50", "2026-01-01", "12870.59"), "2026-01-01 6435.30, 2026-01-31 6435.29");
  EXPECT_EQ(schedule(books, "50+50", "2026-01-01", "0.01"), "2026-01-01 0.01");
  EXPECT_EQ(schedule(books, "50+50", "2026-01-01", "0.00"), "2026-01-31 0.00");
}

TEST(GivenFixedAmountAndBalance, WhenTotalIsSmallerThanTheAmountThenNothingIsLeftForTheRest) {
  Books books;
  books.given(publish_terms("deposit", {{.amount = cny("100")}, {.days = 30}}));
  EXPECT_EQ(schedule(books, "deposit", "2026-01-01", "250.00"), "2026-01-01 100.00, 2026-01-31 150.00");
  EXPECT_EQ(schedule(books, "deposit", "2026-01-01", "60.00"), "2026-01-01 60.00");
}

TEST(GivenRowsOutOfOrder, WhenBilledThenAscendingByDueDate) {
  Books books;
  books.given(publish_terms("late first", {{.percent = "10", .days = 90}, {.days = 10}}));
  EXPECT_EQ(schedule(books, "late first", "2026-01-01", "100.00"), "2026-01-11 90.00, 2026-04-01 10.00");
}

TEST(GivenTerms, WhenAskedForAnotherDayNameOrCurrencyThenRefused) {
  Books books;
  books.given(publish_terms("deposit", {{.amount = money("100", Currency::USD)}, {}}));
  EXPECT_EQ(schedule(books, "NET30", "2025-12-31", "1.00"), "terms_unknown");
  EXPECT_EQ(schedule(books, "NET31", "2026-01-31", "1.00"), "terms_unknown");
  EXPECT_EQ(schedule(books, "deposit", "2026-01-31", "1.00"), "currency_mismatch");
  EXPECT_EQ(schedule(books, "NET30", "2999-12-31", "1.00"), "date_range");
}

TEST(GivenLaterVersionOfTerms, WhenBilledThenTheVersionInForceOnTheDayCounts) {
  Books books;
  books.given(publish_terms("NET30", {{.days = 60}}, "2026-07-01"));
  EXPECT_EQ(schedule(books, "NET30", "2026-06-30", "1.00"), "2026-07-30 1.00");
  EXPECT_EQ(schedule(books, "NET30", "2026-07-01", "1.00"), "2026-08-30 1.00");
}

TEST(GivenRandomTermsAndTotals, WhenBilledThenInstalmentsSumToTheTotalAscendingAndNoneIsNegative) {
  std::mt19937_64 random(11);
  Books books;
  for (int round = 0; round < 100; ++round) {
    std::vector<TermsSpec> rows;
    std::int64_t left = 1'000'000;
    for (std::size_t i = 0; i < random() % 5; ++i) {
      const auto share = 1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(left / 2));
      left -= share;
      rows.push_back({.percent = format_decimal(share, percent_decimals),
                      .months = static_cast<std::uint16_t>(random() % 4),
                      .days = static_cast<std::uint16_t>(random() % 60)});
      if (random() % 3 == 0) rows.back().percent.clear(), rows.back().amount = cny(std::to_string(1 + random() % 50));
    }
    rows.push_back({.days = static_cast<std::uint16_t>(random() % 90), .end_of_month = random() % 2 == 0});
    const std::string name = "T" + std::to_string(round);
    books.given(publish_terms(name, rows));
    for (int k = 0; k < 20; ++k) {
      const auto total = static_cast<std::int64_t>(random() >> (4 + random() % 58));
      std::vector<Instalment> out;
      ASSERT_TRUE(instalments_of(books.state(), name, day("2026-01-31"), Currency::CNY, total, out));
      ASSERT_FALSE(out.empty());
      Int128 sum = 0;
      for (std::size_t i = 0; i < out.size(); ++i) {
        sum += out[i].amount_minor;
        EXPECT_GE(out[i].amount_minor, 0);
        EXPECT_TRUE(i == 0 || out[i - 1].due_date <= out[i].due_date);
      }
      EXPECT_TRUE(sum == total);
    }
  }
}

}  // namespace
}  // namespace o2c::test
