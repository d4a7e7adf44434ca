#include "engine/domain/company/identities.hpp"
#include "tests/support/order_books.hpp"

namespace o2c::test {
namespace {

TEST(GivenTinyRest, WhenNearlyAllIsShippedThenStatusIsPartialToTheLastPiece) {
  Books books;  // 250,000 mm and 2 pcs: a percentage rounded to six digits shows 100 % before the pieces are shipped
  books.given(register_customer({}), register_product({.id = "WIRE", .unit = "mm"}), register_product({.id = "PLUG"}),
              receive_stock("A", {{"WIRE", "250000"}, {"PLUG", "2"}}));
  books.given(create_order({.lines = {{.product = "WIRE", .quantity = "250000", .price = "0.01"},
                                      {.product = "PLUG", .quantity = "2", .price = "3"}}},
                           {.confirm = true}));
  const Order& order = order_of(books, "SO-1");
  EXPECT_EQ(fulfilment_status(order), Progress::none);
  books.given(ship("SO-1", {{.line = 1}}));
  EXPECT_EQ(fulfilment_status(order), Progress::partial);
  books.given(ship("SO-1", {{.line = 2, .quantity = "1"}}));
  EXPECT_EQ(fulfilment_status(order), Progress::partial);
  books.given(bill_order("SO-1"));
  EXPECT_EQ(billing_status(order), Progress::partial);
  EXPECT_FALSE(is_completed(order));
  books.given(ship("SO-1"));
  EXPECT_EQ(fulfilment_status(order), Progress::full);
  EXPECT_EQ(shown_status(order), "confirmed");
  books.given(bill_order("SO-1"));
  EXPECT_EQ(billing_status(order), Progress::full);
  EXPECT_EQ(shown_status(order), "completed");
}

TEST(GivenNothingShipped, WhenAllIsClosedThenFulfilmentIsNoneAlthoughNothingIsOpen) {
  Books books;
  books.given(register_customer({}), register_product({}),
              create_order({.lines = {{.quantity = "5", .price = "1"}}, .freight = cny("9")}, {.confirm = true}),
              short_close("SO-1"));
  const Order& order = order_of(books, "SO-1");
  EXPECT_EQ(fulfilment_status(order), Progress::none);
  EXPECT_EQ(order.open(0), 0);
  EXPECT_FALSE(owes_freight(order));  // nothing travels, nothing is owed for it
  EXPECT_EQ(exposure_of(books).orders_minor, 0);
}

TEST(GivenFreight, WhenLinesAreBilledThenItIsOwedOnceAndPartOfTheExposure) {
  Books books;
  books.given(register_customer({}), register_product({}), receive_stock("A", {{.quantity = "4"}}));
  books.given(create_order({.lines = {{.quantity = "4", .price = "100"}}, .freight = cny("50")}, {.confirm = true}));
  const Order& order = order_of(books, "SO-1");
  EXPECT_EQ(order.document->total_minor(), 508'50);
  EXPECT_EQ(exposure_of(books).orders_minor, 508'50);
  EXPECT_EQ(open_value_minor(order), 508'50);
  EXPECT_EQ(shipped_value_minor(order), 0);
  books.given(ship("SO-1", {{.quantity = "1"}}));
  EXPECT_EQ(shipped_value_minor(order), 169'50);  // 113.00 and the freight with its tax
  books.given(bill_order("SO-1"));
  EXPECT_FALSE(owes_freight(order));
  EXPECT_EQ(exposure_of(books).orders_minor, 339'00);
  EXPECT_EQ(exposure_of(books).receivables_minor, 169'50);
}

TEST(GivenHeldOrder, WhenAllIsShippedAndBilledThenItIsCompletedWhateverTheHolds) {
  Books books;
  books.given(register_customer({}), register_product({}), receive_stock("A", {{.quantity = "4"}}),
              create_order({.lines = {{.quantity = "4", .price = "1"}}}, {.confirm = true}));
  books.given(ship("SO-1"), hold_order("SO-1"));
  EXPECT_EQ(status_of(books, "SO-1"), "on_hold");
  books.given(bill_order("SO-1"));
  EXPECT_EQ(status_of(books, "SO-1"), "completed");
  EXPECT_EQ(books.when(release_order("SO-1")).status, "completed");
}

TEST(GivenValueThatDoesNotDivide, WhenItIsSplitThenSharesInARowSumToTheWhole) {
  for (const std::int64_t total : {0, 1, 2, 99, 100, 1000001, 99999999}) {
    for (const std::int64_t parts : {1, 2, 3, 7, 13}) {
      std::int64_t sum = 0, before = 0;
      for (std::int64_t i = 1; i <= parts; ++i) {
        const std::int64_t until = share_minor(total, i, parts);
        EXPECT_GE(until, before);
        sum += until - before;
        before = until;
      }
      EXPECT_EQ(sum, total) << parts;
    }
  }
  EXPECT_EQ(share_minor(100, 1, 3), 33);
  EXPECT_EQ(share_minor(100, 2, 3), 67);
  EXPECT_EQ(share_minor(1, 1, 2), 1);  // half away from zero
}

}  // namespace
}  // namespace o2c::test
