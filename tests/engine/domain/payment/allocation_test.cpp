#include "tests/support/invoice_books.hpp"

// Row 62: what the payer named first, then the oldest due date, then the oldest invoice.
namespace o2c::test {
namespace {

using enum fb::AllocationMode;

/// "LATE 50.00, OLD 10.00": who was paid how much, in order.
std::string paid(const Done& done) {
  std::string out;
  for (const fb::Event* event : done.events) {
    if (const auto* applied = event->body_as_CashApplied()) {
      out += fmt::format("{}{} {}", out.empty() ? "" : ", ", view(applied->invoice()),
                         format_amount(applied->amount()->amount_minor(), Currency::CNY));
    }
  }
  return out;
}

/// Due: OLD 1 Feb, then FIRST and SECOND on the same day, then NAMED.
struct OpenItems : TradingBooks {
  OpenItems() {
    on("2026-03-01")
        .given(
            bill("NAMED", cny("40"), "2026-01-05", "2026-04-01"), bill("FIRST", cny("30"), "2026-01-09", "2026-03-01"),
            bill("SECOND", cny("20"), "2026-01-07", "2026-03-01"), bill("OLD", cny("10"), "2026-01-20", "2026-02-01"));
  }
};

TEST(GivenOpenItems, WhenSpreadThenOldestDueThenInOrderOfIssue) {
  OpenItems books;
  const Done done = books.when(record_receipt({.amount = cny("55"), .mode = oldest_first}));
  EXPECT_EQ(paid(done), "OLD 10.00, FIRST 30.00, SECOND 15.00");
  EXPECT_EQ(done.status, "applied");
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenOpenItems, WhenSomeAreNamedThenTheyComeFirst) {
  OpenItems books;
  EXPECT_EQ(paid(books.when(record_receipt({.amount = cny("60"), .to = {{"NAMED", cny("25")}}, .mode = oldest_first}))),
            "NAMED 25.00, OLD 10.00, FIRST 25.00");
  EXPECT_EQ(paid(books.when(record_receipt(
                {.amount = cny("8"), .to = {{"NAMED", cny("1")}, {"SECOND", cny("2")}}, .mode = oldest_first}))),
            "NAMED 1.00, SECOND 2.00, FIRST 5.00");
}

TEST(GivenMoreMoneyThanOpenItems, WhenSpreadThenTheRestIsUnapplied) {
  OpenItems books;
  const Done done = books.when(record_receipt({.amount = cny("101"), .mode = oldest_first, .id = "R"}));
  EXPECT_EQ(paid(done), "OLD 10.00, FIRST 30.00, SECOND 20.00, NAMED 40.00");
  EXPECT_EQ(books.receipt("R").unapplied_minor, 1'00);
  EXPECT_EQ(books.exposure().receivables_minor, 0);
  EXPECT_EQ(books.when(apply_cash("R", {}, {}, oldest_first)).code(), Refusal::nothing_to_apply);
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenInstalments, WhenSpreadThenEachTakesItsTurnByDueDate) {
  OpenItems books;
  books.given(publish_terms("HALVES", {{.percent = "50", .days = 5}, {.days = 60}}),
              issue_invoice({.lines = {{.tax_class = "zero", .net = cny("8")}},
                             .customer = "C-1",
                             .number = "SPLIT",
                             .terms = "HALVES",
                             .on = "2026-01-10"}));  // 15 Jan, 11 Mar
  // 4 of SPLIT, 10 of OLD, FIRST, SECOND, then the other 4 of SPLIT; both parts of SPLIT are one application.
  const Done done = books.when(record_receipt({.amount = cny("67"), .mode = oldest_first}));
  EXPECT_EQ(paid(done), "SPLIT 7.00, OLD 10.00, FIRST 30.00, SECOND 20.00");
  const auto& shares = *done.event<fb::CashApplied>().shares();
  ASSERT_EQ(shares.size(), 2u);
  EXPECT_EQ(shares.Get(0)->amount_minor(), 4'00);
  EXPECT_EQ(shares.Get(1)->amount_minor(), 3'00);
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenANamedInstalment, WhenTheRestIsSpreadThenItsOtherInstalmentsWaitTheirTurn) {
  OpenItems books;
  books.given(publish_terms("HALVES", {{.percent = "50", .days = 5}, {.days = 60}}),
              issue_invoice({.lines = {{.tax_class = "zero", .net = cny("8")}},
                             .customer = "C-1",
                             .number = "SPLIT",
                             .terms = "HALVES",
                             .on = "2026-01-10"}));
  EXPECT_EQ(paid(books.when(record_receipt({.amount = cny("16"), .to = {{"SPLIT", cny("5")}}, .mode = oldest_first}))),
            "SPLIT 5.00, OLD 10.00, FIRST 1.00");
}

TEST(GivenUnappliedCash, WhenAppliedLaterThenAsAReceiptWouldBe) {
  OpenItems books;
  books.given(record_receipt({.amount = cny("35"), .mode = none, .id = "R", .on = "2026-01-06"}));
  EXPECT_EQ(books.exposure().unapplied_minor, 35'00);
  EXPECT_EQ(books.when(apply_cash("R", {}, {}, named)).code(), Refusal::line_count);
  EXPECT_EQ(books.when(apply_cash("R", {}, {}, none)).code(), Refusal::invalid_value);
  EXPECT_EQ(books.when(apply_cash("Q", {{"OLD"}})).code(), Refusal::receipt_unknown);
  const Done done = books.when(apply_cash("R", {{"NAMED", cny("5")}}, "2026-01-08", oldest_first));
  EXPECT_EQ(paid(done), "NAMED 15.00, SECOND 20.00");  // OLD and FIRST were not issued yet
  for (const fb::Event* event : done.events) EXPECT_EQ(from_fb(*event->occurred_on()), day("2026-01-08"));
  EXPECT_EQ(books.exposure().unapplied_minor, 0);
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenInvoicesOfLaterDays, WhenSpreadThenTheyAreLeftAloneAndTheMoneyCanGoBack) {
  OpenItems books;
  const Done done =
      books.when(record_receipt({.amount = cny("65"), .mode = oldest_first, .id = "R", .on = "2026-01-07"}));
  EXPECT_EQ(paid(done), "SECOND 20.00, NAMED 40.00");
  EXPECT_EQ(books.receipt("R").unapplied_minor, 5'00);
  EXPECT_EQ(books.when(apply_cash("R", {}, "2026-01-08", oldest_first)).code(), Refusal::nothing_to_apply);
  EXPECT_TRUE(books.when(return_receipt("R", "2026-01-08")).verdict);
  EXPECT_EQ(books.exposure().receivables_minor, 100'00);
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenAnotherCustomersItems, WhenSpreadThenTheyAreLeftAlone) {
  OpenItems books;
  books.given(register_customer({.id = "C-2"}), bill("X", cny("5"), "2026-01-02", {}, "C-2"));
  EXPECT_EQ(paid(books.when(record_receipt({.amount = cny("9"), .mode = oldest_first, .customer = "C-2"}))), "X 5.00");
  EXPECT_EQ(books.exposure("C-2").unapplied_minor, 4'00);
  EXPECT_EQ(books.exposure().receivables_minor, 100'00);
}

}  // namespace
}  // namespace o2c::test
