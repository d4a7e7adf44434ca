#include <gtest/gtest.h>

#include <chrono>

#include "events/json/json.hpp"

namespace o2c {
namespace {

std::string fault(std::string_view json, std::string_view table = "Command", JsonLimits limits = {}) {
  const auto result = parse_table(json, table, limits);
  if (result.has_value()) return "accepted";
  EXPECT_EQ(result.error().code, ErrorCode::invalid_input);
  EXPECT_EQ(result.error().message.find('\n'), std::string::npos);
  return result.error().message;
}

/// A command that records a receipt, with `body` in place of its fields.
std::string receipt(std::string_view fields) {
  return fmt::format(
      R"({{"company":"A","command_id":"000000000000000000000000000000ff","actor":"u","body":{{"record_receipt":{{{}}}}}}})",
      fields);
}

std::string amount(std::string_view json) {
  return receipt(fmt::format(R"("receipt":"R","customer":"C","amount":{})", json));
}
std::string receipt_fault(std::string_view fields) { return fault(receipt(fields)); }

/// What is said of one field of a LineRequest, which has a field of most kinds.
std::string line_fault(std::string_view field) {
  return fault(fmt::format(R"({{"product":"P","quantity":"1",{}}})", field), "LineRequest");
}
std::string text_fault(std::string_view quoted) {
  return fault(fmt::format(R"({{"order":"O","reason":{}}})", quoted), "CancelOrder");
}
std::string id_fault(std::string_view quoted) {
  return fault(fmt::format(R"({{"order":{}}})", quoted), "ConfirmOrder");
}

constexpr std::string_view not_json = "not JSON: a comma, colon, bracket or value is missing, superfluous or misspelt";

TEST(GivenBrokenSyntax, WhenReadThenByteAndRule) {
  EXPECT_EQ(fault(""), "byte 0: nothing, where a JSON document is expected");
  EXPECT_EQ(fault(" \n "), "byte 0: nothing, where a JSON document is expected");
  EXPECT_EQ(fault("{"), fmt::format("byte 1: {}", not_json));
  EXPECT_EQ(fault("\xef\xbb\xbf{}"), "byte 0: a byte order mark is not allowed");
  EXPECT_EQ(fault(R"({"order":"O"} x)", "ConfirmOrder"), "byte 14: more after the end of the document");
  EXPECT_EQ(fault(R"({"order":"O"}{"order":"O"})", "ConfirmOrder"), "byte 13: more after the end of the document");
  EXPECT_EQ(fault(R"({"order":"O",})", "ConfirmOrder"), fmt::format("byte 13: {}", not_json));
  EXPECT_EQ(fault(R"({"order" "O"})", "ConfirmOrder"), fmt::format("byte 9: {}", not_json));
  EXPECT_EQ(fault(R"({"order":"O" "occurred_on":"2026-01-01"})", "ConfirmOrder"), fmt::format("byte 13: {}", not_json));
  EXPECT_EQ(fault(R"({"order":"O"/*c*/})", "ConfirmOrder"), fmt::format("byte 12: {}", not_json));
  EXPECT_EQ(fault(R"({order:"O"})", "ConfirmOrder"), fmt::format("byte 1: {}", not_json));
  EXPECT_EQ(fault(R"({"order":'O'})", "ConfirmOrder"), fmt::format("byte 9: {}", not_json));
  EXPECT_EQ(fault(R"({"order":"O)", "ConfirmOrder"), "byte 9: a string that is not closed");
  EXPECT_EQ(fault("{\"order\":\"a\nb\"}", "ConfirmOrder"), "byte 11: a control character in a string");
  EXPECT_EQ(fault(std::string_view("{\"order\":\"a\0b\"}", 15), "ConfirmOrder"),
            "byte 11: a control character in a string");
  EXPECT_EQ(fault("{\"order\":\"\xc3\x28\"}", "ConfirmOrder"), "byte 10: not UTF-8");
  EXPECT_EQ(fault("{\"order\":\"\xed\xa0\x80\"}", "ConfirmOrder"), "byte 10: not UTF-8");
  EXPECT_EQ(fault("{\"order\":\"\xf4\x90\x80\x80\"}", "ConfirmOrder"), "byte 10: not UTF-8");
  EXPECT_EQ(fault(R"({"order":nul})", "ConfirmOrder"), fmt::format("byte 9: {}", not_json));
}

TEST(GivenWrongShape, WhenReadThenPointerAndTypes) {
  EXPECT_EQ(fault("[]"), "an object is expected, not an array");
  EXPECT_EQ(fault("1"), "an object is expected, not a number");
  EXPECT_EQ(fault("null"), "an object is expected, not null");
  EXPECT_EQ(id_fault("1"), "/order: a string is expected, not a number");
  EXPECT_EQ(id_fault("true"), "/order: a string is expected, not true or false");
  EXPECT_EQ(id_fault("null"), "/order: null is not allowed; leave the field out");
  EXPECT_EQ(amount("[]"), receipt(R"("receipt":"R","customer":"C","amount":[])"));
  EXPECT_EQ(fault(amount("[]")), "/body/record_receipt/amount: an object is expected, not an array");
  EXPECT_EQ(fault(amount("113")), "/body/record_receipt/amount: an object is expected, not a number");
  EXPECT_EQ(fault(amount(R"({"amount":113,"currency":"CNY"})")),
            "/body/record_receipt/amount/amount: a string is expected, not a number");
  EXPECT_EQ(fault(R"({"place":"W","lines":[{"product":"P","quantity":"1"},7]})", "ReceiveStock"),
            "/lines/1: an object is expected, not a number");
  EXPECT_EQ(fault(R"({"place":"W","lines":{}})", "ReceiveStock"), "/lines: an array is expected, not an object");
  EXPECT_EQ(line_fault(R"("ship_to":"1")"), "/ship_to: a number is expected, not a string");
  EXPECT_EQ(fault(R"({"document":{"customer":"C","lines":[]},"confirm":"true"})", "CreateOrder"),
            "/confirm: true or false is expected, not a string");
}

TEST(GivenFieldUnknownDoubledOrMissing, WhenReadThenNamed) {
  EXPECT_EQ(receipt_fault(R"("customer":"C","amuont":{})"),
            R"(/body/record_receipt: unknown field "amuont", did you mean "amount"?)");
  EXPECT_EQ(fault(R"({"tenant":"b"})"), R"(unknown field "tenant")");
  EXPECT_EQ(fault(R"({"body_type":1})"), R"(unknown field "body_type")");
  EXPECT_EQ(fault(R"({"order":"O","~/\n\u202e":1})", "ConfirmOrder"), R"(unknown field "~/\u000a\u202e")");
  EXPECT_EQ(fault(fmt::format(R"({{"{}":1}})", std::string(500, 'x')), "ConfirmOrder"),
            fmt::format(R"(unknown field "{}…")", std::string(61, 'x')));
  EXPECT_EQ(fault(R"({"order":"O","order":"O"})", "ConfirmOrder"), "/order: given twice");
  EXPECT_EQ(fault(R"({"order":"O","\u006frder":"O"})", "ConfirmOrder"), "/order: given twice");
  EXPECT_EQ(fault(amount(R"({"amount":"1","amount":"999","currency":"CNY"})")),
            "/body/record_receipt/amount/amount: given twice");
  EXPECT_EQ(fault(amount(R"({"amount":"1","currency":"CNY","unit":"1"})")),
            R"(/body/record_receipt/amount: unknown field "unit")");
  EXPECT_EQ(fault(amount(R"({"amount":"1"})")), "/body/record_receipt/amount/currency: required, but missing");
  EXPECT_EQ(receipt_fault(R"("receipt":"R")"), "/body/record_receipt/customer: required, but missing");
  EXPECT_EQ(fault("{}"), "/company: required, but missing");
  EXPECT_EQ(
      fault(
          R"({"receipt":"R","invoice":"I","amount":{"amount":"1","currency":"CNY"},"shares":[{"instalment":1,"due_date":"2026-01-01"}]})",
          "CashApplied"),
      "/shares/0/amount_minor: required, but missing");
}

TEST(GivenUnion, WhenNotExactlyOneKnownMemberThenRefused) {
  const auto body = [](std::string_view json) {
    return fault(fmt::format(
        R"({{"company":"A","command_id":"000000000000000000000000000000ff","actor":"u","body":{}}})", json));
  };
  EXPECT_EQ(body("{}"), "/body: empty, exactly one member is expected");
  EXPECT_EQ(body(R"({"confirm_order":{"order":"O"},"send_quote":{"quote":"Q"}})"),
            "/body: more than one member, exactly one is expected");
  EXPECT_EQ(body(R"({"confirm_ordr":{}})"), R"(/body: unknown field "confirm_ordr", did you mean "confirm_order"?)");
  EXPECT_EQ(body(R"({"ConfirmOrder":{}})"), R"(/body: unknown field "ConfirmOrder", did you mean "confirm_order"?)");
  EXPECT_EQ(body(R"({"none":{}})"), R"(/body: unknown field "none")");
  EXPECT_EQ(body(R"("confirm_order")"), "/body: an object is expected, not a string");
  EXPECT_EQ(body(R"({"publish_policy":{"name":"n","effective_from":"2026-01-01","policy":{"tax_rules":{}}}})"),
            "/body/publish_policy/policy/tax_rules/rows: required, but missing");
}

TEST(GivenNumber, WhenNotExactOrOutOfRangeThenRefused) {
  constexpr std::string_view whole =
      "/ship_to: not a whole number: digits without leading zeros, point or exponent, and no -0";
  for (const std::string_view number :
       {"1e400", "1.0", "-0", "01", "1e2", "9007199254740993.0", "1x", "-", "-01", "0x10", "1_000"}) {
    EXPECT_EQ(line_fault(fmt::format(R"("ship_to":{})", number)), whole) << number;
  }
  for (const std::string_view number :
       {"-1", "65536", "9223372036854775808", "18446744073709551616", "100000000000000000000000000"}) {
    EXPECT_EQ(line_fault(fmt::format(R"("ship_to":{})", number)), "/ship_to: out of range, 0 to 65535") << number;
  }
  for (const std::string_view number : {"NaN", "Infinity", "+1", ".5"}) {
    EXPECT_TRUE(line_fault(fmt::format(R"("ship_to":{})", number)).ends_with(not_json)) << number;
  }
  EXPECT_EQ(line_fault(R"("ship_to":65535)"), "accepted");
  EXPECT_EQ(line_fault("\"ship_to\": 0\t\n"), "accepted");
}

TEST(GivenLongNumber, WhenNotCanonicalTextThenRefused) {
  const auto numerator = [](std::string_view json) {
    return fault(fmt::format(R"({{"unit":"BOX","numerator":{}}})", json), "UnitConversion");
  };
  constexpr std::string_view rule = "/numerator: no unsigned 64-bit whole number as text, without leading zeros";
  for (const std::string_view text : {"", "-1", "-0", "01", "1.0", "+1", " 1", "1e3", "18446744073709551616"}) {
    EXPECT_EQ(numerator(fmt::format("\"{}\"", text)), rule) << text;
  }
  EXPECT_EQ(numerator("12"), "/numerator: a string is expected, not a number");
  EXPECT_EQ(numerator(R"("18446744073709551615")"), "accepted");
  const auto share = [](std::string_view text) {
    return fault(fmt::format(R"({{"category":"S","rate":"13","taxable_minor":"{}"}})", text), "TaxBreakdown");
  };
  EXPECT_EQ(share("9223372036854775808"), "/taxable_minor: no 64-bit whole number as text, without leading zeros");
  EXPECT_EQ(share("-9223372036854775808"), "accepted");
}

TEST(GivenAmount, WhenNotOfTheCurrencyThenRefused) {
  const auto of = [](std::string_view text, std::string_view currency) {
    return fault(amount(fmt::format(R"({{"currency":"{}","amount":"{}"}})", currency, text)));
  };
  const std::string at = "/body/record_receipt/amount/amount: ";
  EXPECT_EQ(of("0.005", "CNY"), at + "more than 2 decimals for CNY");
  EXPECT_EQ(of("1.234", "JPY"), at + "more than 0 decimals for JPY");
  EXPECT_EQ(of("1.2345", "KWD"), at + "more than 3 decimals for KWD");
  EXPECT_EQ(of("92233720368547758.08", "CNY"), at + "out of range");
  EXPECT_EQ(of("007", "CNY"), at + "a decimal has no leading zeros");
  for (const std::string_view text : {"1,000.00", "１２", "", "1e3", "+1", "1.", ".5", " 1", "1.2.3", "--1", "(100)"}) {
    EXPECT_TRUE(of(text, "CNY").starts_with(at + "no plain decimal such as")) << text;
  }
  for (const std::string_view currency : {"usd", "XXX", "US", "€", "", "USDX", "ZZZ"}) {
    EXPECT_EQ(
        of("1", currency),
        fmt::format("/body/record_receipt/amount/currency: \"{}\" is no currency of ISO 4217 (three capital letters)",
                    currency));
  }
  for (const std::string_view text : {"0", "-1", "92233720368547758.07", "1.5"})
    EXPECT_EQ(of(text, "CNY"), "accepted") << text;
}

TEST(GivenOtherValues, WhenMalformedThenRuleNamed) {
  EXPECT_EQ(line_fault(R"("unit_price":"1.0000001")"), "/unit_price: more than 6 decimals");
  EXPECT_EQ(line_fault(R"("discount":"1.00001")"), "/discount: more than 4 decimals");
  EXPECT_EQ(line_fault(R"("discount":"214748.3648")"), "/discount: out of range");
  EXPECT_EQ(line_fault(R"("unit_price":"9223372036854.775808")"), "/unit_price: out of range");
  for (const std::string_view date :
       {"2026-02-30", "0000-00-00", "10000-01-01", "2026-1-1", "1899-12-31", "2026-11-22T00:00:00Z", ""}) {
    EXPECT_EQ(line_fault(fmt::format(R"("promised_on":"{}")", date)),
              R"(/promised_on: no date of the years 1900 to 2999 such as "2026-11-22")")
        << date;
  }
  for (const std::string_view instant :
       {"2026-11-22T08:00:00", "2026-11-22T08:00:60Z", "2026-11-22 08:00:00Z", "2026-11-22T08:00:00.1234567Z"}) {
    EXPECT_TRUE(
        fault(fmt::format(R"({{"issued_at":"{}"}})", instant)).starts_with("/issued_at: no instant after RFC 3339"))
        << instant;
  }
  EXPECT_EQ(fault(R"({"command_id":"00000000-0000-0000-0000-0000000000ff"})"),
            "/command_id: not 32 hexadecimal digits in lower case");
  EXPECT_EQ(fault(R"({"command_id":"000000000000000000000000000000FF"})"),
            "/command_id: not 32 hexadecimal digits in lower case");
  EXPECT_EQ(fault(R"({"receipt":"R","mode":"oldest"})", "ApplyCash"), R"(/mode: unknown value "oldest")");
  EXPECT_EQ(fault(R"({"receipt":"R","mode":"oldest_frist"})", "ApplyCash"),
            R"(/mode: unknown value "oldest_frist", did you mean "oldest_first"?)");
  EXPECT_EQ(fault(R"({"currency":"XXX"})", "DocumentRequest"),
            R"(/currency: "XXX" is no currency of ISO 4217 (three capital letters))");
}

TEST(GivenText, WhenItCouldDeceiveThenRefused) {
  EXPECT_EQ(text_fault(R"("\ud800")"), "/reason: contains an unknown escape or half of a surrogate pair");
  EXPECT_EQ(text_fault(R"("\ud800\u0041")"), "/reason: contains an unknown escape or half of a surrogate pair");
  EXPECT_EQ(text_fault(R"("\udc00")"), "/reason: contains an unknown escape or half of a surrogate pair");
  EXPECT_EQ(text_fault(R"("\x41")"), "/reason: contains an unknown escape or half of a surrogate pair");
  EXPECT_EQ(text_fault(R"("a\u0000b")"), "/reason: contains the control character U+0000");
  EXPECT_EQ(text_fault(R"("a\u001b[31m")"), "/reason: contains the control character U+001B");
  EXPECT_EQ(text_fault(R"("a\nb")"), "/reason: contains the control character U+000A");
  EXPECT_EQ(text_fault("\"a\x7f\""), "/reason: contains the control character U+007F");
  EXPECT_EQ(text_fault("\"a\xc2\x85\""), "/reason: contains the control character U+0085");
  for (const int code : {0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069}) {
    EXPECT_EQ(text_fault(fmt::format("\"a\\u{:04x}b\"", code)),
              fmt::format("/reason: contains the bidirectional control U+{:04X}", code));
  }
  EXPECT_EQ(text_fault(R"("")"), "/reason: empty; say something, or leave the field out where that is allowed");
  EXPECT_EQ(text_fault(R"(" a")"), "/reason: begins with a blank");
  EXPECT_EQ(text_fault(R"("a　")"), "/reason: ends with a blank");
  for (const std::string_view harmless : {R"("<script>")", R"("=1+cmd")", R"("'; DROP TABLE x; --")", R"("${x}")",
                                          R"("%n%s")", R"("客户 😀")", R"("\ud83d\ude00")", R"("שלום")"}) {
    EXPECT_EQ(text_fault(harmless), "accepted") << harmless;
  }
}

TEST(GivenLongText, WhenBeyondTheFieldsLimitThenRefused) {
  const auto of = [](std::size_t size) { return fmt::format("\"{}\"", std::string(size, 'x')); };
  EXPECT_EQ(id_fault(of(64)), "accepted");
  EXPECT_EQ(id_fault(of(65)), "/order: longer than 64 bytes");
  EXPECT_EQ(text_fault(of(1000)), "accepted");
  EXPECT_EQ(text_fault(of(1001)), "/reason: longer than 1000 bytes");
  const auto reference = fmt::format(
      R"({{"receipt":"R","customer":"C","amount":{{"amount":"1","currency":"CNY"}},"bank_reference":{}}})", of(1000));
  EXPECT_EQ(fault(reference, "RecordReceipt"), "accepted");
  EXPECT_EQ(fault(fmt::format(R"({{"role":"r","roles":["a"],"user":"u","name":"n"}})"), "UserData"),
            R"(unknown field "role", did you mean "roles"?)");
  EXPECT_EQ(fault(fmt::format(R"({{"roles":["a",{}]}})", of(65)), "UserData"), "/roles/1: longer than 64 bytes");
}

TEST(GivenDocumentBeyondLimits, WhenReadThenRefusedAtOnce) {
  EXPECT_EQ(fault(std::string((1U << 20) + 1, ' ')), "the document has 1048577 bytes, more than 1048576");
  EXPECT_EQ(fault(R"({"order":"O"})", "ConfirmOrder", {.bytes_max = 12}), "the document has 13 bytes, more than 12");
  EXPECT_EQ(fault(R"({"order":"O"})", "ConfirmOrder", {.bytes_max = 13}), "accepted");
  const std::string text = amount(R"({"amount":"1","currency":"CNY"})");
  EXPECT_EQ(fault(text, "Command", {.depth_max = 3}), "/body/record_receipt/amount: nested deeper than 3 levels");
  EXPECT_EQ(fault(text, "Command", {.depth_max = 4}), "accepted");
}

TEST(GivenDepthBomb, WhenReadThenRefusedWithoutWalkingIt) {
  const auto start = std::chrono::steady_clock::now();
  const std::string bomb(100'000, '[');
  EXPECT_NE(fault(bomb), "accepted");
  EXPECT_NE(fault(R"({"body":)" + bomb), "accepted");
  EXPECT_EQ(fault(R"({"unknown":)" + bomb + std::string(100'000, ']') + "}"), R"(unknown field "unknown")");
  EXPECT_EQ(fault(R"({"place":"W","lines":)" + bomb + std::string(100'000, ']') + "}", "ReceiveStock"),
            "/lines/0: an object is expected, not an array");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));  // hundred times what it takes
}

TEST(GivenFaultyDocument, WhenNextIsGoodThenAccepted) {
  // The parser and its buffers are used again: a fault must not leak into what follows.
  const std::string good = amount(R"({"amount":"1","currency":"CNY"})");
  for (std::size_t cut = 0; cut < good.size(); ++cut) {
    EXPECT_NE(fault(std::string_view{good}.substr(0, cut)), "accepted") << cut;
    ASSERT_EQ(fault(good), "accepted") << cut;
  }
}

TEST(GivenDocument, WhenAnyByteIsReplacedThenRefusedOrAValidCommand) {
  const std::string good = amount(R"({"amount":"12.50","currency":"CNY"})");
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = good;
      text[at] = static_cast<char>(byte);
      const auto result = parse_table(text, "Command");
      if (!result.has_value()) continue;
      flatbuffers::Verifier verifier{result->data(), result->size()};
      ASSERT_TRUE(verifier.VerifyBuffer<fb::Command>(nullptr)) << text;
    }
  }
}

}  // namespace
}  // namespace o2c
