#include "projections/sales/sales.hpp"
#include "tests/support/sales_facts.hpp"

namespace o2c::test {
namespace {

/// Sales and receivables of some books.
struct Models {
  explicit Models(const Books& books) {
    each_fact(books, [this](const Fact& fact) { sales.fold(fact), receivables.fold(fact); });
  }
  Report value(std::string_view as_of, const Period& period = {}) const {
    return sales.customer_value({view_at(as_of, ~std::uint64_t{0}, Basis::business), view_at(as_of)}, receivables,
                                period);
  }
  Sales sales;
  Receivables receivables;
};

/// Orders of one customer, each shipped and invoiced on the day after, and paid in parts so many days after the invoice.
struct Company {
  std::string id, price, cost;
  std::vector<int> quantities;
  std::vector<int> paid_after;  // one equal part each
};

void trade(Books& books, const Company& company) {
  const std::string product = "P-" + company.id;
  books.on("2026-01-05")
      .given(
          register_customer({.id = company.id, .name = "公司 " + company.id, .seller = {}, .team = {}, .region = {}}),
          register_product({.id = product, .tax_class = "zero", .cost = company.cost}), goods_in(product));
  books.on("2026-12-31");
  const std::int64_t price = parse_decimal(company.price, 2).value();
  for (std::size_t i = 0; i < company.quantities.size(); ++i) {
    const std::string order = fmt::format("{}-{}", company.id, i + 1);
    const Date ordered = day("2026-01-10") + std::chrono::days{3 * i}, billed = ordered + std::chrono::days{1};
    books.given(order_of(order,
                         {.customer = company.id,
                          .lines = {{.product = product,
                                     .quantity = fmt::to_string(company.quantities[i]),
                                     .price = company.price}}},
                         format_date(ordered)),
                goods_out(order, {}, {}, format_date(billed)),
                issue_invoice({.order = order, .id = "I-" + order, .on = format_date(billed)}));
    const auto parts = static_cast<std::int64_t>(company.paid_after.size());
    for (const int after : company.paid_after) {
      const Money part{price * company.quantities[i] / parts, Currency::CNY};
      books.given(record_receipt({.amount = part,
                                  .to = {{"I-" + order}},
                                  .on = format_date(billed + std::chrono::days{after}),
                                  .customer = company.id}));
    }
  }
}

std::vector<int> orders(std::size_t count, int quantity = 1) { return std::vector<int>(count, quantity); }

TEST(GivenCompaniesAToD, WhenTheValueTableIsMadeThenEveryFigureOfTheSource) {
  TradingBooks books;
  std::vector<int> of_a = orders(25);
  of_a.back() = 2;  // 24 of 200,000 and one of 400,000; half of each paid after 18 days, half after 38
  trade(books, {"A", "200000", "130000", of_a, {18, 38}});
  trade(books, {"B", "80000", "64000", orders(60), {45}});
  trade(books, {"C", "400000", "320000", orders(15), {95}});
  trade(books, {"D", "50000", "30000", orders(30), {32}});
  EXPECT_EQ(text_of(Models(books).value("2026-12-31")),
            "A,公司 A,CNY,5200000.00,25,208000.00,1820000.00,35.0,28,高价值\n"
            "B,公司 B,CNY,4800000.00,60,80000.00,960000.00,20.0,45,中等价值\n"
            "C,公司 C,CNY,6000000.00,15,400000.00,1200000.00,20.0,95,待观察\n"
            "D,公司 D,CNY,1500000.00,30,50000.00,600000.00,40.0,32,潜力客户\n");
}

TEST(GivenPublishedRatingRules, WhenInForceThenTheyRateAndBeforeTheDefaultDoes) {
  TradingBooks books;
  trade(books, {"A", "1000", "500", orders(2), {10}});
  const auto rules = [](Builder& b) {
    const fb::Percent half{500'000};
    const fb::Money two_thousand{200'000, Currency::CNY};
    const std::vector<flatbuffers::Offset<fb::RatingRow>> rows = {
        fb::CreateRatingRow(b, b.CreateString("gold"), &half, &two_thousand, 10),
        fb::CreateRatingRow(b, b.CreateString("plain"))};
    return fb::CreateRatingRules(b, b.CreateVector(rows));
  };
  const std::uint64_t before = books.entries().size();
  books.given(publish("default", rules, "2026-06-01"));
  const Models models(books);
  EXPECT_EQ(cell_of(models.value("2026-05-31"), {"A"}, "rating"), "潜力客户");
  EXPECT_EQ(cell_of(models.value("2026-06-01"), {"A"}, "rating"), "gold");  // each condition exactly met
  const View known_before{day("2026-06-01"), before, Basis::posting};
  EXPECT_EQ(cell_of(models.sales.customer_value({known_before, known_before}, models.receivables), {"A"}, "rating"),
            "潜力客户");
}

TEST(GivenCostUnknown, WhenRatedThenNoMarginIsShownAndNoMarginRuleHolds) {
  TradingBooks books;
  trade(books, {"A", "1000", "", orders(1), {}});
  const Report report = Models(books).value("2026-12-31");
  EXPECT_EQ(text_of(report), "A,公司 A,CNY,1000.00,1,1000.00,,,,中等价值\n");
}

TEST(GivenOrdersOfTwoMonths, WhenAPeriodIsAskedThenItsOrdersAndItsAllocationsOnly) {
  TradingBooks books;
  trade(books, {"A", "1000", "500", orders(11), {10, 30}});  // ordered from 2026-01-10 to 2026-02-09
  const Report report = Models(books).value("2026-12-31", {.from = day("2026-01-01"), .until = day("2026-02-01")});
  EXPECT_EQ(cell_of(report, {"A"}, "orders"), "8");
  EXPECT_EQ(cell_of(report, {"A"}, "collection_days"), "10");  // the later halves are allocated after the period
}

TEST(GivenCancelledOrder, WhenValuedThenItDoesNotCountFromThatDayOn) {
  TradingBooks books;
  books.on("2026-02-01")
      .given(order_of("O-1", {.lines = {{.quantity = "3", .price = "10"}}}),
             order_of("O-2", {.lines = {{.quantity = "1", .price = "10"}}}));
  books.on("2026-02-10").given(wish([](Builder& b) {
    return fb::CreateCancelOrder(b, b.CreateString("O-1"), b.CreateString("not wanted"));
  }));
  const Models models(books);
  EXPECT_EQ(cell_of(models.value("2026-02-09"), {"C-1"}, "order_value"), "40.00");
  EXPECT_EQ(cell_of(models.value("2026-02-10"), {"C-1"}, "order_value"), "10.00");
  EXPECT_EQ(cell_of(models.value("2026-02-10"), {"C-1"}, "orders"), "1");
}

}  // namespace
}  // namespace o2c::test
