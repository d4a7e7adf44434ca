#include "engine/domain/company/identities.hpp"
#include "tests/support/order_books.hpp"

namespace o2c::test {
namespace {

void prepare(Books& books) {
  books.given(register_customer({}), register_product({}), register_product({.id = "P-2"}));
}
DocumentSpec pieces(const std::string& quantity, const std::string& place = {}) {
  return {.lines = {{.quantity = quantity, .price = "1", .place = place}}};
}
void expect_whole(const Books& books) {
  EXPECT_EQ(fmt::format("{}", fmt::join(broken_identities(books.state()), "; ")), "");
}

TEST(GivenScarceStock, WhenOrdersCompeteThenExactlyTheStockIsGrantedAndNothingIsOversold) {
  for (const fb::WhenShort policy : {fb::WhenShort::backorder, fb::WhenShort::refuse}) {
    Books books;
    prepare(books);
    books.given(receive_stock("A", {{.quantity = "17"}}), receive_stock("B", {{.quantity = "6"}}),
                publish_stock({.when_short = policy}));
    for (int i = 0; i < 12; ++i) books.given(create_order(pieces("3")));
    int confirmed = 0;
    std::int64_t reserved = 0;
    for (int i = 1; i <= 12; ++i) confirmed += books.when(confirm_order(fmt::format("SO-{}", i))).verdict ? 1 : 0;
    for (const Order& order : books.state().orders.rows()) reserved += order.lines[0].reserved_total();
    // 23 pieces, 36 wanted: backorders take all of them, whole orders of 3 take 21.
    EXPECT_EQ(confirmed, policy == fb::WhenShort::refuse ? 7 : 12);
    EXPECT_EQ(reserved, policy == fb::WhenShort::refuse ? millionths("21") : millionths("23"));
    expect_whole(books);
  }
}

TEST(GivenSeveralPlaces, WhenReservedThenTheOrderOfTheRulesAndThenNamesDecide) {
  Books books;
  prepare(books);
  books.given(publish_stock({.places = {"B"}}), receive_stock("C", {{.quantity = "2"}}),
              receive_stock("B", {{.quantity = "2"}}), receive_stock("A", {{.quantity = "2"}}));
  books.given(create_order(pieces("5"), {.confirm = true}));
  EXPECT_EQ(stock_of(books), "C 2/1 B 2/2 A 2/2");
  books.given(cancel_order("SO-1"), create_order(pieces("5", "C"), {.confirm = true}));
  EXPECT_EQ(stock_of(books), "C 2/2 B 2/0 A 2/0");  // the line says where from
}

TEST(GivenTwoLinesOfOneProduct, WhenReservedThenNoPieceIsGivenTwice) {
  Books books;
  prepare(books);
  books.given(receive_stock("A", {{.quantity = "5"}}));
  const Done done = books.when(create_order({.lines = {{.quantity = "3", .price = "1"},
                                                       {.quantity = "4", .price = "1"},
                                                       {.product = "P-2", .quantity = "1", .price = "1"}}},
                                            {.confirm = true}));
  const auto* lines = done.event<fb::StockReserved>().lines();
  ASSERT_EQ(lines->size(), 2u);
  EXPECT_EQ(lines->Get(0)->quantity()->millionths(), millionths("3"));
  EXPECT_EQ(lines->Get(1)->quantity()->millionths(), millionths("2"));
  EXPECT_EQ(stock_of(books), "A 5/5");
}

TEST(GivenNoStockAtAll, WhenConfirmedThenNothingIsReservedAndPolicyRefuseSaysSo) {
  Books books;
  prepare(books);
  EXPECT_EQ(books.when(create_order(pieces("3"), {.confirm = true})).story(), "OrderCreated OrderConfirmed");
  books.given(publish_stock({.when_short = fb::WhenShort::refuse}), create_order(pieces("3")));
  const Done refused = books.when(confirm_order("SO-2"));
  EXPECT_EQ(refused.code(), Refusal::stock_short);
  EXPECT_EQ(refused.verdict.place, "/order");
  EXPECT_EQ(refused.verdict.detail, "line 1, product P-1: 3 wanted, 0 free");
}

TEST(GivenBackorder, WhenStockComesInThenReserveTakesWhatIsMissing) {
  Books books;
  prepare(books);
  books.given(receive_stock("A", {{.quantity = "2"}}), create_order(pieces("5"), {.confirm = true}));
  EXPECT_EQ(books.when(reserve_order("SO-1")).code(), Refusal::stock_short);
  books.given(receive_stock("B", {{.quantity = "2"}}));
  EXPECT_EQ(books.when(reserve_order("SO-1")).event<fb::StockReserved>().lines()->Get(0)->quantity()->millionths(),
            millionths("2"));
  books.given(receive_stock("B", {{.quantity = "9"}}), reserve_order("SO-1"));
  EXPECT_EQ(stock_of(books), "A 2/2 B 11/3");
  EXPECT_EQ(books.when(reserve_order("SO-1")).code(), Refusal::nothing_to_do);
  expect_whole(books);
}

TEST(GivenReservationForThreeDays, WhenTheDayAfterComesThenItExpiresAndNotBefore) {
  Books books;
  prepare(books);
  books.given(publish_stock({.days = 3}), receive_stock("A", {{.quantity = "5"}})).on("2026-01-10");
  const Done done = books.when(create_order(pieces("5"), {.confirm = true}));
  EXPECT_EQ(from_fb(*done.event<fb::StockReserved>().expires_on()), day("2026-01-13"));
  for (const char* early : {"2026-01-10", "2026-01-13"}) {
    const Done refused = books.on(early).when(expire_reservation("SO-1"));
    EXPECT_EQ(refused.code(), Refusal::nothing_to_do);
    EXPECT_EQ(refused.verdict.detail, "reserved until 2026-01-13");
  }
  const Done expired = books.on("2026-01-14").when(expire_reservation("SO-1"));
  EXPECT_EQ(expired.event<fb::ReservationReleased>().reason(), fb::ReleaseReason::expired);
  EXPECT_EQ(stock_of(books), "A 5/0");
  EXPECT_EQ(status_of(books, "SO-1"), "confirmed");
  EXPECT_FALSE(order_of(books, "SO-1").reservation_expires_on.has_value());
  EXPECT_EQ(books.when(expire_reservation("SO-1")).verdict.detail, "nothing is reserved");
  EXPECT_TRUE(books.when(ship("SO-1")).verdict);  // free stock serves as well
  EXPECT_EQ(books.when(expire_reservation("SO-9")).code(), Refusal::order_unknown);
  expect_whole(books);
}

TEST(GivenReservationWithoutEnd, WhenExpiryIsAskedThenNothingHappens) {
  Books books;
  prepare(books);
  books.given(receive_stock("A", {{.quantity = "5"}}), create_order(pieces("5"), {.confirm = true})).on("2028-01-10");
  EXPECT_EQ(books.when(expire_reservation("SO-1")).verdict.detail, "reserved without end");
}

}  // namespace
}  // namespace o2c::test
