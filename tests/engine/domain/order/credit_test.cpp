#include "engine/domain/company/identities.hpp"
#include "tests/support/order_books.hpp"

namespace o2c::test {
namespace {

const DocumentSpec ten{.lines = {{.quantity = "10", .price = "100"}}};  // 1,130.00 with tax
DocumentSpec of(std::string customer) {
  DocumentSpec d = ten;
  d.customer = std::move(customer);
  return d;
}

void prepare(Books& books, std::optional<Money> limit, std::string group = {}) {
  books.given(register_customer({.credit_limit = limit, .credit_group = group}), register_product({}),
              receive_stock("A", {{.quantity = "1000"}}));
}
void expect_whole(const Books& books) {
  EXPECT_EQ(fmt::format("{}", fmt::join(broken_identities(books.state()), "; ")), "");
}

TEST(GivenLimit, WhenOrdersCompeteThenExactlyThoseThatFitAreGranted) {
  for (const auto& [limit, fit] : std::vector<std::pair<std::string, int>>{
           {"4520", 4}, {"4519.99", 3}, {"4520.01", 4}, {"0", 0}, {"1000000", 20}}) {
    Books books;
    prepare(books, cny(limit));
    for (int i = 0; i < 20; ++i) books.given(create_order(ten));
    int granted = 0;
    for (int i = 1; i <= 20; ++i) granted += books.when(confirm_order(fmt::format("SO-{}", i))).status == "confirmed";
    EXPECT_EQ(granted, fit) << limit;
    EXPECT_EQ(exposure_of(books).orders_minor, fit * 1130'00);
    EXPECT_EQ(stock_of(books), fmt::format("A 1000/{}", fit * 10));  // a held order reserves nothing
    expect_whole(books);
  }
}

TEST(GivenLimit, WhenSmallerOrderStillFitsAfterOneWasHeldThenItIsGranted) {
  Books books;
  prepare(books, cny("1300"));
  books.given(create_order(ten, {.confirm = true}));
  const Done held = books.when(create_order(ten, {.confirm = true}));
  EXPECT_EQ(held.story(), "OrderCreated OrderConfirmed OrderHeld");
  EXPECT_EQ(held.status, "on_hold");
  const fb::OrderHeld& event = held.event<fb::OrderHeld>();
  EXPECT_EQ(event.hold(), fb::HoldKind::credit);
  EXPECT_EQ(view(event.reason()), "exposure 1130.00 + order 1130.00 exceeds the limit 1300.00 CNY");
  EXPECT_EQ(event.credit()->exposure_minor(), 1130'00);
  EXPECT_EQ(event.credit()->limit_minor().value(), 1300'00);
  EXPECT_EQ(books.when(create_order({.lines = {{.quantity = "1", .price = "150"}}}, {.confirm = true})).status,
            "confirmed");
}

TEST(GivenGroupLimit, WhenMembersOrderThenTheirSumIsLimited) {
  Books books;
  books.given(set_credit_group("G", cny("2000")), register_customer({.credit_group = "G"}),
              register_customer({.id = "C-2", .credit_limit = cny("100000"), .credit_group = "G"}),
              register_product({}), receive_stock("A", {{.quantity = "1000"}}));
  EXPECT_EQ(books.when(create_order(of("C-1"), {.confirm = true})).status, "confirmed");
  const Done held = books.when(create_order(of("C-2"), {.confirm = true}));
  EXPECT_EQ(held.status, "on_hold");
  EXPECT_EQ(view(held.event<fb::OrderHeld>().credit()->credit_group()), "G");
  EXPECT_EQ(view(held.event<fb::OrderHeld>().reason()),
            "exposure 1130.00 + order 1130.00 exceeds the limit 2000.00 CNY of group G");
  EXPECT_EQ(books.state().credit_groups.find("G")->exposure.orders_minor, 1130'00);
  EXPECT_EQ(books.when(release_order("SO-2", fb::HoldKind::credit)).code(), Refusal::exceeds_credit_limit);
  books.given(cancel_order("SO-1"));
  EXPECT_EQ(books.when(release_order("SO-2", fb::HoldKind::credit)).story(), "OrderReleased StockReserved");
  EXPECT_EQ(books.state().credit_groups.find("G")->exposure.orders_minor, 1130'00);
  expect_whole(books);
}

TEST(GivenPolicyRefuse, WhenLimitWouldBeExceededThenRefusedWithFigures) {
  Books books;
  prepare(books, cny("1129.99"));
  books.given(publish_credit(fb::OverLimit::refuse), create_order(ten));
  const Done done = books.when(confirm_order("SO-1"));
  EXPECT_EQ(done.code(), Refusal::exceeds_credit_limit);
  EXPECT_EQ(done.verdict.place, "/order");
  EXPECT_EQ(done.verdict.detail, "exposure 0.00 + order 1130.00 exceeds the limit 1129.99 CNY");
  EXPECT_EQ(status_of(books, "SO-1"), "draft");
}

TEST(GivenPolicyApprove, WhenLimitIsExceededThenCreditManagerDecidesAndOverridesIt) {
  Books books;
  prepare(books, cny("1000"));
  books.given(publish_credit(fb::OverLimit::approve), register_user("carl", {"credit_manager"}, cny("5000")),
              create_order(ten));
  const Done asked = books.when(confirm_order("SO-1"));
  EXPECT_EQ(asked.story(), "OrderSubmitted");
  EXPECT_EQ(asked.status, "pending_approval");
  EXPECT_EQ(view(asked.event<fb::OrderSubmitted>().role()), "credit_manager");
  EXPECT_EQ(asked.event<fb::OrderSubmitted>().reasons()->Get(0), fb::ApprovalReason::credit);
  EXPECT_EQ(view(asked.event<fb::OrderSubmitted>().policies()->Get(0)), "credit_rules/default@1");
  EXPECT_EQ(books.when(approve_order("SO-1")).code(), Refusal::not_authorised);
  const Done approved = books.as("carl").when(approve_order("SO-1"));
  EXPECT_EQ(approved.story(), "OrderApproved OrderConfirmed StockReserved");
  EXPECT_TRUE(approved.event<fb::OrderConfirmed>().override_limit());
  EXPECT_EQ(view(approved.event<fb::OrderConfirmed>().confirmed_by()), "clerk");
  EXPECT_TRUE(books.as("clerk").when(ship("SO-1")).verdict);  // what was let pass once is not stopped at the gate
}

TEST(GivenAmountApproval, WhenApprovedOrderExceedsLimitUnderPolicyApproveThenCreditIsAskedNext) {
  Books books;
  prepare(books, cny("1000"));
  books.given(publish_credit(fb::OverLimit::approve), publish_approval("all", {.total_from = cny("1")}),
              register_user("boss", {"manager"}, cny("5000")), register_user("carl", {"credit_manager"}, cny("5000")),
              create_order(ten), confirm_order("SO-1"));
  const Done first = books.as("boss").when(approve_order("SO-1"));
  EXPECT_EQ(first.story(), "OrderApproved OrderSubmitted");
  EXPECT_EQ(first.status, "pending_approval");
  EXPECT_EQ(view(first.event<fb::OrderSubmitted>().submitted_by()), "clerk");
  EXPECT_EQ(books.when(approve_order("SO-1")).code(), Refusal::not_authorised);
  EXPECT_EQ(books.as("carl").when(approve_order("SO-1")).status, "confirmed");
}

TEST(GivenDraftsCount, WhenCheckedThenOtherDraftsUseTheLimitAndTheOwnOneCountsOnce) {
  Books books;
  prepare(books, cny("2260"));
  books.given(publish_credit(fb::OverLimit::hold, true), create_order(ten), create_order(ten));
  EXPECT_EQ(books.when(confirm_order("SO-1")).status, "confirmed");  // 1,130 of its own, 1,130 of the other draft
  books.given(create_order({.lines = {{.quantity = "1", .price = "1"}}}));
  EXPECT_EQ(books.when(confirm_order("SO-2")).status, "on_hold");  // the third draft's 1.13 is too much
  expect_whole(books);
}

TEST(GivenCreditHold, WhenReleasedThenLimitIsCheckedAgainAndOnlyAnotherPersonOverrides) {
  Books books;
  prepare(books, cny("1000"));
  books.given(register_user("clerk", {"credit_manager"}), register_user("carl", {"credit_manager"}),
              create_order(ten, {.confirm = true}));
  EXPECT_EQ(status_of(books, "SO-1"), "on_hold");
  EXPECT_EQ(exposure_of(books).orders_minor, 0);
  EXPECT_EQ(books.when(reserve_order("SO-1")).code(), Refusal::order_on_hold);
  EXPECT_EQ(books.when(release_order("SO-1", fb::HoldKind::credit)).code(), Refusal::exceeds_credit_limit);
  EXPECT_EQ(books.when(release_order("SO-1", fb::HoldKind::credit, true)).code(), Refusal::same_person);
  EXPECT_EQ(books.as("nobody").when(release_order("SO-1", fb::HoldKind::credit, true)).code(), Refusal::not_authorised);
  const Done done = books.as("carl").when(release_order("SO-1", fb::HoldKind::credit, true));
  EXPECT_EQ(done.story(), "OrderReleased StockReserved");
  EXPECT_TRUE(done.event<fb::OrderReleased>().override_limit());
  EXPECT_EQ(done.event<fb::OrderReleased>().credit()->order_minor(), 1130'00);
  EXPECT_EQ(exposure_of(books).orders_minor, 1130'00);
  EXPECT_TRUE(books.when(ship("SO-1")).verdict);
  expect_whole(books);
}

TEST(GivenCreditHold, WhenLimitIsRaisedThenAnybodyReleasesAndNothingIsOverridden) {
  Books books;
  prepare(books, cny("1000"));
  books.given(create_order(ten, {.confirm = true}), change_customer({.credit_limit = cny("1130")}));
  const Done done = books.when(release_order("SO-1", fb::HoldKind::credit, true));
  EXPECT_EQ(done.story(), "OrderReleased StockReserved");
  EXPECT_FALSE(done.event<fb::OrderReleased>().override_limit());
}

TEST(GivenGrantedOrder, WhenPutOnCreditHoldByAPersonThenItGivesBackStockAndExposure) {
  Books books;
  prepare(books, std::nullopt);
  books.given(create_order(ten, {.confirm = true}), ship("SO-1", {{.quantity = "4"}}));
  const Done done = books.when(hold_order("SO-1", fb::HoldKind::credit));
  EXPECT_EQ(done.story(), "OrderHeld ReservationReleased");
  EXPECT_EQ(stock_of(books), "A 996/0");
  EXPECT_EQ(exposure_of(books).orders_minor, 452'00);  // what has left is owed all the same
  books.given(bill_order("SO-1"));                     // and may always be invoiced
  EXPECT_EQ(exposure_of(books).orders_minor, 0);
  EXPECT_EQ(books.when(release_order("SO-1", fb::HoldKind::credit)).story(), "OrderReleased StockReserved");
  EXPECT_EQ(stock_of(books), "A 996/6");
  EXPECT_EQ(exposure_of(books).orders_minor, 678'00);
  expect_whole(books);
}

TEST(GivenLimitLoweredAfterConfirmation, WhenShippedThenTheOrderIsHeldInsteadOrRefusedByPolicy) {
  Books books;
  prepare(books, cny("2000"));
  books.given(create_order(ten, {.confirm = true}), change_customer({.credit_limit = cny("500")}));
  const Done held = books.when(ship("SO-1"));
  EXPECT_EQ(held.story(), "OrderHeld ReservationReleased");
  EXPECT_EQ(held.id, "SO-1");
  EXPECT_EQ(held.status, "on_hold");
  EXPECT_EQ(held.event<fb::OrderHeld>().credit()->exposure_minor(), 0);
  EXPECT_EQ(stock_of(books), "A 1000/0");
  expect_whole(books);

  Books strict;
  prepare(strict, cny("2000"));
  strict.given(publish_credit(fb::OverLimit::refuse), create_order(ten, {.confirm = true}),
               change_customer({.credit_limit = cny("500")}));
  EXPECT_EQ(strict.when(ship("SO-1")).code(), Refusal::exceeds_credit_limit);

  Books trusting;
  prepare(trusting, cny("2000"));
  trusting.given(publish_credit(fb::OverLimit::hold, false, false), create_order(ten, {.confirm = true}),
                 change_customer({.credit_limit = cny("500")}));
  EXPECT_EQ(trusting.when(ship("SO-1")).story(), "ShipmentPosted");
}

TEST(GivenLimitLoweredAfterShipment, WhenShippedOnAnEarlierDayThenTheHoldIsNotDatedBeforeTheShipment) {
  Books books;
  prepare(books, cny("2000"));
  books.given(create_order(ten, {.confirm = true})).on("2026-01-20");
  books.given(ship("SO-1", {{.quantity = "3"}}), change_customer({.credit_limit = cny("500")}));
  const Done held = books.when(ship("SO-1", {}, {.on = "2026-01-10"}));
  EXPECT_EQ(held.story(), "OrderHeld ReservationReleased");
  for (const fb::Event* event : held.events) EXPECT_EQ(from_fb(*event->occurred_on()), day("2026-01-20"));
}

TEST(GivenPartlyInvoicedOrder, WhenExposureIsReadThenEachQuantityCountsOnce) {
  Books books;
  prepare(books, std::nullopt);
  books.given(create_order(ten, {.confirm = true}), ship("SO-1", {{.quantity = "3"}}), bill_order("SO-1"),
              ship("SO-1", {{.quantity = "2"}}));
  const Exposure& e = exposure_of(books);
  EXPECT_EQ(e.receivables_minor, 339'00);
  EXPECT_EQ(e.orders_minor, 791'00);
  EXPECT_EQ(e.drafts_minor, 0);
}

TEST(GivenHugeOrders, WhenTheirSumNearsTheEndOf64BitsThenRefusedBeforeAnythingOverflows) {
  Books books;
  prepare(books, std::nullopt);
  const DocumentSpec huge{.lines = {{.quantity = "1", .price = "9000000000000"}}};  // 9 * 10^14 minor units each
  int accepted = 0;
  Refusal last = Refusal::none;
  for (int i = 0; i < 3000 && last == Refusal::none; ++i) {
    last = books.when(create_order(huge)).code();
    accepted += last == Refusal::none;
  }
  EXPECT_EQ(last, Refusal::number_range);
  EXPECT_EQ(accepted, 2267);  // floor((2^63 - 1) / 4 / 1,017,000,000,000,000)
}

}  // namespace
}  // namespace o2c::test
