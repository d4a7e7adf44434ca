#include "tests/projections/receivables/small_books.hpp"

namespace o2c::test {
namespace {

TEST(GivenBucketLimits, WhenParsedThenAscendingDaysOrReason) {
  EXPECT_EQ(*parse_buckets("30,60,90"), (Buckets{30, 60, 90}));
  EXPECT_EQ(*parse_buckets("7"), Buckets{7});
  for (const char* bad : {"", ",", "30,", "30,30", "60,30", "0", "-1", "30 ,60", "x", "30;60",
                          "1,2,3,4,5,6,7,8,9,10,11,12,13", "99999"}) {
    EXPECT_FALSE(parse_buckets(bad).has_value()) << bad;
  }
}

TEST(GivenGroupNames, WhenParsedThenGroupOrReason) {
  EXPECT_EQ(parse_group("total")->kind, GroupKind::total);
  EXPECT_EQ(parse_group("seller")->dimension, Dimension::seller);
  EXPECT_EQ(group_column(*parse_group("attribute:bill_type")), "bill_type");
  for (const char* bad : {"", "Customer", "attribute:", "month"}) EXPECT_FALSE(parse_group(bad).has_value()) << bad;
}

TEST(GivenInvoiceDueOnADay, WhenAgedThenBucketByDaysAfterTheDueDate) {
  SmallBooks books;
  books.invoice("I1", "A", "100.00", "2026-01-01", "2026-01-31");
  const auto bucket_on = [&books](const char* on) {
    const Report report = books.aging(on);
    for (const auto* name : {"current", "d1_30", "d31_60", "d61_90", "d91_120", "d121_plus"})
      if (cell(report, 0, name) == "100.00") return std::string(name);
    return std::string("none");
  };
  EXPECT_EQ(bucket_on("2026-01-01"), "current");
  EXPECT_EQ(bucket_on("2026-01-31"), "current") << "on the due date it is not late";
  EXPECT_EQ(bucket_on("2026-02-01"), "d1_30");
  EXPECT_EQ(bucket_on("2026-03-02"), "d1_30");
  EXPECT_EQ(bucket_on("2026-03-03"), "d31_60");
  EXPECT_EQ(bucket_on("2026-05-31"), "d91_120");
  EXPECT_EQ(bucket_on("2026-06-01"), "d121_plus");
  EXPECT_TRUE(books.aging("2025-12-31").rows.empty()) << "not issued yet";
}

TEST(GivenInstalments, WhenAgedThenEachByItsOwnDueDateAndTheInvoiceCountsOnce) {
  SmallBooks books;
  books.invoice("I1", "A", {{day("2026-01-31"), 40'00}, {day("2026-02-28"), 60'00}}, "2026-01-01");
  books.receipt("R1", "A", "30.00", "2026-02-10");
  books.apply("R1", "I1", {30'00, 0}, "2026-02-10");
  const Report report = books.aging("2026-03-05");
  EXPECT_EQ(lines(report),
            std::vector<std::string>{"A USD 0.00 60.00 10.00 0.00 0.00 0.00 0.00 70.00 70.00 70.00 1 1"});
  EXPECT_EQ(lines(books.aging("2026-02-20")),
            std::vector<std::string>{"A USD 60.00 10.00 0.00 0.00 0.00 0.00 0.00 70.00 10.00 70.00 1 1"});
}

TEST(GivenCashTakenOffAgain, WhenAgedThenItCountsInBetweenAndTheInvoiceKeepsItsDueDate) {
  SmallBooks books;
  books.invoice("I1", "A", "119.00", "2026-03-01", "2026-03-31");
  books.receipt("R1", "A", "119.00", "2026-04-02");
  books.apply("R1", "I1", {119'00}, "2026-04-02");
  const std::uint64_t before_bounce = books.head();
  books.unapply("R1", "I1", {119'00}, "2026-04-09");
  books.bounce("R1", 119'00, "2026-04-09");
  EXPECT_TRUE(books.aging("2026-04-08").rows.empty()) << "paid on that day";
  EXPECT_EQ(lines(books.aging("2026-04-09")),
            std::vector<std::string>{"A USD 0.00 119.00 0.00 0.00 0.00 0.00 0.00 119.00 119.00 119.00 1 1"});
  EXPECT_TRUE(books.aging("2026-04-09", before_bounce).rows.empty()) << "as it was known";
}

TEST(GivenUnappliedCash, WhenAgedThenNegativeInItsOwnColumn) {
  SmallBooks books;
  books.invoice("I1", "A", "100.00", "2026-01-01", "2026-01-31");
  books.receipt("R1", "A", "30.00", "2026-01-10");
  books.receipt("R2", "B", "5.00", "2026-01-10");
  EXPECT_EQ(lines(books.aging("2026-01-15")),
            (std::vector<std::string>{"A USD 100.00 0.00 0.00 0.00 0.00 0.00 -30.00 100.00 0.00 70.00 1 0",
                                      "B USD 0.00 0.00 0.00 0.00 0.00 0.00 -5.00 0.00 0.00 -5.00 0 0"}));
  books.refund("R2", 5'00, "2026-01-20");
  EXPECT_EQ(books.aging("2026-01-20").rows.size(), 1u);
  EXPECT_EQ(books.aging("2026-01-19").rows.size(), 2u);
}

TEST(GivenReversedInvoice, WhenAgedThenGoneFromTheDayOfTheCreditNote) {
  SmallBooks books;
  books.invoice("I1", "A", "100.00", "2026-01-01", "2026-01-31");
  books.reverse("I1", "2026-02-10");
  EXPECT_EQ(books.aging("2026-02-09").rows.size(), 1u);
  EXPECT_TRUE(books.aging("2026-02-10").rows.empty());
}

TEST(GivenLateEntryInAClosedPeriod, WhenAgedThenPostingAndBusinessDatesDiffer) {
  SmallBooks books;
  books.posted_on = day("2026-04-01");  // first open day
  books.invoice("I1", "A", "100.00", "2026-03-10", "2026-03-20");
  EXPECT_TRUE(books.aging("2026-03-31").rows.empty());
  EXPECT_EQ(books.aging("2026-03-31", ~std::uint64_t{0}, Basis::business).rows.size(), 1u);
  EXPECT_EQ(cell(books.aging("2026-04-01"), 0, "d1_30"), "100.00");
}

TEST(GivenExplainedCell, WhenAskedThenTheFactsBehindIt) {
  SmallBooks books;
  books.invoice("I1", "A", "100.00", "2026-01-01", "2026-01-31");  // entry 1
  books.receipt("R1", "A", "30.00", "2026-02-10");                 // entry 2
  books.apply("R1", "I1", {30'00}, "2026-02-10");                  // entry 3
  const View view{day("2026-02-15")};
  const ReceivablesCell cell{Group::by(Dimension::customer), "A", Currency::USD, "d1_30"};
  const auto found = books.receivables.explain_aging(view, cell);
  ASSERT_TRUE(found.has_value());
  ASSERT_EQ(found->size(), 2u);
  EXPECT_EQ((*found)[0].seq, 1u);
  EXPECT_EQ((*found)[0].amount, 100'00);
  EXPECT_EQ((*found)[1].seq, 3u);
  EXPECT_EQ((*found)[1].amount, -30'00);
  EXPECT_EQ(books.receivables.explain_aging(view, {cell.group, "A", Currency::USD, "d1_31"}).error().code,
            ErrorCode::invalid_input);
  EXPECT_EQ(books.receivables.explain_aging(view, {cell.group, "Z", Currency::USD, "d1_30"}).error().code,
            ErrorCode::not_found);
}

TEST(GivenTwoCurrencies, WhenAgedByCurrencyThenOneRowEachWithItsOwnDecimals) {
  SmallBooks books;
  books.invoice("I1", "A", "100.00", "2026-01-01", "2026-01-31");
  books.currency = Currency::JPY;
  books.invoice("I2", "A", {{day("2026-01-31"), 5'000}}, "2026-01-01");
  const Report report = books.receivables.aging(View{day("2026-01-05")}, {GroupKind::currency, {}, {}}, {30});
  EXPECT_EQ(lines(report), (std::vector<std::string>{"JPY 5000 0 0 0 5000 0 5000 1 0",
                                                     "USD 100.00 0.00 0.00 0.00 100.00 0.00 100.00 1 0"}));
}

}  // namespace
}  // namespace o2c::test
