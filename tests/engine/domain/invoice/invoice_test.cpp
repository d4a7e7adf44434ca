#include <random>

#include "tests/support/invoice_books.hpp"

namespace o2c::test {
namespace {

using enum fb::TaxRounding;

/// 348.35 * 16 less 4 %, tax 22 %.
const InvoiceLineSpec golden{.price = "348.35", .quantity = "16", .discount = "4", .tax_class = "it"};
Wish italian_tax(fb::TaxRounding rounding) { return publish_tax({{}, {.tax_class = "it", .rate = "22"}}, rounding); }

struct Books348 : Books {
  explicit Books348(fb::TaxRounding rounding) {
    given(italian_tax(rounding), register_customer({}), register_product({.tax_class = "it"}), goods_in());
  }
};

class GivenRounding : public testing::TestWithParam<fb::TaxRounding> {};
INSTANTIATE_TEST_SUITE_P(Both, GivenRounding, testing::Values(category, line),
                         [](const auto& mode) { return mode.param == category ? "Category" : "Line"; });

TEST_P(GivenRounding, WhenOneLineIsBilledByHandThenNetAndTaxAreTheGoldenFigures) {
  Books348 books(GetParam());
  const Done done = books.when(issue_invoice({.lines = {golden}, .customer = "C-1"}));
  const auto& issued = done.event<fb::InvoiceIssued>();
  EXPECT_EQ(issued.total_without_tax_minor(), 5350'66);
  EXPECT_EQ(issued.tax_minor(), 1177'15);
  EXPECT_EQ(issued.total_with_tax_minor(), 6527'81);
  EXPECT_EQ(issued.lines()->Get(0)->tax_minor(), 1177'15);
}

TEST_P(GivenRounding, WhenAnOrderOfTheSameLineIsBilledThenTheFiguresAreTheSame) {
  Books348 books(GetParam());
  books.given(order_of("SO-A", {.lines = {{.quantity = "16", .price = "348.35", .discount = "4"}}}), goods_out("SO-A"));
  const Done done = books.when(issue_invoice({.order = "SO-A"}));
  const auto& issued = done.event<fb::InvoiceIssued>();
  EXPECT_EQ(issued.total_without_tax_minor(), 5350'66);
  EXPECT_EQ(issued.total_with_tax_minor(), 6527'81);
  EXPECT_EQ(issued.total_with_tax_minor(), books.state().orders.find("SO-A")->document->total_minor());
}

TEST_P(GivenRounding, WhenTwentyLinesOfOneAndFourCentsThenTaxIsOfTheMode) {
  TradingBooks books;
  books.given(taxes(GetParam()));
  const Done done =
      books.when(issue_invoice({.lines = std::vector<InvoiceLineSpec>(20, {.price = "1.04"}), .customer = "C-1"}));
  const auto& issued = done.event<fb::InvoiceIssued>();
  const std::int64_t tax = GetParam() == line ? 2'80 : 2'70;
  EXPECT_EQ(issued.tax_minor(), tax);
  EXPECT_EQ(issued.total_with_tax_minor(), 20'80 + tax);
  std::int64_t shown = 0;
  for (const auto* l : *issued.lines()) shown += l->tax_minor();
  EXPECT_EQ(shown, tax);
}

TEST(GivenLinesOfThreeRates, WhenBilledThenTheBreakdownAddsUp) {
  TradingBooks books;
  const Done done = books.when(issue_invoice({.lines = {{.price = "10.01"},
                                                        {.price = "20.03", .tax_class = "reduced"},
                                                        {.price = "5", .tax_class = "zero"},
                                                        {.price = "0.99"}},
                                              .customer = "C-1"}));
  const auto& issued = done.event<fb::InvoiceIssued>();
  ASSERT_EQ(issued.breakdown()->size(), 3u);
  const auto row = [&](unsigned i) { return issued.breakdown()->Get(i); };
  EXPECT_EQ(row(0)->taxable_minor(), 20'03);  // S 9 %
  EXPECT_EQ(row(0)->tax_minor(), 1'80);       // 1.8027
  EXPECT_EQ(row(1)->taxable_minor(), 11'00);  // S 13 %
  EXPECT_EQ(row(1)->tax_minor(), 1'43);
  EXPECT_EQ(view(row(2)->category()), "Z");
  EXPECT_EQ(row(2)->tax_minor(), 0);
  EXPECT_EQ(issued.total_without_tax_minor(), 36'03);
  EXPECT_EQ(issued.tax_minor(), 3'23);
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenAManualLine, WhenItCannotBeAnAmountThenTheFieldIsNamed) {
  TradingBooks books;
  const auto refused = [&](const InvoiceLineSpec& line, Refusal code, std::string_view field) {
    const Done done = books.when(issue_invoice({.lines = {{.price = "1"}, line}, .customer = "C-1"}));
    EXPECT_EQ(done.code(), code) << done.verdict.detail;
    EXPECT_EQ(done.verdict.place, "/lines/1/" + std::string(field));
  };
  refused({}, Refusal::invalid_value, "net");
  refused({.price = "1", .net = cny("1")}, Refusal::invalid_value, "net");
  refused({.net = cny("0")}, Refusal::invalid_value, "net");
  refused({.net = cny("-5")}, Refusal::invalid_value, "net");
  refused({.net = money("1", Currency::EUR)}, Refusal::currency_mismatch, "net");
  refused({.discount = "5", .net = cny("1")}, Refusal::invalid_value, "discount");
  refused({.price = "1", .discount = "100.0001"}, Refusal::invalid_value, "discount");
  refused({.price = "1", .discount = "100"}, Refusal::invalid_value, "unit_price");
  refused({.price = "-1"}, Refusal::invalid_value, "unit_price");
  refused({.price = "0.004"}, Refusal::invalid_value, "unit_price");  // rounds to nothing
  refused({.price = "1", .quantity = "0"}, Refusal::invalid_value, "quantity");
  refused({.price = "1", .quantity = "-2"}, Refusal::invalid_value, "quantity");
  refused({.price = "1", .quantity = "0.5", .product = "P-1"}, Refusal::inexact_conversion,
          "quantity");  // pieces are whole
  refused({.price = "9000000000000", .quantity = "9000000000000"}, Refusal::number_range, "unit_price");
  refused({.price = "1", .product = "P-0"}, Refusal::product_unknown, "product");
  refused({.price = "1", .tax_class = "luxury"}, Refusal::no_tax_rule, "tax_class");
  EXPECT_TRUE(books.state().invoices.rows().empty());
}

TEST(GivenAManualInvoice, WhenItCannotBeThenNothingIsDrawn) {
  TradingBooks books;
  const auto refused = [&](const InvoiceSpec& spec, Refusal code, std::string_view place) {
    const Done done = books.when(issue_invoice(spec));
    EXPECT_EQ(done.code(), code) << done.verdict.detail;
    EXPECT_EQ(done.verdict.place, place);
  };
  const std::vector<InvoiceLineSpec> one = {{.price = "1"}};
  refused({.customer = "C-1"}, Refusal::invalid_value, "/order");
  refused({.order = "SO-A", .lines = one, .customer = "C-1"}, Refusal::invalid_value, "/order");
  refused({.order = "SO-A"}, Refusal::order_unknown, "/order");
  refused({.shipment = "SH-A"}, Refusal::shipment_unknown, "/shipment");
  refused({.lines = one, .customer = "C-0"}, Refusal::customer_unknown, "/customer");
  refused({.lines = one}, Refusal::customer_unknown, "/customer");
  refused({.lines = one, .customer = "C-1", .currency = Currency::EUR}, Refusal::currency_mismatch, "/currency");
  refused({.lines = one, .customer = "C-1", .terms = "NET0"}, Refusal::terms_unknown, "/payment_terms");
  refused({.lines = one, .customer = "C-1", .due = "2026-01-09", .on = "2026-01-10"}, Refusal::date_range, "/due_date");
  refused({.lines = one, .customer = "C-1", .due = "2200-01-01", .on = "2026-01-10"}, Refusal::date_range, "/due_date");
  refused({.lines = one, .customer = "C-1", .id = "INV-7"}, Refusal::invalid_value, "/invoice");
  refused({.lines = one, .customer = "C-1", .number = "INV-7"}, Refusal::invalid_value, "/number");
  refused({.lines = one, .customer = "C-1", .number = "CN-7"}, Refusal::invalid_value, "/number");
  refused({.lines = std::vector<InvoiceLineSpec>(2001, {.price = "1"}), .customer = "C-1"}, Refusal::line_count,
          "/lines");
  const std::vector<InvoiceLineSpec> huge = {
      {.price = "1", .tax_class = "zero", .net = {}},
      {.tax_class = "zero", .net = Money{std::numeric_limits<std::int64_t>::max(), Currency::CNY}}};
  refused({.lines = huge, .customer = "C-1"}, Refusal::number_range, "/lines");
  const Done first = books.when(issue_invoice({.lines = one, .customer = "C-1"}));
  EXPECT_EQ(first.id, "INV-1");
}

TEST(GivenReceivablesNearTheEndOfTheRange, WhenOneMoreInvoiceThenRefusedInsteadOfOverflow) {
  TradingBooks books;
  books.given(bill("A", Money{std::numeric_limits<std::int64_t>::max(), Currency::CNY}, "2026-01-05"));
  EXPECT_EQ(books.when(bill("B", cny("0.01"), "2026-01-05")).code(), Refusal::number_range);
}

TEST(GivenNoTaxRules, WhenBilledByHandThenNoTaxRule) {
  Books books{Books::Empty{}};
  books.given(open_company(), register_customer({.terms = ""}));
  EXPECT_EQ(books.when(issue_invoice({.lines = {{.price = "1"}}, .customer = "C-1"})).code(), Refusal::no_tax_rule);
}

TEST(GivenTerms, WhenBilledThenInstalmentsFollowThemUnlessADueDateIsGiven) {
  TradingBooks books;
  books.given(publish_terms("HALVES", {{.percent = "50", .days = 10}, {.days = 40}}));
  const auto dues = [&](const InvoiceSpec& spec) {
    std::string out;
    const Done done = books.when(issue_invoice(spec));
    for (const auto* i : *done.event<fb::InvoiceIssued>().instalments()) {
      out += format_date(from_fb(*i->due_date())) + " " + format_amount(i->amount_minor(), Currency::CNY) + " ";
    }
    return out;
  };
  const std::vector<InvoiceLineSpec> lines = {{.price = "100.01", .tax_class = "zero"}};
  EXPECT_EQ(dues({.lines = lines, .customer = "C-1", .on = "2026-01-10"}), "2026-02-09 100.01 ");
  EXPECT_EQ(dues({.lines = lines, .customer = "C-1", .terms = "HALVES", .on = "2026-01-10"}),
            "2026-01-20 50.01 2026-02-19 50.00 ");
  EXPECT_EQ(dues({.lines = lines, .customer = "C-1", .due = "2026-01-10", .on = "2026-01-10"}), "2026-01-10 100.01 ");
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenIssuersAndRefusals, WhenNumbersAreDrawnThenTheyAreGapless) {
  TradingBooks books;
  std::mt19937 random(20260105);
  unsigned issued = 0, reversed = 0;
  for (int i = 0; i < 300; ++i) {
    switch (random() % 4) {
      case 0:
        EXPECT_EQ(books.when(issue_invoice({.lines = {{.price = "1"}}, .customer = "C-1"})).id,
                  fmt::format("INV-{}", ++issued));
        break;
      case 1: EXPECT_FALSE(books.when(issue_invoice({.lines = {{.price = "0"}}, .customer = "C-1"})).verdict); break;
      case 2: books.given(bill(fmt::format("OLD-{}", i), cny("1"), "2026-01-05")); break;
      default: {
        if (issued == 0) break;
        const Done done = books.when(reverse_invoice(fmt::format("INV-{}", random() % issued + 1)));
        if (done.verdict) {
          EXPECT_EQ(view(done.event<fb::InvoiceReversed>().credit_note()), fmt::format("CN-{}", ++reversed));
        } else {
          EXPECT_EQ(done.code(), Refusal::already_done);
        }
      }
    }
  }
  EXPECT_GT(issued, 50u);
  EXPECT_GT(reversed, 20u);
  EXPECT_EQ(books.state().series.find("INV")->last, issued);
  EXPECT_EQ(books.state().series.find("CN")->last, reversed);
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenANumberOfElsewhere, WhenItComesAgainThenRefused) {
  TradingBooks books;
  books.given(bill("2025/0017", cny("1"), "2026-01-05"));
  EXPECT_EQ(books.when(bill("2025/0017", cny("1"), "2026-01-05")).code(), Refusal::invoice_exists);
  EXPECT_EQ(books.when(issue_invoice({.lines = {{.price = "1"}}, .customer = "C-1", .id = "2025/0017"})).code(),
            Refusal::invoice_exists);
  EXPECT_EQ(books.state().series.find("INV"), nullptr);
}

TEST(GivenAnInvoice, WhenReversedThenTheCreditNoteRepeatsItAndNothingIsOpen) {
  TradingBooks books;
  const Done issue =
      books.when(issue_invoice({.lines = {{.price = "10", .quantity = "3", .product = "P-1", .description = "Bolts"},
                                          {.price = "2", .tax_class = "reduced"}},
                                .customer = "C-1",
                                .terms = "NET30",
                                .on = "2026-01-05"}));
  const auto& issued = issue.event<fb::InvoiceIssued>();
  EXPECT_EQ(books.exposure().receivables_minor, 36'08);
  const Done done = books.when(reverse_invoice("INV-1", "2026-01-20"));
  const auto& credit = done.event<fb::InvoiceReversed>();
  EXPECT_EQ(view(credit.credit_note()), "CN-1");
  EXPECT_EQ(credit.total_with_tax_minor(), issued.total_with_tax_minor());
  EXPECT_EQ(credit.total_without_tax_minor(), issued.total_without_tax_minor());
  ASSERT_EQ(credit.lines()->size(), 2u);
  EXPECT_EQ(view(credit.lines()->Get(0)->product()), "P-1");
  EXPECT_EQ(view(credit.lines()->Get(0)->description()), "Bolts");
  EXPECT_EQ(credit.lines()->Get(0)->unit_price()->micros(), 10'000000);
  ASSERT_EQ(credit.breakdown()->size(), issued.breakdown()->size());
  for (unsigned i = 0; i < credit.breakdown()->size(); ++i) {
    EXPECT_EQ(view(credit.breakdown()->Get(i)->category()), view(issued.breakdown()->Get(i)->category()));
    EXPECT_EQ(credit.breakdown()->Get(i)->rate()->ppm(), issued.breakdown()->Get(i)->rate()->ppm());
    EXPECT_EQ(credit.breakdown()->Get(i)->taxable_minor(), issued.breakdown()->Get(i)->taxable_minor());
    EXPECT_EQ(credit.breakdown()->Get(i)->tax_minor(), issued.breakdown()->Get(i)->tax_minor());
  }
  EXPECT_EQ(from_fb(*credit.instalments()->Get(0)->due_date()), day("2026-02-04"));
  EXPECT_EQ(from_fb(*credit.issued_on()), day("2026-01-05"));
  EXPECT_EQ(books.invoice("INV-1").open_minor, 0);
  EXPECT_EQ(books.exposure().receivables_minor, 0);
  EXPECT_TRUE(books.state().open_invoices.at("C-1").empty());
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenAnInvoice, WhenItCannotBeReversedThenTheReasonIsNamed) {
  TradingBooks books;
  books.on("2026-02-01")
      .given(bill("A", cny("100"), "2026-01-10"),
             record_receipt({.amount = cny("40"), .to = {{"A"}}, .id = "R", .on = "2026-01-20"}));
  EXPECT_EQ(books.when(reverse_invoice("B")).code(), Refusal::invoice_unknown);
  EXPECT_EQ(books.when(reverse_invoice("A", {}, "")).code(), Refusal::invalid_value);
  EXPECT_EQ(books.when(reverse_invoice("A")).code(), Refusal::has_applications);
  books.given(unapply_cash("R", "A", {}, "2026-01-25"));
  EXPECT_EQ(books.when(reverse_invoice("A", "2026-01-24")).code(), Refusal::dated_before_its_cause);
  books.given(reverse_invoice("A", "2026-01-25"));
  EXPECT_EQ(books.when(reverse_invoice("A")).code(), Refusal::already_done);
  EXPECT_EQ(books.when(apply_cash("R", {{"A"}})).code(), Refusal::invoice_settled);
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenAClosedPeriod, WhenBilledAndReversedThenPostedOnTheFirstOpenDay) {
  TradingBooks books;
  books.on("2026-02-10").given(bill("A", cny("100"), "2026-01-10"), close_period("2026-01-31"));
  const Done late = books.when(bill("B", cny("100"), "2026-01-11"));
  EXPECT_EQ(from_fb(*late.events[0]->occurred_on()), day("2026-01-11"));
  EXPECT_EQ(from_fb(*late.events[0]->posted_on()), day("2026-02-01"));
  const Done reversal = books.when(reverse_invoice("A", "2026-01-15"));
  EXPECT_EQ(from_fb(*reversal.events[0]->posted_on()), day("2026-02-01"));
  EXPECT_EQ(from_fb(*reversal.event<fb::InvoiceReversed>().invoice_posted_on()), day("2026-01-10"));
}

}  // namespace
}  // namespace o2c::test
