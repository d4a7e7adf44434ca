#include <gtest/gtest.h>

#include "events/base/money.hpp"
#include "events/json/json.hpp"

// Texts here are the public format: a change of one is a change for every client.
namespace o2c {
namespace {

using namespace std::chrono_literals;

std::string print(const flatbuffers::FlatBufferBuilder& builder, std::string_view table, Layout layout = Layout::line) {
  fmt::memory_buffer out;
  append_json(out, flatbuffers::GetRoot<flatbuffers::Table>(builder.GetBufferPointer()), table, layout);
  return fmt::to_string(out);
}

fb::Id16 id(std::uint8_t last) {
  Id16 id;
  id.bytes[15] = last;
  return id.to_fb();
}

void build_receipt(flatbuffers::FlatBufferBuilder& builder) {
  const fb::Money amount = Money{113'000'00, Currency::CNY}.to_fb(), part = Money{-5, Currency::JPY}.to_fb();
  const fb::Date day = to_fb(2026y / 11 / 22);
  const fb::Id16 command_id = id(1);
  const fb::Instant issued{1'795'305'600'000'001};
  const auto application = fb::CreateApplication(builder, builder.CreateString("INV-1"), &part);
  const auto body =
      fb::CreateRecordReceipt(builder, builder.CreateString("R-1"), builder.CreateString("C-1"), &amount, &day,
                              builder.CreateString("a \"b\" \\ \x7f 客户"), builder.CreateVector({application}));
  builder.Finish(fb::CreateCommand(builder, builder.CreateString("A"), &command_id, &issued,
                                   builder.CreateString("anna"), 0, nullptr, nullptr, 0, fb::CommandBody::RecordReceipt,
                                   body.Union()));
}

TEST(GivenReceiptBuiltByHand, WhenWrittenThenText) {
  flatbuffers::FlatBufferBuilder builder;
  build_receipt(builder);
  EXPECT_EQ(
      print(builder, "Command"),
      R"({"company":"A","command_id":"00000000000000000000000000000001","issued_at":"2026-11-22T00:00:00.000001Z","actor":"anna",)"
      R"("expected_version":0,"body":{"record_receipt":{"receipt":"R-1","customer":"C-1",)"
      R"("amount":{"amount":"113000.00","currency":"CNY"},"occurred_on":"2026-11-22","bank_reference":"a \"b\" \\ \u007f 客户",)"
      R"("applications":[{"invoice":"INV-1","amount":{"amount":"-5","currency":"JPY"}}],"mode":"named"}}})");
}

TEST(GivenOrderBuiltByHand, WhenWrittenIndentedThenText) {
  flatbuffers::FlatBufferBuilder builder;
  const fb::Quantity quantity{2'500'000};
  const fb::UnitPrice price{14'000'000};
  const fb::Percent discount{25'000};
  const auto product = builder.CreateString("P-1");
  const auto line = fb::CreateLineRequest(builder, product, &quantity, 0, &price, &discount);
  const auto document =
      fb::CreateDocumentRequest(builder, builder.CreateString("C-1"), Currency::XXX, 0, builder.CreateVector({line}));
  builder.Finish(fb::CreateCreateOrder(builder, 0, document, true));
  EXPECT_EQ(print(builder, "CreateOrder", Layout::indented), R"({
  "document": {
    "customer": "C-1",
    "lines": [
      {
        "product": "P-1",
        "quantity": "2.5",
        "unit_price": "14.00",
        "discount": "2.5",
        "ship_to": 0
      }
    ]
  },
  "confirm": true
})");
}

TEST(GivenEmptyVectorAndStructVector, WhenWrittenThenBracketsStay) {
  flatbuffers::FlatBufferBuilder builder;
  const std::vector<fb::InstalmentShare> shares{{1, fb::Date{0}, 100}, {2, fb::Date{31}, -3}};
  const auto vector = builder.CreateVectorOfStructs(shares);
  const auto start = builder.StartTable();  // only the field in question
  builder.AddOffset(fb::CashApplied::VT_SHARES, vector);
  builder.Finish(flatbuffers::Offset<fb::CashApplied>{builder.EndTable(start)});
  EXPECT_EQ(print(builder, "CashApplied"),
            R"({"shares":[{"instalment":1,"due_date":"1970-01-01","amount_minor":"100"},)"
            R"({"instalment":2,"due_date":"1970-02-01","amount_minor":"-3"}]})");
  builder.Clear();
  builder.Finish(
      fb::CreatePaymentTerms(builder, builder.CreateVector(std::vector<flatbuffers::Offset<fb::TermsRow>>{})));
  EXPECT_EQ(print(builder, "PaymentTerms"), R"({"rows":[]})");
  EXPECT_EQ(print(builder, "PaymentTerms", Layout::indented), "{\n  \"rows\": []\n}");
}

TEST(GivenValueOfLaterVersion, WhenWrittenThenNumberNotDefault) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(fb::CreateStockRules(builder, static_cast<fb::WhenShort>(99)));
  EXPECT_EQ(print(builder, "StockRules"), R"({"when_short":99,"reservation_days":0})");
}

TEST(GivenFrame, WhenWrittenThenEntryWithEventIdsAndCommand) {
  flatbuffers::FlatBufferBuilder command_builder, builder;
  build_receipt(command_builder);
  const Hash32 zero{};
  const fb::Hash32 prev = zero.to_fb();
  const fb::Instant recorded{0};
  const fb::Date day{0};
  const auto body = fb::CreateQuoteSent(builder, builder.CreateString("Q-1"));
  const auto event = fb::CreateEvent(builder, fb::StreamType::quote, builder.CreateString("Q-1"), 3, 1, &day, &day,
                                     fb::EventBody::QuoteSent, body.Union());
  const auto events = builder.CreateVector({event});
  fb::EntryBuilder entry{builder};
  entry.add_seq(18'446'744'073'709'551'615U);
  entry.add_prev_hash(&prev);
  entry.add_recorded_at(&recorded);
  entry.add_events(events);
  builder.Finish(entry.Finish());
  FrameView frame;
  frame.entry = flatbuffers::GetRoot<fb::Entry>(builder.GetBufferPointer());
  frame.command = flatbuffers::GetRoot<fb::Command>(command_builder.GetBufferPointer());
  Id16 command_id;
  command_id.bytes[15] = 1;
  EXPECT_EQ(
      to_json(frame),
      R"({"lane":0,"seq":"18446744073709551615","epoch":"0","prev_hash":")" + std::string(64, '0') +
          R"(","recorded_at":"1970-01-01T00:00:00.000000Z","kind":"command","outcome":"none","events":[{"id":")" +
          to_hex(event_id(command_id, 0)) +
          R"(","stream_type":"quote","stream_id":"Q-1","stream_version":3,"schema_version":1,"occurred_on":"1970-01-01",)"
          R"("posted_on":"1970-01-01","body":{"quote_sent":{"quote":"Q-1"}}}],"command":)" +
          print(command_builder, "Command") + "}");
  frame.command = nullptr;
  EXPECT_EQ(to_json(frame).find("command\":{"), std::string::npos);
}

}  // namespace
}  // namespace o2c
