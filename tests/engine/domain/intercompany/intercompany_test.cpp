#include "engine/domain/company/identities.hpp"
#include "engine/domain/ledger/ledger.hpp"
#include "engine/process/messages.hpp"
#include "tests/support/order_books.hpp"

namespace o2c::test {
namespace {

Wish set_partner(const std::string& partner, const std::string& customer, const std::string& place) {
  return wish(
      [=](Builder& b) { return fb::CreateSetPartner(b, b.CreateString(partner), put(b, customer), put(b, place)); });
}
/// What the other company's decision has to say, as a command.
Wish take(const std::string& from, const Done& said, std::uint64_t number = 0) {
  const fb::MessageSent& message = said.event<fb::MessageSent>();
  return wish([=, &message](Builder& b) {
    const auto content = copy_content(b, message);
    return fb::CreateTakeMessage(b, b.CreateString(from), number ? number : message.number(), message.body_type(),
                                 content);
  });
}

/// SELLER ships P-1 to its customer C-1, which is the company BUYER; what comes from SELLER lies at IN there.
class GivenTwoCompanies : public testing::Test {
 protected:
  GivenTwoCompanies() {
    seller.given(
        register_customer({}), register_product({}), register_product({.id = "P-2", .unit = "kg", .decimals = 3}),
        receive_stock("OUT", {{"P-1", "10"}, {"P-2", "5"}}), set_partner("BUYER", "C-1", ""),
        create_order({.lines = {{.quantity = "4", .price = "25"}, {.product = "P-2", .quantity = "0.5", .price = "3"}}},
                     {.confirm = true}));
    buyer.given(register_product({}), register_product({.id = "P-2", .unit = "kg", .decimals = 3}),
                set_partner("SELLER", "", "IN"));
  }
  ~GivenTwoCompanies() override {
    EXPECT_EQ(broken_identities(seller.state()), std::vector<std::string>{});
    EXPECT_EQ(broken_identities(buyer.state()), std::vector<std::string>{});
  }
  static const Partner& partner(const Books& books, std::string_view id) { return *books.state().partners.find(id); }
  /// Sum of an account over all that a company's events post.
  static std::int64_t balance(const Books& books, Account account) {
    std::int64_t sum = 0;
    for (const auto& entry : books.entries()) {
      for (const fb::Event* event : *flatbuffers::GetRoot<fb::Entry>(entry.data())->events()) {
        const auto posted = postings_of(*event);
        if (!posted) continue;
        for (const Posting& p : posted->postings) sum += p.account == account ? p.balance_minor() : 0;
      }
    }
    return sum;
  }
  Books seller, buyer;
};

TEST_F(GivenTwoCompanies, WhenGoodsAreShippedThenTheyAreOnTheWayUntilTheAnswerIsTaken) {
  const Done shipped = seller.when(ship("SO-1", {}, {.id = "S-1", .on = "2026-01-05"}));
  EXPECT_EQ(shipped.story(), "ShipmentPosted MessageSent");
  EXPECT_EQ(shipped.event<fb::MessageSent>().number(), 1u);
  ASSERT_EQ(partner(seller, "BUYER").in_transit.size(), 1u);
  EXPECT_EQ(partner(seller, "BUYER").in_transit[0].net_minor, 101'50);
  EXPECT_EQ(balance(seller, Account::goods_in_transit), 101'50);
  EXPECT_EQ(balance(seller, Account::group_clearing), -101'50);

  const Done received = buyer.on("2026-01-07").when(take("SELLER", shipped));
  EXPECT_EQ(received.story(), "MessageTaken PurchaseReceived MessageSent");
  EXPECT_EQ(stock_of(buyer, "P-1"), "IN 4/0");
  EXPECT_EQ(stock_of(buyer, "P-2"), "IN 0.5/0");
  EXPECT_EQ(from_fb(*received.events[1]->occurred_on()), day("2026-01-05")) << "in both books on the same day";
  EXPECT_EQ(view(received.event<fb::PurchaseReceived>().order()), "SO-1");
  EXPECT_EQ(balance(buyer, Account::purchased_goods), 101'50);
  EXPECT_EQ(balance(buyer, Account::group_payables), -101'50);

  const Done arrived = seller.when(take("BUYER", received));
  EXPECT_EQ(arrived.story(), "MessageTaken GoodsArrived");
  EXPECT_TRUE(partner(seller, "BUYER").in_transit.empty());
  EXPECT_EQ(balance(seller, Account::goods_in_transit), 0);
  EXPECT_EQ(balance(seller, Account::group_clearing), 0);
}

TEST_F(GivenTwoCompanies, WhenGoodsAreNotTakenThenTheyLieAgainWhereTheyLeft) {
  buyer.given(set_partner("SELLER", "", ""));
  const Done shipped = seller.when(ship("SO-1", {{.line = 1, .quantity = "3"}}, {.id = "S-1"}));
  EXPECT_EQ(stock_of(seller), "OUT 7/1");
  const Done answered = buyer.when(take("SELLER", shipped));
  EXPECT_EQ(answered.story(), "MessageTaken MessageSent");
  const fb::GoodsRefused& refused = *answered.event<fb::MessageSent>().body_as_GoodsRefused();
  EXPECT_EQ(refused.code(), Refusal::partner_unknown);
  EXPECT_EQ(view(refused.detail()), "no place for goods from SELLER");

  const Done returned = seller.when(take("BUYER", answered));
  EXPECT_EQ(returned.story(), "MessageTaken GoodsReturned");
  EXPECT_EQ(returned.event<fb::GoodsReturned>().code(), Refusal::partner_unknown);
  EXPECT_EQ(stock_of(seller), "OUT 10/1");
  EXPECT_EQ(balance(seller, Account::goods_in_transit), 0);
  EXPECT_EQ(order_of(seller, "SO-1").lines[0].shipped, millionths("3")) << "the sale was made; the rest is for people";
}

TEST_F(GivenTwoCompanies, WhenTheReceiverCannotHaveTheGoodsThenItSaysWhy) {
  Books stranger, poor, coarse;
  poor.given(set_partner("SELLER", "", "IN"), register_product({}));
  coarse.given(set_partner("SELLER", "", "IN"), register_product({}), register_product({.id = "P-2"}));
  const Done shipped = seller.when(ship("SO-1"));
  const auto answer = [&](Books& books) {
    const Done done = books.when(take("SELLER", shipped));
    const fb::GoodsRefused* refused = done.event<fb::MessageSent>().body_as_GoodsRefused();
    return refused ? std::string(refusal_name(refused->code())) + " " + text(refused->place()) : "accepted";
  };
  EXPECT_EQ(answer(stranger), "partner_unknown /from") << "nobody there has heard of the sender";
  EXPECT_EQ(answer(poor), "product_unknown /lines/1/product");
  EXPECT_EQ(answer(coarse), "inexact_conversion /lines/1/quantity");
  EXPECT_EQ(answer(buyer), "accepted");
}

TEST_F(GivenTwoCompanies, WhenMessagesComeThenEachIsTakenOnceAndInOrder) {
  const Done first = seller.when(ship("SO-1", {{.line = 1, .quantity = "1"}})),
             second = seller.when(ship("SO-1", {{.line = 1, .quantity = "1"}}));
  EXPECT_EQ(second.event<fb::MessageSent>().number(), 2u);
  EXPECT_EQ(buyer.when(take("SELLER", second)).code(), Refusal::invalid_value) << "the first is missing";
  const Done received = buyer.when(take("SELLER", first));
  EXPECT_EQ(buyer.when(take("SELLER", first)).code(), Refusal::already_done);
  buyer.given(take("SELLER", second));
  EXPECT_EQ(buyer.when(take("SELLER", second)).verdict.detail, "the next message from SELLER is 3");
  EXPECT_EQ(stock_of(buyer), "IN 2/0");
  // An answer to goods that are not on the way changes nothing, but it is taken.
  seller.given(take("BUYER", received));
  EXPECT_EQ(seller.when(take("BUYER", received, 2)).story(), "MessageTaken");
  EXPECT_EQ(partner(seller, "BUYER").in_transit.size(), 1u);
}

TEST_F(GivenTwoCompanies, WhenAMessageIsBroughtThenTheCommandSaysTheSameUnderAnIdOfItsOwn) {
  const Done shipped = seller.when(ship("SO-1", {}, {.id = "S-1"}));
  flatbuffers::FlatBufferBuilder b;
  const fb::Id16 cause_id = event_id(Id16{}, 7).to_fb();  // any
  const auto company = b.CreateString("ACME"), actor = b.CreateString("clerk");
  fb::CommandBuilder building(b);
  building.add_company(company), building.add_actor(actor), building.add_command_id(&cause_id);
  b.Finish(building.Finish());
  FrameView frame;
  frame.entry = flatbuffers::GetRoot<fb::Entry>(seller.entries().back().data());
  frame.command = flatbuffers::GetRoot<fb::Command>(b.GetBufferPointer());
  const auto bytes = message_command(frame, 1), again = message_command(frame, 1);
  ASSERT_EQ(bytes.size(), again.size());
  const auto& command = *flatbuffers::GetRoot<fb::Command>(bytes.data());
  EXPECT_EQ(view(command.company()), "BUYER");
  EXPECT_EQ(view(command.source_key()), "message:ACME:1");
  EXPECT_EQ(Id16::from(*command.command_id()), event_id(Id16::from(cause_id), 1));
  EXPECT_EQ(Id16::from(*command.causation_id()), event_id(Id16::from(cause_id), 1));
  const fb::GoodsSent& said = *command.body_as_TakeMessage()->body_as_GoodsSent();
  EXPECT_EQ(view(said.shipment()), "S-1");
  ASSERT_EQ(said.lines()->size(), 2u);
  EXPECT_EQ(said.lines()->Get(1)->quantity()->millionths(), millionths("0.5"));
  EXPECT_TRUE(std::equal(bytes.data(), bytes.data() + bytes.size(), again.data())) << "the same bytes every time";
}

TEST_F(GivenTwoCompanies, WhenTheBuyersPeriodIsClosedThenItsLedgerFollowsLater) {
  buyer.on("2026-02-03").given(close_period("2026-01-31"));
  const Done received = buyer.when(take("SELLER", seller.when(ship("SO-1", {}, {.on = "2026-01-05"}))));
  EXPECT_EQ(from_fb(*received.events[1]->occurred_on()), day("2026-01-05"));
  EXPECT_EQ(from_fb(*received.events[1]->posted_on()), day("2026-02-01"));
}

TEST_F(GivenTwoCompanies, WhenACustomerIsNoPartnerThenNobodyIsTold) {
  seller.given(register_customer({.id = "C-2"}),
               create_order({.customer = "C-2", .lines = {{.quantity = "1", .price = "1"}}}, {.confirm = true}));
  EXPECT_EQ(seller.when(ship("SO-2")).story(), "ShipmentPosted");
  seller.given(set_partner("BUYER", "", ""));
  EXPECT_EQ(seller.when(ship("SO-1")).story(), "ShipmentPosted");
}

TEST_F(GivenTwoCompanies, WhenPartnersAreSetWrongThenRefusedWithThePlaceOfTheError) {
  const auto refused = [&](const Wish& wish) {
    const Done done = seller.when(wish);
    return std::string(refusal_name(done.code())) + " " + done.verdict.place;
  };
  EXPECT_EQ(refused(set_partner("", "C-1", "")), "invalid_value /partner");
  EXPECT_EQ(refused(set_partner("ACME", "C-1", "")), "invalid_value /partner") << "its own partner";
  EXPECT_EQ(refused(set_partner("OTHER", "C-9", "")), "customer_unknown /customer");
  EXPECT_EQ(refused(set_partner("OTHER", "C-1", "")), "invalid_value /customer") << "C-1 is BUYER already";
  EXPECT_EQ(refused(set_partner("OTHER", "", "\n")), "invalid_value /place");
  EXPECT_EQ(seller.when(set_partner("BUYER", "C-1", "IN")).events[0]->stream_version(), 2u);
}

}  // namespace
}  // namespace o2c::test
