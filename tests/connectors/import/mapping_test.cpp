#include "tests/connectors/import/planning.hpp"

namespace o2c::importer {
namespace {

/// Faults of a mapping, "line: rule" each; empty if there are none.
std::vector<std::string> faults(std::string_view toml) {
  const auto mapping = parse_mapping(toml);
  std::vector<std::string> all;
  if (mapping) return all;
  for (const MappingFault& fault : mapping.error()) all.push_back(std::to_string(fault.line) + ": " + fault.rule);
  return all;
}
using Told = std::vector<std::string>;

const std::string sound = R"toml([mapping]
name = "shop"
version = "2026-01"
company = "shop"
[file.sales]
key = "number"
columns = { number = "text", day = "date", net = "decimal" }
[[phase]]
name = "sales"
[[phase.command]]
step = "invoice"
from = "sales"
body = '''
{"issue_invoice": {"invoice": "${number}"}}
'''
)toml";

std::string with(std::string text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

TEST(GivenAMapping, WhenSoundThenItIsRead) {
  const Mapping mapping = mapping_of(sound);
  EXPECT_EQ(mapping.name, "shop");
  EXPECT_EQ(mapping.version, "2026-01");
  EXPECT_EQ(mapping.actor, "import");
  ASSERT_EQ(mapping.files.size(), 1U);
  EXPECT_EQ(mapping.files[0].pattern, "sales.csv");
  ASSERT_EQ(mapping.phases.size(), 1U);
  EXPECT_EQ(mapping.phases[0].commands.at(0).step, "invoice");
}

TEST(GivenAMapping, WhenAKeyIsUnknownThenTheNearestIsNamed) {
  EXPECT_EQ(faults(with(sound, "version", "verison")),
            (Told{"1: \"version\" is missing", "3: [mapping] has no \"verison\", did you mean \"version\"?"}));
  EXPECT_EQ(faults(with(sound, "key = \"number\"", "keys = \"number\"")),
            (Told{"6: [file.sales] has no \"keys\", did you mean \"key\"?",
                  "10: the file sales has no key; give it one or give the command \"key\" or \"once_per\""}));
  EXPECT_EQ(faults(with(sound, "step =", "dates = \"x\"\nstep =")),
            (Told{"11: [[phase.command]] has no \"dates\", did you mean \"date\"?"}));
  EXPECT_EQ(faults(with(sound, "[[phase]]", "[files]\n[[phase]]")),
            (Told{"8: a mapping has no \"files\", did you mean \"file\"?"}));
}

TEST(GivenAMapping, WhenANameInsideIsUnknownThenLineAndNearestNameAreTold) {
  EXPECT_EQ(
      faults(with(sound, "${number}", "${nubmer}")),
      (Told{"14: in the body: in \"nubmer\", character 1: no column or constant nubmer, did you mean \"number\"?"}));
  EXPECT_EQ(faults(with(sound, "from = \"sales\"", "from = \"sale\"")),
            (Told{"12: no file sale, did you mean \"sales\"?"}));
  EXPECT_EQ(faults(with(sound, "key = \"number\"", "key = \"numbr\"")).at(0),
            "6: a key is made of columns, numbr is none, did you mean \"number\"?");
  EXPECT_EQ(faults(with(sound, "from = \"sales\"", "from = \"sales\"\nwhen = \"net > minimum\"")),
            (Told{"13: in \"when\", character 7: no column or constant minimum"}));
}

TEST(GivenAMapping, WhenSeveralThingsAreWrongThenAllAreTold) {
  std::string text = with(sound, "\"decimal\"", "\"dezimal\"");
  text = with(text, "company = \"shop\"", "company = 5");
  text = with(text, "[[phase]]", "derived = { number = \"1\", a = \"b + 1\", b = \"a\", sum = \"1 +\" }\n[[phase]]");
  EXPECT_EQ(faults(text),
            (Told{"4: \"company\" is a text that is not empty",
                  "7: unknown format \"dezimal\"; the formats are text, trimmed, integer, decimal, date, boolean",
                  "8: number is a column already", "8: in \"sum\", character 4: a value is expected here",
                  "8: a is derived from itself", "8: b is derived from itself"}));
}

TEST(GivenAMapping, WhenPartsDoNotFitTogetherThenTheRuleIsTold) {
  EXPECT_EQ(faults("[mapping"), (Told{"1: Error while parsing table header: encountered end-of-file"}));
  EXPECT_EQ(faults(with(sound, "name = \"sales\"", "name = \"sales\"\nby_date = true")),
            (Told{"11: the phase goes by date, so the command needs a \"date\""}));
  EXPECT_EQ(faults(with(sound, "from = \"sales\"", "from = \"sales\"\ndate = \"day\"")),
            (Told{"13: a date has no effect here: the phase does not go by date"}));
  EXPECT_EQ(faults(with(sound, "from = \"sales\"", "key = \"1\"")).at(0),
            "10: \"key\" and \"once_per\" need rows; say \"from\" which file");
  EXPECT_EQ(faults(with(sound, "from = \"sales\"", "from = \"sales\"\nkey = \"number\"\nonce_per = \"number\"")),
            (Told{"10: \"once_per\" is the key; leave \"key\" out"}));
  EXPECT_EQ(faults(with(sound, "\"shop\"", "\"a:b\"")),
            (Told{"2: \"name\" is made of a-z, 0-9, '-', '_' and '.', at most 64"}));
  EXPECT_EQ(faults(with(sound, "key = \"number\"", "key = \"number\"\ndelimiter = \";;\"\nencoding = \"latin1\"")),
            (Told{"7: a delimiter is one ASCII character, or \"tab\"",
                  "8: unknown encoding \"latin1\"; known are utf-8 and gbk"}));
  EXPECT_EQ(faults(sound + sound.substr(sound.find("[[phase]]"))), (Told{"19: two commands are step \"invoice\""}));
  EXPECT_EQ(faults(with(sound, "number = \"text\"", "or = \"text\"")).at(0),
            "6: a key is made of columns, number is none");
  EXPECT_EQ(
      faults(with(sound, "[file.sales]", "[constants]\nfee = 1.5\n[file.sales]")),
      (Told{
          "6: a constant is a text, a whole number, true or false, or a date; write other numbers into the expressions"}));
}

TEST(GivenABody, WhenItIsNoTemplateThenItsLineIsTold) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"a": {"b": 1)", "14: in the body: ',' is expected here"},
      {R"({"a": 1} x)", "14: in the body: one JSON object is expected, here is more"},
      {R"(["a"])", "14: in the body: a template is a JSON object, made once"},
      {"{\"a\": 1,\n\"a\": 2}", "15: in the body: \"a\" stands here twice"},
      {R"({"a": 1.5})", "14: in the body: \"1.5\" is no JSON value that a command has; amounts and dates are strings"},
      {R"({"a": null})",
       "14: in the body: \"null\" is no JSON value that a command has; amounts and dates are strings"},
      {R"({"a": "${number"})", "14: in the body: a ${ that is never closed"},
      {R"({"a": "x\n"})", R"(14: in the body: the escapes of a template are \" \\ and \/)"},
      {R"({"$if": "true"})", "14: in the body: unknown \"$if\"; known are \"$each\" and \"$when\""},
      {R"({"a": {"$each": "sales", "b": 1}})", "14: in the body: \"$each\" repeats elements of an array, this is none"},
      {R"({"a": [{"b": 1, "$each": "sales"}]})",
       "14: in the body: \"$each\" comes first, then \"$when\", then the members, each once"},
      {R"({"a": [{"$each": "sales[nubmer = number]", "b": 1}]})",
       "14: in the body: in \"sales[nubmer = number]\", character 7: sales has no column nubmer, did you mean \"number\"?"},
  };
  for (const auto& [body, fault] : cases) {
    EXPECT_EQ(faults(with(sound, R"({"issue_invoice": {"invoice": "${number}"}})", body)), (Told{fault})) << body;
  }
}

TEST(GivenFilesOnTheCommandLine, WhenBoundThenEachFindsItsPlaceByPatternOrName) {
  const Mapping mapping =
      mapping_of(with(sound, "key = \"number\"", "key = \"number\"\npattern = \"*sales-20??.csv\""));
  const auto message = [&](std::vector<std::string> arguments) {
    const auto bound = bind_files(mapping, arguments);
    return bound ? std::string("bound") : bound.error().message;
  };
  EXPECT_EQ(message({}), "the file sales (*sales-20??.csv) of the mapping is missing");
  EXPECT_EQ(
      message({"data/sales.csv"}),
      "data/sales.csv: no file of the mapping has a pattern that fits; say NAME=data/sales.csv, NAME is one of sales");
  EXPECT_EQ(message({"sale=x.csv"}), "sale=x.csv: the mapping has no file sale, did you mean \"sales\"?");
  EXPECT_EQ(message({"no/such/eu-sales-2026.csv"}), "no/such/eu-sales-2026.csv: no such file");
  EXPECT_EQ(message({"sales=no/such/file"}), "no/such/file: no such file");
  const std::string here = O2C_IMPORT_DIR "/data/northwind/region.csv";
  EXPECT_EQ(message({"sales=" + here}), "bound");
  EXPECT_EQ(message({"sales=" + here, "sales=" + here}), here + ": the file sales of the mapping is given twice");
  EXPECT_EQ(message({"sales=" O2C_IMPORT_DIR "/data"}), O2C_IMPORT_DIR "/data: cannot be read");
}

}  // namespace
}  // namespace o2c::importer
