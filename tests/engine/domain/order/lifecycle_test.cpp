#include "engine/domain/company/identities.hpp"
#include "tests/support/order_books.hpp"

namespace o2c::test {
namespace {

const DocumentSpec small{.lines = {{.quantity = "10", .price = "100"}}};  // 1,130.00 with tax
const DocumentSpec large{.lines = {{.quantity = "50", .price = "100"}}};  // 5,650.00 with tax, needs approval

/// 100 pieces at one place, approval by a manager from 5,000.00 on.
void prepare(Books& books) {
  books.given(register_customer({}), register_product({}), receive_stock("A", {{.quantity = "100"}}),
              register_user("boss", {"manager"}, cny("1000000")),
              publish_approval("large", {.total_from = cny("5000")}));
}

/// An order SO-1 in the state of that name.
void reach(Books& books, std::string_view state) {
  prepare(books);
  const bool asked = state == "pending_approval" || state == "rejected";
  books.given(create_order(asked ? large : small));
  if (state == "draft") return;
  books.given(confirm_order("SO-1"));
  if (state == "rejected") books.as("boss").given(reject_order("SO-1")).as("clerk");
  if (state == "on_hold") books.given(hold_order("SO-1"));
  if (state == "partly_shipped") books.given(ship("SO-1", {{.quantity = "4"}}));
  if (state == "partly_billed") books.given(publish_basis(fb::InvoiceBasis::ordered), bill_order("SO-1"));
  if (state == "completed") books.given(ship("SO-1"), bill_order("SO-1"));
  if (state == "short_closed") books.given(ship("SO-1", {{.quantity = "4"}}), short_close("SO-1"));
  if (state == "cancelled") books.given(cancel_order("SO-1"));
}

struct Step {
  const char* name;
  Wish wish;
  const char* actor = "clerk";
};
const std::vector<Step>& steps() {
  static const std::vector<Step> all{
      {"revise", revise_order("SO-1", small)},    {"confirm", confirm_order("SO-1")},
      {"approve", approve_order("SO-1"), "boss"}, {"reject", reject_order("SO-1"), "boss"},
      {"withdraw", withdraw_order("SO-1")},       {"hold", hold_order("SO-1")},
      {"release", release_order("SO-1")},         {"cancel", cancel_order("SO-1")},
      {"short_close", short_close("SO-1")},       {"ship", ship("SO-1", {{.quantity = "1"}})}};
  return all;
}

// Row 18: from which state which command leads where. What is not here is refused.
const std::map<std::string, std::map<std::string, std::string>> legal{
    {"draft", {{"revise", "draft"}, {"confirm", "confirmed"}, {"cancel", "cancelled"}}},
    {"pending_approval",
     {{"approve", "confirmed"}, {"reject", "rejected"}, {"withdraw", "draft"}, {"cancel", "cancelled"}}},
    {"rejected", {{"revise", "draft"}}},
    {"confirmed",
     {{"hold", "on_hold"}, {"cancel", "cancelled"}, {"short_close", "short_closed"}, {"ship", "confirmed"}}},
    {"on_hold", {{"release", "confirmed"}, {"cancel", "cancelled"}, {"short_close", "short_closed"}}},
    {"partly_shipped", {{"hold", "on_hold"}, {"short_close", "short_closed"}, {"ship", "confirmed"}}},
    {"partly_billed", {{"hold", "on_hold"}, {"ship", "confirmed"}}},
    {"completed", {}},
    {"short_closed", {}},
    {"cancelled", {}}};

TEST(GivenOrderInAnyState, WhenAnyCommandThenOnlyLegalTransitionsHappen) {
  for (const auto& [state, allowed] : legal) {
    for (const Step& step : steps()) {
      SCOPED_TRACE(state + " " + step.name);
      Books books;
      reach(books, state);
      const std::string before = state_bytes(books.state());
      const Done done = books.as(step.actor).when(step.wish);
      const auto to = allowed.find(step.name);
      if (to == allowed.end()) {
        EXPECT_FALSE(done.verdict);
        const bool by_state = done.code() == Refusal::hold_unknown ||
                              (done.code() >= Refusal::illegal_transition && done.code() <= Refusal::approval_pending);
        EXPECT_TRUE(by_state || (state == "completed" && done.code() == Refusal::exceeds_open_quantity))
            << refusal_name(done.code());
        EXPECT_TRUE(state_bytes(books.state()) == before);
      } else {
        EXPECT_TRUE(done.verdict) << refusal_name(done.code()) << " " << done.verdict.detail;
        EXPECT_EQ(status_of(books, "SO-1"), to->second);
      }
      EXPECT_EQ(fmt::format("{}", fmt::join(broken_identities(books.state()), "; ")), "");
    }
  }
}

TEST(GivenPendingOrder, WhenConfirmedOrShippedThenApprovalPendingIsTheReason) {
  Books books;
  reach(books, "pending_approval");
  EXPECT_EQ(books.when(confirm_order("SO-1")).code(), Refusal::approval_pending);
  EXPECT_EQ(books.when(ship("SO-1")).code(), Refusal::approval_pending);
  EXPECT_EQ(books.when(confirm_order("SO-2")).code(), Refusal::order_unknown);
}

TEST(GivenNoOrder, WhenCreatedAndConfirmedInOneStepThenOneDecisionDoesBoth) {
  Books books;
  prepare(books);
  const Done done = books.when(create_order(small, {.confirm = true}));
  EXPECT_EQ(done.story(), "OrderCreated OrderConfirmed StockReserved");
  EXPECT_EQ(done.id, "SO-1");
  EXPECT_EQ(done.status, "confirmed");
  EXPECT_EQ(order_of(books, "SO-1").version, 3u);
  EXPECT_EQ(stock_of(books), "A 100/10");
  const auto& confirmed = done.event<fb::OrderConfirmed>();
  EXPECT_EQ(confirmed.credit()->order_minor(), 1130'00);
  EXPECT_FALSE(confirmed.credit()->limit_minor().has_value());
  EXPECT_EQ(view(confirmed.confirmed_by()), "clerk");
}

TEST(GivenOrder, WhenIdOrPlaceOfItIsWrongThenRefusedWithPlace) {
  Books books;
  prepare(books);
  books.given(create_order(small, {.id = "O-7"}));
  EXPECT_EQ(books.when(create_order(small, {.id = "O-7"})).code(), Refusal::order_exists);
  EXPECT_EQ(books.when(create_order(small, {.id = "SO-9"})).code(), Refusal::invalid_value);
  books.given(publish_stock({.when_short = fb::WhenShort::refuse}));
  DocumentSpec greedy = small;
  greedy.lines[0].quantity = "101", greedy.lines[0].price = "1";
  const Done done = books.when(create_order(greedy, {.confirm = true}));
  EXPECT_EQ(done.code(), Refusal::stock_short);
  EXPECT_EQ(done.verdict.place, "/document");
  EXPECT_EQ(done.verdict.detail, "line 1, product P-1: 101 wanted, 100 free");
  EXPECT_EQ(books.when(confirm_order("O-7").expecting(2)).code(), Refusal::stale_version);
  EXPECT_TRUE(books.when(confirm_order("O-7").expecting(1)).verdict);
}

TEST(GivenDraft, WhenRevisedThenVersionCountsAndOldContentIsReplaced) {
  Books books;
  prepare(books);
  books.given(register_customer({.id = "C-2"}), create_order(small));
  EXPECT_EQ(exposure_of(books).drafts_minor, 1130'00);
  const Done done = books.when(revise_order("SO-1", large));
  EXPECT_EQ(done.event<fb::OrderRevised>().version(), 2u);
  EXPECT_EQ(order_of(books, "SO-1").revision, 2u);
  EXPECT_EQ(exposure_of(books).drafts_minor, 5650'00);
  DocumentSpec foreign = small;
  foreign.customer = "C-2";
  EXPECT_EQ(books.when(revise_order("SO-1", foreign)).verdict.place, "/document/customer");
}

TEST(GivenOrder, WhenFactsAreDatedBeforeTheirCausesThenRefused) {
  Books books;
  prepare(books);
  books.on("2026-01-10").given(create_order(small, {.on = "2026-01-08"}));
  EXPECT_EQ(books.when(confirm_order("SO-1", "2026-01-07")).code(), Refusal::dated_before_its_cause);
  books.given(confirm_order("SO-1", "2026-01-09"));
  EXPECT_EQ(books.when(ship("SO-1", {}, {.on = "2026-01-08"})).code(), Refusal::dated_before_its_cause);
  EXPECT_TRUE(books.when(ship("SO-1", {{.quantity = "1"}}, {.on = "2026-01-09"})).verdict);
  books.given(hold_order("SO-1")).on("2026-01-12").given(release_order("SO-1"));
  EXPECT_EQ(books.when(ship("SO-1", {}, {.on = "2026-01-11"})).code(),
            Refusal::dated_before_its_cause);  // it was on hold that day
  EXPECT_TRUE(books.when(ship("SO-1", {}, {.on = "2026-01-12"})).verdict);
}

TEST(GivenConfirmedOrder, WhenSeveralHoldsStackThenShipmentWaitsForTheLast) {
  Books books;
  prepare(books);
  books.given(create_order(small, {.confirm = true}), hold_order("SO-1", fb::HoldKind::price),
              hold_order("SO-1", fb::HoldKind::stock));
  EXPECT_EQ(books.when(hold_order("SO-1", fb::HoldKind::price)).code(), Refusal::already_done);
  EXPECT_EQ(stock_of(books), "A 100/10");  // goods stay set aside
  const Done refused = books.when(ship("SO-1"));
  EXPECT_EQ(refused.code(), Refusal::order_on_hold);
  EXPECT_EQ(refused.verdict.detail, "order SO-1: stock, price");
  EXPECT_EQ(books.when(release_order("SO-1", fb::HoldKind::manual)).code(), Refusal::hold_unknown);
  const Done first = books.as("anna").when(release_order("SO-1", fb::HoldKind::price));
  EXPECT_EQ(first.status, "on_hold");
  EXPECT_EQ(view(first.event<fb::OrderReleased>().released_by()), "anna");
  EXPECT_EQ(books.when(ship("SO-1")).code(), Refusal::order_on_hold);
  EXPECT_EQ(books.when(release_order("SO-1", fb::HoldKind::stock)).status, "confirmed");
  EXPECT_TRUE(books.when(ship("SO-1")).verdict);
}

TEST(GivenOrderOrHold, WhenReasonOrKindIsMissingThenInvalidValue) {
  Books books;
  prepare(books);
  books.given(create_order(small, {.confirm = true}));
  EXPECT_EQ(books.when(cancel_order("SO-1", "")).verdict.place, "/reason");
  EXPECT_EQ(books.when(hold_order("SO-1", fb::HoldKind::manual, "")).code(), Refusal::invalid_value);
  EXPECT_EQ(books.when(hold_order("SO-1", static_cast<fb::HoldKind>(77))).verdict.place, "/hold");
  EXPECT_EQ(books.when(release_order("SO-1", static_cast<fb::HoldKind>(77))).verdict.place, "/hold");
  books.given(hold_order("SO-1"));
  EXPECT_EQ(books.when(release_order("SO-1", fb::HoldKind::manual, true)).verdict.place, "/override_limit");
}

TEST(GivenReservedOrder, WhenCancelledThenReservationAndExposureAreGone) {
  Books books;
  prepare(books);
  books.given(create_order(small, {.confirm = true}));
  EXPECT_EQ(exposure_of(books).orders_minor, 1130'00);
  const Done done = books.when(cancel_order("SO-1"));
  EXPECT_EQ(done.story(), "ReservationReleased OrderCancelled");
  EXPECT_EQ(done.event<fb::ReservationReleased>().reason(), fb::ReleaseReason::cancelled);
  EXPECT_EQ(stock_of(books), "A 100/0");
  EXPECT_EQ(exposure_of(books).orders_minor, 0);
  EXPECT_EQ(books.when(cancel_order("SO-1")).code(), Refusal::illegal_transition);
}

TEST(GivenTwoLines, WhenLinesAreClosedOneByOneThenTheLastOneClosesTheOrder) {
  Books books;
  prepare(books);
  books.given(register_product({.id = "P-2"}), receive_stock("A", {{"P-2", "3"}}));
  books.given(
      create_order({.lines = {{.quantity = "10", .price = "100"}, {.product = "P-2", .quantity = "5", .price = "20"}}},
                   {.confirm = true}));
  EXPECT_EQ(books.when(short_close("SO-1", {3})).code(), Refusal::line_unknown);
  EXPECT_EQ(books.when(short_close("SO-1", {2, 2})).verdict.place, "/lines/1");
  const Done one = books.when(short_close("SO-1", {2}));
  EXPECT_EQ(one.story(), "ReservationReleased OrderShortClosed");
  EXPECT_EQ(one.status, "confirmed");
  EXPECT_EQ(stock_of(books, "P-2"), "A 3/0");
  EXPECT_EQ(stock_of(books, "P-1"), "A 100/10");
  EXPECT_EQ(exposure_of(books).orders_minor, 1130'00);  // 113.00 of line 2 is gone
  EXPECT_EQ(books.when(short_close("SO-1", {2})).code(), Refusal::nothing_to_do);
  books.given(ship("SO-1", {{.quantity = "4"}}));
  const Done rest = books.when(short_close("SO-1"));
  EXPECT_EQ(rest.status, "short_closed");
  EXPECT_EQ(rest.event<fb::OrderShortClosed>().lines()->Get(0)->quantity()->millionths(), millionths("6"));
  EXPECT_EQ(exposure_of(books).orders_minor, 452'00);  // shipped and not invoiced
  EXPECT_EQ(order_of(books, "SO-1").lines[0].cancelled, millionths("6"));
  books.given(bill_order("SO-1"));
  EXPECT_EQ(exposure_of(books).orders_minor, 0);
  EXPECT_EQ(exposure_of(books).receivables_minor, 452'00);
}

TEST(GivenLineBilledAhead, WhenShortClosedThenTheInvoiceHasToGoFirst) {
  Books books;
  reach(books, "partly_billed");
  const Done done = books.when(short_close("SO-1"));
  EXPECT_EQ(done.code(), Refusal::illegal_transition);
  EXPECT_EQ(done.verdict.detail, "10 of line 1 are billed and not shipped: reverse the invoice first");
}

TEST(GivenAcceptedQuote, WhenOrderIsMadeThenItSharesTheQuotedDocument) {
  Books books;
  prepare(books);
  books.given(create_quote(small), accept_quote("QU-1"));
  EXPECT_EQ(order_of(books, "SO-1").quote, "QU-1");
  EXPECT_EQ(order_of(books, "SO-1").document, books.state().quotes.find("QU-1")->document);
  EXPECT_EQ(exposure_of(books).drafts_minor, 1130'00);
  EXPECT_EQ(books.when(confirm_order("SO-1")).story(), "OrderConfirmed StockReserved");
}

}  // namespace
}  // namespace o2c::test
