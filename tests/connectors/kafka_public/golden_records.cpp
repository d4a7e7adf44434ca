#include "tests/connectors/kafka_public/golden_records.hpp"

#include "connectors/kafka/public/events.hpp"
#include "connectors/kafka/public/state.hpp"
#include "events/base/currency.hpp"
#include "events/json/text.hpp"
#include "tests/connectors/kafka_public/samples.hpp"

namespace o2c::test {
namespace {

void append_line(fmt::memory_buffer& out, std::string_view topic, const kafka::PublicRecord& record) {
  const auto append = [&out](std::string_view text) { out.append(text.data(), text.data() + text.size()); };
  append(R"({"topic":)");
  json::append_string(out, topic);
  append(R"(,"key":)");
  json::append_string(out, record.key);
  append(R"(,"headers":[)");
  for (std::size_t i = 0; i < record.headers.size(); ++i) {
    append(i == 0 ? "[" : ",[");
    json::append_string(out, record.headers[i].first);
    append(",");
    json::append_string(out, record.headers[i].second);
    append("]");
  }
  const bool binary = kafka::find_header(record.headers, "content-type") == "application/x-flatbuffers";
  append(binary ? R"(],"hex":)" : R"(],"text":)");
  if (!record.value) append("null");
  else json::append_string(out, binary ? to_hex(bytes_of(*record.value)) : *record.value);
  append("}\n");
}

/// One customer pays another's invoice: what is open comes, shrinks and goes, of both.
std::vector<EntrySpec> small_trade() {
  const auto of = [](std::string_view customer) {
    return fmt::format(
        R"({{"customer":"{}","customer_version":1,"seller":"S-1","team":"T-1","region":"R-1","country":"CN"}})",
        customer);
  };
  const std::string debtor = R"("dimensions":)" + of("C-1"), payer = R"("dimensions":)" + of("C-2");
  const auto event = [](std::string_view type, std::string_view id, std::string_view body) {
    return fmt::format(R"({{"stream_type":"{}","stream_id":"{}","stream_version":1,"schema_version":1,)"
                       R"("occurred_on":"2026-01-05","posted_on":"2026-01-05","body":{{{}}}}})",
                       type, id, body);
  };
  const std::string invoice = event(
      "invoice", "INV-1",
      fmt::format(
          R"("invoice_issued":{{"invoice":"INV-1","number":"2026-1",{},"currency":"CNY","lines":[],"breakdown":[],)"
          R"("freight_minor":"0","total_without_tax_minor":"10000","tax_minor":"1300","total_with_tax_minor":"11300",)"
          R"("instalments":[{{"due_date":"2026-02-04","amount_minor":"11300"}}],"freight_tax_minor":"0"}})",
          debtor));
  const std::string receipt = event(
      "receipt", "R-1",
      fmt::format(
          R"("receipt_recorded":{{"receipt":"R-1","customer":"C-2","amount":{{"amount":"113.00","currency":"CNY"}},)"
          R"("bank_reference":"Zhang San, January","attributes":[],{}}})",
          payer));
  const std::string cash = event(
      "receipt", "R-1",
      fmt::format(
          R"("cash_applied":{{"receipt":"R-1","invoice":"INV-1","amount":{{"amount":"113.00","currency":"CNY"}},)"
          R"("shares":[{{"instalment":0,"due_date":"2026-02-04","amount_minor":"11300"}}],{},)"
          R"("receipt_dimensions":{},"issued_on":"2026-01-05","invoice_posted_on":"2026-01-05","received_on":"2026-01-05"}})",
          debtor, of("C-2")));
  return {{.events = {invoice}},
          {.events = {receipt}},
          {.events = {}, .business_date = "2026-01-06"},
          {.events = {cash}, .business_date = "2026-01-06"}};
}

void append_states(fmt::memory_buffer& out) {
  Frames frames;
  ReadModels models(1);
  kafka::BusinessDays days;
  std::uint64_t sequence = 0;
  for (const EntrySpec& spec : small_trade()) {
    const FrameView frame = frames.add(spec);
    models.fold(frame);
    sequence += kafka::event_count(frame);
    const kafka::StateRecords records = kafka::state_records(frame, models, *days.pass(frame), sequence);
    for (const auto& record : records.order_status) append_line(out, "o2c.order-status.state.v1", record);
    for (const auto& record : records.open_items) append_line(out, "o2c.open-items.state.v1", record);
    for (const auto& record : records.aging) append_line(out, "o2c.aging.state.v1", record);
  }
}

}  // namespace

std::string golden_records() {
  fmt::memory_buffer out;
  Frames frames(4);
  std::uint64_t sequence = 1;
  for (const EntrySpec& spec : sample_entries()) {
    const auto events = kafka::events_records(frames.add(spec), sequence);
    O2C_ASSERT(events.has_value());
    for (const auto& record : *events) append_line(out, "o2c.events.v1", record);
    for (const auto& record : kafka::events_json_records(*events)) append_line(out, "o2c.events.json.v1", record);
    sequence += events->size();
  }
  append_states(out);
  return fmt::to_string(out);
}

std::string golden_minor_digits() {
  std::string out;
  for (const Currency currency : fb::EnumValuesCurrency())
    out += fmt::format("{}\"{}\":{}", out.empty() ? "{" : ",", currency_code(currency), minor_digits(currency));
  return out + "}\n";
}

}  // namespace o2c::test
