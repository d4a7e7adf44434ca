#include "projections/sales/sales.hpp"
#include "tests/support/sales_facts.hpp"

namespace o2c::test {
namespace {

/// "red credit_hold": light and reason of an order.
std::string light_of(const Books& books, std::string_view as_of, const std::string& order = "O-1") {
  Sales sales;
  Receivables receivables;
  each_fact(books, [&](const Fact& fact) { sales.fold(fact), receivables.fold(fact); });
  const Report board = sales.orders(view_at(as_of), receivables);
  return cell_of(board, {order}, "light") + " " + cell_of(board, {order}, "reason");
}
Wish hold(const std::string& order, fb::HoldKind kind) {
  return wish(
      [=](Builder& b) { return fb::CreateHoldOrder(b, b.CreateString(order), kind, b.CreateString("asked for")); });
}
Wish short_close(const std::string& order) {
  return wish(
      [=](Builder& b) { return fb::CreateShortCloseOrder(b, b.CreateString(order), 0, b.CreateString("no more")); });
}
const DocumentSpec ten_pieces{.lines = {{.quantity = "10", .price = "100"}}};

TEST(GivenOrder, WhenItGoesItsWayThenYellowWithTheNextWorkAndGreenWhenPaid) {
  TradingBooks books;
  books.on("2026-02-01").given(wish([](Builder& b) {
    return fb::CreateCreateOrder(b, b.CreateString("O-1"), build(b, ten_pieces));
  }));
  EXPECT_EQ(light_of(books, "2026-02-01"), "yellow draft");
  books.given(wish([](Builder& b) { return fb::CreateConfirmOrder(b, b.CreateString("O-1")); }));
  EXPECT_EQ(light_of(books, "2026-02-01"), "yellow not_shipped");
  books.given(goods_out("O-1", {{1, "4"}}));
  EXPECT_EQ(light_of(books, "2026-02-01"), "yellow not_shipped");
  books.given(goods_out("O-1"));
  EXPECT_EQ(light_of(books, "2026-02-01"), "yellow not_billed");
  books.given(issue_invoice({.order = "O-1", .id = "I-1"}));
  EXPECT_EQ(light_of(books, "2026-02-01"), "yellow not_paid");
  EXPECT_EQ(light_of(books, "2026-03-03"), "yellow not_paid");  // due that day
  EXPECT_EQ(light_of(books, "2026-03-04"), "red overdue");
  books.on("2026-03-05").given(record_receipt({.amount = cny("1130"), .to = {{"I-1"}}}));
  EXPECT_EQ(light_of(books, "2026-03-05"), "green complete");
  EXPECT_EQ(light_of(books, "2026-03-04"), "red overdue");  // as it was
}

TEST(GivenConfirmedOrder, WhenHeldThenRedWithTheKindOfHold) {
  TradingBooks books;
  books.given(order_of("O-1", ten_pieces), hold("O-1", fb::HoldKind::manual));
  EXPECT_EQ(light_of(books, "2026-01-05"), "red manual_hold");
  books.given(hold("O-1", fb::HoldKind::stock));
  EXPECT_EQ(light_of(books, "2026-01-05"), "red stock_hold");
}

TEST(GivenOrderOverTheLimit, WhenItWaitsForApprovalThenRed) {
  TradingBooks books;
  books.given(register_customer({.id = "C-2", .credit_limit = cny("100")}),
              publish("default", [](Builder& b) { return fb::CreateCreditRules(b, fb::OverLimit::approve); }));
  books.given(order_of("O-1", {.customer = "C-2", .lines = ten_pieces.lines}));
  EXPECT_EQ(light_of(books, "2026-01-05"), "red over_limit");
}

TEST(GivenCreditHold, WhenLimitIsExceededThenRed) {
  TradingBooks books;
  books.given(register_customer({.id = "C-2", .credit_limit = cny("100")}));
  books.given(order_of("O-1", {.customer = "C-2", .lines = ten_pieces.lines}));
  EXPECT_EQ(light_of(books, "2026-01-05"), "red credit_hold");
}

TEST(GivenTooLittleStock, WhenConfirmedThenYellowNotReserved) {
  TradingBooks books;
  books.given(register_product({.id = "P-2"}),
              order_of("O-1", {.lines = {{.product = "P-2", .quantity = "1", .price = "5"}}}));
  EXPECT_EQ(light_of(books, "2026-01-05"), "yellow not_reserved");
}

TEST(GivenNothingShipped, WhenShortClosedOrCancelledThenGreen) {
  TradingBooks books;
  books.given(order_of("O-1", ten_pieces), short_close("O-1"), order_of("O-2", ten_pieces), wish([](Builder& b) {
                return fb::CreateCancelOrder(b, b.CreateString("O-2"), b.CreateString("twice"));
              }));
  EXPECT_EQ(light_of(books, "2026-01-05"), "green complete");
  EXPECT_EQ(light_of(books, "2026-01-05", "O-2"), "green cancelled");
}

TEST(GivenReversedInvoice, WhenLookedAtThenItIsToBeBilledAgain) {
  TradingBooks books;
  books.given(order_of("O-1", ten_pieces), goods_out("O-1"), issue_invoice({.order = "O-1", .id = "I-1"}),
              reverse_invoice("I-1"));
  EXPECT_EQ(light_of(books, "2026-01-05"), "yellow not_billed");
}

TEST(GivenBoard, WhenFilteredThenRedFirstAndOnlyWhatIsAsked) {
  TradingBooks books;
  books.given(order_of("O-1", ten_pieces), order_of("O-2", ten_pieces), hold("O-2", fb::HoldKind::manual),
              order_of("O-3", ten_pieces));
  Sales sales;
  Receivables receivables;
  each_fact(books, [&](const Fact& fact) { sales.fold(fact), receivables.fold(fact); });
  const auto names = [&](const BoardFilter& filter) {
    std::string out;
    for (const auto& row : sales.orders(view_at("2026-01-05"), receivables, filter).rows)
      out += cell_text(row[0]) + " ";
    return out;
  };
  EXPECT_EQ(names({}), "O-2 O-1 O-3 ");
  EXPECT_EQ(names({.light = Light::yellow, .customer = {}, .status = {}}), "O-1 O-3 ");
  EXPECT_EQ(names({.light = {}, .customer = {}, .status = "on_hold"}), "O-2 ");
  EXPECT_EQ(names({.light = {}, .customer = "C-9", .status = {}}), "");
  EXPECT_EQ(names({.light = {}, .customer = "C-1", .status = {}, .limit = 2}), "O-2 O-1 ");
}

TEST(GivenPartlyShippedOrder, WhenOnTheBoardThenNetAndWhatIsNotShipped) {
  TradingBooks books;
  books.given(order_of("O-1", ten_pieces), goods_out("O-1", {{1, "4"}}));
  Sales sales;
  Receivables receivables;
  each_fact(books, [&](const Fact& fact) { sales.fold(fact), receivables.fold(fact); });
  EXPECT_EQ(text_of(sales.orders(view_at("2026-01-05"), receivables)),
            "O-1,C-1,S-1,2026-01-05,,confirmed,yellow,not_shipped,partial,none,none,CNY,1000.00,600.00\n");
}

}  // namespace
}  // namespace o2c::test
