#include <numeric>
#include <random>

#include "tests/support/invoice_books.hpp"

// Invoices on orders and shipments.
namespace o2c::test {
namespace {

const OrderLineState& line_of(const Books& books, std::string_view order, std::size_t i = 0) {
  return books.state().orders.find(order)->lines[i];
}

TEST(GivenAnOrder, WhenBilledThenOnlyWhatWasShipped) {
  TradingBooks books;
  books.given(order_of("O", {.lines = {{.quantity = "10", .price = "7"}}}));
  const Done early = books.when(issue_invoice({.order = "O"}));
  EXPECT_EQ(early.code(), Refusal::exceeds_billable);
  EXPECT_EQ(early.verdict.place, "/order");
  books.given(goods_out("O", {{1, "4"}}));
  const Done done = books.when(issue_invoice({.order = "O"}));
  EXPECT_EQ(done.event<fb::InvoiceIssued>().total_without_tax_minor(), 28'00);
  EXPECT_EQ(done.event<fb::InvoiceIssued>().lines()->Get(0)->quantity()->millionths(), millionths("4"));
  EXPECT_EQ(line_of(books, "O").invoiced, millionths("4"));
  EXPECT_EQ(books.when(issue_invoice({.order = "O"})).code(), Refusal::exceeds_billable);
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenBasisOrdered, WhenBilledThenAllThatIsOrderedUnlessOnHold) {
  TradingBooks books;
  books.given(invoice_rules(fb::InvoiceBasis::ordered), order_of("O", {.lines = {{.quantity = "10", .price = "7"}}}));
  const Done done = books.when(issue_invoice({.order = "O"}));
  EXPECT_EQ(done.event<fb::InvoiceIssued>().total_without_tax_minor(), 70'00);
  books.given(order_of("H", {.lines = {{.quantity = "2", .price = "7"}}}), wish([](Builder& b) {
                return fb::CreateHoldOrder(b, b.CreateString("H"), fb::HoldKind::manual, b.CreateString("call first"));
              }));
  EXPECT_EQ(books.when(issue_invoice({.order = "H"})).code(), Refusal::exceeds_billable);
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenDocumentsOfOneCustomer, WhenTheyRepeatWhatItSaysThenMemoryHoldsItOnce) {
  TradingBooks books;
  books.given(order_of("O", {.lines = {{.price = "7"}}}), goods_out("O"), issue_invoice({.order = "O"}),
              record_receipt({.amount = cny("1"), .id = "R"}));
  const CompanyState& state = books.state();
  const Document& document = *state.orders.find("O")->document;
  const Customer& customer = *state.customers.find(document.dimensions->customer);
  EXPECT_EQ(document.dimensions, customer.dimensions);
  EXPECT_EQ(document.ship_to, customer.delivery);
  EXPECT_EQ(state.shipments.find("SH-1")->ship_to.get(), &document.ship_to->front());
  EXPECT_EQ(state.invoices.find("INV-1")->dimensions, customer.dimensions);
  EXPECT_EQ(state.receipts.find("R")->dimensions, customer.dimensions);

  books.given(change_customer({.id = customer.id, .seller = "Another"}));
  EXPECT_NE(document.dimensions, customer.dimensions);
  EXPECT_EQ(state.invoices.find("INV-1")->dimensions, document.dimensions);
}

TEST(GivenAnOrderWithFreight, WhenBilledInPartsThenFreightComesWithTheFirst) {
  TradingBooks books;
  books.given(order_of("O", {.lines = {{.quantity = "10", .price = "7"}}, .freight = cny("30")}),
              goods_out("O", {{1, "1"}}));
  const Done first = books.when(issue_invoice({.order = "O"}));
  EXPECT_EQ(first.event<fb::InvoiceIssued>().freight_minor(), 30'00);
  EXPECT_EQ(first.event<fb::InvoiceIssued>().freight_tax_minor(), 3'90);
  EXPECT_EQ(view(first.event<fb::InvoiceIssued>().freight_tax_category()), "S");
  EXPECT_EQ(first.event<fb::InvoiceIssued>().total_without_tax_minor(), 37'00);
  EXPECT_EQ(first.event<fb::InvoiceIssued>().tax_minor(), 4'81);
  books.given(goods_out("O"));
  EXPECT_EQ(books.when(issue_invoice({.order = "O"})).event<fb::InvoiceIssued>().freight_minor(), 0);
  const Done credit = books.when(reverse_invoice("INV-1"));
  EXPECT_EQ(credit.event<fb::InvoiceReversed>().freight_minor(), 30'00);
  EXPECT_EQ(credit.event<fb::InvoiceReversed>().freight_tax_minor(), 3'90);
  EXPECT_EQ(credit.event<fb::InvoiceReversed>().breakdown()->Get(0)->taxable_minor(), 37'00);
  EXPECT_EQ(books.when(issue_invoice({.order = "O"})).event<fb::InvoiceIssued>().freight_minor(), 30'00);  // owed again
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenShipments, WhenBilledOneByOneThenEachExactlyOnce) {
  TradingBooks books;
  books.given(order_of("O", {.lines = {{.quantity = "10", .price = "7"}, {.quantity = "5", .price = "3"}}}),
              goods_out("O", {{1, "4"}, {2, "1"}}, "A"), goods_out("O", {}, "B"));
  const Done done = books.when(issue_invoice({.shipment = "B"}));
  EXPECT_EQ(done.event<fb::InvoiceIssued>().total_without_tax_minor(), 42'00 + 12'00);
  EXPECT_EQ(view(done.event<fb::InvoiceIssued>().shipment()), "B");
  const Done again = books.when(issue_invoice({.shipment = "B"}));
  EXPECT_EQ(again.code(), Refusal::exceeds_billable);
  EXPECT_EQ(again.verdict.place, "/shipment");
  EXPECT_EQ(books.when(issue_invoice({.shipment = "A"})).event<fb::InvoiceIssued>().total_without_tax_minor(),
            28'00 + 3'00);
  books.given(reverse_invoice("INV-1"));
  EXPECT_EQ(books.when(issue_invoice({.shipment = "A"})).code(), Refusal::exceeds_billable);
  EXPECT_EQ(books.when(issue_invoice({.shipment = "B"})).event<fb::InvoiceIssued>().total_without_tax_minor(), 54'00);
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenAShipmentBilledWithItsOrder, WhenBilledByItselfThenRefused) {
  TradingBooks books;
  books.given(order_of("O", {.lines = {{.quantity = "10", .price = "7"}}}), goods_out("O", {{1, "4"}}, "A"),
              issue_invoice({.order = "O"}), goods_out("O", {{1, "1"}}, "B"));
  EXPECT_EQ(books.when(issue_invoice({.shipment = "A"})).code(), Refusal::exceeds_billable);
  EXPECT_TRUE(books.when(issue_invoice({.shipment = "B"})).verdict);
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenAShipmentBilledWithItsOrder, WhenMoreIsShippedThenTheRestIsBilledByItsOwnShipment) {
  TradingBooks books;
  books.given(order_of("O", {.lines = {{.quantity = "10", .price = "7"}}}), goods_out("O", {{1, "4"}}, "A"),
              issue_invoice({.order = "O"}), goods_out("O", {{1, "6"}}, "B"));
  EXPECT_EQ(books.when(issue_invoice({.shipment = "A"})).code(), Refusal::exceeds_billable);
  const Done done = books.when(issue_invoice({.shipment = "B"}));
  EXPECT_EQ(done.event<fb::InvoiceIssued>().total_without_tax_minor(), 42'00);
  books.given(reverse_invoice("INV-1"));
  EXPECT_EQ(books.when(issue_invoice({.shipment = "B"})).code(), Refusal::exceeds_billable);
  EXPECT_EQ(books.when(issue_invoice({.shipment = "A"})).event<fb::InvoiceIssued>().total_without_tax_minor(), 28'00);
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenAnOrderBilledAhead, WhenItLeavesThenItsShipmentsAreBilledUnlessTheInvoiceIsReversed) {
  TradingBooks books;
  books.given(invoice_rules(fb::InvoiceBasis::ordered), order_of("O", {.lines = {{.quantity = "10", .price = "7"}}}),
              goods_out("O", {{1, "3"}}, "A"), issue_invoice({.shipment = "A"}), issue_invoice({.order = "O"}),
              goods_out("O", {{1, "4"}}, "B"));
  EXPECT_EQ(line_of(books, "O").invoiced_ahead, millionths("3"));
  EXPECT_EQ(books.when(issue_invoice({.shipment = "B"})).code(), Refusal::exceeds_billable);
  // The shipment's own invoice goes back: what was billed ahead is its now, and what has not left is billed anew.
  books.given(reverse_invoice("INV-1"));
  EXPECT_EQ(line_of(books, "O").invoiced_ahead, 0);
  EXPECT_EQ(books.when(issue_invoice({.shipment = "A"})).code(), Refusal::exceeds_billable);
  EXPECT_EQ(books.when(issue_invoice({.shipment = "B"})).code(), Refusal::exceeds_billable);
  EXPECT_EQ(books.when(issue_invoice({.order = "O"})).event<fb::InvoiceIssued>().total_without_tax_minor(), 21'00);
  books.given(reverse_invoice("INV-2"));
  EXPECT_EQ(line_of(books, "O").invoiced_ahead, 0);
  EXPECT_EQ(books.when(issue_invoice({.shipment = "B"})).event<fb::InvoiceIssued>().total_without_tax_minor(), 28'00);
  EXPECT_EQ(books.when(issue_invoice({.order = "O"})).event<fb::InvoiceIssued>().total_without_tax_minor(), 21'00);
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenAnOrder, WhenItsStateOrDateForbidsAnInvoiceThenRefused) {
  TradingBooks books;
  books.on("2026-02-01")
      .given(order_of("O", {.lines = {{.quantity = "10", .price = "7"}}}, "2026-01-10"),
             goods_out("O", {{1, "4"}}, "A", "2026-01-20"));
  EXPECT_EQ(books.when(issue_invoice({.order = "O", .on = "2026-01-19"})).code(), Refusal::dated_before_its_cause);
  EXPECT_EQ(books.when(issue_invoice({.shipment = "A", .on = "2026-01-19"})).code(), Refusal::dated_before_its_cause);
  EXPECT_EQ(books.when(issue_invoice({.order = "O", .customer = "C-2"})).code(), Refusal::invalid_value);
  books.given(wish([](Builder& b) {
    return fb::CreateCreateOrder(b, b.CreateString("D"), build(b, DocumentSpec{.lines = {{.price = "7"}}}));
  }));
  const Done draft = books.when(issue_invoice({.order = "D"}));
  EXPECT_EQ(draft.code(), Refusal::illegal_transition);
  EXPECT_TRUE(books.when(issue_invoice({.order = "O", .on = "2026-01-20"})).verdict);
}

TEST(GivenAFreeOrder, WhenBilledThenTheInvoiceIsPaidWhenIssued) {
  TradingBooks books;
  books.given(order_of("O", {.lines = {{.quantity = "2", .price = "0"}}}), goods_out("O"));
  const Done done = books.when(issue_invoice({.order = "O"}));
  EXPECT_EQ(done.status, "paid");
  EXPECT_EQ(done.event<fb::InvoiceIssued>().total_with_tax_minor(), 0);
  EXPECT_FALSE(postings_of(*done.events[0]));
  EXPECT_TRUE(is_completed(*books.state().orders.find("O")));
  EXPECT_EQ(books.when(record_receipt({.amount = cny("1"), .to = {{done.id}}})).code(), Refusal::invoice_settled);
  EXPECT_TRUE(books.when(reverse_invoice(done.id)).verdict);
  EXPECT_EQ(broken(books.state()), "");
}

/// Tax of each category by the rule of the mode, from the invoice's own lines: I26, or the sum of the lines.
void expect_tax(const fb::InvoiceIssued& issued, fb::TaxRounding rounding) {
  for (const auto* row : *issued.breakdown()) {
    std::int64_t taxable = 0, shown = 0, by_line = 0;
    const auto count = [&](std::int64_t net, std::int64_t tax) {
      taxable += net, shown += tax, by_line += *scale(net, row->rate()->ppm(), one_ppm);
    };
    for (const auto* line : *issued.lines())
      if (line->tax_rate()->ppm() == row->rate()->ppm()) count(line->net_minor(), line->tax_minor());
    if (issued.freight_minor() != 0 && issued.freight_tax_rate()->ppm() == row->rate()->ppm())
      count(issued.freight_minor(), issued.freight_tax_minor());
    EXPECT_EQ(row->taxable_minor(), taxable);
    EXPECT_EQ(row->tax_minor(), shown);
    EXPECT_EQ(row->tax_minor(),
              rounding == fb::TaxRounding::line ? by_line : *scale(taxable, row->rate()->ppm(), one_ppm));
  }
}

/// Orders shipped and billed in random parts, with reversals in between, until nothing is left.
void bill_in_random_parts(unsigned seed) {
  std::mt19937 random(seed);
  const auto upto = [&random](unsigned n) { return static_cast<unsigned>(1 + random() % n); };
  const fb::TaxRounding rounding = seed % 2 ? fb::TaxRounding::line : fb::TaxRounding::category;
  TradingBooks books;
  books.given(taxes(rounding), register_product({.id = "P-2", .tax_class = "reduced"}), goods_in("P-2"));
  DocumentSpec document{
      .lines = {}, .freight = Money{upto(5000), Currency::CNY}, .header_percent = fmt::format("{}", random() % 20)};
  for (unsigned i = upto(4); i > 0; --i) {
    document.lines.push_back({.product = random() % 2 ? "P-1" : "P-2",
                              .quantity = fmt::format("{}", upto(40)),
                              .price = format_trimmed(upto(5'000'000), 6),
                              .discount = fmt::format("{}", random() % 30)});
  }
  books.given(order_of("O", document));
  const Order& order = *books.state().orders.find("O");
  std::vector<std::string> invoices;
  for (int step = 0; step < 200 && !is_completed(order); ++step) {
    std::vector<PartSpec> parts;
    for (std::size_t i = 0; i < order.lines.size(); ++i) {
      const auto open = static_cast<unsigned>(order.open(i) / one_quantity);
      if (open > 0 && random() % 2) parts.push_back({static_cast<std::uint16_t>(i + 1), fmt::format("{}", upto(open))});
    }
    if (!parts.empty()) books.given(goods_out("O", parts));
    if (!invoices.empty() && random() % 5 == 0) {
      const std::size_t victim = random() % invoices.size();
      books.given(reverse_invoice(invoices[victim]));
      invoices.erase(invoices.begin() + static_cast<std::ptrdiff_t>(victim));
    }
    const Done done = books.when(issue_invoice({.order = "O"}));
    if (!done.verdict) {
      EXPECT_EQ(done.code(), Refusal::exceeds_billable);
      continue;
    }
    expect_tax(done.event<fb::InvoiceIssued>(), rounding);
    invoices.push_back(done.id);
    ASSERT_EQ(broken(books.state()), "");
  }
  ASSERT_TRUE(is_completed(order));
  std::int64_t net = 0, tax = 0, freight = 0;
  for (const std::string& id : invoices) {
    const Invoice& invoice = books.invoice(id);
    net += invoice.net_minor, tax += invoice.tax_minor, freight += invoice.freight_minor;
  }
  EXPECT_EQ(freight, order.document->freight_minor);
  EXPECT_EQ(net, order.document->net_minor + order.document->freight_minor);
  // Tax is rounded on every invoice anew (I26), so it may drift by half a unit for each rounding.
  const auto roundings =
      static_cast<std::int64_t>(invoices.size() * (rounding == fb::TaxRounding::line ? order.lines.size() + 1 : 2));
  EXPECT_LE(std::abs(tax - order.document->tax_minor), roundings);
  if (invoices.size() == 1) {
    EXPECT_EQ(tax, order.document->tax_minor);
  }
}

TEST(GivenAnOrderBilledInRandomParts, WhenAllIsBilledThenNetAndFreightAreTheOrders) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    bill_in_random_parts(seed);
  }
}

TEST(GivenALineOfOneCent, WhenPartsAreReversedAndBilledAgainThenTheCentIsBilledOnce) {
  TradingBooks books;
  books.given(order_of("O", {.lines = {{.quantity = "10", .price = "0.001"}}}), goods_out("O", {{1, "5"}}),
              issue_invoice({.order = "O"}), goods_out("O"), issue_invoice({.order = "O"}));
  EXPECT_EQ(books.invoice("INV-1").net_minor, 1);
  EXPECT_EQ(books.invoice("INV-2").net_minor, 0);
  books.given(reverse_invoice("INV-1"), issue_invoice({.order = "O"}));
  EXPECT_EQ(books.invoice("INV-3").net_minor, 1);
  EXPECT_EQ(broken(books.state()), "");
}

TEST(GivenAWholeOrder, WhenBilledAtOnceThenItsTotalAndCostAreTheOrders) {
  for (const fb::TaxRounding rounding : {fb::TaxRounding::category, fb::TaxRounding::line}) {
    TradingBooks books;
    books.given(taxes(rounding), change_product({.cost = "3.333333"}),
                order_of("O", {.lines = {{.quantity = "7", .price = "1.04"},
                                         {.quantity = "3", .price = "0.35"},
                                         {.quantity = "11", .price = "2.99", .discount = "3"}},
                               .header_discount = cny("1.11"),
                               .freight = cny("5.55")}),
                goods_out("O"));
    const Done done = books.when(issue_invoice({.order = "O"}));
    const Document& document = *books.state().orders.find("O")->document;
    EXPECT_EQ(done.event<fb::InvoiceIssued>().total_with_tax_minor(), document.total_minor());
    for (std::size_t i = 0; i < document.lines.size(); ++i) {
      const auto* line = done.event<fb::InvoiceIssued>().lines()->Get(static_cast<unsigned>(i));
      EXPECT_EQ(line->cost_minor(), document.lines[i].cost_minor);
      EXPECT_EQ(line->tax_minor(), document.lines[i].tax_minor);
    }
    EXPECT_EQ(books.exposure().orders_minor, 0);
    EXPECT_EQ(books.exposure().receivables_minor, document.total_minor());
    EXPECT_EQ(broken(books.state()), "");
  }
}

TEST(GivenOrdersBilledAndPaidOneByOne, WhenAllIsUndoneThenTheirSumStaysInside64Bits) {
  TradingBooks books;
  books.given(goods_in("P-1", "200000"));
  // 20,340,000,000,000,000.00 each: four and a half of them are all that 64 bits hold.
  const DocumentSpec huge{.lines = {{.quantity = "20000", .price = "900000000000"}}};
  for (const std::string n : {"1", "2", "3", "4", "5", "6"}) {
    books.given(order_of("O" + n, huge), goods_out("O" + n), issue_invoice({.order = "O" + n}));
    const Money total{books.invoice("INV-" + n).total_minor, Currency::CNY};
    books.given(record_receipt({.amount = total, .to = {{"INV-" + n}}, .id = "R" + n}));
  }
  for (const std::string n : {"1", "2", "3", "4"}) {
    books.given(unapply_cash("R" + n, "INV-" + n), refund_receipt("R" + n), reverse_invoice("INV-" + n));
  }
  books.given(unapply_cash("R5", "INV-5"), refund_receipt("R5"));
  EXPECT_EQ(books.when(reverse_invoice("INV-5")).code(), Refusal::number_range);
  EXPECT_EQ(broken(books.state()), "");
}

}  // namespace
}  // namespace o2c::test
