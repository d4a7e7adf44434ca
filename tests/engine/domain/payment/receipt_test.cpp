#include "tests/support/invoice_books.hpp"

// Receipts that name what they pay, and everything that undoes them.
namespace o2c::test {
namespace {

/// A and B, 100.00 each, issued on 10 and 20 January; terms of three instalments where the test wants them.
struct TwoInvoices : TradingBooks {
  TwoInvoices() { on("2026-03-01").given(bill("A", cny("100"), "2026-01-10"), bill("B", cny("100"), "2026-01-20")); }
  std::string opens(std::string_view id) const {
    std::string out;
    for (const Instalment& i : invoice(id).instalments)
      out += (out.empty() ? "" : " ") + format_amount(i.open_minor, Currency::CNY);
    return out;
  }
};
const std::vector<TermsSpec> thirds = {{.percent = "30", .days = 10}, {.percent = "30", .days = 20}, {.days = 30}};

TEST(GivenOpenInvoices, WhenAReceiptNamesThemThenEachIsPaidAndTheRestIsUnapplied) {
  TwoInvoices books;
  const Done done =
      books.when(record_receipt({.amount = cny("250"), .to = {{"B", cny("40")}, {"A"}}, .on = "2026-02-01"}));
  EXPECT_EQ(done.story(), "ReceiptRecorded CashApplied CashApplied");
  EXPECT_EQ(done.id, "RC-1");
  EXPECT_EQ(done.status, "partly_applied");
  EXPECT_EQ(books.invoice("A").open_minor, 0);
  EXPECT_EQ(books.invoice("B").open_minor, 60'00);
  EXPECT_EQ(books.receipt("RC-1").unapplied_minor, 110'00);
  EXPECT_EQ(books.exposure().receivables_minor, 60'00);
  EXPECT_EQ(books.exposure().unapplied_minor, 110'00);
  EXPECT_EQ(books.state().open_invoices.at("C-1"), std::vector<std::string_view>{"B"});
  EXPECT_EQ(done.events[2]->stream_version(), 3u);
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenAnAmountLeftOut, WhenLessIsLeftThanIsOpenThenAllThatIsLeft) {
  TwoInvoices books;
  const Done done = books.when(record_receipt({.amount = cny("130"), .to = {{"A"}, {"B"}}}));
  EXPECT_EQ(done.status, "applied");
  EXPECT_EQ(books.invoice("B").open_minor, 70'00);
}

TEST(GivenAnInvoiceNamedTwice, WhenBothPartsFitThenTheyAreOneApplication) {
  TwoInvoices books;
  const Done done =
      books.when(record_receipt({.amount = cny("100"), .to = {{"A", cny("30")}, {"B", cny("10")}, {"A", cny("20")}}}));
  EXPECT_EQ(done.story(), "ReceiptRecorded CashApplied CashApplied");
  EXPECT_EQ(books.invoice("A").open_minor, 50'00);
  EXPECT_EQ(books.when(record_receipt({.amount = cny("100"), .to = {{"A", cny("30")}, {"A", cny("20.01")}}})).code(),
            Refusal::exceeds_amount_due);
}

TEST(GivenOpenInvoices, WhenAReceiptCannotBeThenTheReasonAndPlaceAreNamed) {
  TwoInvoices books;
  books.given(register_customer({.id = "C-2"}), bill("X", cny("5"), "2026-01-10", {}, "C-2"),
              bill("P", cny("5"), "2026-01-10"), record_receipt({.amount = cny("5"), .to = {{"P"}}, .id = "R"}));
  const auto refused = [&](const ReceiptSpec& spec, Refusal code, std::string_view place) {
    const std::string before = state_bytes(books.state());
    const Done done = books.when(record_receipt(spec));
    EXPECT_EQ(done.code(), code) << done.verdict.detail;
    EXPECT_EQ(done.verdict.place, place);
    EXPECT_EQ(state_bytes(books.state()), before);
  };
  refused({.amount = cny("0")}, Refusal::invalid_value, "/amount");
  refused({.amount = cny("-1")}, Refusal::invalid_value, "/amount");
  refused({.amount = cny("1"), .customer = "C-0"}, Refusal::customer_unknown, "/customer");
  refused({.amount = money("1", Currency::EUR)}, Refusal::currency_mismatch, "/amount");
  refused({.amount = cny("1"), .id = "R"}, Refusal::receipt_exists, "/receipt");
  refused({.amount = cny("1"), .id = "RC-9"}, Refusal::invalid_value, "/receipt");
  refused({.amount = cny("1"), .to = {{"A"}}, .mode = fb::AllocationMode::none}, Refusal::invalid_value,
          "/applications");
  refused({.amount = cny("1"), .to = {{"Z"}}}, Refusal::invoice_unknown, "/applications/0/invoice");
  refused({.amount = cny("9"), .to = {{"A", cny("1")}, {"X"}}}, Refusal::invoice_unknown, "/applications/1/invoice");
  refused({.amount = cny("1"), .to = {{"P"}}}, Refusal::invoice_settled, "/applications/0/invoice");
  refused({.amount = cny("200"), .to = {{"A", cny("100.01")}}}, Refusal::exceeds_amount_due, "/applications/0/amount");
  refused({.amount = cny("50"), .to = {{"A", cny("50.01")}}}, Refusal::exceeds_unapplied, "/applications/0/amount");
  refused({.amount = cny("50"), .to = {{"A"}, {"B"}}}, Refusal::nothing_to_apply, "/applications/1/invoice");
  refused({.amount = cny("50"), .to = {{"A", cny("0")}}}, Refusal::invalid_value, "/applications/0/amount");
  refused({.amount = cny("50"), .to = {{"A", money("5", Currency::EUR)}}}, Refusal::currency_mismatch,
          "/applications/0/amount");
  refused({.amount = cny("50"), .to = std::vector<ApplicationSpec>(2001, {"A", cny("0.01")})}, Refusal::line_count,
          "/applications");
  books.given(record_receipt(
      {.amount = Money{std::numeric_limits<std::int64_t>::max(), Currency::CNY}, .mode = fb::AllocationMode::none}));
  refused({.amount = cny("1")}, Refusal::number_range, "/amount");
}

TEST(GivenInstalments, WhenPaidInPartThenTheEarliestAreFilledFirst) {
  TradingBooks books;
  books.given(publish_terms("THIRDS", thirds), issue_invoice({.lines = {{.tax_class = "zero", .net = cny("100")}},
                                                              .customer = "C-1",
                                                              .number = "A",
                                                              .terms = "THIRDS",
                                                              .on = "2026-01-05"}));
  const Done done = books.when(record_receipt({.amount = cny("45"), .to = {{"A"}}}));
  const auto& applied = done.event<fb::CashApplied>();
  ASSERT_EQ(applied.shares()->size(), 2u);
  EXPECT_EQ(applied.shares()->Get(0)->amount_minor(), 30'00);
  EXPECT_EQ(applied.shares()->Get(1)->amount_minor(), 15'00);
  EXPECT_EQ(from_fb(applied.shares()->Get(1)->due_date()), day("2026-01-25"));
  EXPECT_EQ(from_fb(*applied.issued_on()), day("2026-01-05"));
  EXPECT_EQ(view(applied.dimensions()->customer()), "C-1");
  EXPECT_EQ(applied.receipt_dimensions(), nullptr);  // the same
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenInstalmentsPaidInPart, WhenTakenBackInPartThenTheLatestReopenFirst) {
  TwoInvoices books;
  books.given(publish_terms("THIRDS", thirds),
              issue_invoice({.lines = {{.tax_class = "zero", .net = cny("100")}},
                             .customer = "C-1",
                             .number = "T",
                             .terms = "THIRDS",
                             .on = "2026-01-05"}),
              record_receipt({.amount = cny("45"), .to = {{"T"}}, .id = "R1"}),
              record_receipt({.amount = cny("55"), .to = {{"T"}}, .id = "R2"}));
  EXPECT_EQ(books.opens("T"), "0.00 0.00 0.00");
  books.given(unapply_cash("R1", "T", cny("20")));
  EXPECT_EQ(books.opens("T"), "5.00 15.00 0.00");
  EXPECT_EQ(books.receipt("R1").unapplied_minor, 20'00);
  books.given(apply_cash("R1", {{"T", cny("6")}}));
  EXPECT_EQ(books.opens("T"), "0.00 14.00 0.00");
  books.given(unapply_cash("R2", "T"));
  EXPECT_EQ(books.opens("T"), "0.00 29.00 40.00");
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenADimensionThatChanged, WhenCashIsAppliedThenInvoiceAndReceiptKeepTheirOwn) {
  TwoInvoices books;
  books.given(change_customer({.seller = "S-9"}));
  const Done done = books.when(record_receipt({.amount = cny("10"), .to = {{"A"}}}));
  const auto& applied = done.event<fb::CashApplied>();
  EXPECT_EQ(view(applied.dimensions()->seller()), "S-1");
  ASSERT_NE(applied.receipt_dimensions(), nullptr);
  EXPECT_EQ(view(applied.receipt_dimensions()->seller()), "S-9");
}

TEST(GivenMoneyFromBeforeTheInvoice, WhenAppliedThenOnTheDayOfTheInvoice) {
  TwoInvoices books;
  const Done done = books.when(record_receipt({.amount = cny("50"), .to = {{"B"}}, .id = "R", .on = "2026-01-12"}));
  EXPECT_EQ(from_fb(*done.events[0]->occurred_on()), day("2026-01-12"));
  EXPECT_EQ(from_fb(*done.events[1]->occurred_on()), day("2026-01-20"));
  books.given(record_receipt({.amount = cny("50"), .mode = fb::AllocationMode::none, .id = "S", .on = "2026-01-12"}));
  EXPECT_EQ(books.when(apply_cash("S", {{"B"}}, "2026-01-19")).code(), Refusal::dated_before_its_cause);
  EXPECT_TRUE(books.when(apply_cash("S", {{"B"}}, "2026-01-20")).verdict);
}

TEST(GivenCashTakenBack, WhenAppliedAgainThenNotBeforeThatDay) {
  TwoInvoices books;
  books.given(record_receipt({.amount = cny("100"), .to = {{"A"}}, .id = "R", .on = "2026-01-15"}));
  EXPECT_EQ(books.when(unapply_cash("R", "A", {}, "2026-01-14")).code(), Refusal::dated_before_its_cause);
  books.given(unapply_cash("R", "A", {}, "2026-02-10"), bill("Z", cny("1"), "2026-01-01"));
  // Until 10 February the invoice was paid and the receipt was used up: as of then nothing else may count.
  EXPECT_EQ(books.when(apply_cash("R", {{"Z"}}, "2026-02-09")).code(), Refusal::dated_before_its_cause);
  EXPECT_EQ(books.when(refund_receipt("R", {}, "2026-02-09")).code(), Refusal::dated_before_its_cause);
  const Done other = books.when(record_receipt({.amount = cny("100"), .to = {{"A"}}, .on = "2026-01-20"}));
  EXPECT_EQ(from_fb(*other.events[0]->occurred_on()), day("2026-01-20"));
  EXPECT_EQ(from_fb(*other.events[1]->occurred_on()), day("2026-02-10"));
}

TEST(GivenCashApplied, WhenBouncedThenInvoicesAreOpenAgainWithTheirDueDates) {
  TwoInvoices books;
  const Date due = books.invoice("A").instalments[0].due_date;
  books.given(record_receipt({.amount = cny("210"), .to = {{"A"}, {"B", cny("50")}}, .id = "R", .on = "2026-02-01"}),
              refund_receipt("R", cny("10"), "2026-02-02"));
  EXPECT_EQ(books.when(return_receipt("R", "2026-02-01")).code(), Refusal::dated_before_its_cause);
  const Done done = books.when(return_receipt("R", "2026-02-03"));
  EXPECT_EQ(done.story(), "CashUnapplied CashUnapplied ReceiptReturned");
  EXPECT_EQ(done.status, "returned");
  EXPECT_EQ(done.event<fb::ReceiptReturned>().amount()->amount_minor(), 200'00);
  EXPECT_EQ(from_fb(done.event<fb::CashUnapplied>().shares()->Get(0)->due_date()), due);
  EXPECT_EQ(books.invoice("A").open_minor, 100'00);
  EXPECT_EQ(books.invoice("A").instalments[0].due_date, due);
  EXPECT_EQ(books.receipt("R").unapplied_minor, 0);
  EXPECT_EQ(books.receipt("R").returned_minor, 200'00);
  EXPECT_EQ(books.exposure().receivables_minor, 200'00);
  EXPECT_EQ(books.exposure().unapplied_minor, 0);
  EXPECT_EQ(books.state().open_invoices.at("C-1"),
            (std::vector<std::string_view>{"A", "B"}));  // in order of issue again
  EXPECT_EQ(books.when(return_receipt("R")).code(), Refusal::already_done);
  EXPECT_EQ(books.when(apply_cash("R", {{"A"}})).code(), Refusal::nothing_to_apply);
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenUnappliedCash, WhenRefundedThenAtMostThat) {
  TwoInvoices books;
  books.given(record_receipt({.amount = cny("150"), .to = {{"A"}}, .id = "R"}));
  EXPECT_EQ(books.when(refund_receipt("R", cny("50.01"))).code(), Refusal::exceeds_unapplied);
  EXPECT_EQ(books.when(refund_receipt("R", cny("0"))).code(), Refusal::invalid_value);
  EXPECT_EQ(books.when(refund_receipt("R", money("1", Currency::EUR))).code(), Refusal::currency_mismatch);
  EXPECT_EQ(books.when(refund_receipt("Q")).code(), Refusal::receipt_unknown);
  EXPECT_EQ(books.when(refund_receipt("R", cny("20"))).status, "partly_refunded");
  const Done rest = books.when(refund_receipt("R"));
  EXPECT_EQ(rest.event<fb::ReceiptRefunded>().amount()->amount_minor(), 30'00);
  EXPECT_EQ(books.when(refund_receipt("R")).code(), Refusal::exceeds_unapplied);
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenAReceiptRefundedWhole, WhenReturnedThenNothingToDo) {
  TwoInvoices books;
  books.given(record_receipt({.amount = cny("5"), .mode = fb::AllocationMode::none, .id = "R"}), refund_receipt("R"));
  EXPECT_EQ(books.when(return_receipt("R")).code(), Refusal::nothing_to_do);
}

TEST(GivenCashApplied, WhenMoreIsTakenBackThanWasAppliedThenRefused) {
  TwoInvoices books;
  books.given(record_receipt({.amount = cny("50"), .to = {{"A"}}, .id = "R"}));
  EXPECT_EQ(books.when(unapply_cash("R", "A", cny("50.01"))).code(), Refusal::exceeds_amount_due);
  EXPECT_EQ(books.when(unapply_cash("R", "A", cny("-1"))).code(), Refusal::invalid_value);
  EXPECT_EQ(books.when(unapply_cash("R", "B")).code(), Refusal::nothing_to_do);
  EXPECT_EQ(books.when(unapply_cash("R", "Z")).code(), Refusal::invoice_unknown);
  EXPECT_EQ(books.when(unapply_cash("Q", "A")).code(), Refusal::receipt_unknown);
  books.given(unapply_cash("R", "A"));
  EXPECT_EQ(books.when(unapply_cash("R", "A")).code(), Refusal::nothing_to_do);
}

TEST(GivenRulesThatWantExactPayment, WhenAReceiptIsNotExactThenRefused) {
  TwoInvoices books;
  books.given(bill("P", cny("5"), "2026-01-10"), record_receipt({.amount = cny("5"), .to = {{"P"}}}),
              invoice_rules(fb::InvoiceBasis::shipped, true));
  const auto refused = [&](const ReceiptSpec& spec, Refusal code) {
    EXPECT_EQ(books.when(record_receipt(spec)).code(), code);
  };
  refused({.amount = cny("100")}, Refusal::invoice_unknown);
  refused({.amount = cny("100"), .mode = fb::AllocationMode::oldest_first}, Refusal::invoice_unknown);
  refused({.amount = cny("100"), .to = {{"Z"}}}, Refusal::invoice_unknown);
  refused({.amount = cny("200"), .to = {{"A"}, {"B"}}}, Refusal::line_count);
  refused({.amount = cny("5"), .to = {{"P"}}}, Refusal::invoice_settled);
  refused({.amount = cny("99.99"), .to = {{"A"}}}, Refusal::payment_not_exact);
  refused({.amount = cny("100.01"), .to = {{"A"}}}, Refusal::payment_not_exact);
  refused({.amount = cny("100"), .to = {{"A", cny("99")}}}, Refusal::payment_not_exact);
  EXPECT_EQ(books.when(record_receipt({.amount = cny("100"), .to = {{"A"}}})).status, "applied");
}

TEST(GivenUnappliedCashNearTheEndOf64Bits, WhenMoreWouldComeBackThenItIsRefused) {
  TwoInvoices books;
  const Money rest{std::numeric_limits<std::int64_t>::max() - 100'00, Currency::CNY};
  using Mode = fb::AllocationMode;
  books.given(record_receipt({.amount = rest, .mode = Mode::none, .on = "2026-02-01"}));
  books.given(record_receipt({.amount = cny("100"), .to = {{"A"}}, .id = "R-A", .on = "2026-02-01"}));
  books.given(record_receipt({.amount = cny("100"), .mode = Mode::none, .on = "2026-02-01"}));
  EXPECT_EQ(books.when(unapply_cash("R-A", "A")).code(), Refusal::number_range);
  EXPECT_EQ(books.when(return_receipt("R-A")).code(), Refusal::number_range);
  books.given(refund_receipt("RC-1", cny("100")), unapply_cash("R-A", "A"));
  EXPECT_EQ(broken(books.state()), "");
}

}  // namespace
}  // namespace o2c::test
