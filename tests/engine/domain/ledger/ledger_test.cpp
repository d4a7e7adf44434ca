#include "tests/support/invoice_books.hpp"

namespace o2c::test {
namespace {

/// "1122 D 113.00, 6001 C 100.00, 2221.01 C 13.00"
std::string entry(const fb::Event& event) {
  const auto made = postings_of(event);
  if (!made) return "none";
  std::string out;
  for (const Posting& p : made->postings) {
    const bool debit = p.debit_minor > 0;
    out += fmt::format("{}{} {} {}", out.empty() ? "" : ", ", account_info(p.account).code, debit ? "D" : "C",
                       format_amount(debit ? p.debit_minor : p.credit_minor, made->currency));
  }
  return out;
}

TEST(GivenAnInvoiceWithFreight, WhenPostedThenRevenueFreightAndTaxAreApart) {
  TradingBooks books;
  books.given(order_of("O", {.lines = {{.quantity = "10", .price = "10"}}, .freight = cny("20")}), goods_out("O"));
  const Done issue = books.when(issue_invoice({.order = "O"}));
  EXPECT_EQ(entry(*issue.events[0]), "1122 D 135.60, 6001 C 100.00, 6051 C 20.00, 2221.01 C 15.60");
  const Done credit = books.when(reverse_invoice("INV-1"));
  EXPECT_EQ(entry(*credit.events[0]), "1122 C 135.60, 6001 D 100.00, 6051 D 20.00, 2221.01 D 15.60");
  const auto made = postings_of(*credit.events[0]);
  EXPECT_EQ(made->customer, "C-1");
  EXPECT_EQ(made->text(Language::en), "Credit note CN-1 for invoice INV-1");
  EXPECT_EQ(made->text(Language::zh), "贷项通知单 CN-1，冲销发票 INV-1");
}

TEST(GivenCash, WhenPostedThenItPassesThroughCustomerAdvances) {
  TradingBooks books;
  books.given(bill("A", cny("100"), "2026-01-05"));
  const Done receipt = books.when(record_receipt({.amount = cny("150"), .to = {{"A"}}, .id = "R"}));
  EXPECT_EQ(entry(*receipt.events[0]), "1002 D 150.00, 2203 C 150.00");
  EXPECT_EQ(entry(*receipt.events[1]), "2203 D 100.00, 1122 C 100.00");
  EXPECT_EQ(entry(*books.when(refund_receipt("R", cny("10"))).events[0]), "2203 D 10.00, 1002 C 10.00");
  const Done bounce = books.when(return_receipt("R"));
  EXPECT_EQ(entry(*bounce.events[0]), "1122 D 100.00, 2203 C 100.00");
  EXPECT_EQ(entry(*bounce.events[1]), "2203 D 140.00, 1002 C 140.00");
  EXPECT_EQ(postings_of(*bounce.events[0])->text(Language::en), "Receipt R taken back from invoice A");
}

TEST(GivenAnEventThatMovesNoMoney, WhenPostedThenThereIsNoEntry) {
  TradingBooks books;
  const Done order = books.when(order_of("O", {.lines = {{.price = "1"}}}));
  ASSERT_FALSE(order.events.empty());
  for (const fb::Event* event : order.events) EXPECT_EQ(entry(*event), "none");
}

TEST(GivenTheChartOfAccounts, WhenLookedUpThenCodesAreInOrderAndNamed) {
  std::string_view last;
  for (const AccountInfo& info : chart_of_accounts()) {
    EXPECT_LT(last, info.code);
    last = info.code;
    EXPECT_EQ(find_account(info.code), &info);
    EXPECT_EQ(&account_info(info.account), &info);
    EXPECT_FALSE(info.name(Language::en).empty());
    EXPECT_NE(info.name(Language::zh), info.name(Language::en));
  }
  EXPECT_EQ(find_account("9999"), nullptr);
}

}  // namespace
}  // namespace o2c::test
