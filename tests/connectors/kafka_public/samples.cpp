#include "tests/connectors/kafka_public/samples.hpp"

#include <array>

#include "tests/events/json/sample.hpp"

namespace o2c::test {
namespace {

std::string_view stream_type_of(std::string_view event) {
  static constexpr std::array<std::string_view, 12> types = {"company", "customer", "credit_group", "product",
                                                             "user",    "policy",   "quote",        "order",
                                                             "stock",   "shipment", "invoice",      "receipt"};
  for (const std::string_view type : types) {
    if (event.starts_with(type)) return type;
  }
  if (event == "delivery_confirmed") return "shipment";
  if (event == "reservation_released") return "order";
  if (event.starts_with("cash_")) return "receipt";
  return "company";  // period_closed, mark_created
}

}  // namespace

std::vector<EntrySpec> sample_entries() {
  std::vector<EntrySpec> entries;
  for (const sample::Sample& event : sample::samples("Event")) {
    const std::string_view name = "\"stream_type\":\"";
    std::string json = event.json;
    const std::size_t begin = json.find(name) + name.size();
    json.replace(begin, json.find('"', begin) - begin, stream_type_of(event.name));
    entries.push_back({.events = {json},
                       .company = "客户/1",
                       .source = entries.size() % 2 == 0 ? "api" : "timer",
                       .correlation_id = fmt::format("{:032x}", 7000 + entries.size()),
                       .causation_id = fmt::format("{:032x}", 8000 + entries.size())});
  }
  return entries;
}

}  // namespace o2c::test
