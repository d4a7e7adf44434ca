#include "tests/projections/receivables/small_books.hpp"

namespace o2c::test {
namespace {

const View later{day("2026-12-31")};

TEST(GivenPartPayments, WhenBehaviourTakenThenDaysAreWeightedByCashAndSettledByTheLast) {
  SmallBooks books;
  books.attributes = {{"disputed", "Yes"}};
  books.invoice("I1", "A", "100.00", "2026-01-01", "2026-01-31");
  books.attributes = {};
  books.invoice("I2", "A", "50.00", "2026-02-01", "2026-03-03");
  books.receipt("R1", "A", "75.00", "2026-01-11");  // after 10 days
  books.receipt("R2", "A", "35.00", "2026-02-10");  // after 40 days for I1, 9 for I2
  books.apply("R1", "I1", {75'00}, "2026-01-11");
  books.apply("R2", "I1", {25'00}, "2026-02-10");
  books.apply("R2", "I2", {10'00}, "2026-02-10");
  const Report report = books.receivables.payment_behaviour(View{day("2026-03-01")}, Group::by(Dimension::customer));
  EXPECT_EQ(cell(report, 0, "invoices"), "2");
  EXPECT_EQ(cell(report, 0, "mean_invoice"), "75.00");
  EXPECT_EQ(cell(report, 0, "mean_days_to_pay"), "40.00") << "I1 alone is settled, on 10 February";
  EXPECT_EQ(cell(report, 0, "amount_weighted_days_to_pay"), "16.73") << "(75 · 10 + 25 · 40 + 10 · 9) / 110";
  EXPECT_EQ(cell(report, 0, "late_invoices"), "1");
  EXPECT_EQ(cell(report, 0, "max_days_late"), "10");
  EXPECT_EQ(cell(report, 0, "late_share_amount"), "0.6667");
  EXPECT_EQ(cell(report, 0, "disputed"), "1");
  EXPECT_EQ(cell(report, 0, "electronic"), "0");
  const Report after_due = books.receivables.payment_behaviour(View{day("2026-03-08")}, {});
  EXPECT_EQ(cell(after_due, 0, "late_invoices"), "2") << "I2 is still open five days after it was due";
  EXPECT_EQ(cell(after_due, 0, "mean_days_late_all"), "7.50");
}

TEST(GivenMoneyBeforeItsInvoiceAndMoneyAllocatedLate, WhenBehaviourTakenThenBothMeansGoByTheDayItCame) {
  SmallBooks books;
  books.receipt("R1", "A", "100.00", "2026-01-03");
  books.invoice("I1", "A", "100.00", "2026-01-05", "2026-01-20");
  books.apply("R1", "I1", {100'00}, "2026-01-05");  // 2 days before the invoice
  books.invoice("I2", "A", "300.00", "2026-01-05", "2026-01-20");
  books.receipt("R2", "A", "300.00", "2026-01-15");
  books.apply("R2", "I2", {300'00}, "2026-01-25");  // 10 days after, whenever somebody saw to it
  const Report report = books.receivables.payment_behaviour(later, {});
  EXPECT_EQ(cell(report, 0, "mean_days_to_pay"), "4.00");
  EXPECT_EQ(cell(report, 0, "amount_weighted_days_to_pay"), "7.00") << "(100 · -2 + 300 · 10) / 400";
  EXPECT_EQ(cell(report, 0, "late_invoices"), "0") << "the customer was in time";
}

TEST(GivenMoneyTakenBackOff, WhenBehaviourTakenThenOnlyTheMoneyThatIsThereSpeaks) {
  SmallBooks books;
  books.invoice("I1", "A", "100.00", "2026-01-01", "2026-01-31");
  books.receipt("R1", "A", "100.00", "2026-03-01");
  books.apply("R1", "I1", {100'00}, "2026-03-01");
  books.unapply("R1", "I1", {100'00}, "2026-03-02");
  books.receipt("R2", "A", "100.00", "2026-01-10");
  books.apply("R2", "I1", {100'00}, "2026-03-03");
  const Report report = books.receivables.payment_behaviour(later, {});
  EXPECT_EQ(cell(report, 0, "mean_days_to_pay"), "9.00");
  EXPECT_EQ(cell(report, 0, "amount_weighted_days_to_pay"), "9.00");
  EXPECT_EQ(cell(report, 0, "late_invoices"), "0");
  const Report before = books.receivables.payment_behaviour(View{day("2026-03-01")}, {});
  EXPECT_EQ(cell(before, 0, "max_days_late"), "29") << "then it was the late money that was on it";
}

TEST(GivenGroupNamedLikeAFigure, WhenBehaviourTakenThenTwoColumnsOfTwoNames) {
  SmallBooks books;
  books.attributes = {{"disputed", "Yes"}};
  books.invoice("I1", "A", "100.00", "2026-01-01", "2026-01-31");
  const Report report = books.receivables.payment_behaviour(later, Group::by_attribute("disputed"));
  EXPECT_EQ(report.columns[0].name, "attribute:disputed");
  EXPECT_EQ(cell(report, 0, "attribute:disputed"), "Yes");
  EXPECT_EQ(books.receivables
                .explain_behaviour(later, {}, {Group::by_attribute("disputed"), "Yes", Currency::USD, "disputed"})
                ->size(),
            1u);
  EXPECT_EQ(cell(report, 0, "disputed"), "1");
}

TEST(GivenReversedInvoice, WhenBehaviourTakenThenItNeverWas) {
  SmallBooks books;
  books.invoice("I1", "A", "100.00", "2026-01-01", "2026-01-31");
  books.invoice("I2", "A", "10.00", "2026-01-02", "2026-01-31");
  books.reverse("I1", "2026-02-01");
  EXPECT_EQ(cell(books.receivables.payment_behaviour(later, {}), 0, "invoiced"), "10.00");
  EXPECT_EQ(cell(books.receivables.payment_behaviour(View{day("2026-01-31")}, {}), 0, "invoiced"), "110.00");
  const Report months = books.receivables.receivables_by_month(later);
  EXPECT_EQ(cell(months, 0, "invoiced"), "110.00");
  EXPECT_EQ(cell(months, 1, "invoiced"), "-100.00") << "negative in its own month";
  EXPECT_EQ(cell(months, 1, "closing_ar"), "10.00");
  EXPECT_EQ(cell(months, 1, "dso_month"), "") << "no sales to divide by";
}

// 1.2 million receivable on 10 million invoiced in 365 days are 43.8 days; 0.8 million not due 29.2; so 14.6 delinquent.
TEST(GivenAYearOfSales, WhenPeriodSummedThenDsoAndBestPossibleDsoFollow) {
  SmallBooks books;
  books.invoice("I1", "A", "8800000.00", "2026-01-01", "2026-01-31");
  books.receipt("R1", "A", "8800000.00", "2026-02-01");
  books.apply("R1", "I1", {8'800'000'00}, "2026-02-01");
  books.invoice("I2", "A", "400000.00", "2026-10-01", "2026-10-31");
  books.invoice("I3", "A", "800000.00", "2026-12-20", "2027-01-20");
  const PeriodFigures f = books.receivables.period(later, day("2026-01-01"), {}).at(0);
  EXPECT_EQ(f.group, "ALL");
  EXPECT_EQ(f.opening, 0);
  EXPECT_EQ(cell_text(ratio_cell(Int128{f.closing} * 365, f.invoiced, 1)), "43.8");
  EXPECT_EQ(cell_text(ratio_cell(Int128{f.closing_current} * 365, f.invoiced, 1)), "29.2");
  EXPECT_EQ(cell_text(ratio_cell(f.collected_days, f.collected, 1)), "31.0");
  const OpenFigures open = books.receivables.open_by(later, Group::by(Dimension::seller)).at(0);
  EXPECT_EQ(open.group, "S1");
  EXPECT_EQ(open.overdue, 400'000'00);
  EXPECT_EQ(open.overdue_invoices, 1);
}

TEST(GivenMonths, WhenCountedBackThenMonthsArePeeledOffOneByOne) {
  SmallBooks books;
  books.invoice("I1", "A", "100.00", "2026-01-10", "2026-02-10");
  books.invoice("I2", "A", "60.00", "2026-02-10", "2026-03-10");
  books.invoice("I3", "A", "40.00", "2026-03-10", "2026-04-10");
  books.receipt("R1", "A", "75.00", "2026-03-20");
  books.apply("R1", "I1", {75'00}, "2026-03-20");
  const Report months = books.receivables.receivables_by_month(later);
  // 125.00 open: all of March (31 days), all of February (28), 25.00 of the 100.00 of January (7.75 of 31 days).
  EXPECT_EQ(cell(months, 2, "dso_countback"), "66.75");
  EXPECT_EQ(cell(months, 2, "dso_trailing3"), "56.25") << "125 / 200 · 90";
  EXPECT_EQ(cell(months, 1, "dso_countback"), "59.00") << "all of both months, and nothing is left over";
  EXPECT_EQ(cell(months, 1, "dso_trailing3"), "");
  const Report shown =
      books.receivables.receivables_by_month(later, {day("2026-03-01"), day("2026-04-01")}, Group::by(Dimension::team));
  ASSERT_EQ(shown.rows.size(), 1u);
  EXPECT_EQ(shown.columns[0].name, "month");
  EXPECT_EQ(shown.columns[1].name, "team");
  EXPECT_EQ(cell(shown, 0, "dso_countback"), "66.75") << "earlier months count though they are not shown";
}

TEST(GivenMonthNotOverYet, WhenTakenThenItCountsItsDaysSoFar) {
  SmallBooks books;
  books.invoice("I1", "A", "100.00", "2026-03-01", "2026-03-31");
  const Report months = books.receivables.receivables_by_month(View{day("2026-03-10")});
  EXPECT_EQ(cell(months, 0, "days_in_month"), "10");
  EXPECT_EQ(cell(months, 0, "dso_month"), "10.00");
}

TEST(GivenSettlementAndInvoiceOnOneDay, WhenPeakTakenThenTheSettlementComesFirst) {
  SmallBooks books;
  books.invoice("I1", "A", "100.00", "2026-01-01", "2026-01-31");
  books.invoice("I2", "A", "90.00", "2026-01-05", "2026-01-31");
  books.receipt("R1", "A", "100.00", "2026-01-05");
  books.apply("R1", "I1", {100'00}, "2026-01-05");
  EXPECT_EQ(lines(books.receivables.exposure_peak(later, Group::by(Dimension::customer))),
            std::vector<std::string>{"A USD 100.00 2026-01-01"});
}

TEST(GivenAmountsAtTheEdgeOf64Bits, WhenFiguresTakenThenExact) {
  SmallBooks books;
  constexpr std::int64_t big = 9'000'000'000'000'000'000;
  books.invoice("I1", "A", {{day("2026-01-31"), big}}, "2026-01-01");
  books.receipt("R1", "A", "89999999999999999.99", "2026-04-11");
  books.apply("R1", "I1", {big - 1}, "2026-04-11");
  const PeriodFigures f = books.receivables.period(later, day("2026-01-01"), {}).at(0);
  EXPECT_TRUE(f.collected_days == Int128{big - 1} * 100);
  EXPECT_EQ(cell(books.aging("2026-12-31"), 0, "balance"), "0.01");
}

}  // namespace
}  // namespace o2c::test
