#include <random>

#include "tests/connectors/import/planning.hpp"

namespace o2c::importer {
namespace {

const std::string mapping_text = R"toml([mapping]
name = "shop"
version = 1
company = "acme"
[constants]
fee = 2
[file.sales]
key = "number"
columns = { number = "text", day = "date M/D/YYYY", net = "decimal 1.234,56", note = "text?" }
derived = { total = "round(net * fee, 2)", due = "day + 30" }
delimiter = ";"
[[phase]]
name = "trade"
by_date = true
[[phase.command]]
step = "invoice"
from = "sales"
when = "total > 0 and count(sales[day = day]) < 3"
date = "day"
body = '''
{"issue_invoice": {"invoice": "${number}", "customer": "${if(contains(note, 'b'), 'C2', 'C1')}", "occurred_on": "${day}", "due_date": "${due}",
  "lines": [{"$each": "sales[number = sales.number]", "net": {"amount": "${total}", "currency": "EUR"}}]}}
'''
)toml";
const std::string file_text =
    "number;day;net;note\r\n1;1/5/2026;1.000,50;\"a \"\"b\"\"\r\nc\"\r\n2;12/31/2025;-7,00;客户\r\n3;2/28/2026;0,01;\r\n";

/// One to four bytes changed, put in, taken out or repeated.
std::string damaged(std::string text, std::mt19937& random) {
  static const std::string favourites = std::string("\"';,\r\n\\$#{}[]()=?-0\xFF\xC3\xEF") + '\0';
  for (auto changes = 1 + random() % 4; changes > 0; --changes) {
    const std::size_t at = random() % text.size();
    const char byte = random() % 2 == 0 ? favourites[random() % favourites.size()] : static_cast<char>(random() % 256);
    switch (random() % 4) {
      case 0: text[at] = byte; break;
      case 1: text.insert(at, 1, byte); break;
      case 2: text.erase(at, 1 + random() % 3); break;
      default: text.insert(at, text.substr(random() % text.size(), random() % 40)); break;
    }
    if (text.empty()) text = "x";
  }
  return text;
}

TEST(GivenADamagedFile, WhenPlannedThenItIsPlannedOrEveryFaultHasPlaceAndRule) {
  const Mapping mapping = mapping_of(mapping_text);
  ASSERT_TRUE(plan_of(mapping, {{"sales", file_text}}).has_value());
  int planned = 0, refused = 0;
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    std::mt19937 random(seed);
    const auto plan = plan_of(mapping, {{"sales", damaged(file_text, random)}});
    (plan ? planned : refused) += 1;
    if (plan) continue;
    EXPECT_GT(plan.error().count, 0U) << "seed " << seed;
    for (const RejectRow& row : plan.error().rows) EXPECT_TRUE(row.line > 0 && !row.rule.empty()) << "seed " << seed;
  }
  EXPECT_GT(planned, 100);
  EXPECT_GT(refused, 1000);
}

TEST(GivenADamagedMapping, WhenReadThenItIsSoundOrTheFaultsAreTold) {
  int sound = 0, refused = 0;
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    std::mt19937 random(seed);
    const auto mapping = parse_mapping(damaged(mapping_text, random));
    (mapping ? sound : refused) += 1;
    if (mapping) {
      // A mapping that is taken must be usable, whatever it says now.
      if (mapping->files.size() == 1) (void)plan_of(*mapping, {{mapping->files[0].name, file_text}});
    } else {
      EXPECT_FALSE(mapping.error().empty()) << "seed " << seed;
    }
  }
  EXPECT_GT(sound, 50);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace o2c::importer
