#include <numeric>
#include <random>

#include "engine/domain/pricing/pricing.hpp"
#include "tests/support/books.hpp"

namespace o2c::test {
namespace {

std::vector<TaxableLine> lines_of(std::initializer_list<std::int64_t> nets, std::int32_t rate,
                                  std::string_view category = "S") {
  std::vector<TaxableLine> lines;
  for (const std::int64_t net : nets) lines.push_back({category, rate, net, 0});
  return lines;
}

std::int64_t line_tax(const std::vector<TaxableLine>& lines) {
  return std::accumulate(lines.begin(), lines.end(), std::int64_t{0},
                         [](std::int64_t sum, const TaxableLine& line) { return sum + line.tax_minor; });
}

// Twenty lines of 1.04 at 13 %: 20.80 * 0.13 = 2.704, but each line by itself is 0.1352, rounded 0.14.
TEST(GivenTwentyLinesOf104At13Percent, WhenRoundedByCategoryThenTaxIs270) {
  std::vector<TaxableLine> lines(20, TaxableLine{"S", ppm("13"), 1'04, 0});
  const auto totals = apply_tax(fb::TaxRounding::category, lines);
  ASSERT_EQ(totals.size(), 1u);
  EXPECT_EQ(totals[0].taxable_minor, 20'80);
  EXPECT_EQ(totals[0].tax_minor, 2'70);
  EXPECT_EQ(line_tax(lines), 2'70);
  // 270 over twenty equal lines: 13 each, the ten left go to the first ten.
  EXPECT_EQ(lines[9].tax_minor, 14);
  EXPECT_EQ(lines[10].tax_minor, 13);
}

TEST(GivenTwentyLinesOf104At13Percent, WhenRoundedByLineThenTaxIs280) {
  std::vector<TaxableLine> lines(20, TaxableLine{"S", ppm("13"), 1'04, 0});
  const auto totals = apply_tax(fb::TaxRounding::line, lines);
  ASSERT_EQ(totals.size(), 1u);
  EXPECT_EQ(totals[0].tax_minor, 2'80);
  EXPECT_EQ(line_tax(lines), 2'80);
}

TEST(GivenSeveralRates, WhenTaxedThenBreakdownIsByCategoryAndRateAscending) {
  auto lines = lines_of({100'00}, ppm("13"));
  lines.push_back({"Z", 0, 50'00, 0});
  lines.push_back({"S", ppm("6"), 10'00, 0});
  lines.push_back({"S", ppm("13"), 1, 0});
  const auto totals = apply_tax(fb::TaxRounding::category, lines);
  ASSERT_EQ(totals.size(), 3u);
  EXPECT_EQ(totals[0].ppm, ppm("6"));
  EXPECT_EQ(totals[0].tax_minor, 60);
  EXPECT_EQ(totals[1].taxable_minor, 100'01);
  EXPECT_EQ(totals[1].tax_minor, 13'00);
  EXPECT_EQ(totals[2].category, "Z");
  EXPECT_EQ(totals[2].tax_minor, 0);
}

TEST(GivenHalfACentOfTax, WhenRoundedThenAwayFromZero) {
  auto lines = lines_of({50}, ppm("1"));
  EXPECT_EQ(apply_tax(fb::TaxRounding::category, lines)[0].tax_minor, 1);
  auto below = lines_of({49}, ppm("1"));
  EXPECT_EQ(apply_tax(fb::TaxRounding::category, below)[0].tax_minor, 0);
}

TEST(GivenRandomLines, WhenTaxedThenLinesSumToCategoriesAndEachCategoryIsRoundedOnce) {
  std::mt19937_64 random(20'260'101);
  const std::int32_t rates[] = {ppm("13"), ppm("9"), ppm("6"), ppm("22"), ppm("7.25")};
  for (int round = 0; round < 500; ++round) {
    std::vector<TaxableLine> lines;
    for (std::size_t i = 0; i < 1 + random() % 40; ++i)
      lines.push_back({"S", rates[random() % 5], static_cast<std::int64_t>(random() % 1'000'00), 0});
    const auto totals = apply_tax(fb::TaxRounding::category, lines);
    std::int64_t sum = 0;
    for (const TaxTotal& total : totals) {
      EXPECT_EQ(total.tax_minor, (total.taxable_minor * total.ppm * 2 + 1'000'000) / 2'000'000);
      sum += total.tax_minor;
    }
    EXPECT_EQ(line_tax(lines), sum);
    for (const TaxableLine& line : lines) {
      // A share differs from the line's own tax by less than a cent and the category's half.
      EXPECT_LT(std::abs(line.tax_minor * 1'000'000 - line.net_minor * line.ppm), 1'500'000);
    }
  }
}

TEST(GivenWeights, WhenSplitThenLargestRemaindersGetTheRestAndTiesGoToTheLowestIndex) {
  const std::int64_t equal[] = {1, 1, 1};
  EXPECT_EQ(split_by_weight(100, equal), (std::vector<std::int64_t>{34, 33, 33}));
  EXPECT_EQ(split_by_weight(101, equal), (std::vector<std::int64_t>{34, 34, 33}));
  EXPECT_EQ(split_by_weight(-101, equal), (std::vector<std::int64_t>{-34, -34, -33}));
  const std::int64_t uneven[] = {5, 3, 2, 0};
  EXPECT_EQ(split_by_weight(7, uneven), (std::vector<std::int64_t>{4, 2, 1, 0}));  // 3.5, 2.1, 1.4
  const std::int64_t nothing[] = {0, 0};
  EXPECT_EQ(split_by_weight(5, nothing), (std::vector<std::int64_t>{5, 0}));
  EXPECT_TRUE(split_by_weight(0, {}).empty());
}

TEST(GivenRandomWeights, WhenSplitThenPartsSumToTheWholeAndStayWithinOneOfTheirShare) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 2000; ++round) {
    const int shift = static_cast<int>(random() % 62);
    const auto total = static_cast<std::int64_t>(random() >> 2 >> shift);
    std::vector<std::int64_t> weights(1 + random() % 50);
    Int128 sum = 0;
    for (std::int64_t& weight : weights)
      weight = static_cast<std::int64_t>(random() >> 8 >> (random() % 55)), sum += weight;
    const auto shares = split_by_weight(total, weights);
    EXPECT_EQ(std::accumulate(shares.begin(), shares.end(), std::int64_t{0}), total);
    if (sum == 0) continue;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const Int128 exact = static_cast<Int128>(total) * weights[i];
      EXPECT_TRUE(shares[i] * sum > exact - sum && shares[i] * sum < exact + sum);
    }
  }
}

Books& tax_by_country(Books& books) {
  return books.given(publish_tax({{.rate = "13"},
                                  {.rate = "11", .from = "2026-06-01"},
                                  {.rate = "22", .country = "IT", .from = "2026-03-01"},
                                  {.rate = "20", .country = "IT"}}));
}

TEST(GivenTaxRowsByCountryAndDay, WhenRateIsLookedUpThenTheCountryComesBeforeAnyAndThenTheLatestStart) {
  Books books;
  tax_by_country(books);
  const struct {
    const char* on;
    const char* country;
    const char* rate;
  } table[] = {{"2026-01-01", "CN", "13"}, {"2026-05-31", "CN", "13"}, {"2026-06-01", "CN", "11"},
               {"2026-02-28", "IT", "20"}, {"2026-03-01", "IT", "22"}, {"2026-07-01", "IT", "22"},
               {"2026-07-01", "", "11"}};
  for (const auto& row : table) {
    TaxRate rate;
    ASSERT_TRUE(tax_rate_on(books.state(), day(row.on), "standard", row.country, rate));
    EXPECT_EQ(rate.ppm, ppm(row.rate)) << row.on << " " << row.country;
  }
}

TEST(GivenNoRowOfTheClass, WhenRateIsLookedUpThenNoTaxRule) {
  Books books;
  TaxRate rate;
  EXPECT_EQ(tax_rate_on(books.state(), day("2026-02-01"), "reduced", "CN", rate).code, Refusal::no_tax_rule);
  EXPECT_EQ(tax_rate_on(books.state(), day("2025-12-31"), "standard", "CN", rate).code, Refusal::no_tax_rule);
}

TEST(GivenRateChangeAtMidnight, WhenQuotedOnBothDaysThenEachDocumentHasOneRateAndNamesItsVersion) {
  Books books;
  books.given(publish_tax({{.rate = "11"}}, fb::TaxRounding::category, "2026-06-01"), register_customer({}),
              register_product({}));
  const DocumentSpec two_lines{.lines = {{.price = "100"}, {.price = "50"}}};
  const auto before = books.when(create_quote(two_lines, {.on = "2026-05-31"})).event<fb::QuoteCreated>().document();
  const auto after = books.when(create_quote(two_lines, {.on = "2026-06-01"})).event<fb::QuoteCreated>().document();
  EXPECT_EQ(before->tax_minor(), 19'50);
  EXPECT_EQ(after->tax_minor(), 16'50);
  EXPECT_EQ(view(before->policies()->Get(0)), "tax_rules/default@1");
  EXPECT_EQ(view(after->policies()->Get(0)), "tax_rules/default@2");
}

}  // namespace
}  // namespace o2c::test
