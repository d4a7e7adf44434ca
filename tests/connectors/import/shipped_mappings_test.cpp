#include <filesystem>
#include <map>
#include <set>

#include "tests/connectors/import/planning.hpp"

namespace o2c::importer {
namespace {

class GivenNorthwind : public testing::Test {
 protected:
  static std::vector<std::string> all_files() {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(O2C_IMPORT_DIR "/data/northwind")) {
      if (entry.path().extension() == ".csv") files.push_back(entry.path().string());
    }
    return files;
  }
  static ImportPlan plan() {
    auto mapping = load_mapping(O2C_IMPORT_DIR "/mappings/northwind.toml");
    EXPECT_TRUE(mapping.has_value()) << (mapping ? "" : joined(mapping.error()));
    if (!mapping) return {};
    auto files = bind_files(*mapping, all_files());
    EXPECT_TRUE(files.has_value()) << (files ? "" : files.error().message);
    if (!files) return {};
    auto planned = plan_import(*mapping, *files);
    EXPECT_TRUE(planned.has_value()) << (planned ? "" : testing::PrintToString(told(planned.error())));
    return planned ? std::move(*planned) : ImportPlan{};
  }
  static std::string step_of(const PlannedCommand& command) {
    return command.source_key.substr(command.source_key.rfind(':') + 1);
  }
  static const PlannedCommand& find(const ImportPlan& plan, std::string_view source_key) {
    static const PlannedCommand missing;
    for (const PlannedCommand& command : plan.commands) {
      if (command.source_key == source_key) return command;
    }
    ADD_FAILURE() << source_key << " is not planned";
    return missing;
  }
  static std::string body_of(const PlannedCommand& command) {
    const std::size_t body = command.json.find(R"("body":)");
    return body == std::string::npos ? "" : command.json.substr(body + 7, command.json.size() - body - 8);
  }
};

TEST_F(GivenNorthwind, WhenPlannedThenEveryRowHasItsCommands) {
  const ImportPlan plan = GivenNorthwind::plan();
  std::map<std::string, int> steps;
  for (const PlannedCommand& command : plan.commands) ++steps[step_of(command)];
  EXPECT_EQ(steps["customer"], 91);
  EXPECT_EQ(steps["product"], 77);
  EXPECT_EQ(steps["stock"], 77);
  EXPECT_EQ(steps["order"], 830);
  EXPECT_EQ(steps["shipment"], 809);
  EXPECT_EQ(steps["invoice"], 809);
  EXPECT_EQ(plan.rows, 8U + 91 + 49 + 9 + 2155 + 830 + 77 + 4 + 6 + 29 + 53);
  EXPECT_EQ(plan.repeated_rows, 0U);
}

TEST_F(GivenNorthwind, WhenPlannedThenFactsComeInTheOrderOfTheirDates) {
  const ImportPlan plan = GivenNorthwind::plan();
  std::string last = "0000";
  for (const PlannedCommand& command : plan.commands) {
    if (step_of(command) == "stock" || step_of(command) == "customer") continue;
    const std::size_t at = command.json.find(R"("occurred_on":")");
    if (at == std::string::npos) continue;
    const std::string date = command.json.substr(at + 15, 10);
    EXPECT_LE(last, date) << command.source_key;
    last = date;
  }
  EXPECT_EQ(last, "1998-05-06");
}

TEST_F(GivenNorthwind, WhenPlannedTwiceThenIdsAndContentAreTheSame) {
  const ImportPlan first = plan(), second = plan();
  ASSERT_EQ(first.commands.size(), second.commands.size());
  std::set<Id16> ids;
  for (std::size_t i = 0; i < first.commands.size(); ++i) {
    EXPECT_EQ(first.commands[i].json, second.commands[i].json);
    ids.insert(first.commands[i].command_id);
  }
  EXPECT_EQ(ids.size(), first.commands.size());
}

TEST_F(GivenNorthwind, WhenPlannedThenCommandsSayWhatTheRowsSay) {
  const ImportPlan plan = GivenNorthwind::plan();
  EXPECT_EQ(
      body_of(find(plan, "northwind:VINET:customer")),
      R"({"register_customer":{"customer":{"customer":"VINET","name":"Vins et alcools Chevalier","currency":"USD","payment_terms":"NET30",)"
      R"("seller":"Buchanan","team":"Fuller","region":"Eastern","sold_to":{"name":"Vins et alcools Chevalier","street":"59 rue de l'Abbaye",)"
      R"("city":"Reims","postal_code":"51100","country":"France"}}}})");
  EXPECT_EQ(body_of(find(plan, "northwind:PARIS:customer")).find("seller"), std::string::npos) << "PARIS never ordered";
  EXPECT_EQ(
      body_of(find(plan, "northwind:10250:order")),
      R"({"create_order":{"order":"10250","confirm":true,"occurred_on":"1996-07-08","document":{"customer":"HANAR","seller":"Peacock",)"
      R"("freight":{"amount":"65.83","currency":"USD"},"lines":[{"product":"41","quantity":"10","unit_price":"7.70","promised_on":"1996-08-05"},)"
      R"({"product":"51","quantity":"35","unit_price":"42.40","discount":"15.00","promised_on":"1996-08-05"},)"
      R"({"product":"65","quantity":"15","unit_price":"16.80","discount":"15.00","promised_on":"1996-08-05"}],)"
      R"("ship_to":[{"name":"Hanari Carnes","street":"Rua do Paço, 67","city":"Rio de Janeiro","region":"RJ","postal_code":"05454-876","country":"Brazil"}]}}})");
  EXPECT_EQ(
      body_of(find(plan, "northwind:10250:shipment")),
      R"({"post_shipment":{"shipment":"S-10250","order":"10250","carrier":"United Package","occurred_on":"1996-07-12"}})");
  // 77.00 + 1261.40 + 214.20 + freight 65.83; 10250 mod 31 is 20, so 40 days after 1996-07-12.
  EXPECT_EQ(
      body_of(find(plan, "northwind:10250:receipt")),
      R"({"record_receipt":{"receipt":"R-10250","customer":"HANAR","occurred_on":"1996-08-21","amount":{"amount":"1618.43","currency":"USD"},)"
      R"("applications":[{"invoice":"I-10250","amount":{"amount":"1618.43","currency":"USD"}}]}})");
  // 10251 is 17 times 603, so half of 95.76 + 222.30 + 336.00 + freight 41.34 is paid, 41 days after 1996-07-15.
  EXPECT_EQ(
      body_of(find(plan, "northwind:10251:receipt")),
      R"({"record_receipt":{"receipt":"R-10251","customer":"VICTE","occurred_on":"1996-08-25","amount":{"amount":"347.70","currency":"USD"},)"
      R"("applications":[{"invoice":"I-10251","amount":{"amount":"347.70","currency":"USD"}}]}})");
  EXPECT_EQ(
      body_of(find(plan, "northwind:1:stock")),
      R"({"receive_stock":{"place":"main","reference":"opening stock","occurred_on":"1996-07-01","lines":[{"product":"1","quantity":"867"}]}})");
}

TEST_F(GivenNorthwind, WhenAFileIsMissingThenItIsNamed) {
  const auto mapping = load_mapping(O2C_IMPORT_DIR "/mappings/northwind.toml");
  ASSERT_TRUE(mapping.has_value());
  std::vector<std::string> files = all_files();
  std::erase_if(files, [](const std::string& file) { return file.ends_with("shippers.csv"); });
  const auto bound = bind_files(*mapping, files);
  ASSERT_FALSE(bound.has_value());
  EXPECT_EQ(bound.error().message, "the file shippers (shippers.csv) of the mapping is missing");
}

TEST(GivenAReceivablesFile, WhenARowWasPaidInAdvanceThenItsReceiptComesAfterItsInvoiceWithItsOwnDay) {
  const auto mapping = load_mapping(O2C_IMPORT_DIR "/mappings/ibm-receivables.toml");
  ASSERT_TRUE(mapping.has_value()) << joined(mapping.error());
  const auto plan = plan_of(*mapping, {{"invoices",
                                        "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,"
                                        "InvoiceAmount,Disputed,SettledDate,PaperlessBill\n"
                                        "391,A,4/6/2013,1,1/10/2013,2/1/2013,55.94,No,1/3/2013,Paper\n"}});
  ASSERT_TRUE(plan.has_value()) << testing::PrintToString(told(plan.error()));
  ASSERT_GE(plan->commands.size(), 2U);
  const PlannedCommand& invoice = plan->commands[plan->commands.size() - 2];
  const PlannedCommand& receipt = plan->commands.back();
  EXPECT_EQ(invoice.source_key, "ibm-receivables:1:invoice");
  EXPECT_EQ(receipt.source_key, "ibm-receivables:1:receipt");
  EXPECT_NE(receipt.json.find(R"("occurred_on":"2013-01-03")"), std::string::npos) << receipt.json;
}

}  // namespace
}  // namespace o2c::importer
