#include "projections/sales/kpi.hpp"

#include "projections/sales/sales.hpp"
#include "tests/support/sales_facts.hpp"

namespace o2c::test {
namespace {

struct Models {
  explicit Models(const Books& books) {
    each_fact(books, [this](const Fact& fact) { sales.fold(fact), receivables.fold(fact); });
  }
  Report kpi(SalesGroup group, std::string_view as_of, const Period& period = {}) const {
    return sales.kpi({view_at(as_of, ~std::uint64_t{0}, Basis::business), view_at(as_of)}, receivables, group, period);
  }
  Sales sales;
  Receivables receivables;
};

/// Sold for 10,000,000 in 2025; at its end 1,200,000 are open, of which 800,000 are not due.
struct YearOfSales : Books {
  YearOfSales() : Books(Empty{}) {
    on("2025-12-31");
    given(open_company(Currency::CNY, "2025-01-01"),
          publish_tax({{.tax_class = "zero", .rate = "0", .category = "Z", .from = {}}}, fb::TaxRounding::category,
                      "2025-01-01"),
          publish_terms("NET30", {{.days = 30}}, "2025-01-01"), register_customer({}));
    given(bill("1", cny("8800000"), "2025-02-01", "2025-03-01"),
          record_receipt({.amount = cny("8800000"), .to = {{"1"}}, .on = "2025-03-01"}));
    given(bill("2", cny("400000"), "2025-06-01", "2025-07-01"), bill("3", cny("800000"), "2025-12-15", "2026-01-14"));
  }
};

TEST(GivenTenMillionSoldAndTwelveHundredThousandOpen, WhenKpiOfTheYearThenTheGoldenDso) {
  const YearOfSales books;
  const Report report =
      Models(books).kpi(SalesGroup::total, "2025-12-31", {.from = day("2025-01-01"), .until = day("2026-01-01")});
  const auto cell = [&](std::string_view column) { return cell_of(report, {"total", "CNY"}, column); };
  EXPECT_EQ(cell("receivables_end"), "1200000.00");
  EXPECT_EQ(cell("dso"), "43.8");
  EXPECT_EQ(cell("best_possible_dso"), "29.2");
  EXPECT_EQ(cell("average_days_delinquent"), "14.6");
  EXPECT_EQ(cell("cei_percent"), "95.7");  // 8.8 / 9.2
  EXPECT_EQ(cell("overdue_percent"), "33.3");
  EXPECT_EQ(cell("collection_period_percent"), "88.0");
  EXPECT_EQ(cell("collection_cohort_percent"), "88.0");
  EXPECT_EQ(cell("sales"), "10000000.00");
  EXPECT_EQ(cell("cost"), "");  // nobody said what it cost
}

TEST(GivenYearOfSales, WhenByMonthThenEachMonthHasItsOwnEndAndCohort) {
  const YearOfSales books;
  const Report report = Models(books).kpi(SalesGroup::month, "2025-12-31");
  EXPECT_EQ(report.rows.size(), 9u);  // February to December; in April and May nothing was sold, paid or open
  const auto cell = [&](const char* month, std::string_view column) { return cell_of(report, {month}, column); };
  EXPECT_EQ(cell("2025-02", "receivables_end"), "8800000.00");
  EXPECT_EQ(cell("2025-02", "dso"), "28.0");  // all of it open at the end of 28 days
  EXPECT_EQ(cell("2025-02", "collection_cohort_percent"), "100.0");
  EXPECT_EQ(cell("2025-02", "collection_period_percent"), "0.0");
  EXPECT_EQ(cell("2025-03", "receipts"), "8800000.00");
  EXPECT_EQ(cell("2025-03", "collection_period_percent"), "100.0");
  EXPECT_EQ(cell("2025-03", "dso"), "");  // no sales
  EXPECT_EQ(cell("2025-08", "overdue_percent"), "100.0");
  EXPECT_EQ(cell("2025-12", "collection_cohort_percent"), "0.0");
}

TEST(GivenQuietMonths, WhenSomethingIsOpenThenTheyHaveARow) {
  const YearOfSales books;
  const Report report = Models(books).kpi(SalesGroup::month, "2025-12-31");
  EXPECT_EQ(cell_of(report, {"2025-05"}, "receivables_end"), "no such row");
  EXPECT_EQ(cell_of(report, {"2025-09"}, "receivables_end"), "400000.00");
}

TEST(GivenQuotes, WhenSomeAreAcceptedThenConversionByGroupOfTheQuote) {
  TradingBooks books;
  books.given(register_customer({.id = "C-2", .seller = "S-2"}));
  const DocumentSpec one{.lines = {{.price = "10"}}}, two{.customer = "C-2", .lines = {{.price = "10"}}};
  books.given(create_quote(one, {.id = "Q-1"}), create_quote(one, {.id = "Q-2"}), create_quote(one, {.id = "Q-3"}),
              create_quote(two, {.id = "Q-4", .send = false}));
  books.given(accept_quote("Q-1", "O-1"), accept_quote("Q-3", "O-3"));
  const Report report = Models(books).kpi(SalesGroup::seller, "2026-01-31");
  EXPECT_EQ(cell_of(report, {"S-1"}, "quotes_sent"), "3");
  EXPECT_EQ(cell_of(report, {"S-1"}, "quotes_accepted"), "2");
  EXPECT_EQ(cell_of(report, {"S-1"}, "conversion_percent"), "66.7");
  EXPECT_EQ(cell_of(report, {"S-2"}, "quotes_sent"), "no such row");  // a draft is no offer yet
}

TEST(GivenProducts, WhenByProductThenCashHasNoMeaning) {
  TradingBooks books;
  books.given(order_of("O-1", {.lines = {{.quantity = "2", .price = "10"}}}), goods_out("O-1"),
              issue_invoice({.order = "O-1"}));
  const Report report = Models(books).kpi(SalesGroup::product, "2026-01-31");
  EXPECT_EQ(cell_of(report, {"P-1"}, "sales"), "20.00");
  EXPECT_EQ(cell_of(report, {"P-1"}, "orders"), "1");
  for (const KpiMeasure& measure : kpi_measures()) {
    if (measure.of_lines) continue;
    EXPECT_EQ(cell_of(report, {"P-1"}, measure.name), "") << measure.name;
  }
}

TEST(GivenCreditNoteInALaterMonth, WhenByMonthThenNegativeInItsOwnPeriod) {
  TradingBooks books;
  books.on("2026-03-02").given(bill("1", cny("100"), "2026-02-10"), reverse_invoice("1", "2026-03-02"));
  const Report report = Models(books).kpi(SalesGroup::month, "2026-03-31");
  EXPECT_EQ(cell_of(report, {"2026-02"}, "sales"), "100.00");
  EXPECT_EQ(cell_of(report, {"2026-03"}, "sales"), "-100.00");
  EXPECT_EQ(cell_of(report, {"2026-02"}, "receivables_end"), "100.00");
  EXPECT_EQ(cell_of(report, {"2026-02"}, "collection_cohort_percent"), "");  // nothing was invoiced in the end
}

TEST(GivenCountingTable, WhenAskedThenExactMedianAndNearestRank) {
  CountingTable table;
  EXPECT_EQ(cell_text(table.median()), "");
  EXPECT_EQ(cell_text(table.percentile(90)), "");
  for (const std::int32_t days : {7, 1, 2, 2, 30, 3}) table.add(days);  // 1 2 2 3 7 30
  EXPECT_EQ(cell_text(table.median()), "2.5");
  EXPECT_EQ(cell_text(table.percentile(90)), "30");
  CountingTable other;
  other.add(2, 5);
  table.merge(other);
  EXPECT_EQ(table.total(), 11);
  EXPECT_EQ(cell_text(table.median()), "2.0");
  EXPECT_EQ(cell_text(table.percentile(90)), "7");  // 10th of 11
}

TEST(GivenNothingToCollect, WhenEffectivenessThenUndefined) {
  EXPECT_EQ(cell_text(cei_cell(0, 100, 100, 100)), "");
  EXPECT_EQ(cell_text(cei_cell(50, 100, 60, 40)), "81.8");  // 90 / 110
  EXPECT_EQ(cell_text(dso_cell(100, 0, 30)), "");
}

}  // namespace
}  // namespace o2c::test
