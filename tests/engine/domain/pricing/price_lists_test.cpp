#include "tests/support/books.hpp"

namespace o2c::test {
namespace {

struct Shop : Books {
  Shop() {
    given(register_customer({}), register_customer({.id = "C-2", .grade = "gold"}),
          register_customer({.id = "C-3", .grade = "gold"}), register_product({.conversions = {{"box", 12, 1}}}));
  }
  /// Price and policy, or the refusal: "8 price_list/retail@1".
  std::string price(const std::string& customer, const std::string& quantity = "1",
                    const std::string& on = "2026-03-01", const std::string& unit = {}) {
    const Done done =
        when(create_quote({.customer = customer, .lines = {{.quantity = quantity, .unit = unit}}}, {.on = on}));
    if (!done.verdict) return std::string(refusal_name(done.code())) + ": " + done.verdict.detail;
    const auto& d = *done.event<fb::QuoteCreated>().document();
    return format_trimmed(d.lines()->Get(0)->unit_price()->micros(), 6) + " " + text(d.policies()->Get(0));
  }
};

TEST(GivenListsForAllForGradeAndForCustomer, WhenPricedThenTheMostSpecificPartyDecides) {
  Shop shop;
  // The more specific list counts although it is older and dearer.
  shop.given(publish_prices("one", {.customer = "C-3", .rows = {{.price = "12"}}}),
             publish_prices("gold", {.grade = "gold", .rows = {{.price = "9", .from = "2026-02-01"}}}),
             publish_prices("retail", {.rows = {{.price = "8", .from = "2026-02-15"}}}));
  EXPECT_EQ(shop.price("C-1"), "8 price_list/retail@1");
  EXPECT_EQ(shop.price("C-2"), "9 price_list/gold@1");
  EXPECT_EQ(shop.price("C-3"), "12 price_list/one@1");
  EXPECT_EQ(shop.price("C-2", "1", "2026-01-31"), "no_price: P-1 per pcs in CNY on 2026-01-31");
}

TEST(GivenRowsByDateAndBreak, WhenPricedThenLatestStartThenHighestBreakNotAboveTheQuantity) {
  Shop shop;
  shop.given(publish_prices("retail", {.rows = {{.price = "10"},
                                                {.price = "9", .min_quantity = "10"},
                                                {.price = "8", .min_quantity = "100"},
                                                {.price = "7", .from = "2026-06-01", .until = "2026-07-01"},
                                                {.price = "6", .min_quantity = "50", .from = "2026-06-01"}}}));
  const struct {
    const char* quantity;
    const char* on;
    const char* price;
  } table[] = {{"9", "2026-03-01", "10"},  {"10", "2026-03-01", "9"},  {"99", "2026-03-01", "9"},
               {"100", "2026-03-01", "8"}, {"100", "2026-05-31", "8"}, {"1", "2026-06-01", "7"},
               {"49", "2026-06-30", "7"},  {"50", "2026-06-30", "6"},  {"49", "2026-07-01", "9"},
               {"500", "2026-07-01", "6"}};
  for (const auto& row : table)
    EXPECT_EQ(shop.price("C-1", row.quantity, row.on), std::string(row.price) + " price_list/retail@1")
        << row.quantity << " " << row.on;
}

TEST(GivenPricesByUnit, WhenPricedThenOnlyARowOfTheSameUnitCounts) {
  Shop shop;
  shop.given(publish_prices("retail", {.rows = {{.price = "1", .unit = "pcs"}, {.price = "10", .unit = "box"}}}),
             register_product({.id = "P-2", .conversions = {{"box", 6, 1}}}));
  EXPECT_EQ(shop.price("C-1"), "1 price_list/retail@1");
  EXPECT_EQ(shop.price("C-1", "1", "2026-03-01", "box"), "10 price_list/retail@1");
}

/// Publishing refuses two such lists; a change of the product's base unit can still bring them together.
TEST(GivenTwoListsThatBecameEquallyApplicable, WhenPricedThenATieNamesBothRows) {
  Shop shop;
  shop.given(publish_prices("retail", {.rows = {{.price = "9", .unit = "box", .min_quantity = "5"}, {.price = "10"}}}),
             publish_prices("web", {.rows = {{.price = "11", .unit = "box"}}}),
             change_product({.unit = "box", .conversions = {{"pcs", 1, 12}}}));
  EXPECT_EQ(shop.price("C-1"), "ambiguous_price: row 1 of price_list/retail@1 and row 0 of price_list/web@1");
  EXPECT_EQ(shop.price("C-1", "5"), "9 price_list/retail@1");
}

TEST(GivenTwoListsFromDifferentDays, WhenPricedThenTheLaterOneDecides) {
  Shop shop;
  shop.given(publish_prices("retail 2026", {.rows = {{.price = "10"}}}),
             publish_prices("retail 2027", {.rows = {{.price = "11"}}}, "2027-01-01"));
  EXPECT_EQ(shop.price("C-1", "1", "2026-12-31"), "10 price_list/retail 2026@1");
  EXPECT_EQ(shop.price("C-1", "1", "2027-01-01"), "11 price_list/retail 2027@1");
}

TEST(GivenLaterVersionOfAList, WhenPricedThenTheVersionInForceOnTheDayDecides) {
  Shop shop;
  shop.given(publish_prices("retail", {.rows = {{.price = "10"}}}),
             publish_prices("retail", {.rows = {{.price = "11"}}}, "2026-06-01"),
             publish_prices("retail", {.rows = {{.price = "10.5"}}}));
  EXPECT_EQ(shop.price("C-1", "1", "2026-05-31"), "10.5 price_list/retail@3");
  EXPECT_EQ(shop.price("C-1", "1", "2026-06-01"), "11 price_list/retail@2");
}

TEST(GivenListInAnotherCurrency, WhenPricedThenItDoesNotCount) {
  Shop shop;
  shop.given(publish_prices("export", {.rows = {{.price = "2"}}, .currency = Currency::USD}),
             register_customer({.id = "C-US", .currency = Currency::USD}));
  EXPECT_EQ(shop.price("C-1"), "no_price: P-1 per pcs in CNY on 2026-03-01");
  EXPECT_EQ(shop.price("C-US"), "2 price_list/export@1");
}

}  // namespace
}  // namespace o2c::test
