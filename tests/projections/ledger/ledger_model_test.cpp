#include "projections/ledger/ledger_model.hpp"

#include <algorithm>

#include "tests/support/sales_facts.hpp"

namespace o2c::test {
namespace {

/// An invoice of 1,130.00 with tax, 500.00 received and applied; then the invoice is given up: taken back, reversed, refunded in part.
struct LedgerBooks : TradingBooks {
  LedgerBooks() {
    on("2026-01-10");
    given(issue_invoice({.lines = {{.net = cny("1000.00")}}, .customer = "C-1", .id = "I-1", .on = "2026-01-10"}));
    on("2026-02-05");
    given(record_receipt({.amount = cny("500.00"), .to = {{"I-1"}}, .id = "R-1", .on = "2026-02-05"}));
    on("2026-03-03");
    given(unapply_cash("R-1", "I-1", {}, "2026-03-03"), reverse_invoice("I-1", "2026-03-04"),
          refund_receipt("R-1", cny("200.00"), "2026-03-05"));
  }
};

TEST(GivenInvoiceAndReceipt, WhenTrialBalanceThenOpeningPeriodAndClosingOfEachAccount) {
  const LedgerBooks books;
  const auto ledger = folded<Ledger>(books);
  EXPECT_EQ(text_of(ledger.trial_balance(view_at("2026-02-28"), {.from = day("2026-02-01"), .until = {}})),
            "1002,Bank,银行存款,CNY,0.00,0.00,500.00,0.00,500.00,0.00\n"
            "1122,Accounts receivable,应收账款,CNY,1130.00,0.00,0.00,500.00,630.00,0.00\n"
            "2203,Customer advances,预收账款,CNY,0.00,0.00,500.00,500.00,0.00,0.00\n"
            "2221.01,Output tax,应交增值税（销项税额）,CNY,0.00,130.00,0.00,0.00,0.00,130.00\n"
            "6001,Revenue,主营业务收入,CNY,0.00,1000.00,0.00,0.00,0.00,1000.00\n"
            "total,Total,合计,CNY,1130.00,1130.00,1000.00,1000.00,1130.00,1130.00\n");
}

TEST(GivenReversedInvoice, WhenTrialBalanceOfAllThenOnlyTheUnrefundedCashIsLeft) {
  const LedgerBooks books;
  const auto ledger = folded<Ledger>(books);
  const Report report = ledger.trial_balance(view_at("2026-12-31"));
  EXPECT_EQ(cell_of(report, {"1002"}, "closing_debit"), "300.00");
  EXPECT_EQ(cell_of(report, {"2203"}, "closing_credit"), "300.00");
  EXPECT_EQ(cell_of(report, {"1122"}, "closing_debit"), "0.00");
  EXPECT_EQ(cell_of(report, {"total"}, "debit"), cell_of(report, {"total"}, "credit"));
}

TEST(GivenSumBeyond64Bits, WhenReportedThenReportColumnAndRowAreNamedInsteadOfABlank) {
  TradingBooks books;
  books.given(register_customer({.id = "C-2"}));
  for (const auto* customer : {"C-1", "C-2"})
    books.given(record_receipt(
        {.amount = cny("60000000000000000.00"), .id = fmt::format("R-{}", customer), .customer = customer}));
  const auto ledger = folded<Ledger>(books);
  const auto fit = sums_fit({ledger.trial_balance(view_at("2026-12-31"))});
  ASSERT_FALSE(fit);
  EXPECT_EQ(
      fit.error().message,
      "trial_balance: debit of '1002 Bank 银行存款 CNY' does not fit into 64 bits; ask for a shorter period or smaller "
      "groups");
  const auto journal = ledger.journal(view_at("2026-12-31"), {}, {.account = "1002", .customer = {}});
  ASSERT_TRUE(journal);
  EXPECT_FALSE(sums_fit({*journal})) << "the balance after the second receipt";
  const auto of_one = ledger.journal(view_at("2026-12-31"), {}, {.account = {}, .customer = "C-1"});
  ASSERT_TRUE(of_one);
  EXPECT_TRUE(sums_fit({*of_one}));
}

TEST(GivenOneAccount, WhenJournalOfAPeriodThenEachBalanceBeginsWithWhatWasThere) {
  const LedgerBooks books;
  const auto ledger = folded<Ledger>(books);
  const auto report = ledger.journal(view_at("2026-12-31"), {.from = day("2026-02-01"), .until = day("2026-03-05")},
                                     {.account = "1122", .customer = "C-1"});
  ASSERT_TRUE(report);
  std::string balances;
  for (const auto& row : report->rows)
    balances += cell_text(row[0]) + " " + cell_text(row[3]) + " " + cell_text(row.back()) + "\n";
  EXPECT_EQ(balances,
            "2026-02-05 Receipt R-1 applied to invoice I-1 630.00\n"
            "2026-03-03 Receipt R-1 taken back from invoice I-1 1130.00\n"
            "2026-03-04 Credit note CN-1 for invoice I-1 0.00\n");
}

TEST(GivenNoSuchAccount, WhenAskedThenNotFound) {
  const Ledger ledger;
  EXPECT_EQ(ledger.journal(view_at("2026-01-01"), {}, {.account = "9999", .customer = {}}).error().code,
            ErrorCode::not_found);
  EXPECT_EQ(ledger.explain(view_at("2026-01-01"), {}, {"9999", Currency::CNY, "debit"}).error().code,
            ErrorCode::not_found);
  EXPECT_EQ(ledger.explain(view_at("2026-01-01"), {}, {"1122", Currency::CNY, "balance"}).error().code,
            ErrorCode::invalid_input);
}

TEST(GivenTrialBalance, WhenACellIsExplainedThenTheFactsSumToIt) {
  const LedgerBooks books;
  const auto ledger = folded<Ledger>(books);
  const View view = view_at("2026-03-31");
  const Period period{.from = day("2026-02-01"), .until = {}};
  const Report report = ledger.trial_balance(view, period);
  int accounts = 0;
  for (const AccountInfo& account : chart_of_accounts()) {
    const auto is_of_account = [&](const auto& cells) { return cell_text(cells[0]) == account.code; };
    if (std::ranges::none_of(report.rows, is_of_account)) continue;  // nothing was posted there
    ++accounts;
    for (const std::string column : {"opening", "debit", "credit", "closing"}) {
      const auto parts = ledger.explain(view, period, {std::string(account.code), Currency::CNY, column});
      ASSERT_TRUE(parts);
      std::int64_t sum = 0;
      for (const Contribution& part : *parts) sum += part.amount;
      const bool balance = column == "opening" || column == "closing";
      const auto shown = [&](const std::string& name) {
        return parse_decimal(cell_of(report, {std::string(account.code)}, name), 2).value();
      };
      EXPECT_EQ(sum, balance ? shown(column + "_debit") - shown(column + "_credit") : shown(column))
          << account.code << " " << column;
    }
  }
  EXPECT_EQ(accounts, 5);
  for (const std::string column : {"debit", "credit"}) {
    const auto parts = ledger.explain(view, period, {"total", Currency::CNY, column});
    std::int64_t sum = 0;
    for (const Contribution& part : *parts) sum += part.amount;
    EXPECT_EQ(sum, parse_decimal(cell_of(report, {"total"}, column), 2).value()) << column;
  }
  EXPECT_EQ(ledger.explain(view, period, {"total", Currency::CNY, "closing"}).error().code, ErrorCode::invalid_input);
  EXPECT_EQ(ledger.explain(view, period, {"1122", Currency::EUR, "debit"}).error().code, ErrorCode::not_found);
}

TEST(GivenClosedPeriod, WhenLateFactThenPostingAndBusinessBasisDiffer) {
  TradingBooks books;
  books.on("2026-02-10").given(close_period("2026-01-31"));
  books.given(bill("B-1", cny("80.00"), "2026-01-20"));
  const auto ledger = folded<Ledger>(books);
  EXPECT_EQ(ledger.balance(view_at("2026-01-31"), Account::receivables, Currency::CNY), 0);
  EXPECT_EQ(
      ledger.balance(view_at("2026-01-31", ~std::uint64_t{0}, Basis::business), Account::receivables, Currency::CNY),
      8000);
}

TEST(GivenAnyHistory, WhenLaterFactsComeThenTheReportAtItsPositionStaysByteForByte) {
  LedgerBooks books;
  const std::uint64_t known = books.entries().size();
  Ledger ledger = folded<Ledger>(books);
  const View view = view_at("2026-03-04", known);
  const Hash32 balance = report_hash(ledger.trial_balance(view)), journal = report_hash(*ledger.journal(view));
  books.given(bill("B-2", cny("70.00"), "2026-01-11"),
              record_receipt({.amount = cny("70.00"), .to = {{"B-2"}}, .id = "R-2", .on = "2026-01-12"}));
  each_fact(
      books, [&](const Fact& fact) { ledger.fold(fact); }, known + 1);
  EXPECT_EQ(report_hash(ledger.trial_balance(view)), balance);
  EXPECT_EQ(report_hash(*ledger.journal(view)), journal);
  EXPECT_NE(report_hash(ledger.trial_balance(view_at("2026-03-04"))), balance);
  EXPECT_EQ(ledger.content_hash(), folded<Ledger>(books).content_hash());
}

}  // namespace
}  // namespace o2c::test
