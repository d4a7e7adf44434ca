#include "tests/support/books.hpp"

namespace o2c::test {
namespace {

TEST(GivenNothing, WhenCompanyIsOpenedThenItIsThereAndASecondTimeRefused) {
  Books books{Books::Empty{}};
  EXPECT_EQ(books.when(register_customer({})).code(), Refusal::company_unknown);
  const Done done = books.when(open_company());
  EXPECT_EQ(done.story(), "CompanyOpened");
  EXPECT_EQ(done.events[0]->stream_version(), 1u);
  EXPECT_EQ(books.state().books().id, "ACME");
  EXPECT_EQ(books.state().books().base_currency, Currency::CNY);
  EXPECT_EQ(books.when(open_company()).code(), Refusal::company_exists);
}

TEST(GivenNothing, WhenCompanyIsOpenedWithoutCurrencyOrInTheYear3000ThenRefused) {
  Books books{Books::Empty{}};
  EXPECT_EQ(books.when(open_company(Currency::XXX)).code(), Refusal::currency_unknown);
  EXPECT_EQ(books.when(open_company(static_cast<Currency>(7))).code(), Refusal::currency_unknown);
  EXPECT_EQ(books
                .when(wish([](Builder& b) {
                  const fb::Date opened{400'000};
                  return fb::CreateOpenCompany(b, b.CreateString("Acme"), Currency::CNY, b.CreateString("UTC"),
                                               &opened);
                }))
                .code(),
            Refusal::date_range);
}

TEST(GivenClosedPeriod, WhenAFactIsDatedIntoItThenItIsPostedOnTheFirstOpenDay) {
  Books books;
  books.on("2026-02-02").given(register_customer({}), register_product({}), close_period("2026-01-31"));
  const Done late = books.when(create_quote({.lines = {{.price = "1"}}}, {.on = "2026-01-15"}));
  EXPECT_EQ(from_fb(*late.events[0]->occurred_on()), day("2026-01-15"));
  EXPECT_EQ(from_fb(*late.events[0]->posted_on()), day("2026-02-01"));
  const Done in_time = books.when(create_quote({.lines = {{.price = "1"}}}, {.on = "2026-02-02"}));
  EXPECT_EQ(from_fb(*in_time.events[0]->posted_on()), day("2026-02-02"));
}

TEST(GivenClosedPeriod, WhenClosedAgainThenOnlyALaterDayIsAccepted) {
  Books books;
  books.on("2026-02-28");
  EXPECT_EQ(books.when(close_period("2025-12-31")).code(), Refusal::date_range);
  EXPECT_EQ(books.when(close_period("2026-03-01")).code(), Refusal::date_range);  // that day is not over
  books.given(close_period("2026-01-31"));
  EXPECT_EQ(books.when(close_period("2026-01-31")).code(), Refusal::period_closed);
  EXPECT_EQ(books.when(close_period("2026-01-30")).code(), Refusal::period_closed);
  const Done done = books.when(close_period("2026-02-28"));
  EXPECT_EQ(done.events[0]->stream_version(), 3u);
  EXPECT_EQ(from_fb(*done.events[0]->posted_on()), day("2026-02-28"));
  EXPECT_EQ(books.state().first_open_day(), day("2026-03-01"));
}

TEST(GivenMark, WhenNamedAgainThenRefused) {
  Books books;
  const Done done = books.when(create_mark("board pack March"));
  EXPECT_EQ(done.story(), "MarkCreated");
  EXPECT_EQ(books.state().books().version, 2u);
  EXPECT_EQ(books.when(create_mark("board pack March")).code(), Refusal::mark_exists);
  for (const char* name : {"", "3", "2026-04-05T18:00:00Z", "2026-04-05T18:00Z"})
    EXPECT_EQ(books.when(create_mark(name)).code(), Refusal::invalid_value) << name;
}

TEST(GivenIds, WhenCheckedThenLengthControlCharactersAndSeriesNumbersAreRefused) {
  EXPECT_TRUE(check_id("a", "/x"));
  EXPECT_TRUE(check_id(std::string(64, 'a'), "/x"));
  EXPECT_TRUE(check_id("客户-1", "/x"));
  EXPECT_TRUE(check_id("../x", "/x"));
  for (const std::string& id :
       {std::string(), std::string(65, 'a'), std::string("a\nb"), std::string("a\0b", 3), std::string("a\x7F")}) {
    const Verdict v = check_id(id, "/order");
    EXPECT_EQ(v.code, Refusal::invalid_value) << id;
    EXPECT_EQ(v.place, "/order");
  }
  EXPECT_EQ(check_id("SO-17", "/order", "SO").code, Refusal::invalid_value);
  EXPECT_EQ(check_id("SO-99999999999999999999999", "/order", "SO").code, Refusal::invalid_value);
  for (const char* id : {"SO-", "SO-17a", "SO17", "so-17", "XSO-17", "SO"})
    EXPECT_TRUE(check_id(id, "/order", "SO")) << id;
}

TEST(GivenStreamAtVersion2, WhenAnotherVersionIsExpectedThenStale) {
  Books books;
  books.given(register_customer({}), change_customer({.name = "Other"}));
  const Verdict v = books.when(change_customer({.name = "Third"}).expecting(1)).verdict;
  EXPECT_EQ(v.code, Refusal::stale_version);
  EXPECT_EQ(books.when(change_customer({.name = "Third"}).expecting(2)).code(), Refusal::none);
  EXPECT_EQ(books.state().customers.find("C-1")->version, 3u);
}

}  // namespace
}  // namespace o2c::test
