#include <filesystem>
#include <fstream>
#include <iterator>

#include <unistd.h>

#include "events/json/json.hpp"
#include "tests/connectors/import/planning.hpp"

namespace o2c::importer {
namespace {

using Told = std::vector<std::string>;

const std::string shop = R"toml(
[mapping]
name = "shop"
version = 1
company = "acme"
actor = "clerk"
[file.sales]
key = "number"
columns = { number = "text", customer = "text", day = "date", net = { header = "Net amount", format = "decimal 1.234,56" }, paid = "date?" }
delimiter = ";"
[[phase]]
name = "customers"
[[phase.command]]
step = "customer"
from = "sales"
once_per = "customer"
body = '''
{"register_customer": {"customer": {"customer": "${customer}", "name": "${customer}", "currency": "EUR", "sold_to": {"country": "DE"}}}}
'''
[[phase]]
name = "trade"
by_date = true
[[phase.command]]
step = "invoice"
from = "sales"
date = "day"
body = '''
{"issue_invoice": {"invoice": "${number}", "customer": "${customer}", "occurred_on": "${day}", "lines": [{"net": {"amount": "${net}", "currency": "EUR"}}]}}
'''
[[phase.command]]
step = "receipt"
from = "sales"
when = "paid != none"
date = "paid"
body = '''
{"record_receipt": {"receipt": "R-${number}", "customer": "${customer}", "occurred_on": "${paid}", "amount": {"amount": "${net}", "currency": "EUR"}}}
'''
)toml";
const std::string header = "number;customer;day;Net amount;paid\n";

Told source_keys(const ImportPlan& plan) {
  Told keys;
  for (const PlannedCommand& command : plan.commands)
    keys.push_back(command.source_key + "@" + std::to_string(command.line));
  return keys;
}

TEST(GivenRows, WhenPlannedThenCommandsComeByPhaseAndDate) {
  const Mapping mapping = mapping_of(shop);
  const auto plan = plan_of(
      mapping,
      {{"sales",
        header + "1;B;2026-01-05;1.000,50;2026-01-07\n2;A;2026-01-03;7,00;\n3;B;2026-01-07;8,00;2026-01-07\n"}});
  ASSERT_TRUE(plan.has_value()) << testing::PrintToString(told(plan.error()));
  EXPECT_EQ(source_keys(*plan), (Told{"shop:B:customer@2", "shop:A:customer@3", "shop:2:invoice@3", "shop:1:invoice@2",
                                      "shop:3:invoice@4", "shop:1:receipt@2", "shop:3:receipt@4"}));
  EXPECT_EQ(plan->rows, 3U);
  EXPECT_EQ(plan->files.at(plan->commands[0].file), "sales.csv");
  EXPECT_EQ(
      plan->commands[3].json,
      R"({"company":"acme","command_id":")" + to_hex(command_id_of("acme", "shop:1:invoice")) +
          R"(","actor":"clerk","source_key":"shop:1:invoice","body":{"issue_invoice":{"invoice":"1","customer":"B","occurred_on":"2026-01-05",)"
          R"("lines":[{"net":{"amount":"1000.50","currency":"EUR"}}]}}})");
}

TEST(GivenACommandId, WhenDerivedThenItIsTheHashOfCompanyAndSourceKey) {
  // printf 'o2c.import\0acme\0shop:1:invoice' | sha256sum | cut -c1-32
  EXPECT_EQ(to_hex(command_id_of("acme", "shop:1:invoice")), "2b9aa3d96e02f5af581feb3107934bca");
  EXPECT_NE(command_id_of("acme", "shop:1:invoice"), command_id_of("acme2", "shop:1:invoice"));
  EXPECT_NE(command_id_of("acme", "x"), command_id_of("acm", "ex"));
}

TEST(GivenRows, WhenARowComesTwiceThenItCountsOnce) {
  const Mapping mapping = mapping_of(shop);
  const auto plan =
      plan_of(mapping, {{"sales", header + "1;B;2026-01-05;1,00;\n2;B;2026-01-05;2,00;\n1;B;2026-01-05;1,00;\n"}});
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(source_keys(*plan), (Told{"shop:B:customer@2", "shop:1:invoice@2", "shop:2:invoice@3"}));
  EXPECT_EQ(plan->repeated_rows, 1U);
}

TEST(GivenRows, WhenAKeyComesWithOtherContentThenItIsAConflict) {
  const Mapping mapping = mapping_of(shop);
  const auto plan = plan_of(mapping, {{"sales", header + "1;B;2026-01-05;1,00;\n1;B;2026-01-05;1,01;\n"}});
  ASSERT_FALSE(plan.has_value());
  EXPECT_TRUE(plan.error().conflict);
  EXPECT_EQ(told(plan.error()), (Told{"sales.csv:3:number: line 2 has the same key with other content"}));
  EXPECT_EQ(plan.error().rows[0].row, "1;B;2026-01-05;1,01;");
}

TEST(GivenACommandOncePerValue, WhenItsRowsDisagreeThenItIsAConflict) {
  std::string text = shop;
  text.replace(text.find(R"("name": "${customer}")"), 21, R"("name": "${day}")");
  const auto plan = plan_of(mapping_of(text), {{"sales", header + "1;B;2026-01-05;1,00;\n2;B;2026-01-06;1,00;\n"}});
  ASSERT_FALSE(plan.has_value());
  EXPECT_TRUE(plan.error().conflict);
  EXPECT_EQ(told(plan.error()), (Told{"sales.csv:3:: step customer: line 2 makes another command for the same key"}));
}

TEST(GivenFaultyRows, WhenPlannedThenAllAreToldAndNothingIsPlanned) {
  const Mapping mapping = mapping_of(shop);
  const auto plan = plan_of(
      mapping,
      {{"sales",
        header +
            "1;B;2026-02-30;1,00;\n2;B;2026-01-05;1.00;\n3;B;2026-01-05\n;B;2026-01-05;1,00;\n4;B;2026-01-05;1,00;;\n5;B;2026-01-05;1,00;\n"}});
  ASSERT_FALSE(plan.has_value());
  EXPECT_FALSE(plan.error().conflict);
  EXPECT_EQ(told(plan.error()), (Told{"sales.csv:2:day: no date of the years 1900 to 2999 written YYYY-MM-DD",
                                      "sales.csv:3:Net amount: no number such as \"1.234,56\" or \"-1.234,56\"",
                                      "sales.csv:4:: the row has 3 fields, the header 5",
                                      "sales.csv:5:number: empty, but a value is needed",
                                      "sales.csv:6:: the row has 6 fields, the header 5"}));
}

TEST(GivenACommandThatTheSchemaRefuses, WhenPlannedThenStepAndPlaceAreTold) {
  const Mapping mapping = mapping_of(shop);
  const auto plan = plan_of(mapping, {{"sales", header + "1;B ;2026-01-05;1,005;\n"}});
  ASSERT_FALSE(plan.has_value());
  const Told all = told(plan.error());
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].starts_with("sales.csv:2:: step customer: /body/register_customer/customer/customer: ")) << all[0];
  EXPECT_TRUE(all[1].starts_with("sales.csv:2:: step invoice: /body/issue_invoice/")) << all[1];
}

