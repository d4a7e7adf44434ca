#include "tests/support/order_books.hpp"

namespace o2c::test {
namespace {

void prepare(Books& books) {
  books.given(register_customer({}), register_product({}),
              register_product({.id = "P-2", .unit = "kg", .decimals = 3}));
}

TEST(GivenProducts, WhenStockIsReceivedThenItLiesAtThePlaceAndThePlaceCountsVersions) {
  Books books;
  prepare(books);
  const Done done = books.when(receive_stock("A", {{"P-1", "10"}, {"P-2", "2.125"}, {"P-1", "5"}}));
  EXPECT_EQ(done.story(), "StockReceived");
  EXPECT_EQ(done.events[0]->stream_type(), fb::StreamType::stock);
  EXPECT_EQ(view(done.events[0]->stream_id()), "A");
  EXPECT_EQ(stock_of(books, "P-1"), "A 15/0");
  EXPECT_EQ(stock_of(books, "P-2"), "A 2.125/0");
  EXPECT_EQ(books.when(receive_stock("A", {{"P-1", "1"}})).events[0]->stream_version(), 2u);
  EXPECT_EQ(books.when(receive_stock("B", {{"P-1", "1"}})).events[0]->stream_version(), 1u);
}

TEST(GivenProducts, WhenReceiptIsWrongThenRefusedWithThePlaceOfTheError) {
  Books books;
  prepare(books);
  const auto refused = [&](const Wish& wish) {
    const Done done = books.when(wish);
    return std::string(refusal_name(done.code())) + " " + done.verdict.place;
  };
  EXPECT_EQ(refused(receive_stock("A", {{"P-1", "1"}, {"P-9", "1"}})), "product_unknown /lines/1/product");
  EXPECT_EQ(refused(receive_stock("A", {{"P-1", "0"}})), "invalid_value /lines/0/quantity");
  EXPECT_EQ(refused(receive_stock("A", {{"P-1", "-1"}})), "invalid_value /lines/0/quantity");
  EXPECT_EQ(refused(receive_stock("A", {{"P-1", "0.5"}})), "inexact_conversion /lines/0/quantity");
  EXPECT_EQ(refused(receive_stock("A", {{"P-2", "0.0005"}})), "inexact_conversion /lines/0/quantity");
  EXPECT_EQ(refused(receive_stock("A", {})), "line_count /lines");
  EXPECT_EQ(refused(receive_stock("", {{"P-1", "1"}})), "invalid_value /place");
  EXPECT_EQ(refused(receive_stock("A", std::vector<GoodsSpec>(2001))), "line_count /lines");
  books.given(receive_stock("A", {{"P-1", "5000000000000"}}));
  EXPECT_EQ(refused(receive_stock("B", {{"P-1", "2000000000000"}, {"P-1", "3000000000000"}})),
            "number_range /lines/1/quantity");
}

TEST(GivenStock, WhenCountedThenTheEventHoldsTheDifference) {
  Books books;
  prepare(books);
  books.given(receive_stock("A", {{"P-1", "10"}}));
  const Done done = books.when(count_stock("A", {{"P-1", "7"}, {"P-2", "0.5"}}));
  EXPECT_EQ(done.event<fb::StockCounted>().differences()->Get(0)->quantity()->millionths(), -millionths("3"));
  EXPECT_EQ(done.event<fb::StockCounted>().differences()->Get(1)->quantity()->millionths(), millionths("0.5"));
  EXPECT_EQ(stock_of(books, "P-1"), "A 7/0");
  EXPECT_EQ(books.when(count_stock("A", {{"P-1", "1"}, {"P-1", "2"}})).verdict.place, "/lines/1/product");
  EXPECT_EQ(books.when(count_stock("A", {{"P-1", "-1"}})).code(), Refusal::invalid_value);
  books.given(create_order({.lines = {{.quantity = "5", .price = "1"}}}, {.confirm = true}));
  const Done refused = books.when(count_stock("A", {{"P-1", "4"}}));
  EXPECT_EQ(refused.code(), Refusal::negative_stock);
  EXPECT_EQ(refused.verdict.detail, "4 would be left, 5 are reserved: release reservations first");
  EXPECT_TRUE(books.when(count_stock("A", {{"P-1", "5"}})).verdict);
  EXPECT_TRUE(books.when(count_stock("A", {{"P-1", "5"}})).verdict);  // nothing differs, but it was counted
}

/// 100 on hand from 2 January, 0 from 1 June, 100 again from 1 December.
void sell_out_and_refill(Books& books) {
  prepare(books);
  books.on("2026-12-02")
      .given(receive_stock("A", {{"P-1", "100"}}, "2026-01-02"),
             create_order({.lines = {{.quantity = "100", .price = "1"}}}, {.confirm = true, .on = "2026-01-03"}),
             ship("SO-1", {}, {.on = "2026-06-01"}), receive_stock("A", {{"P-1", "100"}}, "2026-12-01"));
}

TEST(GivenStockThatWasSoldOutInBetween, WhenAMovementIsBackDatedThenNoDayMayEndBelowZero) {
  Books books;
  sell_out_and_refill(books);
  books.given(create_order({.lines = {{.quantity = "50", .price = "1"}}}, {.confirm = true, .on = "2026-01-03"}));
  const Done shipped = books.when(ship("SO-2", {}, {.on = "2026-03-01"}));
  EXPECT_EQ(shipped.code(), Refusal::negative_stock);
  EXPECT_EQ(shipped.verdict.place, "/occurred_on");
  EXPECT_EQ(shipped.verdict.detail, "product P-1 at A: 50 leave on 2026-03-01, 0 lie there on 2026-06-01");
  EXPECT_TRUE(books.when(ship("SO-2", {}, {.on = "2026-12-01"})).verdict);
  EXPECT_EQ(books.when(transfer_stock("A", "B", {{"P-1", "20"}, {"P-1", "20"}}, "2026-02-01")).code(),
            Refusal::negative_stock);
  EXPECT_TRUE(books.when(transfer_stock("A", "B", {{"P-1", "50"}}, "2026-12-01")).verdict);
  EXPECT_EQ(stock_of(books), "A 0/0 B 50/0");
}

TEST(GivenStockThatWasSoldOutInBetween, WhenCountedForAnEarlierDayThenTheDifferenceIsToThatDay) {
  Books books;
  sell_out_and_refill(books);
  EXPECT_EQ(books.when(count_stock("A", {{"P-1", "98"}}, "2026-03-01")).code(), Refusal::negative_stock)
      << "the two that are missing then left in June";
  const Done right = books.when(count_stock("A", {{"P-1", "100"}}, "2026-03-01"));
  EXPECT_EQ(right.event<fb::StockCounted>().differences()->Get(0)->quantity()->millionths(), 0);
  EXPECT_TRUE(books.when(count_stock("A", {{"P-1", "103"}}, "2026-03-01")).verdict);
  EXPECT_EQ(stock_of(books), "A 103/0");
}

TEST(GivenStock, WhenTransferredThenOnlyFreeStockMoves) {
  Books books;
  prepare(books);
  books.given(receive_stock("A", {{"P-1", "10"}}),
              create_order({.lines = {{.quantity = "4", .price = "1"}}}, {.confirm = true}));
  EXPECT_EQ(books.when(transfer_stock("A", "A", {{"P-1", "1"}})).verdict.place, "/to_place");
  EXPECT_EQ(books.when(transfer_stock("B", "A", {{"P-1", "1"}})).code(), Refusal::place_unknown);
  const Done refused = books.when(transfer_stock("A", "B", {{"P-1", "4"}, {"P-1", "3"}}));
  EXPECT_EQ(refused.code(), Refusal::stock_short);
  EXPECT_EQ(refused.verdict.place, "/lines/1/quantity");
  EXPECT_EQ(refused.verdict.detail, "3 wanted, 2 free");
  books.given(transfer_stock("A", "B", {{"P-1", "4"}, {"P-1", "2"}}));
  EXPECT_EQ(stock_of(books), "A 4/4 B 6/0");
}

}  // namespace
}  // namespace o2c::test
