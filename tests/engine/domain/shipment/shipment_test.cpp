#include "engine/domain/company/identities.hpp"
#include "tests/support/order_books.hpp"

namespace o2c::test {
namespace {

void prepare(Books& books, const ProductSpec& product = {}) {
  books.given(register_customer({}), register_product(product));
}
void expect_whole(const Books& books) {
  EXPECT_EQ(fmt::format("{}", fmt::join(broken_identities(books.state()), "; ")), "");
}

/// "1@A 4 of 3": line, place, quantity and the part that was set aside.
std::string lines_of(const Done& done) {
  std::string out;
  for (const fb::ShipmentLine* line : *done.event<fb::ShipmentPosted>().lines()) {
    out += fmt::format("{}{}@{} {} of {}", out.empty() ? "" : ", ", line->line(), view(line->place()),
                       format_trimmed(line->quantity()->millionths(), 6),
                       format_trimmed(line->reserved()->millionths(), 6));
  }
  return out;
}

TEST(GivenStockAtTwoPlaces, WhenShippedInPartsThenReservedGoodsGoFirstAndThenFreeOnes) {
  Books books;
  prepare(books);
  books.given(receive_stock("A", {{.quantity = "6"}}), receive_stock("B", {{.quantity = "3"}}),
              create_order({.lines = {{.quantity = "10", .price = "1"}}}, {.confirm = true}),
              receive_stock("B", {{.quantity = "9"}}));
  EXPECT_EQ(stock_of(books), "A 6/6 B 12/3");
  EXPECT_EQ(lines_of(books.when(ship("SO-1", {{.quantity = "7"}}))), "1@A 6 of 6, 1@B 1 of 1");
  EXPECT_EQ(lines_of(books.when(ship("SO-1"))), "1@B 3 of 2");
  EXPECT_EQ(stock_of(books), "A 0/0 B 8/0");
  const Done again = books.when(ship("SO-1"));
  EXPECT_EQ(again.code(), Refusal::nothing_to_do);
  EXPECT_EQ(books.when(ship("SO-1", {{.quantity = "1"}})).code(), Refusal::exceeds_open_quantity);
  EXPECT_EQ(books.state().shipments.size(), 2u);
  EXPECT_EQ(books.state().shipments.find("SH-2")->lines[0].quantity, millionths("3"));
  expect_whole(books);
}

TEST(GivenReservationAtOnePlace, WhenShippedFromAnotherThenWhatIsTooMuchIsGivenBack) {
  Books books;
  prepare(books);
  books.given(receive_stock("A", {{.quantity = "10"}}),
              create_order({.lines = {{.quantity = "10", .price = "1"}}}, {.confirm = true}),
              receive_stock("B", {{.quantity = "4"}}));
  const Done done = books.when(ship("SO-1", {{.quantity = "4", .place = "B"}}));
  EXPECT_EQ(done.story(), "ShipmentPosted ReservationReleased");
  EXPECT_EQ(lines_of(done), "1@B 4 of 0");
  EXPECT_EQ(done.event<fb::ReservationReleased>().reason(), fb::ReleaseReason::shipped_elsewhere);
  EXPECT_EQ(stock_of(books), "A 10/6 B 0/0");
  const Done refused = books.when(ship("SO-1", {{.quantity = "1", .place = "B"}}));
  EXPECT_EQ(refused.code(), Refusal::stock_short);
  EXPECT_EQ(refused.verdict.place, "/lines/0");
  EXPECT_EQ(refused.verdict.detail, "line 1, product P-1: 1 wanted, 0 there");
  expect_whole(books);
}

TEST(GivenGoodsReservedForAnother, WhenShippedThenTheyAreNotTouched) {
  Books books;
  prepare(books);
  books.given(receive_stock("A", {{.quantity = "5"}}),
              create_order({.lines = {{.quantity = "4", .price = "1"}}}, {.confirm = true}),
              create_order({.lines = {{.quantity = "4", .price = "1"}}}, {.confirm = true}));
  EXPECT_EQ(books.when(ship("SO-2")).code(), Refusal::stock_short);
  EXPECT_EQ(lines_of(books.when(ship("SO-2", {{.quantity = "1"}}))), "1@A 1 of 1");
  EXPECT_EQ(lines_of(books.when(ship("SO-1"))), "1@A 4 of 4");
}

TEST(GivenLineThatNamesItsPlace, WhenShippedFromElsewhereThenRefused) {
  Books books;
  prepare(books);
  books.given(receive_stock("A", {{.quantity = "5"}}), receive_stock("B", {{.quantity = "5"}}),
              create_order({.lines = {{.quantity = "4", .price = "1", .place = "B"}}}, {.confirm = true}));
  EXPECT_EQ(books.when(ship("SO-1", {{.place = "A"}})).verdict.place, "/lines/0/place");
  EXPECT_EQ(lines_of(books.when(ship("SO-1"))), "1@B 4 of 4");
}

TEST(GivenOverDelivery, WhenMoreIsShippedThenUpToTheToleranceAndNotAgain) {
  Books books;
  prepare(books);
  books.given(receive_stock("A", {{.quantity = "100"}}),
              create_order({.lines = {{.quantity = "10", .price = "1"}}}, {.confirm = true}));
  EXPECT_EQ(books.when(ship("SO-1", {{.quantity = "11"}})).code(), Refusal::exceeds_open_quantity);
  books.given(publish_stock({.over_delivery = "10"}), ship("SO-1", {{.quantity = "5"}}));
  const Done refused = books.when(ship("SO-1", {{.quantity = "7"}}));
  EXPECT_EQ(refused.verdict.detail, "line 1: 7 wanted, 5 open, at most 6 may be shipped");
  const Done done = books.when(ship("SO-1", {{.quantity = "6"}}));
  EXPECT_EQ(lines_of(done), "1@A 6 of 5");
  EXPECT_EQ(order_of(books, "SO-1").open(0), 0);
  EXPECT_EQ(exposure_of(books).orders_minor, 12'43);  // 11 pieces are owed for, with tax
  EXPECT_EQ(books.when(ship("SO-1", {{.quantity = "1"}})).code(), Refusal::exceeds_open_quantity);
  expect_whole(books);
}

TEST(GivenValueThatDoesNotDivide, WhenShippedInPartsThenNetTaxAndCostSumToTheLine) {
  Books books;
  prepare(books, {.cost = "3.337"});
  books.given(receive_stock("A", {{.quantity = "4"}}), receive_stock("B", {{.quantity = "3"}}),
              create_order({.lines = {{.quantity = "7", .price = "14.2857"}}}, {.confirm = true}));
  std::int64_t net = 0, tax = 0, cost = 0;
  int parts = 0;
  for (const char* quantity : {"1", "2", "4"}) {
    const Done done = books.when(ship("SO-1", {{.quantity = quantity}}));
    for (const fb::ShipmentLine* line : *done.event<fb::ShipmentPosted>().lines()) {
      net += line->net_minor(), tax += line->tax_minor(), cost += line->cost_minor().value();
      ++parts;
    }
  }
  const PricedLine& line = order_of(books, "SO-1").document->lines[0];
  EXPECT_EQ(parts, 4);  // the last shipment comes from both places
  EXPECT_EQ(net, line.net_minor);
  EXPECT_EQ(tax, line.tax_minor);
  EXPECT_EQ(cost, line.cost_minor.value());
}

TEST(GivenSeveralAddresses, WhenShippedThenEachShipmentGoesToOne) {
  Books books;
  prepare(books);
  books.given(receive_stock("A", {{.quantity = "50"}}));
  books.given(create_order({.lines = {{.quantity = "1", .price = "1", .ship_to = 0},
                                      {.quantity = "2", .price = "1", .ship_to = 1},
                                      {.quantity = "3", .price = "1", .ship_to = 1}},
                            .ship_to = {{.city = "Ulm"}, {.city = "Bonn"}}},
                           {.confirm = true}));
  EXPECT_EQ(books.when(ship("SO-1", {}, {.ship_to = 2})).code(), Refusal::address_unknown);
  EXPECT_EQ(books.when(ship("SO-1")).verdict.place, "/ship_to");  // which one?
  const Done bonn = books.when(ship("SO-1", {}, {.ship_to = 1}));
  EXPECT_EQ(lines_of(bonn), "2@A 2 of 2, 3@A 3 of 3");
  EXPECT_EQ(view(bonn.event<fb::ShipmentPosted>().ship_to()->city()), "Bonn");
  EXPECT_EQ(books.state().shipments.find("SH-1")->ship_to->city, "Bonn");
  const Done ulm = books.when(ship("SO-1"));  // one address is left
  EXPECT_EQ(view(ulm.event<fb::ShipmentPosted>().ship_to()->city()), "Ulm");
}

TEST(GivenConfirmedOrder, WhenShipmentIsWrongThenRefusedWithThePlaceOfTheError) {
  Books books;
  prepare(books);
  books.given(receive_stock("A", {{.quantity = "50"}}),
              create_order({.lines = {{.quantity = "10", .price = "1"}}}, {.confirm = true}),
              ship("SO-1", {{.quantity = "1"}}, {.id = "X"}));
  const auto refused = [&](const Wish& wish) {
    const Done done = books.when(wish);
    return std::string(refusal_name(done.code())) + " " + done.verdict.place;
  };
  EXPECT_EQ(refused(ship("SO-9")), "order_unknown /order");
  EXPECT_EQ(refused(ship("SO-1", {}, {.id = "X"})), "shipment_exists /shipment");
  EXPECT_EQ(refused(ship("SO-1", {}, {.id = "SH-3"})), "invalid_value /shipment");
  EXPECT_EQ(refused(ship("SO-1", {{.line = 2}})), "line_unknown /lines/0/line");
  EXPECT_EQ(refused(ship("SO-1", {{.line = 0}})), "line_unknown /lines/0/line");
  EXPECT_EQ(refused(ship("SO-1", {{.quantity = "0"}})), "invalid_value /lines/0/quantity");
  EXPECT_EQ(refused(ship("SO-1", {{.quantity = "-4"}})), "invalid_value /lines/0/quantity");
  EXPECT_EQ(refused(ship("SO-1", {{.quantity = "0.5"}})), "inexact_conversion /lines/0/quantity");
  EXPECT_EQ(refused(ship("SO-1", {{.quantity = "9"}, {.quantity = "1"}})), "exceeds_open_quantity /lines/1/quantity");
  EXPECT_EQ(refused(ship("SO-1", {{.place = "Z"}})), "stock_short /lines/0");
}

TEST(GivenShipment, WhenDeliveredThenOnceAndNotBeforeItLeft) {
  Books books;
  prepare(books);
  books
      .given(receive_stock("A", {{.quantity = "5"}}),
             create_order({.lines = {{.quantity = "5", .price = "1"}}}, {.confirm = true}))
      .on("2026-01-09");
  books.given(ship("SO-1"));
  EXPECT_EQ(books.when(confirm_delivery("SH-9")).code(), Refusal::shipment_unknown);
  EXPECT_EQ(books.when(confirm_delivery("SH-1", "2026-01-08")).code(), Refusal::dated_before_its_cause);
  const Done done = books.when(confirm_delivery("SH-1", "2026-01-11"));
  EXPECT_EQ(done.status, "delivered");
  EXPECT_EQ(books.state().shipments.find("SH-1")->delivered_on, day("2026-01-11"));
  EXPECT_EQ(books.state().shipments.find("SH-1")->received_by, "the porter");
  const Done again = books.when(confirm_delivery("SH-1"));
  EXPECT_EQ(again.code(), Refusal::already_done);
  EXPECT_EQ(again.verdict.detail, "delivered on 2026-01-11");
}

}  // namespace
}  // namespace o2c::test
