#include "connectors/import/expression.hpp"

#include "tests/connectors/import/planning.hpp"

namespace o2c::importer {
namespace {

const std::string head = R"toml(
[mapping]
name = "m"
version = 1
company = "c"
[constants]
rate = 7
first_day = 2026-01-01
[file.orders]
key = "id"
columns = { id = "integer", customer = "text", day = "date", paid = "date?", amount = "decimal", note = "text?", open = "boolean y/n" }
[file.lines]
columns = { id = "integer", sku = "text", quantity = "integer", price = "decimal" }
derived = { net = "round(quantity * price, 2)" }
[file.customers]
key = ["country", "number"]
columns = { country = "text", number = "text", name = "text" }
[[phase]]
name = "p"
[[phase.command]]
step = "s"
from = "orders"
body = '''
)toml";

/// What an expression is worth for the one order there is: its text in the command, "(left out)" or "!rule".
std::string worth(const std::string& expression) {
  std::string json;
  append_json_text(json, "${" + expression + "}");
  const Mapping mapping = mapping_of(head + R"({"cancel_order": {"order": "1", "reason": )" + json + "}}\n'''\n");
  const auto plan =
      plan_of(mapping, {{"orders", "id,customer,day,paid,amount,note,open\n7,ACME,2026-02-27,,14.50,,y\n"},
                        {"lines", "id,sku,quantity,price\n7,a,3,1.50\n8,a,1,1.00\n7,b,10,1.00\n7,a,1,0.335\n"},
                        {"customers", "country,number,name\nDE,1,Alfreds\nDE,2,Blauer\nFR,1,Blondel\nFR,3,Vins\n"}});
  if (!plan) {
    // A field that is left out is one that the schema misses here.
    const std::string rule = plan.error().rows.at(0).rule;
    return rule.find("reason") != std::string::npos && rule.find("missing") != std::string::npos ? "(left out)"
                                                                                                 : "!" + rule;
  }
  const std::string& text = plan->commands.at(0).json;
  const std::size_t from = text.find(R"("reason":")") + 10;
  return text.substr(from, text.size() - from - 4);
}

TEST(GivenAnExpression, WhenWorkedOutThenItFollowsTheRules) {
  const std::pair<std::string, std::string> cases[] = {
      {"'it''s'", "it's"},
      {"12.50", "12.50"},
      {"1998-05-06", "1998-05-06"},
      {"rate", "7"},
      {"first_day", "2026-01-01"},
      {"id", "7"},
      {"orders.id", "7"},
      {"amount", "14.50"},
      {"text(day)", "2026-02-27"},
      {"1 + 2 * 3", "7"},
      {"(1 + 2) * 3", "9"},
      {"10 - 4 - 3", "3"},
      {"-2 * 3", "-6"},
      {"2 - -2", "4"},
      {"1 & 2 + 3", "15"},
      {"'a' & 1.50 & day", "a1.502026-02-27"},
      {"amount * 2", "29.00"},
      {"0.1 + 0.2", "0.3"},
      {"day + 2", "2026-03-01"},
      {"day - 1", "2026-02-26"},
      {"day - first_day", "57"},
      {"note ?? 'none said'", "none said"},
      {"note ?? paid ?? 'x'", "x"},
      {"paid + 3 ?? 'open'", "open"},
      {"if(open, 'a', 'b')", "a"},
      {"if(amount > 20, 'big', amount > 10, 'middle', 'small')", "middle"},
      {"if(paid > day, 'late', 'not late')", "not late"},
      {"if(paid = none and not (note != none), 'y', 'n')", "y"},
      {"if(false and true or true, 'y', 'n')", "y"},
      {"if(not true or 1 < 2, 'y', 'n')", "y"},
      {"if(amount = 14.5, 'y', 'n')", "y"},
      {"if('a' < 'b' and 1 <= 1 and 2 >= 3, 'y', 'n')", "n"},
      {"round(2.345, 2)", "2.35"},
      {"quotient(10, 4, 1)", "2.5"},
      {"div(7, 2) & '/' & mod(7, 2)", "3/1"},
      {"div(0-7, 2) & '/' & mod(0-7, 2)", "-4/1"},
      {"abs(0 - 3)", "3"},
      {"number('1.5') + 1", "2.5"},
      {"upper('aé') & lower('BÉ')", "AébÉ"},
      {"trim('  x ')", "x"},
      {"left('客户A', 2)", "客户"},
      {"without_left('客户A', 2)", "A"},
      {"before('a-b-c', '-')", "a"},
      {"after('a-b-c', '-')", "b-c"},
      {"after('abc', '-') ?? 'no'", "no"},
      {"replace('a.b.c', '.', '')", "abc"},
      {"replace('a.b.c', '.', '-')", "a-b-c"},
      {"if(contains('abc', 'bc') and starts_with('abc', 'ab'), 1, 2)", "1"},
      {"year(day) * 10000 + month(day) * 100 + day(day)", "20260227"},
      {"add_months(2026-01-31, 1)", "2026-02-28"},
      {"end_of_month(day)", "2026-02-28"},
      {"count(lines)", "4"},
      {"count(lines[id = id])", "3"},
      {"sum(lines[id = id], net)", "14.84"},
      {"sum(lines[id = id, sku = 'a'], quantity)", "4"},
      {"sum(lines[id = 99], net)", "0"},
      {"min(lines, price)", "0.335"},
      {"max(lines, sku)", "b"},
      {"first(lines[id = id], sku) & last(lines[id = id], quantity)", "a1"},
      {"only(lines[sku = 'b'], id)", "7"},
      {"max(lines[id = 99], price) ?? 'nothing'", "nothing"},
      {"sum(lines, if(lines.id = orders.id, quantity, 0))", "14"},
      {"customers['FR', '3'].name", "Vins"},
      {"customers[number = '2'].name", "Blauer"},
      {"customers['FR', note].name ?? 'nobody'", "nobody"},
  };
  for (const auto& [expression, value] : cases) EXPECT_EQ(worth(expression), value) << expression;
}

TEST(GivenAnExpression, WhenItHasNoValueThenTheMemberIsLeftOut) {
  for (const std::string expression :
       {"note", "none", "paid - day", "customers['FR', note].name", "replace('x', 'x', '')"})
    EXPECT_EQ(worth(expression), "(left out)") << expression;
}

TEST(GivenAnExpression, WhenItCannotBeWorkedOutThenTheRuleIsTold) {
  const std::pair<std::string, std::string> cases[] = {
      {"customer + 1", "!step s: a number or a date is wanted, \"ACME\" is text"},
      {"amount + day", "!step s: a number is wanted, \"2026-02-27\" is a date"},
      {"customers['DE', '9'].name", "!step s: customers has no row with the key \"DE, 9\""},
      {"customers[country = 'DE'].name", "!step s: customers has several rows with the key \"DE\""},
      {"only(lines[id = id], sku)", "!step s: the rows do not agree: \"a\" and \"b\""},
      {"if(day > amount, 1, 2)", "!step s: a date cannot be compared with a number"},
      {"if(amount, 1, 2)", "!step s: a condition is a yes or no, not a number"},
      {"if(open and 1, 1, 2)", "!step s: \"and\" and \"or\" join conditions, not a number"},
      {"9223372036854775807 + 1", "!step s: the number does not fit into 64 bits"},
      {"mod(1, 0)", "!step s: a divisor is greater than 0"},
      {"number('1,5')", "!step s: no number such as \"1234.56\" or \"-1234.56\""},
      {"2999-12-31 + 1", "!step s: a date outside the years 1900 to 2999"},
      {"round(1.5, 13)", "!step s: a number of decimals from 0 to 12 is wanted, \"13\" is a number"},
  };
  for (const auto& [expression, rule] : cases) EXPECT_EQ(worth(expression), rule) << expression;
}

TEST(GivenATextAroundAnExpression, WhenTheValueIsMissingThenItIsAFault) {
  const Mapping mapping =
      mapping_of(head + R"toml({"cancel_order": {"order": "$${x} ${id}-${note ?? 'n'}", "reason": "by ${note}"}}
'''
)toml");
  const auto plan = plan_of(mapping, {{"orders", "id,customer,day,paid,amount,note,open\n7,A,2026-02-27,,1,,y\n"},
                                      {"lines", "id,sku,quantity,price\n"},
                                      {"customers", "country,number,name\n"}});
  ASSERT_FALSE(plan.has_value());
  EXPECT_EQ(
      told(plan.error()),
      (std::vector<std::string>{"orders.csv:2:: step s: \"note\" has no value; say with ?? what stands in its place"}));
}

TEST(GivenAnExpressionThatIsNone, WhenCompiledThenThePlaceAndTheNearestNameAreTold) {
  const Names names{{{"orders", {"order_id", "customer_id"}, {0}}, {"lines", {"order_id", "sku"}, {}}},
                    {{"currency", std::string("USD")}}};
  const std::pair<std::string, std::string> cases[] = {
      {"", "character 1: a value is expected here"},
      {"1 +", "character 4: a value is expected here"},
      {"(1", "character 3: \")\" is expected here"},
      {"1 2", "character 3: an operator or the end is expected here"},
      {"'abc", "character 5: a ' that is never closed"},
      {"custmer_id", "character 1: no column or constant custmer_id, did you mean \"customer_id\"?"},
      {"curency", "character 1: no column or constant curency, did you mean \"currency\"?"},
      {"orders.nothing_like_it", "character 8: orders has no column nothing_like_it"},
      {"lines.sku", "character 1: no row of lines is at hand; choose one with lines[...]"},
      {"line['1'].sku", "character 5: no file line, did you mean \"lines\"?"},
      {"lines['1'].sku", "character 7: lines has no key; write lines[column = value]"},
      {"orders[1, 2].customer_id", "character 8: the key of orders has 1 parts, here are 2"},
      {"lines[order = 1].sku", "character 7: lines has no column order"},
      {"rond(1, 2)", "character 1: unknown function rond, did you mean \"round\"?"},
      {"round(1)", "character 9: round takes 2 arguments, not 1"},
      {"if(true, 1)", "character 12: if takes pairs of condition and value and a last value for the other cases"},
      {"sum(lines)", "character 10: \",\" is expected here"},
      {"1.2.3", "character 1: no number such as \"1234.56\" or \"-1234.56\""},
      {"1 / 2", "character 3: an operator or the end is expected here"},
      {std::string(200, '('), "character 51: nested too deeply"},
      {"1" + std::string(4000, ' '), "character 1: an expression has at most 4000 bytes"},
  };
  for (const auto& [expression, fault] : cases) {
    const auto node = compile_expression(expression, names, {0});
    ASSERT_FALSE(node.has_value()) << expression;
    EXPECT_EQ(node.error(), fault) << expression;
  }
}

}  // namespace
}  // namespace o2c::importer
