#include "connectors/import/value.hpp"

#include <gtest/gtest.h>

namespace o2c::importer {
namespace {

/// What a cell is worth, faults as "!rule".
std::string read(std::string_view format, std::string_view cell) {
  const auto parsed = CellFormat::parse(format);
  EXPECT_TRUE(parsed.has_value()) << format << ": " << (parsed ? "" : parsed.error());
  if (!parsed) return "?";
  const Value value = parsed->read(cell);
  if (const Fault* fault = fault_in(value)) return "!" + fault->rule;
  return is_empty(value) ? "(empty)" : text_of(value);
}

TEST(GivenACellFormat, WhenTheCellFitsThenItsValueIsExact) {
  const struct {
    std::string_view format, cell, value;
  } cases[] = {
      {"text", " a ", " a "},
      {"trimmed", " a b ", "a b"},
      {"trimmed?", "  ", "(empty)"},
      {"text?", "", "(empty)"},
      {"integer", "-12", "-12"},
      {"decimal", "14.00", "14.00"},
      {"decimal", "-0.5", "-0.5"},
      {"decimal", "9223372036854775807", "9223372036854775807"},
      {"decimal 1.234,56", "1.234.567,89", "1234567.89"},
      {"decimal 1.234,56", "12,5", "12.5"},
      {"decimal 1234,56", "1234,5", "1234.5"},
      {"decimal 1 234.56", "12 345.6", "12345.6"},
      {"decimal 1'234.56", "-1'000", "-1000"},
      {"decimal (1,234.56)", "(1,000.10)", "-1000.10"},
      {"decimal (1,234.56)", "1,000.10", "1000.10"},
      {"decimal 1,234.56-", "7.5-", "-7.5"},
      {"date", "1996-07-04", "1996-07-04"},
      {"date M/D/YYYY", "4/6/2013", "2013-04-06"},
      {"date M/D/YYYY", "12/31/2013", "2013-12-31"},
      {"date DD.MM.YYYY", "29.02.2012", "2012-02-29"},
      {"date YYYYMMDD", "20261122", "2026-11-22"},
      {"date YYYY年M月D日", "2026年1月2日", "2026-01-02"},
      {"date?", "", "(empty)"},
      {"boolean Yes/No", "Yes", "true"},
      {"boolean 是/否", "否", "false"},
  };
  for (const auto& c : cases) EXPECT_EQ(read(c.format, c.cell), c.value) << c.format << " " << c.cell;
}

TEST(GivenACellFormat, WhenTheCellDoesNotFitThenItIsRefusedAndNeverGuessed) {
  EXPECT_EQ(read("text", ""), "!empty, but a value is needed");
  for (const std::string_view cell : {"1.5", "+1", "1e3", "", " 1", "01", "１２", "9223372036854775808"})
    EXPECT_EQ(read("integer", cell)[0], '!') << cell;
  for (const std::string_view cell : {"1.234,56", "1,234.56", "(100)", "1e3", "100-", "1 000", "1\u2009000", "+1", ".5",
                                      "5.", "--1", "-", "NaN", "1.2345678901234", "99999999999999999999"}) {
    EXPECT_EQ(read("decimal", cell)[0], '!') << cell;
  }
  for (const std::string_view cell : {"1,234.56", "1.23,4", "1234.567,8", "12.34", ".123,4", "1..234"})
    EXPECT_EQ(read("decimal 1.234,56", cell)[0], '!') << cell;
  for (const std::string_view cell : {"-1.00", "((1))", "(1", "(-1)"})
    EXPECT_EQ(read("decimal (1,234.56)", cell)[0], '!') << cell;
  for (const std::string_view cell : {"1996-02-30", "1996-2-3", "1996-07-04 ", "96-07-04", "0000-01-01", "3000-01-01"})
    EXPECT_EQ(read("date", cell)[0], '!') << cell;
  for (const std::string_view cell : {"13/1/2013", "1/32/2013", "1/2/13", "1-2-2013", "1/2/20133"})
    EXPECT_EQ(read("date M/D/YYYY", cell)[0], '!') << cell;
  EXPECT_EQ(read("boolean Yes/No", "yes"), "!neither \"Yes\" nor \"No\"");
  EXPECT_EQ(read("date M/D/YYYY", "2013-01-02"), "!no date of the years 1900 to 2999 written M/D/YYYY");
  EXPECT_EQ(read("decimal 1.234,56", "1,234.56"), "!no number such as \"1.234,56\" or \"-1.234,56\"");
}

TEST(GivenAFormatDescription, WhenItIsNoneThenTheRuleIsTold) {
  for (const std::string_view format :
       {"", "txt", "date YY-MM-DD", "date MM/DD", "date YYYY-MM-DD-DD", "date YYYY-MM-D1", "decimal 1,23",
        "decimal 1x234.56", "decimal 1,234,56", "boolean", "boolean Yes", "boolean /No", "text 5"}) {
    EXPECT_FALSE(CellFormat::parse(format).has_value()) << format;
  }
}

TEST(GivenDecimals, WhenWorkedWithThenResultsAreExactOrRefused) {
  const auto shown = [](const Value& value) { return fault_in(value) ? "!" + fault_in(value)->rule : text_of(value); };
  EXPECT_EQ(shown(add({1, 2}, {5, 0})), "5.01");
  EXPECT_EQ(shown(subtract({1, 1}, {10, 2})), "0.00");
  EXPECT_EQ(shown(multiply({1680, 2}, {95, 2})), "15.9600");
  EXPECT_EQ(shown(round({125, 3}, 2)), "0.13");
  EXPECT_EQ(shown(round({-125, 3}, 2)), "-0.13");
  EXPECT_EQ(shown(round({5, 0}, 2)), "5.00");
  EXPECT_EQ(shown(quotient({1, 0}, {3, 0}, 4)), "0.3333");
  EXPECT_EQ(shown(quotient({-2, 0}, {3, 0}, 0)), "-1");
  EXPECT_EQ(shown(quotient({1, 0}, {0, 2}, 4)), "!division by zero");
  EXPECT_EQ(shown(multiply({1, 7}, {1, 6})), "!more than 12 decimals; round before multiplying");
  EXPECT_EQ(shown(add({INT64_MAX, 0}, {1, 0})), "!the number does not fit into 64 bits");
  EXPECT_EQ(shown(add({INT64_MAX, 0}, {1, 2})), "!the number does not fit into 64 bits");
  EXPECT_EQ(compare({150, 2}, {15, 1}), 0);
  EXPECT_EQ(compare({INT64_MAX, 0}, {INT64_MAX, 12}), 1);
  EXPECT_EQ(key_of(Decimal{150, 2}), key_of(Decimal{15, 1}));
}

}  // namespace
}  // namespace o2c::importer
