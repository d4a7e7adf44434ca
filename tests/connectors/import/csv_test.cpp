#include "connectors/import/csv.hpp"

#include <sstream>

#include <gtest/gtest.h>

namespace o2c::importer {
namespace {

using Fields = std::vector<std::vector<std::string>>;

struct Reading {
  Fields rows;
  std::string fault;  // "line:column rule", empty if all was read
};

Reading read(const std::string& text, CsvFormat format = {}) {
  std::istringstream in(text);
  CsvReader reader(in, format);
  CsvRecord record;
  Reading out;
  for (;;) {
    const auto more = reader.next(record);
    if (!more) {
      out.fault =
          std::to_string(more.error().line) + ":" + std::to_string(more.error().column) + " " + more.error().rule;
      return out;
    }
    if (!*more) return out;
    std::vector<std::string> row;
    for (std::size_t i = 0; i < record.size(); ++i) row.emplace_back(record.field(i));
    out.rows.push_back(row);
  }
}

TEST(GivenCsv, WhenWellFormedThenFieldsComeAsWritten) {
  EXPECT_EQ(read("a,b\n1,2\n").rows, (Fields{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(read("a,b\r\n1,\r\n,2").rows, (Fields{{"a", "b"}, {"1", ""}, {"", "2"}}));
  EXPECT_EQ(read("\"x, y\",\"say \"\"hi\"\"\",\"two\nlines\"\n").rows, (Fields{{"x, y", "say \"hi\"", "two\nlines"}}));
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a;b\n",
                 {';', Encoding::utf8})
                .rows,
            (Fields{{"a", "b"}}));
  EXPECT_EQ(read("\"\"\n").rows, (Fields{{""}}));
  EXPECT_EQ(read(" a , b \n").rows, (Fields{{" a ", " b "}})) << "blanks belong to the field";
  EXPECT_EQ(read("").rows, Fields{});
}

TEST(GivenCsv, WhenMalformedThenLineColumnAndRuleAreNamed) {
  const struct {
    std::string text, fault;
  } cases[] = {
      {"a,b\n1,x\"y\n",
       "2:4 a quote inside a field that does not begin with one; quote the field and double the quote"},
      {"a,b\n\"1\"x,2\n", "2:4 text behind a closing quote"},
      {"a,b\n1,\"never\nclosed\n", "2:3 a quote that is never closed"},
      {"a,b\r1,2\r", "1:4 a CR that is not followed by LF"},
      {std::string("a,b\n1,\0002\n", 9), "2:3 a NUL byte; the file is no text or is UTF-16"},
      {std::string("\xFF\xFE"
                   "a\0,\0",
                   6),
       "1:1 the file is UTF-16; save it as UTF-8"},
      {std::string("\xFE\xFF\0a\0,", 6), "1:1 the file is UTF-16; save it as UTF-8"},
      {"a,b\n\xC3\xA9\xC3\xA9,caf\xE9 au lait\n",
       "2:7 bytes that are no character in the encoding that the mapping declares"},
      {"a,b\n1,\xC3", "2:3 bytes that are no character in the encoding that the mapping declares"},
      {"a\n\xED\xA0\x80\n\n\n", "2:1 bytes that are no character in the encoding that the mapping declares"},
      {"a\n\xC0\xAFxx\n\n", "2:1 bytes that are no character in the encoding that the mapping declares"},
      {"a\n\"caf\xE9 au lait\"\n", "2:5 bytes that are no character in the encoding that the mapping declares"},
  };
  for (const auto& c : cases) EXPECT_EQ(read(c.text).fault, c.fault) << c.text;
}

TEST(GivenCsv, WhenAFieldReaches64KbThenOneByteMoreIsRefused) {
  const std::string full(csv_field_bytes_max, 'x');
  EXPECT_EQ(read("a," + full + "\n").fault, "");
  EXPECT_EQ(read("a,\"" + full + "\"\n").fault, "");
  EXPECT_EQ(read("a," + full + "x\n").fault, "1:65539 a field is longer than 64 KB");
  EXPECT_EQ(read("a,\"" + full + "x\"\n").fault,
            "1:3 a quoted field is longer than 64 KB; its closing quote may be missing");
  const std::string most(csv_fields_max - 1, ',');
  EXPECT_EQ(read(most + "\n").rows.at(0).size(), csv_fields_max);
  EXPECT_EQ(read(most + ",\n").fault, "1:1001 a row has at most 1000 fields");
}

TEST(GivenCsv, WhenCharactersLieAcrossReadBlocksThenNothingIsLost) {
  // Blocks are 64 KB: characters of three bytes fall on every border sooner or later.
  std::string text, row;
  for (int i = 0; i < 40; ++i) row += "\xE5\xAE\xA2";
  row += "x,\"\xE6\x88\xB7\"\r\n";
  for (int i = 0; i < 5000; ++i) text += row;
  const Reading reading = read(text);
  EXPECT_EQ(reading.fault, "");
  ASSERT_EQ(reading.rows.size(), 5000U);
  for (const auto& fields : reading.rows) EXPECT_EQ(fields, reading.rows.front());
}

TEST(GivenCsvInGbk, WhenReadThenItIsUtf8) {
  EXPECT_EQ(read("\xBF\xCD\xBB\xA7,\xBD\xF0\xB6\xEE\n", {',', Encoding::gbk}).rows, (Fields{{"客户", "金额"}}));
  EXPECT_EQ(read("\xBF\xCD\xBB\xA7,\xFF\n", {',', Encoding::gbk}).fault,
            "1:4 bytes that are no character in the encoding that the mapping declares");
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "x\xBF\xCD\xBB\xA7\xBD\xF0\n";
  const Reading reading = read(text, {',', Encoding::gbk});
  ASSERT_EQ(reading.rows.size(), 20'000U) << reading.fault;
  for (const auto& fields : reading.rows) EXPECT_EQ(fields.front(), "x客户金");
}

TEST(GivenFieldsToWrite, WhenWrittenThenTheyReadBackAndFormulasAreInert) {
  std::string out;
  for (const std::string field : {"plain", "a,b", "say \"hi\"", "two\nlines", ""})
    append_csv_field(out, field), out += ',';
  out.back() = '\n';
  EXPECT_EQ(read(out).rows, (Fields{{"plain", "a,b", "say \"hi\"", "two\nlines", ""}}));

  std::string inert;
  for (const std::string field : {"=HYPERLINK(1)", "@SUM", "\tx", "-1", "+1", "a=b"})
    append_inert_csv_field(inert, field), inert += ',';
  EXPECT_EQ(inert, "'=HYPERLINK(1),'@SUM,'\tx,'-1,'+1,a=b,");
}

}  // namespace
}  // namespace o2c::importer
