#include "tests/support/books.hpp"

namespace o2c::test {
namespace {

/// "policy_tie /policy/tax_rules/rows/1"
std::string refusal_of(const Done& done) {
  return done.verdict ? "accepted" : std::string(refusal_name(done.code())) + " " + done.verdict.place;
}

TEST(GivenPolicies, WhenPublishedAgainThenVersionsCountByKindAndName) {
  Books books;
  const Done second = books.when(publish_tax({{.rate = "9"}}, fb::TaxRounding::line, "2026-07-01"));
  EXPECT_EQ(second.id, "tax_rules/default");
  EXPECT_EQ(second.event<fb::PolicyPublished>().version(), 2u);
  EXPECT_EQ(second.events[0]->stream_version(), 2u);
  EXPECT_EQ(second.events[0]->stream_type(), fb::StreamType::policy);
  EXPECT_EQ(books.when(publish_terms("NET60", {{.days = 60}})).event<fb::PolicyPublished>().version(), 1u);
  const auto& history = *books.state().policies.tax_rules.find("default");
  EXPECT_EQ(history.on(day("2026-06-30"))->version, 1u);
  EXPECT_EQ(history.on(day("2026-07-01"))->version, 2u);
  EXPECT_EQ(history.on(day("2025-12-31")), nullptr);
  EXPECT_EQ(history.on(day("2026-07-01"))->content.rounding, fb::TaxRounding::line);
}

TEST(GivenKindWithoutNames, WhenPublishedUnderAnotherNameThenUnreachable) {
  Books books;
  EXPECT_EQ(refusal_of(books.when(publish("special", [](Builder& b) { return fb::CreateCreditRules(b); }))),
            "policy_unreachable /name");
  EXPECT_EQ(refusal_of(books.when(publish("default", [](Builder& b) { return fb::CreateCreditRules(b); }))),
            "accepted");
  EXPECT_EQ(refusal_of(books.when(publish("", [](Builder& b) { return fb::CreateCreditRules(b); }))),
            "invalid_value /name");
}

TEST(GivenPriceRows, WhenCheckedThenTiesAndImpossibleRowsAreNamed) {
  Books books;
  books.given(register_product({.conversions = {{"box", 12, 1}}}), register_product({.id = "P-2"}));
  const struct {
    PriceListSpec list;
    const char* result;
  } table[] = {
      {{.rows = {{}, {.product = "P-2"}, {.unit = "box"}, {.min_quantity = "10"}, {.from = "2026-02-01"}}}, "accepted"},
      {{.rows = {}}, "accepted"},
      {{.rows = {{}, {.product = "P-2"}, {.price = "11"}}}, "policy_tie /policy/price_list/rows/2"},
      {{.rows = {{.unit = "pcs"}, {}}}, "policy_tie /policy/price_list/rows/1"},
      {{.rows = {{.from = "2026-01-01", .until = "2026-02-01"}, {.from = "2026-01-01", .until = "2026-03-01"}}},
       "policy_tie /policy/price_list/rows/1"},
      {{.rows = {{.until = "2026-02-01"}, {.from = "2026-02-01"}}}, "accepted"},
      {{.rows = {{.price = "-1"}}}, "invalid_value /policy/price_list/rows/0/price"},
      {{.rows = {{.min_quantity = "-1"}}}, "invalid_value /policy/price_list/rows/0/min_quantity"},
      {{.rows = {{}, {.product = "P-9"}}}, "product_unknown /policy/price_list/rows/1/product"},
      {{.rows = {{.unit = "mile"}}}, "unit_unknown /policy/price_list/rows/0/unit"},
      {{.rows = {{.from = "2026-02-01", .until = "2026-02-01"}}}, "policy_unreachable /policy/price_list/rows/0"},
      {{.currency = Currency::XXX}, "currency_unknown /policy/price_list/currency"},
      {{.customer = "C-9"}, "customer_unknown /policy/price_list/customer"},
      {{.customer = "C-9", .grade = "A"}, "invalid_value /policy/price_list"},
  };
  for (const auto& row : table) EXPECT_EQ(refusal_of(books.when(publish_prices("retail", row.list))), row.result);
}

TEST(GivenTwoPriceLists, WhenTheirRowsStartTogetherForTheSamePartyThenTheSecondIsATie) {
  Books books;
  books.given(register_customer({}), register_product({.conversions = {{"box", 12, 1}}}),
              register_product({.id = "P-2"}),
              publish_prices("retail", {.rows = {{.min_quantity = "5"}, {.until = "2026-03-01"}}}, "2026-01-01"));
  const struct {
    PriceListSpec list;
    const char* from;
    const char* result;
  } table[] = {
      {{.rows = {{.product = "P-2"}, {}}}, "2026-01-01", "policy_tie /policy/price_list/rows/1"},
      {{.rows = {{.unit = "pcs"}}}, "2026-01-01", "policy_tie /policy/price_list/rows/0"},
      {{.rows = {{.from = "2026-01-01"}}}, "2025-06-01", "policy_tie /policy/price_list/rows/0"},
      {{.rows = {{.unit = "box"}, {.min_quantity = "6"}}}, "2026-01-01", "accepted"},
      {{.grade = "gold", .rows = {{}}}, "2026-01-01", "accepted"},
      {{.customer = "C-1", .rows = {{}}}, "2026-01-01", "accepted"},
      {{.rows = {{}}, .currency = Currency::USD}, "2026-01-01", "accepted"},
      {{.rows = {{}}}, "2026-01-02", "accepted"},
  };
  int list = 0;
  for (const auto& row : table)
    EXPECT_EQ(refusal_of(books.when(publish_prices(fmt::format("web {}", ++list), row.list, row.from))), row.result)
        << list;
  // Its own versions replace one another.
  EXPECT_EQ(refusal_of(books.when(publish_prices("retail", {.rows = {{}}}, "2026-04-01"))), "accepted");
}

TEST(GivenVersionAlreadyReplaced, WhenAnotherListStartsAfterItThenItIsNoTie) {
  Books books;
  books.given(register_product({}), publish_prices("retail", {.rows = {{.from = "2026-05-01"}}}, "2026-01-01"),
              publish_prices("retail", {.rows = {}}, "2026-04-01"));
  EXPECT_EQ(refusal_of(books.when(publish_prices("web", {.rows = {{.from = "2026-05-01"}}}, "2026-02-01"))),
            "accepted");
  EXPECT_EQ(refusal_of(books.when(publish_prices("retail", {.rows = {{.from = "2026-05-01"}}}, "2026-03-01"))),
            "accepted");
}

TEST(GivenPriceRowsInAnyOrder, WhenPublishedThenTheEventKeepsTheirOrder) {
  Books books;
  books.given(register_product({.id = "B"}), register_product({.id = "A"}));
  const Done done =
      books.when(publish_prices("retail", {.rows = {{.product = "B", .price = "1"},
                                                    {.product = "A", .price = "2"},
                                                    {.product = "B", .price = "3", .min_quantity = "5"}}}));
  const auto& rows = *done.event<fb::PolicyPublished>().policy_as_PriceList()->rows();
  EXPECT_EQ(view(rows.Get(0)->product()), "B");
  EXPECT_EQ(view(rows.Get(1)->product()), "A");
  EXPECT_EQ(rows.Get(2)->price()->micros(), millionths("3"));
  const auto& kept = books.state().policies.price_lists.find("retail")->versions[0].content.rows;
  EXPECT_EQ(kept[0].row, 1u);
  EXPECT_EQ(kept[2].row, 2u);
}

TEST(GivenTermsRows, WhenCheckedThenTheyCoverAnyTotalExactly) {
  Books books;
  const struct {
    std::vector<TermsSpec> rows;
    const char* result;
  } table[] = {
      {{{}}, "accepted"},
      {{{.percent = "30"}, {.percent = "70"}}, "accepted"},
      {{{.percent = "30"}, {.amount = cny("5")}, {}}, "accepted"},
      {{}, "policy_gap /policy/payment_terms/rows"},
      {{{.percent = "30"}, {.percent = "69.9999"}}, "policy_gap /policy/payment_terms/rows"},
      {{{.amount = cny("5")}}, "policy_gap /policy/payment_terms/rows"},
      {{{.amount = cny("5")}, {.percent = "100"}}, "policy_gap /policy/payment_terms/rows"},
      {{{.percent = "30"}, {.percent = "70.0001"}}, "invalid_value /policy/payment_terms/rows/1/percent"},
      {{{.percent = "100"}, {}}, "policy_unreachable /policy/payment_terms/rows/1"},
      {{{}, {.percent = "10"}}, "policy_unreachable /policy/payment_terms/rows/1"},
      {{{}, {}}, "policy_unreachable /policy/payment_terms/rows/1"},
      {{{.percent = "0"}, {}}, "invalid_value /policy/payment_terms/rows/0/percent"},
      {{{.percent = "-5"}, {}}, "invalid_value /policy/payment_terms/rows/0/percent"},
      {{{.percent = "5", .amount = cny("5")}, {}}, "invalid_value /policy/payment_terms/rows/0"},
      {{{.amount = cny("0")}, {}}, "invalid_value /policy/payment_terms/rows/0/amount"},
      {{{.amount = cny("5")}, {.amount = money("5", Currency::USD)}, {}},
       "currency_mismatch /policy/payment_terms/rows/1/amount"},
      {{{.months = 121}}, "invalid_value /policy/payment_terms/rows/0"},
      {{{.days = 3661}}, "invalid_value /policy/payment_terms/rows/0"},
  };
  for (const auto& row : table) EXPECT_EQ(refusal_of(books.when(publish_terms("T", row.rows))), row.result);
}

TEST(GivenTaxRows, WhenCheckedThenTiesAndWrongRatesAreNamed) {
  Books books;
  const struct {
    std::vector<TaxSpec> rows;
    const char* result;
  } table[] = {
      {{{}, {.country = "IT"}, {.from = "2026-05-01"}, {.tax_class = "reduced"}}, "accepted"},
      {{{}, {.tax_class = "reduced"}, {.rate = "6"}}, "policy_tie /policy/tax_rules/rows/2"},
      {{{.from = "2026-05-01"}, {.from = "2026-05-01"}}, "policy_tie /policy/tax_rules/rows/1"},
      {{{.rate = "100.0001"}}, "invalid_value /policy/tax_rules/rows/0/rate"},
      {{{.rate = "-1"}}, "invalid_value /policy/tax_rules/rows/0/rate"},
      {{{.rate = "1", .category = "Z"}}, "invalid_value /policy/tax_rules/rows/0/rate"},
      {{{.rate = "0", .category = "AE"}}, "accepted"},
      {{{.tax_class = ""}}, "invalid_value /policy/tax_rules/rows/0/tax_class"},
      {{{.category = ""}}, "invalid_value /policy/tax_rules/rows/0/category"},
      {{}, "policy_gap /policy/tax_rules/rows"},
  };
  for (const auto& row : table) EXPECT_EQ(refusal_of(books.when(publish_tax(row.rows))), row.result);
}

struct BreakSpec {
  std::string product{}, min_quantity{}, percent = "5";
};
Wish publish_discounts(const std::vector<std::pair<std::string, std::string>>& grades,
                       const std::vector<BreakSpec>& breaks) {
  return publish("default", [=](Builder& b) {
    std::vector<flatbuffers::Offset<fb::GradeDiscount>> grade_rows;
    for (const auto& [grade, percent] : grades) {
      const fb::Percent off{ppm(percent)};
      grade_rows.push_back(fb::CreateGradeDiscount(b, b.CreateString(grade), &off));
    }
    std::vector<flatbuffers::Offset<fb::QuantityBreak>> break_rows;
    for (const BreakSpec& q : breaks) {
      const fb::Percent off{ppm(q.percent)};
      const fb::Quantity minimum{millionths(q.min_quantity)};
      break_rows.push_back(fb::CreateQuantityBreak(b, put(b, q.product), &minimum, &off));
    }
    const auto grade_list = b.CreateVector(grade_rows);
    return fb::CreateDiscountRules(b, grade_list, b.CreateVector(break_rows));
  });
}

TEST(GivenDiscountRules, WhenCheckedThenEachGradeAndEachBreakStandsOnce) {
  Books books;
  books.given(register_product({}));
  const auto publish_them = [&](const auto& grades, const std::vector<BreakSpec>& breaks) {
    return refusal_of(books.when(publish_discounts(grades, breaks)));
  };
  using Grades = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(publish_them(Grades{{"A", "5"}, {"B", "100"}},
                         {{.min_quantity = "10"}, {.min_quantity = "20"}, {.product = "P-1", .min_quantity = "10"}}),
            "accepted");
  EXPECT_EQ(publish_them(Grades{}, {}), "accepted");
  EXPECT_EQ(publish_them(Grades{{"A", "5"}, {"A", "6"}}, {}), "policy_tie /policy/discount_rules/grades/1");
  EXPECT_EQ(publish_them(Grades{{"A", "101"}}, {}), "invalid_value /policy/discount_rules/grades/0/percent");
  EXPECT_EQ(publish_them(Grades{}, {{.min_quantity = "10"}, {.min_quantity = "10"}}),
            "policy_tie /policy/discount_rules/quantity_breaks/1");
  EXPECT_EQ(publish_them(Grades{}, {{.min_quantity = "0"}}),
            "invalid_value /policy/discount_rules/quantity_breaks/0/min_quantity");
  EXPECT_EQ(publish_them(Grades{}, {{.product = "P-9", .min_quantity = "1"}}),
            "product_unknown /policy/discount_rules/quantity_breaks/0/product");
}

TEST(GivenApprovalRules, WhenCheckedThenThereIsARoleAndAThreshold) {
  Books books;
  const auto publish_them = [&](const std::string& role, std::optional<Money> total, const std::string& discount,
                                const std::string& margin) {
    return refusal_of(books.when(publish("level 1", [=](Builder& b) {
      const auto from = fb_money(total);
      const auto off = fb_percent(discount), below = fb_percent(margin);
      return fb::CreateApprovalRules(b, b.CreateString(role), pointer(from), pointer(off), pointer(below));
    })));
  };
  EXPECT_EQ(publish_them("boss", cny("0"), "", ""), "accepted");
  EXPECT_EQ(publish_them("boss", {}, "20", "15"), "accepted");
  EXPECT_EQ(publish_them("boss", {}, "", "-10"), "accepted");
  EXPECT_EQ(publish_them("", cny("0"), "", ""), "invalid_value /policy/approval_rules/role");
  EXPECT_EQ(publish_them("boss", {}, "", ""), "policy_unreachable /policy/approval_rules");
  EXPECT_EQ(publish_them("boss", {}, "101", ""), "invalid_value /policy/approval_rules/discount_from");
  EXPECT_EQ(publish_them("boss", cny("-1"), "", ""), "invalid_value /policy/approval_rules/total_from");
}

TEST(GivenStockRules, WhenAPlaceStandsTwiceThenUnreachable) {
  Books books;
  const auto publish_them = [&](const std::vector<std::string>& places, const std::string& over) {
    return refusal_of(books.when(publish("default", [=](Builder& b) {
      const auto over_delivery = fb_percent(over);
      const auto list = b.CreateVectorOfStrings(places);
      return fb::CreateStockRules(b, fb::WhenShort::refuse, 7, list, pointer(over_delivery));
    })));
  };
  EXPECT_EQ(publish_them({"W-1", "W-2"}, "5"), "accepted");
  EXPECT_EQ(rules_on(books.state().policies.stock_rules, day("2026-02-01")).places,
            (std::vector<std::string>{"W-1", "W-2"}));
  EXPECT_EQ(publish_them({"W-1", "W-1"}, ""), "policy_unreachable /policy/stock_rules/places/1");
  EXPECT_EQ(publish_them({""}, ""), "invalid_value /policy/stock_rules/places/0");
  EXPECT_EQ(publish_them({}, "-1"), "invalid_value /policy/stock_rules/over_delivery");
}

TEST(GivenEnumerationOutOfRange, WhenPublishedThenInvalid) {
  Books books;
  EXPECT_EQ(refusal_of(books.when(publish(
                "default", [](Builder& b) { return fb::CreateCreditRules(b, static_cast<fb::OverLimit>(3)); }))),
            "invalid_value /policy/credit_rules/over_limit");
  EXPECT_EQ(refusal_of(books.when(publish(
                "default", [](Builder& b) { return fb::CreateInvoiceRules(b, static_cast<fb::InvoiceBasis>(2)); }))),
            "invalid_value /policy/invoice_rules/basis");
  EXPECT_EQ(refusal_of(books.when(publish_tax({{}}, static_cast<fb::TaxRounding>(2)))),
            "invalid_value /policy/tax_rules/rounding");
}

struct RatingSpec {
  std::string rating = "r", margin{};
  std::optional<Money> value{};
  std::optional<std::uint32_t> until{}, over{};
};
Wish publish_rating(const std::vector<RatingSpec>& rows) {
  return publish("default", [=](Builder& b) {
    std::vector<flatbuffers::Offset<fb::RatingRow>> list;
    for (const RatingSpec& r : rows) {
      const auto margin = fb_percent(r.margin);
      const auto value = fb_money(r.value);
      list.push_back(
          fb::CreateRatingRow(b, b.CreateString(r.rating), pointer(margin), pointer(value), r.until, r.over));
    }
    return fb::CreateRatingRules(b, b.CreateVector(list));
  });
}

TEST(GivenRatingRules, WhenCheckedThenTheLastRowAlwaysHoldsAndNoneBeforeIt) {
  Books books;
  const std::vector<RatingSpec> usual = {{.rating = "待观察", .over = 90},
                                         {.rating = "高价值", .margin = "30", .value = cny("5000000"), .until = 30},
                                         {.rating = "潜力客户", .margin = "30"},
                                         {.rating = "中等价值"}};
  EXPECT_EQ(refusal_of(books.when(publish_rating(usual))), "accepted");
  const auto& kept = rules_on(books.state().policies.rating_rules, day("2026-02-01")).rows;
  ASSERT_EQ(kept.size(), 4u);
  EXPECT_EQ(kept[0].days_over, 90u);
  EXPECT_FALSE(kept[0].days_until);
  EXPECT_EQ(kept[1].value_from, cny("5000000"));
  EXPECT_EQ(refusal_of(books.when(publish_rating({}))), "policy_gap /policy/rating_rules/rows");
  EXPECT_EQ(refusal_of(books.when(publish_rating({{.margin = "30"}}))), "policy_gap /policy/rating_rules/rows");
  EXPECT_EQ(refusal_of(books.when(publish_rating({{}, {.margin = "30"}, {}}))),
            "policy_unreachable /policy/rating_rules/rows/1");
  EXPECT_EQ(refusal_of(books.when(publish_rating({{.until = 30, .over = 30}, {}}))),
            "policy_unreachable /policy/rating_rules/rows/0");
  EXPECT_EQ(refusal_of(books.when(publish_rating({{.value = money("1", Currency::USD)}, {}}))),
            "currency_mismatch /policy/rating_rules/rows/0/value_from");
  EXPECT_EQ(refusal_of(books.when(publish_rating({{.rating = ""}}))),
            "invalid_value /policy/rating_rules/rows/0/rating");
}

}  // namespace
}  // namespace o2c::test