TEST(GivenAHeader, WhenItDoesNotFitThenTheColumnIsNamed) {
  const Mapping mapping = mapping_of(shop);
  const auto faults = [&](const std::string& text) {
    const auto plan = plan_of(mapping, {{"sales", text}});
    return plan ? Told{} : told(plan.error());
  };
  EXPECT_EQ(faults(""), (Told{"sales.csv:1:: the file is empty; its first row names the columns"}));
  EXPECT_EQ(faults("number;customer;day;Net Amount;paid\n"),
            (Told{"sales.csv:1:Net amount: the header is missing, did you mean \"Net Amount\"?"}));
  EXPECT_EQ(faults("number;customer;day;Net amount;paid;day\n"),
            (Told{"sales.csv:1:day: two columns have this header"}));
  EXPECT_EQ(faults("number;customer;day;Net amount;paid;\n"), (Told{"sales.csv:1:column 6: a header is empty"}));
  const Told wrong = faults("number,customer,day,Net amount,paid\n");
  ASSERT_EQ(wrong.size(), 5U);
  EXPECT_EQ(
      wrong[0],
      "sales.csv:1:customer: the header is missing; the file seems to be separated by \",\", say so with delimiter");
  EXPECT_EQ(faults("\xEF\xBB\xBF"
                   "extra;number;customer;day;Net amount;paid\r\nx;1;A;2026-01-01;1,00;\r\n\r\n\r\n"),
            Told{})
      << "other columns, a mark and blank lines at the end are harmless";
  EXPECT_EQ(faults(header + "1;A;2026-01-01;1,00;\n\n2;A;2026-01-01;1,00;\n"),
            (Told{"sales.csv:3:: a blank line between rows"}));
  EXPECT_EQ(faults(header + "1;A;2026-01-01;1,00;\"\n"), (Told{"sales.csv:2:21: a quote that is never closed"}));
}

