#include "tests/support/invoice_books.hpp"

// Each identity is broken on purpose, one figure at a time: a checker that cannot fail proves nothing.
namespace o2c::test {
namespace {

/// A state with a row of everything, that a test may damage.
class Damaged {
 public:
  Damaged() {
    books_.given(set_credit_group("G", cny("100000")), register_customer({.id = "C-2", .credit_group = "G"}),
                 order_of("O", {.customer = "C-2", .lines = {{.quantity = "10", .price = "10"}}, .freight = cny("5")}),
                 goods_out("O", {{1, "4"}}, "S"), issue_invoice({.shipment = "S", .id = "I"}),
                 record_receipt({.amount = cny("30"), .to = {{"I", cny("20")}}, .id = "R", .customer = "C-2"}));
    books_.copy_to(state_);
    EXPECT_EQ(broken(state_), "");
  }
  CompanyState& state() { return state_; }
  /// The identities found broken, in order: "I13 I19".
  std::string found() const {
    std::string out;
    for (const std::string& line : broken_identities(state_)) {
      const std::string name = line.substr(0, line.find(' '));
      if ((" " + out + " ").find(" " + name + " ") == std::string::npos) out += (out.empty() ? "" : " ") + name;
    }
    return out;
  }
  /// The application of the receipt.
  const fb::Event& last() const {
    const auto& events = *flatbuffers::GetRoot<fb::Entry>(books_.entries().back().data())->events();
    return *events.Get(events.size() - 1);
  }

 private:
  TradingBooks books_;
  CompanyState state_;
};

struct Damage {
  const char* name;
  std::function<void(CompanyState&)> done;
  const char* found;
};

class GivenDamage : public testing::TestWithParam<Damage> {};

TEST_P(GivenDamage, WhenCheckedThenTheIdentityIsNamed) {
  Damaged books;
  GetParam().done(books.state());
  EXPECT_EQ(books.found(), GetParam().found);
}

INSTANTIATE_TEST_SUITE_P(
    EachFigure, GivenDamage,
    testing::Values(
        Damage{"ShippedTooMuch", [](CompanyState& s) { s.orders.change("O").lines[0].shipped += 7 * one_quantity; },
               "I1 I2 I29"},
        Damage{"CancelledBelowZero", [](CompanyState& s) { s.orders.change("O").lines[0].cancelled = -one_quantity; },
               "I1 I29"},
        Damage{"ReservedMoreThanOpen",
               [](CompanyState& s) { s.orders.change("O").lines[0].reserved[0].quantity += one_quantity; }, "I2"},
        Damage{"StockReservedByNobody", [](CompanyState& s) { s.products.change("P-1").stock[0].reserved += 1; }, "I2"},
        Damage{"StockBelowZero", [](CompanyState& s) { s.products.change("P-1").stock[0].on_hand = -1; }, "I3 I4"},
        Damage{"StockBelowReserved", [](CompanyState& s) { s.products.change("P-1").stock[0].on_hand = one_quantity; },
               "I3 I4"},
        Damage{"InvoicedByNoInvoice", [](CompanyState& s) { s.orders.change("O").lines[0].invoiced -= one_quantity; },
               "I29 I8"},
        Damage{"InvoicedMoreThanOrdered",
               [](CompanyState& s) { s.orders.change("O").lines[0].invoiced = 11 * one_quantity; }, "I8 I29"},
        Damage{"NetOfAnotherInvoice", [](CompanyState& s) { s.orders.change("O").lines[0].invoiced_net_minor += 1; },
               "I8"},
        Damage{"FreightForgotten", [](CompanyState& s) { s.orders.change("O").freight_invoiced = false; }, "I29 I8"},
        Damage{"ShipmentInvoicedTwice",
               [](CompanyState& s) { s.shipments.change("S").lines[0].invoiced += one_quantity; }, "I8"},
        Damage{"ReceivablesOfNobody",
               [](CompanyState& s) { s.customers.change("C-2").exposure.receivables_minor += 1; }, "I12"},
        Damage{"UnappliedOfNobody", [](CompanyState& s) { s.customers.change("C-2").exposure.unapplied_minor += 1; },
               "I12"},
        Damage{"GroupApart", [](CompanyState& s) { s.credit_groups.change("G").exposure.receivables_minor -= 1; },
               "I12"},
        Damage{"OpenItemLost", [](CompanyState& s) { s.open_invoices.at("C-2").clear(); }, "I12"},
        Damage{"OpenTooSmall", [](CompanyState& s) { s.invoices.change("I").open_minor -= 1; }, "I13 I19 I12"},
        Damage{"InstalmentLost", [](CompanyState& s) { s.invoices.change("I").instalments.clear(); }, "I19"},
        Damage{"LineNetChanged", [](CompanyState& s) { s.invoices.change("I").billed[0].net_minor += 1; }, "I20 I8"},
        Damage{"LineTaxChanged", [](CompanyState& s) { s.invoices.change("I").billed[0].tax_minor += 1; }, "I23"},
        Damage{"TotalChanged", [](CompanyState& s) { s.invoices.change("I").total_minor += 1; }, "I13 I19 I24"},
        Damage{"UnappliedChanged", [](CompanyState& s) { s.receipts.change("R").unapplied_minor += 1; }, "I15 I12"},
        Damage{"OneSidedCash",
               [](CompanyState& s) {
                 auto& r = s.receipts.change("R");
                 r.applied[0].amount_minor += 1, r.refunded_minor -= 1;
               },
               "I16 I15"},
        Damage{"OrderExposureChanged", [](CompanyState& s) { s.orders.change("O").exposure_minor += 1; }, "I29"},
        Damage{"CustomerOrdersChanged", [](CompanyState& s) { s.customers.change("C-2").exposure.orders_minor += 1; },
               "I29"},
        Damage{"NumberSkipped", [](CompanyState& s) { s.series.change("INV").last = 2; }, "I37"},
        Damage{"NumberDoubled", [](CompanyState& s) { s.numbers.add("INV-3").invoice = "I"; }, "I37"},
        Damage{"NumberOfAnother", [](CompanyState& s) { s.invoices.change("I").number = "INV-9"; }, "I37"}),
    [](const auto& damage) { return std::string(damage.param.name); });

TEST(GivenAFoldThatWentWrong, WhenOnlyItsRowsAreCheckedThenItIsFound) {
  Damaged books;
  EXPECT_TRUE(broken_identities_of(books.state(), books.last()).empty());
  books.state().receipts.change("R").unapplied_minor += 1;
  const auto found = broken_identities_of(books.state(), books.last());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0], "I15 receipt R: amount 30.00, applied 20.00, unapplied 10.01, refunded 0.00, returned 0.00");
}

}  // namespace
}  // namespace o2c::test
