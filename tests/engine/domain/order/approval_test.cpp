#include "engine/domain/company/identities.hpp"
#include "tests/support/order_books.hpp"

namespace o2c::test {
namespace {

DocumentSpec of_quantity(const std::string& quantity, const std::string& discount = {}) {
  return {.lines = {{.quantity = quantity, .price = "100", .discount = discount}}};
}
/// The product costs 60.00 and is sold for 100.00: 40 % margin without a discount.
void prepare(Books& books) {
  books.given(register_customer({}), register_product({.cost = "60"}), receive_stock("A", {{.quantity = "1000"}}),
              register_user("boss", {"manager"}, cny("20000")), register_user("clerk", {"manager"}, cny("20000")));
}
std::string reasons_of(const Done& done) {
  std::string out;
  for (const fb::ApprovalReason reason : *done.event<fb::OrderSubmitted>().reasons())
    out += (out.empty() ? "" : " ") + std::string(fb::EnumNameApprovalReason(reason));
  return out;
}

TEST(GivenAmountRule, WhenTotalReachesItThenApprovalIsNeededAndNothingIsReserved) {
  Books books;
  prepare(books);
  books.given(publish_approval("large", {.total_from = cny("1130")}),
              create_order({.lines = {{.quantity = "1", .price = "999.99"}}}), create_order(of_quantity("10")));
  EXPECT_EQ(books.when(confirm_order("SO-1")).status, "confirmed");  // 1,129.99
  const Done done = books.when(confirm_order("SO-2"));               // 1,130.00
  EXPECT_EQ(done.story(), "OrderSubmitted");
  EXPECT_EQ(reasons_of(done), "amount");
  EXPECT_EQ(view(done.event<fb::OrderSubmitted>().role()), "manager");
  EXPECT_EQ(view(done.event<fb::OrderSubmitted>().submitted_by()), "clerk");
  EXPECT_EQ(view(done.event<fb::OrderSubmitted>().policies()->Get(0)), "approval_rules/large@1");
  EXPECT_EQ(stock_of(books), "A 1000/1");
  EXPECT_EQ(exposure_of(books).drafts_minor, 1130'00);
}

TEST(GivenAmountRule, WhenTheOrderIsInAnotherCurrencyThenItNeedsApprovalUnlessThatCurrencyHasARule) {
  Books books;
  prepare(books);
  books.given(register_customer({.id = "C-US", .currency = Currency::USD}),
              publish_approval("large", {.total_from = cny("1130")}),
              create_order({.customer = "C-US", .lines = {{.quantity = "1", .price = "1"}}}));
  EXPECT_EQ(reasons_of(books.when(confirm_order("SO-1"))), "amount");
  books.given(publish_approval("large in dollars", {.total_from = money("200", Currency::USD)}),
              create_order({.customer = "C-US", .lines = {{.quantity = "1", .price = "1"}}}));
  EXPECT_EQ(books.when(confirm_order("SO-2")).status, "confirmed");
}

TEST(GivenDiscountRule, WhenShareIsExactlyReachedThenItFires) {
  Books books;
  prepare(books);
  books.given(publish_approval("cheap", {.discount_from = "10"}), create_order(of_quantity("10", "9.9999")),
              create_order(of_quantity("10", "10")));
  EXPECT_EQ(books.when(confirm_order("SO-2")).story(), "OrderSubmitted");
  const Done done = books.when(confirm_order("SO-1"));  // 1,000.00 − 100.00: rounding makes it 10 %, and so it fires
  EXPECT_EQ(order_of(books, "SO-1").document->net_minor, 900'00);
  EXPECT_EQ(done.story(), "OrderSubmitted");
  EXPECT_EQ(reasons_of(done), "discount");
  books.given(create_order(of_quantity("10", "9.99")));  // 99.90 off
  EXPECT_EQ(books.when(confirm_order("SO-3")).status, "confirmed");
}

/// A line of ten with a price that the request names, or, when it names none, the list's.
DocumentSpec ten_at(const std::string& price, const std::string& discount = {}) {
  return {.lines = {{.quantity = "10", .price = price, .discount = discount}}};
}

TEST(GivenDiscountRule, WhenAPriceIsNamedBelowTheWaterfallThenItCountsAsADiscountOfThatShare) {
  Books books;
  prepare(books);
  books.given(publish_approval("cheap", {.discount_from = "10"}),
              publish_prices("retail", {.rows = {{.price = "100"}}}));
  const auto outcome_of = [&](const DocumentSpec& document) {
    books.given(create_order(document));
    const Done done = books.when(confirm_order(fmt::format("SO-{}", books.state().orders.size())));
    return done.story() == "OrderSubmitted" ? reasons_of(done) : done.status;
  };
  EXPECT_EQ(outcome_of(ten_at("")), "confirmed");
  EXPECT_EQ(outcome_of(ten_at("90.01")), "confirmed");
  EXPECT_EQ(outcome_of(ten_at("90")), "discount");
  EXPECT_EQ(outcome_of(ten_at("95", "6")), "discount") << "the line's own discount comes on top: 10.7 %";
  EXPECT_EQ(outcome_of(ten_at("120", "9")), "confirmed") << "above the list nothing is given away but the line's own";
  EXPECT_EQ(outcome_of({.lines = {{.quantity = "10"}, {.quantity = "1", .price = "1"}}}), "confirmed")
      << "99 of 1,100.00";
  books.given(register_product({.id = "P-2", .cost = "1"}), receive_stock("A", {{.product = "P-2", .quantity = "10"}}));
  EXPECT_EQ(outcome_of({.lines = {{.product = "P-2", .quantity = "1", .price = "1"}}}), "confirmed")
      << "no list price, nothing to compare";
}

TEST(GivenDiscountRule, WhenTheListRisesBeforeTheOrderIsConfirmedThenItsListPriceIsNoDiscount) {
  Books books;
  prepare(books);
  books.given(publish_approval("cheap", {.discount_from = "10"}),
              publish_prices("retail", {.rows = {{.price = "100"}}}), create_order(ten_at("")),
              create_order(ten_at("80")));
  books.on("2026-03-20");
  books.given(publish_prices("retail", {.rows = {{.price = "150"}}}, "2026-03-20"));
  EXPECT_EQ(books.when(confirm_order("SO-1")).status, "confirmed");
  EXPECT_EQ(reasons_of(books.when(confirm_order("SO-2"))), "discount") << "below either list";
}

TEST(GivenMarginRule, WhenMarginIsBelowOrNotKnownThenItFires) {
  Books books;
  prepare(books);
  books.given(register_product({.id = "P-2"}), publish_approval("floor", {.margin_below = "25"}));
  books.given(create_order(of_quantity("10", "20")));  // (800 − 600) / 800 = 25 %: not below
  EXPECT_EQ(books.when(confirm_order("SO-1")).status, "confirmed");
  books.given(create_order(of_quantity("10", "20.01")));
  EXPECT_EQ(reasons_of(books.when(confirm_order("SO-2"))), "margin");
  books.given(
      create_order({.lines = {{.quantity = "1", .price = "1"}, {.product = "P-2", .quantity = "1", .price = "1"}}}));
  EXPECT_EQ(reasons_of(books.when(confirm_order("SO-3"))), "margin") << "the cost of P-2 is not known";
}

TEST(GivenSeveralLevels, WhenSeveralFireThenTheMostDemandingRuleOfEachReasonNamesTheRoles) {
  Books books;
  prepare(books);
  books.given(publish_approval("1", {.role = "manager", .total_from = cny("1000")}),
              publish_approval("2", {.role = "director", .total_from = cny("3000")}),
              publish_approval("3", {.role = "pricing", .discount_from = "10"}),
              register_user("dora", {"director"}, cny("100000")),
              register_user("emil", {"director", "pricing"}, cny("100000")));
  books.given(create_order(of_quantity("50", "30")));
  const Done done = books.when(confirm_order("SO-1"));
  EXPECT_EQ(reasons_of(done), "amount discount");
  EXPECT_EQ(view(done.event<fb::OrderSubmitted>().role()), "director");
  EXPECT_EQ(view(done.event<fb::OrderSubmitted>().further_roles()->Get(0)), "pricing");
  EXPECT_EQ(done.event<fb::OrderSubmitted>().policies()->size(), 3u);
  EXPECT_EQ(books.as("dora").when(approve_order("SO-1")).code(), Refusal::not_authorised);
  EXPECT_EQ(books.as("emil").when(approve_order("SO-1")).status, "confirmed");
}

TEST(GivenPendingOrder, WhenApprovedThenDutiesAndAuthorityAreChecked) {
  Books books;
  prepare(books);
  books.given(
      publish_approval("large", {.total_from = cny("1000")}), register_user("trainee", {"manager"}, cny("1129.99")),
      register_user("nolimit", {"manager"}), register_user("dollars", {"manager"}, money("20000", Currency::USD)),
      register_user("typist", {"typing"}, cny("20000")), create_order(of_quantity("10")), confirm_order("SO-1"));
  EXPECT_EQ(books.as("clerk").when(approve_order("SO-1")).code(), Refusal::same_person);
  EXPECT_EQ(books.as("ghost").when(approve_order("SO-1")).code(), Refusal::not_authorised);
  EXPECT_EQ(books.as("typist").when(approve_order("SO-1")).code(), Refusal::not_authorised);
  const Done trainee = books.as("trainee").when(approve_order("SO-1"));
  EXPECT_EQ(trainee.code(), Refusal::exceeds_authority);
  EXPECT_EQ(trainee.verdict.place, "/actor");
  EXPECT_EQ(trainee.verdict.detail, "the total is 1130.00 CNY, 'trainee' may approve 1129.99 CNY");
  EXPECT_EQ(books.as("nolimit").when(approve_order("SO-1")).code(), Refusal::exceeds_authority);
  EXPECT_EQ(books.as("dollars").when(approve_order("SO-1")).code(), Refusal::exceeds_authority);
  const Done done = books.as("boss").when(approve_order("SO-1"));
  EXPECT_EQ(done.story(), "OrderApproved OrderConfirmed StockReserved");
  EXPECT_EQ(view(done.event<fb::OrderApproved>().approved_by()), "boss");
  EXPECT_EQ(view(done.event<fb::OrderConfirmed>().confirmed_by()), "clerk");
  EXPECT_FALSE(done.event<fb::OrderConfirmed>().override_limit());
  EXPECT_EQ(stock_of(books), "A 1000/10");
  EXPECT_EQ(exposure_of(books).drafts_minor, 0);
  EXPECT_EQ(exposure_of(books).orders_minor, 1130'00);
}

TEST(GivenPendingOrder, WhenRejectedThenRevisedThenItIsSubmittedAgain) {
  Books books;
  prepare(books);
  books.given(publish_approval("large", {.total_from = cny("1000")}), create_order(of_quantity("10")),
              confirm_order("SO-1"));
  EXPECT_EQ(books.as("clerk").when(reject_order("SO-1")).code(), Refusal::same_person);
  EXPECT_EQ(books.as("boss").when(reject_order("SO-1", "")).verdict.place, "/reason");
  const Done done = books.when(reject_order("SO-1", "below cost"));
  EXPECT_EQ(view(done.event<fb::OrderRejected>().reason()), "below cost");
  EXPECT_EQ(exposure_of(books).drafts_minor, 0);
  books.as("clerk").given(revise_order("SO-1", of_quantity("20")));
  EXPECT_EQ(exposure_of(books).drafts_minor, 2260'00);
  EXPECT_EQ(books.when(confirm_order("SO-1")).story(), "OrderSubmitted");
  EXPECT_EQ(books.when(withdraw_order("SO-1")).status, "draft");
  EXPECT_EQ(books.when(create_order(of_quantity("30"), {.confirm = true})).story(),
            "OrderCreated OrderSubmitted");  // no path around it
  EXPECT_EQ(fmt::format("{}", fmt::join(broken_identities(books.state()), "; ")), "");
}

TEST(GivenApprovalAndLimit, WhenApprovedByAmountThenTheLimitIsCheckedStill) {
  Books books;
  books.given(
      register_customer({.credit_limit = cny("1000")}), register_product({}), receive_stock("A", {{.quantity = "100"}}),
      register_user("boss", {"manager", "credit_manager"}, cny("20000")),
      publish_approval("large", {.total_from = cny("1000")}), create_order(of_quantity("10")), confirm_order("SO-1"));
  const Done done = books.as("boss").when(approve_order("SO-1"));
  EXPECT_EQ(done.story(), "OrderApproved OrderConfirmed OrderHeld");
  EXPECT_EQ(done.status, "on_hold");
  EXPECT_EQ(books.when(release_order("SO-1", fb::HoldKind::credit, true)).status,
            "confirmed");  // boss is another person than the one who asked
}

TEST(GivenRuleFromALaterDay, WhenConfirmedBeforeThenItDoesNotApply) {
  Books books;
  prepare(books);
  const Wish later = publish(
      "large",
      [](Builder& b) {
        const fb::Money m = cny("1").to_fb();
        return fb::CreateApprovalRules(b, b.CreateString("manager"), &m);
      },
      "2026-02-01");
  books.given(later, create_order(of_quantity("10")), create_order(of_quantity("10")));
  EXPECT_EQ(books.when(confirm_order("SO-1", "2026-01-31")).status, "confirmed");
  EXPECT_EQ(books.when(confirm_order("SO-2", "2026-02-01")).status, "pending_approval");
}

}  // namespace
}  // namespace o2c::test
