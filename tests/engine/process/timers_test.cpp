#include "engine/process/timers.hpp"

#include "tests/support/order_books.hpp"

namespace o2c::test {
namespace {

Id16 only_timer(const Books& books) {
  const auto due = due_timers("ACME", books.state(), books.today());
  EXPECT_EQ(due.size(), 1u);
  return due.empty() ? Id16{} : Id16::from(*flatbuffers::GetRoot<fb::Command>(due[0].data())->command_id());
}

/// Ten pieces set aside until 7 January; it is the 10th.
void prepare(Books& books) {
  books.given(publish_stock({.days = 2}), register_customer({}), register_product({}),
              receive_stock("A", {{.quantity = "10"}}),
              create_order({.lines = {{.quantity = "10", .price = "100"}}}, {.confirm = true}));
  books.on("2026-01-10");
}

TEST(GivenReservationThatExpired, WhenAskedTwiceThenTheTimerIsTheSame) {
  Books books;
  prepare(books);
  EXPECT_EQ(only_timer(books), only_timer(books));
  books.given(expire_reservation("SO-1"));
  EXPECT_TRUE(due_timers("ACME", books.state(), books.today()).empty());
}

TEST(GivenExpiredReservation, WhenReservedAnewUntilTheSameDayThenAnotherTimerIsDue) {
  Books books;
  prepare(books);
  const Id16 first = only_timer(books);
  books.given(expire_reservation("SO-1"), wish([on = to_fb(day("2026-01-05"))](Builder& b) {
                return fb::CreateReserveOrder(b, b.CreateString("SO-1"), &on);
              }));
  EXPECT_EQ(order_of(books, "SO-1").reservation_expires_on, day("2026-01-07"));
  EXPECT_NE(only_timer(books), first)
      << "its first timer has been answered: under the same id it would never be decided";
}

}  // namespace
}  // namespace o2c::test
