#include <chrono>
#include <map>

#include "tests/connectors/import/planning.hpp"

namespace o2c::importer {
namespace {

TEST(GivenTheReceivablesSample, WhenPlannedThenEachRowIsAnInvoiceAndAReceipt) {
  const auto mapping = load_mapping(O2C_IMPORT_DIR "/mappings/ibm-receivables.toml");
  ASSERT_TRUE(mapping.has_value()) << joined(mapping.error());
  auto files = bind_files(*mapping, std::vector<std::string>{O2C_IBM_DATA});
  ASSERT_TRUE(files.has_value()) << files.error().message;
  const auto start = std::chrono::steady_clock::now();
  const auto plan = plan_import(*mapping, *files);
  RecordProperty("milliseconds",
                 static_cast<int>((std::chrono::steady_clock::now() - start) / std::chrono::milliseconds{1}));
  ASSERT_TRUE(plan.has_value()) << testing::PrintToString(told(plan.error()));

  std::map<std::string, int> steps;
  for (const PlannedCommand& command : plan->commands)
    ++steps[command.source_key.substr(command.source_key.rfind(':') + 1)];
  EXPECT_EQ(steps, (std::map<std::string, int>{
                       {"open", 1}, {"tax", 1}, {"customer", 100}, {"invoice", 2466}, {"receipt", 2466}}));
  EXPECT_EQ(plan->rows, 2466U);
  EXPECT_EQ(plan->repeated_rows, 0U);

  const auto body = [&](std::string_view source_key) -> std::string {
    for (const PlannedCommand& command : plan->commands) {
      if (command.source_key == source_key) return command.json.substr(command.json.find(R"("body":)") + 7);
    }
    return "";
  };
  EXPECT_EQ(
      body("ibm-receivables:611365:invoice"),
      R"({"issue_invoice":{"invoice":"611365","number":"611365","customer":"0379-NEVHP","currency":"USD",)"
      R"("lines":[{"description":"as invoiced","net":{"amount":"55.94","currency":"USD"}}],"due_date":"2013-02-01","occurred_on":"2013-01-02",)"
      R"("attributes":[{"name":"disputed","value":"No"},{"name":"bill_type","value":"Paper"}]}}})");
  EXPECT_EQ(
      body("ibm-receivables:611365:receipt"),
      R"({"record_receipt":{"receipt":"R-611365","customer":"0379-NEVHP","amount":{"amount":"55.94","currency":"USD"},"occurred_on":"2013-01-15",)"
      R"("applications":[{"invoice":"611365","amount":{"amount":"55.94","currency":"USD"}}]}}})");
  EXPECT_EQ(
      body("ibm-receivables:0379-NEVHP:customer"),
      R"({"register_customer":{"customer":{"customer":"0379-NEVHP","name":"0379-NEVHP","currency":"USD","sold_to":{"country":"391"},)"
      R"("attributes":[{"name":"paperless_since","value":"2013-04-06"}]}}}})");
}

}  // namespace
}  // namespace o2c::importer
