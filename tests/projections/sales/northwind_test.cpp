#include "tests/support/northwind.hpp"

#include "projections/sales/sales.hpp"
#include "tests/support/sales_facts.hpp"

namespace o2c::test {
namespace {

const Sales& northwind_sales() {
  static const Sales sales = [] {
    Sales made;
    northwind(NORTHWIND_DATA).fold_into(made);
    return made;
  }();
  return sales;
}

/// Rows by the text of their key column; each cell by its column's name.
std::map<std::string, CsvRow> by_key(const Report& report, const std::string& key) {
  std::map<std::string, CsvRow> rows;
  for (const auto& cells : report.rows) {
    CsvRow row;
    for (std::size_t i = 0; i < cells.size(); ++i) row[report.columns[i].name] = cell_text(cells[i]);
    const std::string name = row.at(key);
    EXPECT_TRUE(rows.emplace(name, std::move(row)).second) << "two rows " << name;
  }
  return rows;
}

/// Every figure of the answers, by its column's name, and no group more or less.
void expect_answers(const Report& report, const std::string& file, const std::string& key,
                    const std::string& answer_key = {}) {
  const std::vector<CsvRow> answers = read_csv(std::string(NORTHWIND_ANSWERS) + "/" + file);
  const auto rows = by_key(report, key);
  EXPECT_EQ(rows.size(), answers.size()) << file;
  for (const CsvRow& answer : answers) {
    const auto row = rows.find(answer.at(answer_key.empty() ? key : answer_key));
    ASSERT_NE(row, rows.end()) << file << ": no row " << answer.begin()->second;
    for (const auto& [column, value] : answer) {
      if (column == "employee_id" || column == "sales_rep") continue;  // the seller's name is the key
      ASSERT_TRUE(row->second.contains(column)) << file << ": no column " << column;
      EXPECT_EQ(row->second.at(column), value) << file << " " << row->first << " " << column;
    }
  }
}

const View at_end = view_at("1998-05-06");

TEST(GivenNorthwind, WhenSalesByEachGroupThenEqualToTheAnswers) {
  const auto by = [](SalesGroup group) {
    return northwind_sales().sales(at_end, {.group = group, .period = {}, .measure = SalesMeasure::orders});
  };
  expect_answers(by(SalesGroup::month), "revenue_by_month.csv", "month");
  expect_answers(by(SalesGroup::ship_country), "revenue_by_ship_country.csv", "ship_country");
  expect_answers(by(SalesGroup::customer_country), "revenue_by_customer_country.csv", "customer_country");
  expect_answers(by(SalesGroup::product), "revenue_by_product.csv", "product_id");
  expect_answers(by(SalesGroup::category), "revenue_by_category.csv", "category");
  expect_answers(by(SalesGroup::seller), "revenue_by_sales_rep.csv", "seller", "sales_rep");
  expect_answers(by(SalesGroup::customer), "revenue_by_customer.csv", "customer_id");
}

TEST(GivenNorthwind, WhenSalesInTotalThenTheHeadline) {
  EXPECT_EQ(text_of(northwind_sales().sales(
                at_end, {.group = SalesGroup::total, .period = {}, .measure = SalesMeasure::orders})),
            "total,USD,830,51317,1354458.59,88665.30,1265793.29,1525.05\n");
}

TEST(GivenNorthwind, WhenFulfilmentByMonthThenEqualToTheAnswers) {
  expect_answers(northwind_sales().fulfilment(at_end), "fulfilment_by_month.csv", "order_month");
}

TEST(GivenNorthwind, WhenBacklogAsOfEachDateThenEqualToTheAnswers) {
  for (const CsvRow& answer : read_csv(std::string(NORTHWIND_ANSWERS) + "/backlog.csv")) {
    const Report report = northwind_sales().backlog(view_at(answer.at("as_of")));
    EXPECT_EQ(text_of(report), fmt::format("{},USD,{},{},{}\n", answer.at("as_of"), answer.at("open_orders"),
                                           answer.at("open_net_value"), answer.at("past_required_date")));
  }
}

TEST(GivenNothingOpen, WhenBacklogThenARowThatSaysSo) {
  const TradingBooks books;
  EXPECT_EQ(text_of(folded<Sales>(books).backlog(view_at("2026-03-31"))), "2026-03-31,CNY,0,0.00,0\n");
  EXPECT_EQ(text_of(Sales{}.backlog(view_at("2026-03-31"))), "");
}

TEST(GivenNorthwind, WhenACellIsExplainedThenTheOrdersSumToIt) {
  const SalesQuestion question{.group = SalesGroup::category, .period = {}, .measure = SalesMeasure::orders};
  const auto parts = northwind_sales().explain_sales(at_end, question, {"Beverages", Currency::USD, "net_revenue"});
  ASSERT_TRUE(parts);
  std::int64_t sum = 0;
  for (const Contribution& part : *parts) sum += part.amount;
  EXPECT_EQ(sum, 267'868'20);
  EXPECT_EQ(parts->size(), 354u);
  EXPECT_EQ(northwind_sales().explain_sales(at_end, question, {"Cars", Currency::USD, "net_revenue"}).error().code,
            ErrorCode::not_found);
  EXPECT_EQ(northwind_sales()
                .explain_sales(at_end, question, {"Beverages", Currency::USD, "net_revenue_per_order"})
                .error()
                .code,
            ErrorCode::invalid_input);
}

TEST(GivenNorthwind, WhenFoldedTwiceThenTheSameContent) {
  Sales again;
  northwind(NORTHWIND_DATA).fold_into(again);
  EXPECT_EQ(again.content_hash(), northwind_sales().content_hash());
  EXPECT_NE(Sales{}.content_hash(), northwind_sales().content_hash());
}

}  // namespace
}  // namespace o2c::test