TEST(GivenManyFaults, WhenPlannedThenTheFirstHundredAreKeptAndAllAreCounted) {
  std::string text = header;
  for (int i = 0; i < 1000; ++i) text += std::to_string(i) + ";A;never;1,00;\n";
  const auto plan = plan_of(mapping_of(shop), {{"sales", text}});
  ASSERT_FALSE(plan.has_value());
  EXPECT_EQ(plan.error().rows.size(), rejects_max);
  EXPECT_EQ(plan.error().count, 1000U);
}

TEST(GivenATemplate, WhenPartsHaveNoValueThenTheyAreLeftOut) {
  const Mapping mapping = mapping_of(R"toml(
[mapping]
name = "t"
version = 1
company = "c"
[file.heads]
key = "id"
columns = { id = "text", city = "text?", days = "integer?", final = "boolean y/n" }
[file.lines]
columns = { id = "text", sku = "text", discount = "decimal" }
[[phase]]
name = "p"
[[phase.command]]
step = "order"
from = "heads"
body = '''
{"create_order": {"order": "${id}", "confirm": "${final}", "document": {
  "customer": "C1",
  "lines": [
    {"$each": "lines[id = id]", "$when": "discount < 1", "product": "${sku} of ${heads.id}", "quantity": "1", "ship_to": "#{days}"},
    {"$when": "city != none", "product": "delivery", "quantity": "1"}
  ],
  "ship_to": [{"city": "${city}"}]
}}}
'''
)toml");
  const auto plan = plan_of(mapping, {{"heads", "id,city,days,final\n1,,,y\n2,,2,n\n"},
                                      {"lines", "id,sku,discount\n1,a,0\n2,c,0\n1,b,1.00\n1,d,0.5\n"}});
  ASSERT_TRUE(plan.has_value()) << testing::PrintToString(told(plan.error()));
  const auto body = [&](std::size_t i) {
    return plan->commands.at(i).json.substr(plan->commands.at(i).json.find("\"body\""));
  };
  EXPECT_EQ(
      body(0),
      R"("body":{"create_order":{"order":"1","confirm":true,"document":{"customer":"C1","lines":[{"product":"a of 1","quantity":"1"},{"product":"d of 1","quantity":"1"}]}}}})");
  EXPECT_EQ(
      body(1),
      R"("body":{"create_order":{"order":"2","confirm":false,"document":{"customer":"C1","lines":[{"product":"c of 2","quantity":"1","ship_to":2}]}}}})");
}

TEST(GivenTextThatIsSpecialInJson, WhenPlannedThenItArrivesAsItWas) {
  const Mapping mapping = mapping_of(shop);
  const std::string name = R"(=A "quoted" \ back <b> ${x} 客户)";
  const auto plan =
      plan_of(mapping, {{"sales", header + "1;\"=A \"\"quoted\"\" \\ back <b> ${x} 客户\";2026-01-05;1,00;\n"}});
  ASSERT_TRUE(plan.has_value()) << testing::PrintToString(told(plan.error()));
  const auto buffer = parse_table(plan->commands.at(0).json, "o2c.fb.Command");
  ASSERT_TRUE(buffer.has_value());
  const auto* command = flatbuffers::GetRoot<fb::Command>(buffer->data());
  EXPECT_EQ(command->body_as_RegisterCustomer()->customer()->name()->str(), name);
}

TEST(GivenRejects, WhenWrittenThenTheFileIsCsvAndInert) {
  const auto path = std::filesystem::temp_directory_path() / ("o2c-rejects-" + std::to_string(::getpid()) + ".csv");
  const RejectRow rows[] = {{"a.csv", 7, "net", "no number", "=HYPERLINK(\"x\"),1"},
                            {"a,b.csv", 0, "", "the file is \"odd\"", ""}};
  ASSERT_TRUE(write_rejects(path.string(), rows).has_value());
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(
      text,
      "file,line,column,rule,row\na.csv,7,net,no number,\"'=HYPERLINK(\"\"x\"\"),1\"\n\"a,b.csv\",0,,\"the file is \"\"odd\"\"\",\n");
  std::filesystem::remove(path);
  EXPECT_FALSE(write_rejects((path / "no" / "such").string(), rows).has_value());
}

}  // namespace
}  // namespace o2c::importer
