#include "tests/support/books.hpp"

namespace o2c::test {
namespace {

TEST(GivenOpenCompany, WhenCustomerIsRegisteredThenTheWholeRecordIsKept) {
  Books books;
  books.given(set_credit_group("G-1", cny("500")), register_customer({.id = "C-0"}));
  const Done done = books.when(register_customer(
      {.id = "C-1",
       .name = "名",
       .grade = "A",
       .credit_limit = cny("1000.00"),
       .credit_group = "G-1",
       .payer = "C-0",
       .sold_to = {.name = "n", .street = "s", .city = "c", .region = "r", .postal_code = "p", .country = "CN"},
       .ship_to = {{.country = "DE"}, {.city = "x"}}}));
  EXPECT_EQ(done.story(), "CustomerRegistered");
  EXPECT_EQ(done.id, "C-1");
  const Customer& c = *books.state().customers.find("C-1");
  EXPECT_EQ(c.version, 1u);
  EXPECT_EQ(c.name, "名");
  EXPECT_EQ(c.credit_limit, cny("1000.00"));
  EXPECT_EQ(c.sold_to.postal_code, "p");
  ASSERT_EQ(c.ship_to.size(), 2u);
  EXPECT_EQ(c.ship_to[0].country, "DE");
  EXPECT_EQ(c.payer, "C-0");
  EXPECT_EQ(books.when(register_customer({.id = "C-1"})).code(), Refusal::customer_exists);
}

TEST(GivenWrongCustomer, WhenRegisteredThenRefusedWithThePlace) {
  Books books;
  books.given(set_credit_group("G-US", money("1", Currency::USD)));
  const struct {
    CustomerSpec customer;
    Refusal code;
    const char* place;
  } table[] = {
      {{.id = ""}, Refusal::invalid_value, "/customer/customer"},
      {{.name = ""}, Refusal::invalid_value, "/customer/name"},
      {{.currency = Currency::XXX}, Refusal::currency_unknown, "/customer/currency"},
      {{.currency = static_cast<Currency>(9)}, Refusal::currency_unknown, "/customer/currency"},
      {{.terms = "NET31"}, Refusal::terms_unknown, "/customer/payment_terms"},
      {{.credit_limit = money("1", Currency::USD)}, Refusal::currency_mismatch, "/customer/credit_limit"},
      {{.credit_limit = cny("-0.01")}, Refusal::invalid_value, "/customer/credit_limit"},
      {{.credit_group = "G-9"}, Refusal::credit_group_unknown, "/customer/credit_group"},
      {{.credit_group = "G-US"}, Refusal::currency_mismatch, "/customer/credit_group"},
      {{.payer = "C-9"}, Refusal::customer_unknown, "/customer/payer"},
      {{.sold_to = {.country = ""}}, Refusal::invalid_value, "/customer/sold_to/country"},
      {{.ship_to = {{}, {.country = ""}}}, Refusal::invalid_value, "/customer/ship_to/1/country"},
  };
  for (const auto& row : table) {
    const Done done = books.when(register_customer(row.customer));
    EXPECT_EQ(refusal_name(done.code()), refusal_name(row.code)) << row.place;
    EXPECT_EQ(done.verdict.place, row.place);
  }
  EXPECT_EQ(books.state().customers.size(), 0u);
}

TEST(GivenUnknownCustomer, WhenChangedThenRefused) {
  EXPECT_EQ(Books{}.when(change_customer({})).code(), Refusal::customer_unknown);
}

TEST(GivenCustomerWithAQuote, WhenTheCurrencyChangesThenRefused) {
  Books books;
  books.given(register_customer({}), register_product({}));
  books.given(change_customer({.currency = Currency::USD}), change_customer({}));
  books.given(create_quote({.lines = {{.price = "1"}}}));
  EXPECT_EQ(books.when(change_customer({.currency = Currency::USD})).code(), Refusal::currency_mismatch);
  EXPECT_EQ(books.when(change_customer({.name = "New name"})).code(), Refusal::none);
}

TEST(GivenQuote, WhenTheCustomerMovesThenTheQuoteKeepsTheAddressAndVersionItWasMadeWith) {
  Books books;
  books.given(register_customer({.seller = "Ann", .sold_to = {.city = "Old town"}}), register_product({}));
  const std::string quote = books.when(create_quote({.lines = {{.price = "1"}}})).id;
  books.given(change_customer({.seller = "Bob", .sold_to = {.city = "New town"}}));
  const Document& document = *books.state().quotes.find(quote)->document;
  EXPECT_EQ(document.dimensions->customer_version, 1u);
  EXPECT_EQ(document.dimensions->seller, "Ann");
  ASSERT_EQ(document.ship_to->size(), 1u);
  EXPECT_EQ(document.ship_to->at(0).city, "Old town");
  const std::string later = books.when(create_quote({.lines = {{.price = "1"}}, .seller = "Cy"})).id;
  EXPECT_EQ(books.state().quotes.find(later)->document->dimensions->customer_version, 2u);
  EXPECT_EQ(books.state().quotes.find(later)->document->dimensions->seller, "Cy");
  EXPECT_EQ(books.state().quotes.find(later)->document->ship_to->at(0).city, "New town");
}

// The figures of an exposure come from orders and invoices; here they are set by hand to see them move.
TEST(GivenMemberWithExposure, WhenItChangesItsGroupThenTheExposureMovesAlong) {
  Books books;
  books.given(set_credit_group("G-1", cny("500")), set_credit_group("G-2", cny("500")),
              register_customer({.credit_group = "G-1"}), register_customer({.id = "C-2", .credit_group = "G-1"}));
  CompanyState state;
  books.copy_to(state);
  change_exposure(state, "C-1", &Exposure::receivables_minor, 700);
  change_exposure(state, "C-2", &Exposure::receivables_minor, 11);
  change_exposure(state, "C-1", &Exposure::unapplied_minor, 30);
  EXPECT_EQ(state.credit_groups.find("G-1")->exposure.receivables_minor, 711);
  const auto change = [&](const CustomerSpec& spec) {
    flatbuffers::FlatBufferBuilder b;
    Decision decision(b);
    decision.add(fb::StreamType::customer, spec.id, 1, day("2026-01-05"), day("2026-01-05"),
                 fb::CreateCustomerChanged(b, build(b, spec)));
    b.Finish(decision.events()[0]);
    evolve(state, *flatbuffers::GetRoot<fb::Event>(b.GetBufferPointer()));
  };
  change({.credit_group = "G-2"});
  EXPECT_EQ(state.credit_groups.find("G-1")->exposure.receivables_minor, 11);
  EXPECT_EQ(state.credit_groups.find("G-2")->exposure.receivables_minor, 700);
  EXPECT_EQ(state.credit_groups.find("G-2")->exposure.unapplied_minor, 30);
  change({.credit_group = ""});
  EXPECT_EQ(state.credit_groups.find("G-2")->exposure.receivables_minor, 0);
  EXPECT_EQ(state.customers.find("C-1")->exposure.receivables_minor, 700);
}

TEST(GivenCreditGroup, WhenSetAgainThenItHasTheNewLimitAndItsMembersCurrency) {
  Books books;
  books.given(set_credit_group("G-1", cny("500")), set_credit_group("G-1", cny("600")));
  EXPECT_EQ(books.state().credit_groups.find("G-1")->version, 2u);
  EXPECT_EQ(books.state().credit_groups.find("G-1")->credit_limit, cny("600"));
  books.given(register_customer({.credit_group = "G-1"}));
  EXPECT_EQ(books.when(set_credit_group("G-1", money("1", Currency::USD))).code(), Refusal::currency_mismatch);
  EXPECT_EQ(books.when(set_credit_group("G-1", cny("-1"))).code(), Refusal::invalid_value);
  EXPECT_EQ(books.when(set_credit_group("", cny("1"))).code(), Refusal::invalid_value);
}

TEST(GivenUsers, WhenRegisteredAndChangedThenRolesAndLimitAreThose) {
  Books books;
  books.given(register_user("ann", {"sales_manager", "credit_manager"}, cny("1000")));
  const User& ann = *books.state().users.find("ann");
  EXPECT_EQ(ann.roles, (std::vector<std::string>{"sales_manager", "credit_manager"}));
  EXPECT_EQ(ann.approval_limit, cny("1000"));
  EXPECT_EQ(books.when(register_user("ann", {})).code(), Refusal::user_exists);
  EXPECT_EQ(books.when(register_user("", {})).code(), Refusal::invalid_value);
  EXPECT_EQ(books.when(register_user("bob", {""})).verdict.place, "/user/roles/0");
  EXPECT_EQ(books.when(register_user("bob", {}, cny("-1"))).code(), Refusal::invalid_value);
  const auto change = [](const std::string& id) {
    return wish([=](Builder& b) {
      return fb::CreateChangeUser(b, fb::CreateUserData(b, b.CreateString(id), b.CreateString("Ann")));
    });
  };
  EXPECT_EQ(books.when(change("bob")).code(), Refusal::user_unknown);
  books.given(change("ann"));
  EXPECT_TRUE(ann.roles.empty());
  EXPECT_FALSE(ann.approval_limit);
  EXPECT_EQ(ann.version, 2u);
}

}  // namespace
}  // namespace o2c::test
