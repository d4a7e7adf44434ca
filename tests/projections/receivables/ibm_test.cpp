#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/projections/receivables/report_table.hpp"
#include "tests/support/facts.hpp"

// A published data set of 2,466 invoices with reference answers that were computed by other code. Not part of the project:
// where it does not lie beside it, these tests are skipped.
namespace o2c::test {
namespace {

const std::filesystem::path folder = O2C_IBM_FOLDER;

using Row = std::map<std::string, std::string>;

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells;
  std::stringstream in(line);
  for (std::string part; std::getline(in, part, ',');) cells.push_back(part);
  if (line.ends_with(',')) cells.emplace_back();
  return cells;
}
std::vector<Row> read_csv(const std::filesystem::path& file) {
  std::ifstream in(file);
  EXPECT_TRUE(in.is_open()) << file;
  std::vector<Row> rows;
  std::vector<std::string> header;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    const std::vector<std::string> cells = split(line);
    if (header.empty()) {
      header = cells;
      continue;
    }
    EXPECT_EQ(cells.size(), header.size()) << line;
    Row& row = rows.emplace_back();
    for (std::size_t i = 0; i < cells.size(); ++i) row[header[i]] = cells[i];
  }
  return rows;
}
/// "1/31/2013"
Date american_day(const std::string& text) {
  int month = 0, on = 0, year = 0;
  EXPECT_EQ(std::sscanf(text.c_str(), "%d/%d/%d", &month, &on, &year), 3) << text;
  return Date{std::chrono::year{year} / month / on};
}

/// One invoice and one receipt that settles it for each row, in the order of the days on which they happened.
struct History {
  Receivables receivables;
  History() {
    struct Deal {
      InvoiceSpec invoice;
      ReceiptSpec receipt;
    };
    std::vector<Deal> deals;
    for (const Row& row : read_csv(folder / "WA_Fn-UseC_-Accounts-Receivable.csv")) {
      Deal deal;
      deal.invoice.id = row.at("invoiceNumber");
      deal.invoice.dimensions = {row.at("customerID"), row.at("countryCode"), "", "", "", ""};
      deal.invoice.attributes = {{"disputed", row.at("Disputed")}, {"bill_type", row.at("PaperlessBill")}};
      deal.invoice.issued_on = deal.invoice.posted_on = american_day(row.at("InvoiceDate"));
      deal.invoice.parts = {{american_day(row.at("DueDate")), parse_decimal(row.at("InvoiceAmount"), 2).value()}};
      deal.receipt = {"R-" + deal.invoice.id,
                      deal.invoice.dimensions,
                      Currency::USD,
                      deal.invoice.total(),
                      {},
                      american_day(row.at("SettledDate"))};
      deals.push_back(std::move(deal));
    }
    std::multimap<Date, std::pair<const Deal*, bool>> steps;
    for (const Deal& deal : deals) steps.emplace(deal.invoice.issued_on, std::pair{&deal, false});
    for (const Deal& deal : deals) steps.emplace(deal.receipt.received_on, std::pair{&deal, true});
    Facts facts;
    std::uint64_t seq = 0;
    for (const auto& [on, step] : steps) {
      const auto& [deal, paid] = step;
      const At at{++seq, on, on};
      if (!paid) facts.issued(at, deal->invoice);
      if (paid)
        facts.received(at, deal->receipt),
            facts.applied(at, deal->receipt, deal->invoice, {deal->receipt.amount_minor});
    }
    for (const Fact& fact : facts.all()) receivables.fold(fact);
  }
};
const Receivables& ibm() {
  static const History history;
  return history.receivables;
}

