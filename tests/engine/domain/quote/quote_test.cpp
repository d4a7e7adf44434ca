#include "tests/support/books.hpp"

namespace o2c::test {
namespace {

const DocumentSpec ten_at_100{.lines = {{.quantity = "10", .price = "100"}}};

Wish revise_quote(const std::string& quote, const DocumentSpec& document, std::string_view valid_until = {},
                  std::string_view on = {}) {
  return wish([=, until = fb_day(valid_until), when = fb_day(on)](Builder& b) {
    const auto id = b.CreateString(quote);
    return fb::CreateReviseQuote(b, id, build(b, document), pointer(until), pointer(when));
  });
}
Wish send_quote(const std::string& quote, std::string_view on = {}) {
  return wish(
      [=, when = fb_day(on)](Builder& b) { return fb::CreateSendQuote(b, b.CreateString(quote), pointer(when)); });
}
Wish lose_quote(const std::string& quote, const std::string& reason = "too dear") {
  return wish([=](Builder& b) {
    const auto id = b.CreateString(quote), why = b.CreateString(reason);
    return fb::CreateLoseQuote(b, id, why);
  });
}

struct Shop : Books {
  Shop() { given(register_customer({}), register_product({})); }
  const Quote& quote(std::string_view id) const { return *state().quotes.find(id); }
};

TEST(GivenShop, WhenQuotesAreCreatedThenNumbersRunAndGivenIdsStand) {
  Shop shop;
  EXPECT_EQ(shop.when(create_quote(ten_at_100)).id, "QU-1");
  EXPECT_EQ(shop.when(create_quote(ten_at_100, {.id = "Q-2026-7"})).id, "Q-2026-7");
  const Done third = shop.when(create_quote(ten_at_100, {.send = false}));
  EXPECT_EQ(third.id, "QU-2");
  EXPECT_EQ(third.status, "draft");
  EXPECT_EQ(third.story(), "QuoteCreated");
  EXPECT_EQ(shop.when(create_quote(ten_at_100, {.id = "Q-2026-7"})).code(), Refusal::quote_exists);
  EXPECT_EQ(shop.when(create_quote(ten_at_100, {.id = "QU-9"})).code(), Refusal::invalid_value);
  EXPECT_EQ(shop.quote("QU-1").status, QuoteStatus::sent);
  EXPECT_EQ(shop.quote("QU-1").document->total_minor(), 1130'00);
}

TEST(GivenRefusedQuote, WhenTheNextIsCreatedThenNoNumberIsLost) {
  Shop shop;
  EXPECT_EQ(shop.when(create_quote({.customer = "C-9"})).code(), Refusal::customer_unknown);
  EXPECT_EQ(shop.when(create_quote(ten_at_100)).id, "QU-1");
}

TEST(GivenSentQuote, WhenAcceptedThenAnOrderWithTheQuotedPricesIsThere) {
  Shop shop;
  shop.given(publish_prices("retail", {.rows = {{.price = "100"}}}), create_quote({.lines = {{.quantity = "10"}}}));
  shop.given(publish_prices("retail", {.rows = {{.price = "120"}}}));
  const Done done = shop.when(accept_quote("QU-1"));
  EXPECT_EQ(done.story(), "QuoteAccepted OrderCreated");
  EXPECT_EQ(done.id, "SO-1");
  EXPECT_EQ(done.status, "draft");
  const auto& order = done.event<fb::OrderCreated>();
  EXPECT_EQ(view(order.quote()), "QU-1");
  EXPECT_EQ(order.document()->net_minor(), 1000'00);
  EXPECT_EQ(shop.quote("QU-1").status, QuoteStatus::accepted);
  EXPECT_EQ(shop.quote("QU-1").order, "SO-1");
  ASSERT_TRUE(shop.state().orders.contains("SO-1"));
  EXPECT_EQ(shop.when(accept_quote("QU-1")).code(), Refusal::already_done);
}

TEST(GivenQuoteWithEverything, WhenStoredAndReadThenTheDocumentIsTheSame) {
  Shop shop;
  shop.given(create_quote(
      {.lines = {{.price = "3", .discount = "1", .place = "W-1", .ship_to = 1}, {.price = "4", .place = "W-1"}},
       .header_discount = cny("0.50"),
       .freight = cny("5"),
       .seller = "Zoe",
       .ship_to = {{.name = "a"}, {.name = "b", .country = "DE"}}}));
  const Document& document = *shop.quote("QU-1").document;
  flatbuffers::FlatBufferBuilder b;
  b.Finish(document_to(b, document));
  const Document again = document_from(shop.state(), *flatbuffers::GetRoot<fb::DocumentData>(b.GetBufferPointer()));
  ArchiveWriter one, two;
  one(document), two(again);
  EXPECT_EQ(one.bytes(), two.bytes());
  EXPECT_EQ(document.lines[0].discounts.size(), 2u);
  EXPECT_EQ(document.lines[1].place, "W-1");
  EXPECT_EQ(document.ship_to->at(1).country, "DE");
}

TEST(GivenOrderIds, WhenAcceptingThenAKnownOneAndOneOfTheSeriesAreRefused) {
  Shop shop;
  shop.given(create_quote(ten_at_100), create_quote(ten_at_100), accept_quote("QU-1", "PO-4711"));
  EXPECT_TRUE(shop.state().orders.contains("PO-4711"));
  EXPECT_EQ(shop.when(accept_quote("QU-2", "PO-4711")).code(), Refusal::order_exists);
  EXPECT_EQ(shop.when(accept_quote("QU-2", "SO-1")).code(), Refusal::invalid_value);
  EXPECT_EQ(shop.when(accept_quote("QU-2")).id, "SO-1");
}

TEST(GivenDraft, WhenAcceptedThenRefusedUntilSent) {
  Shop shop;
  shop.given(create_quote(ten_at_100, {.send = false}));
  EXPECT_EQ(shop.when(accept_quote("QU-1")).code(), Refusal::illegal_transition);
  EXPECT_EQ(shop.when(send_quote("QU-1")).story(), "QuoteSent");
  EXPECT_EQ(shop.when(send_quote("QU-1")).code(), Refusal::already_done);
  EXPECT_EQ(shop.when(accept_quote("QU-1")).code(), Refusal::none);
}

TEST(GivenSentQuote, WhenRevisedThenItIsADraftOfTheNextRevisionAndHasToBeSentAgain) {
  Shop shop;
  shop.given(create_quote(ten_at_100, {.valid_until = "2026-02-01"}));
  const Done done = shop.when(revise_quote("QU-1", {.lines = {{.quantity = "9", .price = "100"}}}));
  EXPECT_EQ(done.event<fb::QuoteRevised>().version(), 2u);
  EXPECT_EQ(shop.quote("QU-1").revision, 2u);
  EXPECT_EQ(shop.quote("QU-1").status, QuoteStatus::draft);
  EXPECT_FALSE(shop.quote("QU-1").valid_until);
  EXPECT_EQ(shop.quote("QU-1").document->net_minor, 900'00);
  EXPECT_EQ(shop.when(accept_quote("QU-1")).code(), Refusal::illegal_transition);
  shop.given(send_quote("QU-1"));
  EXPECT_EQ(shop.when(accept_quote("QU-1")).event<fb::OrderCreated>().document()->net_minor(), 900'00);
}

TEST(GivenQuoteOfOneCustomer, WhenRevisedForAnotherThenRefused) {
  Shop shop;
  shop.given(register_customer({.id = "C-2"}), create_quote(ten_at_100));
  EXPECT_EQ(shop.when(revise_quote("QU-1", {.customer = "C-2", .lines = ten_at_100.lines})).verdict.place,
            "/document/customer");
}

TEST(GivenQuoteValidUntil, WhenAcceptedOnThatDayThenAcceptedAndADayLaterExpired) {
  Shop shop;
  for (int i = 0; i < 2; ++i) shop.given(create_quote(ten_at_100, {.valid_until = "2026-01-20"}));
  EXPECT_EQ(shop.when(accept_quote("QU-1", {}, "2026-01-21")).code(), Refusal::quote_expired);
  EXPECT_EQ(shop.when(accept_quote("QU-1", {}, "2026-01-20")).code(), Refusal::none);
  shop.on("2026-01-21");
  EXPECT_EQ(shop.when(accept_quote("QU-2")).code(), Refusal::quote_expired);
  EXPECT_EQ(shop.quote("QU-2").status, QuoteStatus::sent);  // expired is derived, never stored
}

TEST(GivenQuote, WhenAnEventIsDatedBeforeItsCauseOrOutOfRangeThenRefused) {
  Shop shop;
  EXPECT_EQ(shop.when(create_quote(ten_at_100, {.valid_until = "2026-01-04"})).code(), Refusal::date_range);
  EXPECT_EQ(shop.when(create_quote(ten_at_100, {.valid_until = "2200-01-01"})).code(), Refusal::date_range);
  EXPECT_EQ(shop.when(create_quote(ten_at_100, {.on = "2040-01-01"})).code(), Refusal::date_range);
  shop.given(create_quote(ten_at_100, {.on = "2026-01-10"}));
  EXPECT_EQ(shop.when(accept_quote("QU-1", {}, "2026-01-09")).code(), Refusal::dated_before_its_cause);
  // Without a day of its own the acceptance is of the quote's day, which is later than today.
  EXPECT_EQ(from_fb(*shop.when(accept_quote("QU-1")).events[0]->occurred_on()), day("2026-01-10"));
}

TEST(GivenOpenQuotes, WhenLostThenClosedWithAReason) {
  Shop shop;
  shop.given(create_quote(ten_at_100), create_quote(ten_at_100, {.send = false}));
  EXPECT_EQ(shop.when(lose_quote("QU-1", "")).code(), Refusal::invalid_value);
  EXPECT_EQ(shop.when(lose_quote("QU-1")).story(), "QuoteLost");
  EXPECT_EQ(shop.when(lose_quote("QU-2")).story(), "QuoteLost");
  EXPECT_EQ(shop.quote("QU-1").lost_reason, "too dear");
  EXPECT_EQ(shop.when(lose_quote("QU-1")).code(), Refusal::already_done);
  EXPECT_EQ(shop.when(accept_quote("QU-1")).code(), Refusal::illegal_transition);
  EXPECT_EQ(shop.when(send_quote("QU-1")).code(), Refusal::illegal_transition);
  EXPECT_EQ(shop.when(revise_quote("QU-1", ten_at_100)).code(), Refusal::illegal_transition);
}

TEST(GivenNoQuote, WhenAnythingIsDoneWithItThenUnknown) {
  Shop shop;
  for (const Wish& w : {accept_quote("QU-1"), send_quote("QU-1"), lose_quote("QU-1"), revise_quote("QU-1", ten_at_100)})
    EXPECT_EQ(shop.when(w).code(), Refusal::quote_unknown);
}

TEST(GivenQuote, WhenAcceptedWithExpectedVersionThenAStaleOneIsRefused) {
  Shop shop;
  shop.given(create_quote(ten_at_100), revise_quote("QU-1", ten_at_100), send_quote("QU-1"));
  EXPECT_EQ(shop.when(accept_quote("QU-1").expecting(1)).code(), Refusal::stale_version);
  EXPECT_EQ(shop.when(accept_quote("QU-1").expecting(3)).code(), Refusal::none);
}

}  // namespace
}  // namespace o2c::test
