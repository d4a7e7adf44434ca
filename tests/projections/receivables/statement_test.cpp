#include "tests/projections/receivables/small_books.hpp"

namespace o2c::test {
namespace {

TEST(GivenAMonthOfTrade, WhenStatementMadeThenOpeningLinesAndClosing) {
  SmallBooks books;
  books.invoice("I1", "A", "100.00", "2026-01-10", "2026-02-10");
  books.invoice("I2", "A", "50.00", "2026-02-01", "2026-03-01");
  books.receipt("R1", "A", "120.00", "2026-02-05");
  books.apply("R1", "I1", {100'00}, "2026-02-05");
  books.apply("R1", "I2", {20'00}, "2026-02-06");
  books.invoice("I3", "A", "7.00", "2026-02-07", "2026-03-07");
  books.reverse("I3", "2026-02-08");
  books.unapply("R1", "I2", {20'00}, "2026-02-20");
  books.refund("R1", 20'00, "2026-02-21");
  books.invoice("I4", "B", "9.00", "2026-02-07", "2026-03-07");
  const Report report =
      books.receivables.statement(View{day("2026-12-31")}, {day("2026-02-01"), day("2026-03-01")}, "A");
  EXPECT_EQ(lines(report), (std::vector<std::string>{
                               "USD 2026-02-01 opening     100.00", "USD 2026-02-01 invoice I2 N-I2 50.00  150.00",
                               "USD 2026-02-05 receipt R1   120.00 30.00", "USD 2026-02-07 invoice I3 N-I3 7.00  37.00",
                               "USD 2026-02-08 credit_note I3 CN-I3  7.00 30.00",
                               "USD 2026-02-21 refund R1  20.00  50.00", "USD 2026-02-28 closing     50.00"}));
  EXPECT_TRUE(books.receivables.statement(View{day("2026-12-31")}, {}, "nobody").rows.empty());
}

TEST(GivenBounce, WhenStatementMadeThenTheReceiptComesBackOnItsOwnDay) {
  SmallBooks books;
  books.invoice("I1", "A", "100.00", "2026-01-10", "2026-02-10");
  books.receipt("R1", "A", "100.00", "2026-02-05");
  books.apply("R1", "I1", {100'00}, "2026-02-05");
  books.unapply("R1", "I1", {100'00}, "2026-02-09");
  books.bounce("R1", 100'00, "2026-02-09");
  const Report report = books.receivables.statement(View{day("2026-02-28")}, {}, "A");
  EXPECT_EQ(lines(report), (std::vector<std::string>{
                               "USD 2026-01-10 opening     0.00", "USD 2026-01-10 invoice I1 N-I1 100.00  100.00",
                               "USD 2026-02-05 receipt R1   100.00 0.00", "USD 2026-02-09 return R1  100.00  100.00",
                               "USD 2026-02-28 closing     100.00"}));
}

TEST(GivenAParentThatPaysForItsSubsidiary, WhenAppliedThenTheBalanceMovesBetweenThem) {
  SmallBooks books;
  books.invoice("I1", "Sub", "100.00", "2026-01-10", "2026-02-10");
  books.receipt("R1", "Parent", "100.00", "2026-02-05");
  const View between{day("2026-02-06")}, after{day("2026-02-07")};
  books.apply("R1", "I1", {100'00}, "2026-02-07");
  EXPECT_EQ(cell(books.receivables.statement(between, {}, "Parent"), 2, "balance"), "-100.00");
  EXPECT_EQ(lines(books.receivables.statement(after, {}, "Parent")).at(2), "USD 2026-02-07 transfer R1  100.00  0.00");
  EXPECT_EQ(lines(books.receivables.statement(after, {}, "Sub")).at(2), "USD 2026-02-07 transfer I1 N-I1  100.00 0.00");
}

TEST(GivenReceipts, WhenLatestAskedThenOnlyThisCustomersAsOfTheDay) {
  SmallBooks books;
  books.invoice("I1", "A", "100.00", "2026-01-10", "2026-02-10");
  books.receipt("R1", "A", "30.00", "2026-02-01");
  books.receipt("R2", "A", "120.00", "2026-02-05");
  books.receipt("R3", "B", "1.00", "2026-02-05");
  books.apply("R2", "I1", {100'00}, "2026-02-06");
  books.refund("R2", 15'00, "2026-02-07");
  books.bounce("R1", 30'00, "2026-02-09");
  books.receipt("R4", "A", "2.00", "2026-01-20");
  const auto latest = [&](const char* as_of, std::size_t count) {
    return lines(books.receivables.latest_receipts(View{day(as_of)}, "A", count));
  };
  EXPECT_EQ(latest("2026-12-31", 2), (std::vector<std::string>{"R1 A 2026-02-01 USD 30.00 0.00 0.00 30.00 ",
                                                               "R2 A 2026-02-05 USD 120.00 5.00 15.00 0.00 "}));
  EXPECT_EQ(latest("2026-02-05", 5), (std::vector<std::string>{"R4 A 2026-01-20 USD 2.00 2.00 0.00 0.00 ",
                                                               "R1 A 2026-02-01 USD 30.00 30.00 0.00 0.00 ",
                                                               "R2 A 2026-02-05 USD 120.00 120.00 0.00 0.00 "}));
}

TEST(GivenOpenItems, WhenListedThenInvoicesAndCashByCustomerAndDueDate) {
  SmallBooks books;
  books.invoice("I2", "A", {{day("2026-02-01"), 10'00}, {day("2026-03-01"), 20'00}}, "2026-01-02");
  books.invoice("I1", "A", "5.00", "2026-01-01", "2026-02-01");
  books.receipt("R1", "A", "1.50", "2026-01-31");
  EXPECT_EQ(lines(books.receivables.open_items(View{day("2026-02-03")})),
            (std::vector<std::string>{"A receipt R1  USD 1 2026-01-31 2026-01-31 0 -1.50 -1.50",
                                      "A invoice I1 N-I1 USD 1 2026-01-01 2026-02-01 2 5.00 5.00",
                                      "A invoice I2 N-I2 USD 1 2026-01-02 2026-02-01 2 10.00 10.00",
                                      "A invoice I2 N-I2 USD 2 2026-01-02 2026-03-01 0 20.00 20.00"}));
}

TEST(GivenCustomerRenamed, WhenAskedAsOfThenTheNameOfThatDay) {
  SmallBooks books;
  books.customer("A", "Old Ltd", "DE", "2026-01-01");
  books.customer("A", "New Ltd", "AT", "2026-03-01", true);
  EXPECT_EQ(books.receivables.customer(View{day("2026-02-01")}, "A")->name, "Old Ltd");
  EXPECT_EQ(books.receivables.customer(View{day("2026-03-01")}, "A"), (CustomerRecord{"New Ltd", "AT"}));
  EXPECT_EQ(books.receivables.customer(View{day("2026-03-01"), 1}, "A")->name, "Old Ltd");
  EXPECT_FALSE(books.receivables.customer(View{day("2025-12-31")}, "A").has_value());
  EXPECT_FALSE(books.receivables.customer(View{day("2026-03-01")}, "B").has_value());
}

}  // namespace
}  // namespace o2c::test