/// Equal as numbers where both are, so that "0" is "0.00"; else as text.
bool same(const std::string& a, const std::string& b) {
  const auto x = parse_decimal(a, 6), y = parse_decimal(b, 6);
  return x && y ? *x == *y : a == b;
}
/// Each answer row has its row in the report, in the same order, and the report has no other. `renamed`: the answer's names of columns.
void expect_equal(const Report& report, const std::vector<Row>& answers,
                  const std::map<std::string, std::string>& renamed) {
  ASSERT_EQ(report.rows.size(), answers.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    for (const auto& [name, value] : answers[i]) {
      if (name == "as_of") continue;
      const auto other = renamed.find(name);
      const std::string ours = cell(report, i, other == renamed.end() ? name : other->second);
      EXPECT_TRUE(same(ours, value)) << report.name << " row " << i << " " << name << ": " << ours << ", answer "
                                     << value;
    }
  }
}
void expect_aging(const std::string& file, const Group& group, const std::map<std::string, std::string>& renamed) {
  std::map<std::string, std::vector<Row>> by_date;
  for (const Row& row : read_csv(folder / "answers" / file)) by_date[row.at("as_of")].push_back(row);
  EXPECT_EQ(by_date.size(), 3u);
  for (const auto& [as_of, answers] : by_date) {
    SCOPED_TRACE(as_of);
    expect_equal(ibm().aging(View{day(as_of)}, group, {30, 60, 90}), answers, renamed);
  }
}
const View whole_file{day("2014-12-31")};
void expect_behaviour(const std::string& file, const Group& group, const std::map<std::string, std::string>& renamed) {
  expect_equal(ibm().payment_behaviour(whole_file, group), read_csv(folder / "answers" / file), renamed);
}

TEST(GivenIbmReceivables, WhenAgedInTotalThenAsPublished) { expect_aging("aging_total.csv", {}, {}); }
TEST(GivenIbmReceivables, WhenAgedByCountryThenAsPublished) {
  expect_aging("aging_by_country.csv", Group::by(Dimension::country), {{"countryCode", "country"}});
}
TEST(GivenIbmReceivables, WhenAgedByCustomerThenAsPublished) {
  expect_aging("aging_by_customer.csv", Group::by(Dimension::customer), {{"customerID", "customer"}});
}
TEST(GivenIbmReceivables, WhenTakenByMonthThenAsPublished) {
  const std::vector<Row> answers = read_csv(folder / "answers" / "monthly.csv");
  expect_equal(ibm().receivables_by_month(whole_file), answers, {});
  const Report part = ibm().receivables_by_month(whole_file, {day("2013-06-01"), day("2013-09-01")});
  expect_equal(part, {answers.begin() + 17, answers.begin() + 20}, {});
}
TEST(GivenIbmReceivables, WhenPaymentBehaviourTakenThenAsPublished) {
  expect_behaviour("payment_behaviour_total.csv", {}, {});
  expect_behaviour("payment_behaviour_by_country.csv", Group::by(Dimension::country), {{"countryCode", "country"}});
  expect_behaviour("payment_behaviour_by_customer.csv", Group::by(Dimension::customer), {{"customerID", "customer"}});
  expect_behaviour("payment_behaviour_by_bill_type.csv", Group::by_attribute("bill_type"),
                   {{"PaperlessBill", "bill_type"}});
  expect_behaviour("payment_behaviour_by_disputed.csv", Group::by_attribute("disputed"),
                   {{"Disputed", "attribute:disputed"}});
}
TEST(GivenIbmReceivables, WhenPeakExposureTakenThenAsPublished) {
  expect_equal(ibm().exposure_peak(whole_file, Group::by(Dimension::customer)),
               read_csv(folder / "answers" / "peak_exposure_by_customer.csv"), {{"customerID", "customer"}});
}
TEST(GivenIbmReceivables, WhenPeriodSummedThenCollectionDaysArePublishedOnes) {
  const std::vector<PeriodFigures> figures = ibm().period(whole_file, day("2012-01-01"), {});
  ASSERT_EQ(figures.size(), 1u);
  EXPECT_EQ(figures[0].invoiced, 147'703'18);
  EXPECT_EQ(figures[0].collected, 147'703'18);
  EXPECT_EQ(cell_text(ratio_cell(figures[0].collected_days, figures[0].collected, 2)), "26.70");
}

}  // namespace
}  // namespace o2c::test
