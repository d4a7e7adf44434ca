#include "tests/support/books.hpp"

namespace o2c::test {
namespace {

TEST(GivenOpenCompany, WhenProductIsRegisteredThenTheWholeRecordIsKept) {
  Books books;
  const Done done = books.when(register_product({.id = "P-1",
                                                 .name = "Bolt",
                                                 .category = "Iron",
                                                 .unit = "kg",
                                                 .decimals = 3,
                                                 .conversions = {{"t", 1000, 1}, {"g", 1, 1000}},
                                                 .cost = "1.25"}));
  EXPECT_EQ(done.story(), "ProductRegistered");
  const Product& p = *books.state().products.find("P-1");
  EXPECT_EQ(p.category, "Iron");
  EXPECT_EQ(p.decimals, 3);
  ASSERT_EQ(p.conversions.size(), 2u);
  EXPECT_EQ(p.conversions[1].denominator, 1000u);
  EXPECT_EQ(p.tax_class, "standard");
  EXPECT_EQ(p.unit_cost_micros, 1'250'000);
  EXPECT_EQ(books.when(register_product({.id = "P-1"})).code(), Refusal::product_exists);
}

TEST(GivenWrongProduct, WhenRegisteredThenRefusedWithThePlace) {
  Books books;
  const struct {
    ProductSpec product;
    const char* place;
  } table[] = {
      {{.id = ""}, "/product/product"},
      {{.name = ""}, "/product/name"},
      {{.unit = ""}, "/product/unit"},
      {{.decimals = 7}, "/product/decimals"},
      {{.conversions = {{"box", 0, 1}}}, "/product/conversions/0/numerator"},
      {{.conversions = {{"box", 1, 0}}}, "/product/conversions/0/denominator"},
      {{.conversions = {{"pcs", 1, 1}}}, "/product/conversions/0/unit"},
      {{.conversions = {{"box", 2, 1}, {"box", 3, 1}}}, "/product/conversions/1/unit"},
      {{.cost = "-1"}, "/product/unit_cost"},
  };
  for (const auto& row : table) {
    const Done done = books.when(register_product(row.product));
    EXPECT_EQ(done.code(), Refusal::invalid_value) << row.place;
    EXPECT_EQ(done.verdict.place, row.place);
  }
  EXPECT_EQ(books.state().products.size(), 0u);
}

TEST(GivenProductWithoutHistory, WhenItsUnitChangesThenAccepted) {
  Books books;
  books.given(register_product({}), change_product({.unit = "kg", .decimals = 2}));
  EXPECT_EQ(books.state().products.find("P-1")->unit, "kg");
  EXPECT_EQ(books.state().products.find("P-1")->version, 2u);
  EXPECT_EQ(books.when(change_product({.id = "P-9"})).code(), Refusal::product_unknown);
}

TEST(GivenProductInADocument, WhenItsUnitOrDecimalsChangeThenRefused) {
  Books books;
  books.given(register_product({}), register_customer({}), create_quote({.lines = {{.price = "1"}}}));
  EXPECT_EQ(books.when(change_product({.unit = "kg"})).verdict.place, "/product/unit");
  const Done decimals = books.when(change_product({.decimals = 1}));
  EXPECT_EQ(decimals.code(), Refusal::illegal_transition);
  EXPECT_EQ(decimals.verdict.place, "/product/decimals");
  EXPECT_EQ(books.when(change_product({.name = "Renamed", .cost = "2"})).code(), Refusal::none);
}

TEST(GivenProductInStock, WhenItsUnitChangesThenRefused) {
  Books books;
  books.given(register_product({}), wish([](Builder& b) {
                const fb::Quantity ten{millionths("10")};
                const auto line = fb::CreateStockLine(b, b.CreateString("P-1"), &ten);
                const auto place = b.CreateString("W-1");
                return fb::CreateReceiveStock(b, place, b.CreateVector(&line, 1));
              }));
  EXPECT_EQ(books.when(change_product({.unit = "kg"})).code(), Refusal::illegal_transition);
}

}  // namespace
}  // namespace o2c::test
