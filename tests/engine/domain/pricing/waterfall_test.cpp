#include <random>

#include <boost/multiprecision/cpp_int.hpp>

#include "tests/support/books.hpp"

namespace o2c::test {
namespace {

/// A company with customer C-1 and product P-1.
struct Shop : Books {
  Shop() {
    given(register_customer({.grade = "gold"}), register_product({.decimals = 6, .conversions = {{"box", 12, 1}}}));
  }
};

const fb::DocumentData& document_of(const Done& done) { return *done.event<fb::QuoteCreated>().document(); }

/// "grade 5.00, line 2.85"
std::string steps_of(const fb::PricedLine& line) {
  std::string out;
  if (!line.discounts()) return out;
  for (const fb::DiscountShare* share : *line.discounts()) {
    out += (out.empty() ? "" : ", ") + std::string(fb::EnumNameDiscountStep(share->step())) + " " +
           format_amount(share->amount_minor(), Currency::CNY);
  }
  return out;
}

/// I27 and the totals of a document, from its stored figures alone.
void check_sums(const fb::DocumentData& d) {
  std::int64_t net = 0, tax = d.freight_tax_minor(), header = 0;
  for (const fb::PricedLine* line : *d.lines()) {
    std::int64_t steps = 0;
    if (line->discounts()) {
      for (const fb::DiscountShare* share : *line->discounts()) {
        EXPECT_GE(share->amount_minor(), 0);
        steps += share->amount_minor();
        if (share->step() == fb::DiscountStep::header) header += share->amount_minor();
      }
    }
    EXPECT_EQ(line->list_minor() - steps, line->net_minor());
    EXPECT_GE(line->net_minor(), 0);
    net += line->net_minor(), tax += line->tax_minor();
  }
  EXPECT_EQ(net, d.net_minor());
  EXPECT_EQ(tax, d.tax_minor());
  EXPECT_EQ(header, d.header_discount_minor());
}

// Row 47: one line has to come out the same in both modes.
TEST(GivenSixteenPiecesAt34835Less4PercentAt22Percent, WhenPricedThenFiguresAgreeInBothRoundingModes) {
  for (const auto rounding : {fb::TaxRounding::category, fb::TaxRounding::line}) {
    Shop shop;
    shop.given(publish_tax({{.rate = "22"}}, rounding));
    const Done done = shop.when(create_quote({.lines = {{.quantity = "16", .price = "348.35", .discount = "4"}}}));
    const auto& d = document_of(done);
    EXPECT_EQ(d.lines()->Get(0)->list_minor(), 5573'60);
    EXPECT_EQ(steps_of(*d.lines()->Get(0)), "line 222.94");
    EXPECT_EQ(d.net_minor(), 5350'66);
    EXPECT_EQ(d.tax_minor(), 1177'15);
    EXPECT_EQ(shop.state().quotes.find(done.id)->document->total_minor(), 6527'81);
  }
}

TEST(GivenTwentyLinesOf104, WhenPricedThenTaxFollowsTheRoundingMode) {
  for (const auto& [rounding, tax] : {std::pair{fb::TaxRounding::category, 2'70}, {fb::TaxRounding::line, 2'80}}) {
    Shop shop;
    shop.given(publish_tax({{.rate = "13"}}, rounding));
    const Done done = shop.when(create_quote({.lines = std::vector<LineSpec>(20, {.price = "1.04"})}));
    EXPECT_EQ(document_of(done).tax_minor(), tax);
    check_sums(document_of(done));
  }
}

Wish publish_discounts() {
  return publish("default", [](Builder& b) {
    const fb::Percent five{ppm("5")}, three{ppm("3")}, eight{ppm("8")}, ten{ppm("10")};
    const fb::Quantity ten_pieces{millionths("10")}, hundred{millionths("100")}, fifty{millionths("50")};
    const auto product = b.CreateString("P-1");
    const auto gold = fb::CreateGradeDiscount(b, b.CreateString("gold"), &five);
    std::vector<flatbuffers::Offset<fb::QuantityBreak>> breaks = {fb::CreateQuantityBreak(b, 0, &ten_pieces, &three),
                                                                  fb::CreateQuantityBreak(b, 0, &hundred, &ten),
                                                                  fb::CreateQuantityBreak(b, product, &fifty, &eight)};
    const auto grades = b.CreateVector(&gold, 1);
    return fb::CreateDiscountRules(b, grades, b.CreateVector(breaks));
  });
}

// 12 pieces at 9.99 = 119.88; grade 5 %: 113.886 -> 113.89; break 3 %: 110.46942 -> 110.47; line 2.5 %: 107.7076845 -> 107.71; header 7.71.
TEST(GivenGradeAndQuantityDiscounts, WhenPricedFromTheListThenEachStepIsTheDifferenceOfRoundedValues) {
  Shop shop;
  shop.given(publish_discounts(), publish_prices("retail", {.rows = {{.price = "9.99"}}}));
  const Done done =
      shop.when(create_quote({.lines = {{.quantity = "12", .discount = "2.5"}}, .header_discount = cny("7.71")}));
  const auto& d = document_of(done);
  EXPECT_EQ(steps_of(*d.lines()->Get(0)), "grade 5.99, quantity_break 3.42, line 2.76, header 7.71");
  EXPECT_EQ(d.net_minor(), 100'00);
  EXPECT_EQ(d.tax_minor(), 13'00);
  check_sums(d);
  std::vector<std::string> policies;
  for (const auto* name : *d.policies()) policies.push_back(text(name));
  EXPECT_EQ(policies,
            (std::vector<std::string>{"price_list/retail@1", "discount_rules/default@1", "tax_rules/default@1"}));
}

TEST(GivenQuantityBreaks, WhenPricedThenTheProductsOwnBreakComesBeforeTheGeneralOneInBaseUnits) {
  Shop shop;
  shop.given(
      publish_discounts(), register_product({.id = "P-2"}), register_customer({.id = "C-2"}),
      publish_prices("retail",
                     {.rows = {{.price = "1"}, {.product = "P-2", .price = "1"}, {.price = "12", .unit = "box"}}}));
  const struct {
    const char* product;
    const char* quantity;
    const char* unit;
    const char* steps;
  } table[] = {{"P-1", "9", "", ""},
               {"P-1", "10", "", "quantity_break 0.30"},
               {"P-1", "49", "", "quantity_break 1.47"},
               {"P-1", "50", "", "quantity_break 4.00"},
               {"P-1", "100", "", "quantity_break 8.00"},
               {"P-2", "99", "", "quantity_break 2.97"},
               {"P-2", "100", "", "quantity_break 10.00"},
               {"P-1", "1", "box", "quantity_break 0.36"}};
  for (const auto& row : table) {
    const Done done = shop.when(create_quote(
        {.customer = "C-2", .lines = {{.product = row.product, .quantity = row.quantity, .unit = row.unit}}}));
    EXPECT_EQ(steps_of(*document_of(done).lines()->Get(0)), row.steps) << row.product << " " << row.quantity;
  }
}

TEST(GivenDiscountRules, WhenTheClientNamesThePriceThenOnlyTheLinesOwnDiscountComesOff) {
  Shop shop;
  shop.given(publish_discounts());
  const Done done = shop.when(create_quote({.lines = {{.quantity = "100", .price = "1", .discount = "1"}}}));
  EXPECT_EQ(steps_of(*document_of(done).lines()->Get(0)), "line 1.00");
}

TEST(GivenHeaderDiscount, WhenSpreadThenByLargestRemainderToTheCent) {
  Shop shop;
  const Done done = shop.when(
      create_quote({.lines = {{.price = "10"}, {.price = "10"}, {.price = "10"}}, .header_discount = cny("1")}));
  const auto& d = document_of(done);
  EXPECT_EQ(steps_of(*d.lines()->Get(0)), "header 0.34");
  EXPECT_EQ(steps_of(*d.lines()->Get(1)), "header 0.33");
  EXPECT_EQ(steps_of(*d.lines()->Get(2)), "header 0.33");
  check_sums(d);
  const Done percent =
      shop.when(create_quote({.lines = {{.price = "33.33"}, {.price = "66.67"}}, .header_percent = "3.333"}));
  EXPECT_EQ(document_of(percent).header_discount_minor(), 3'33);
  check_sums(document_of(percent));
  const Done all = shop.when(create_quote({.lines = {{.price = "33.33"}}, .header_percent = "100"}));
  EXPECT_EQ(document_of(all).net_minor(), 0);
}

// Freight is a charge of its category: 1.04 + 1.04 + 0.02 = 2.10 at 13 % = 0.273, one rounding for all.
TEST(GivenFreight, WhenTaxedThenItSharesTheRoundingOfItsCategory) {
  Shop shop;
  const Done done = shop.when(create_quote({.lines = {{.price = "1.04"}, {.price = "1.04"}}, .freight = cny("0.02")}));
  const auto& d = document_of(done);
  EXPECT_EQ(d.net_minor(), 2'08);
  EXPECT_EQ(d.freight_minor(), 2);
  EXPECT_EQ(d.tax_minor(), 27);
  EXPECT_EQ(view(d.freight_tax_category()), "S");
  EXPECT_EQ(shop.state().quotes.find(done.id)->document->total_minor(), 2'37);
  check_sums(d);
  Shop without;
  without.given(publish_tax({{}}));
  EXPECT_EQ(without.when(create_quote({.lines = {{.price = "1"}}, .freight = cny("0")})).code(), Refusal::none);
  EXPECT_EQ(without.when(create_quote({.lines = {{.price = "1"}}, .freight = cny("1")})).code(), Refusal::no_tax_rule);
}

TEST(GivenUnits, WhenOrderedInBoxesThenBaseQuantityAndCostAreOfPieces) {
  Shop shop;
  shop.given(register_product(
      {.id = "P-2", .conversions = {{"box", 12, 1}, {"half", 1, 2}, {"third", 1, 3}}, .cost = "1.005"}));
  const Done done =
      shop.when(create_quote({.lines = {{.product = "P-2", .quantity = "2", .price = "30", .unit = "box"}}}));
  const auto& line = *document_of(done).lines()->Get(0);
  EXPECT_EQ(line.base_quantity()->millionths(), millionths("24"));
  EXPECT_EQ(line.net_minor(), 60'00);
  EXPECT_EQ(line.cost_minor(), 24'12);
  const auto code = [&](const char* quantity, const char* unit) {
    return shop.when(create_quote({.lines = {{.product = "P-2", .quantity = quantity, .price = "1", .unit = unit}}}))
        .code();
  };
  EXPECT_EQ(code("0.5", "box"), Refusal::none);
  EXPECT_EQ(code("0.51", "box"), Refusal::inexact_conversion);  // 6.12 pieces
  EXPECT_EQ(code("1.5", ""), Refusal::inexact_conversion);
  EXPECT_EQ(code("3", "third"), Refusal::none);
  EXPECT_EQ(code("2", "third"), Refusal::inexact_conversion);
  EXPECT_EQ(code("2", "half"), Refusal::none);
  EXPECT_EQ(code("1", "pallet"), Refusal::unit_unknown);
}

TEST(GivenCustomerInAnotherCurrency, WhenPricedThenRoundedToItsMinorUnitAndCostIsUnknown) {
  Shop shop;
  shop.given(register_customer({.id = "C-JP", .currency = Currency::JPY}),
             register_customer({.id = "C-KW", .currency = Currency::KWD}),
             register_product({.id = "P-2", .cost = "1"}));
  const Done yen =
      shop.when(create_quote({.customer = "C-JP", .lines = {{.product = "P-2", .quantity = "3", .price = "33.5"}}}));
  EXPECT_EQ(document_of(yen).net_minor(), 101);
  EXPECT_FALSE(document_of(yen).lines()->Get(0)->cost_minor().has_value());
  const Done dinar =
      shop.when(create_quote({.customer = "C-KW", .lines = {{.product = "P-2", .quantity = "3", .price = "33.3335"}}}));
  EXPECT_EQ(document_of(dinar).net_minor(), 100'001);
}

TEST(GivenWrongDocument, WhenPricedThenRefusedWithThePlace) {
  Shop shop;
  shop.given(register_product({.id = "P-2", .tax_class = "books"}),
             publish_terms("USD", {{.amount = money("1", Currency::USD)}, {}}));
  const struct {
    DocumentSpec document;
    Refusal code;
    const char* place;
  } table[] = {
      {{.customer = "C-9"}, Refusal::customer_unknown, "/document/customer"},
      {{.lines = {}}, Refusal::line_count, "/document/lines"},
      {{.lines = std::vector<LineSpec>(2001, {.price = "1"})}, Refusal::line_count, "/document/lines"},
      {{.lines = {{.price = "1"}}, .currency = Currency::USD}, Refusal::currency_mismatch, "/document/currency"},
      {{.lines = {{.price = "1"}}, .terms = "NET90"}, Refusal::terms_unknown, "/document/payment_terms"},
      {{.lines = {{.price = "1"}}, .terms = "USD"}, Refusal::currency_mismatch, "/document/payment_terms"},
      {{.lines = {{.price = "1"}, {.product = "P-9", .price = "1"}}},
       Refusal::product_unknown,
       "/document/lines/1/product"},
      {{.lines = {{.quantity = "0", .price = "1"}}}, Refusal::invalid_value, "/document/lines/0/quantity"},
      {{.lines = {{.quantity = "-1", .price = "1"}}}, Refusal::invalid_value, "/document/lines/0/quantity"},
      {{.lines = {{.price = "1", .unit = "mile"}}}, Refusal::unit_unknown, "/document/lines/0/unit"},
      {{.lines = {{.price = "-0.01"}}}, Refusal::invalid_value, "/document/lines/0/unit_price"},
      {{.lines = {{}}}, Refusal::no_price, "/document/lines/0/unit_price"},
      {{.lines = {{.price = "1", .discount = "100.0001"}}}, Refusal::invalid_value, "/document/lines/0/discount"},
      {{.lines = {{.price = "1", .discount = "-1"}}}, Refusal::invalid_value, "/document/lines/0/discount"},
      {{.lines = {{.price = "1", .ship_to = 1}}}, Refusal::address_unknown, "/document/lines/0/ship_to"},
      {{.lines = {{.product = "P-2", .price = "1"}}}, Refusal::no_tax_rule, "/document/lines/0/product"},
      {{.lines = {{.quantity = "9000000000000", .price = "9000000000000"}}},
       Refusal::number_range,
       "/document/lines/0"},
      {{.lines = {{.quantity = "9000000000", .price = "10000000"}, {.quantity = "9000000000", .price = "10000000"}}},
       Refusal::number_range,
       "/document/lines/1"},
      {{.lines = {{.quantity = "9000000000", .price = "10000000"}}}, Refusal::number_range, "/document"},
      {{.lines = {{.price = "1"}}, .header_discount = cny("1.01")},
       Refusal::invalid_value,
       "/document/header_discount"},
      {{.lines = {{.price = "1"}}, .header_discount = cny("-0.01")},
       Refusal::invalid_value,
       "/document/header_discount"},
      {{.lines = {{.price = "1"}}, .header_discount = money("1", Currency::USD)},
       Refusal::currency_mismatch,
       "/document/header_discount"},
      {{.lines = {{.price = "1"}}, .header_discount = cny("1"), .header_percent = "1"},
       Refusal::invalid_value,
       "/document/header_discount_percent"},
      {{.lines = {{.price = "1"}}, .header_percent = "101"},
       Refusal::invalid_value,
       "/document/header_discount_percent"},
      {{.lines = {{.price = "1"}}, .freight = cny("-1")}, Refusal::invalid_value, "/document/freight"},
      {{.lines = {{.price = "1"}}, .freight = money("1", Currency::USD)},
       Refusal::currency_mismatch,
       "/document/freight"},
      {{.lines = {{.price = "1"}}, .ship_to = {{.country = ""}}},
       Refusal::invalid_value,
       "/document/ship_to/0/country"},
  };
  for (const auto& row : table) {
    const Done done = shop.when(create_quote(row.document));
    EXPECT_EQ(refusal_name(done.code()), refusal_name(row.code))
        << row.place << " " << done.verdict.place << " " << done.verdict.detail;
    EXPECT_EQ(done.verdict.place, row.place);
  }
  EXPECT_EQ(shop.state().quotes.size(), 0u);
}

TEST(GivenTwoThousandLines, WhenPricedThenAccepted) {
  Shop shop;
  const Done done = shop.when(
      create_quote({.lines = std::vector<LineSpec>(2000, {.price = "0.03"}), .header_discount = cny("0.07")}));
  EXPECT_EQ(document_of(done).net_minor(), 59'93);
  check_sums(document_of(done));
}

/// round(quantity * price * Π (1 − percent)) in exact arithmetic of any size.
std::int64_t exact_net(std::int64_t quantity, std::int64_t price, std::initializer_list<std::int32_t> percents) {
  using Big = boost::multiprecision::cpp_int;
  Big numerator = Big(quantity) * price, denominator = Big(10'000'000'000);
  for (const std::int32_t percent : percents) numerator *= 1'000'000 - percent, denominator *= 1'000'000;
  return static_cast<std::int64_t>((2 * numerator + denominator) / (2 * denominator));
}

TEST(GivenRandomDocuments, WhenPricedThenEveryNetIsRoundedOnceAndEverythingAddsUp) {
  std::mt19937_64 random(348'35);
  const auto draw = [&](std::int64_t limit) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(limit));
  };
  Shop shop;
  for (int round = 0; round < 400; ++round) {
    DocumentSpec document{.lines = {}};
    std::vector<std::int64_t> nets;
    std::int64_t sum = 0;
    for (std::int64_t i = 0; i <= draw(12); ++i) {
      const std::int64_t quantity = 1 + draw(draw(2) == 0 ? 50'000'000 : 5'000'000'000), price = draw(1'000'000'000);
      const auto percent = static_cast<std::int32_t>(draw(3) == 0 ? 0 : draw(1'000'001));
      document.lines.push_back({.quantity = format_decimal(quantity, 6),
                                .price = format_decimal(price, 6),
                                .discount = format_decimal(percent, percent_decimals)});
      nets.push_back(exact_net(quantity, price, {percent}));
      sum += nets.back();
    }
    if (draw(2) == 0) document.header_discount = Money{draw(sum + 1), Currency::CNY};
    if (draw(2) == 0) document.freight = Money{draw(10'000), Currency::CNY};
    const Done done = shop.when(create_quote(document));
    ASSERT_TRUE(done.verdict) << done.verdict.place << done.verdict.detail;
    const auto& d = document_of(done);
    check_sums(d);
    for (flatbuffers::uoffset_t i = 0; i < nets.size(); ++i) {
      std::int64_t before_header = d.lines()->Get(i)->net_minor();
      if (const auto* steps = d.lines()->Get(i)->discounts()) {
        for (const fb::DiscountShare* share : *steps)
          before_header += share->step() == fb::DiscountStep::header ? share->amount_minor() : 0;
      }
      EXPECT_EQ(before_header, nets[i]);
    }
    EXPECT_EQ(d.net_minor(), sum - (document.header_discount ? document.header_discount->amount_minor : 0));
  }
}

TEST(GivenThreeOddPercents, WhenChainedThenExact) {
  Shop shop;
  shop.given(publish_prices("retail", {.rows = {{.price = "1234.567891"}}}), publish("default", [](Builder& b) {
               const fb::Percent grade{ppm("3.3333")}, over{ppm("7.7777")};
               const fb::Quantity least{1};
               const auto gold = fb::CreateGradeDiscount(b, b.CreateString("gold"), &grade);
               const auto any = fb::CreateQuantityBreak(b, 0, &least, &over);
               const auto grades = b.CreateVector(&gold, 1);
               return fb::CreateDiscountRules(b, grades, b.CreateVector(&any, 1));
             }));
  const Done done = shop.when(create_quote({.lines = {{.quantity = "7654.321987", .discount = "1.2345"}}}));
  const auto& d = document_of(done);
  EXPECT_EQ(d.net_minor(), exact_net(millionths("7654.321987"), millionths("1234.567891"),
                                     {ppm("3.3333"), ppm("7.7777"), ppm("1.2345")}));
  check_sums(d);
}

}  // namespace
}  // namespace o2c::test
