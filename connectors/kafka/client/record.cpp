#include "connectors/kafka/client/record.hpp"

#include <librdkafka/rdkafka.h>

namespace o2c::kafka {
namespace {

Bytes bytes_at(const void* data, std::size_t size) { return {static_cast<const std::uint8_t*>(data), size}; }

}  // namespace

Record::Record(rd_kafka_message_s* message)
    : offset(message->offset),
      timestamp_ms(rd_kafka_message_timestamp(message, nullptr)),
      key(bytes_at(message->key, message->key_len)),
      value(bytes_at(message->payload, message->len)),
      tombstone(message->payload == nullptr),
      message_(message) {}

std::vector<Header> Record::headers() const {
  std::vector<Header> out;
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(message_, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return out;
  const char* name = nullptr;
  const void* data = nullptr;
  std::size_t size = 0;
  while (rd_kafka_header_get_all(headers, out.size(), &name, &data, &size) == RD_KAFKA_RESP_ERR_NO_ERROR)
    out.push_back({name, bytes_at(data, size)});
  return out;
}

std::optional<Bytes> Record::header(std::string_view name) const {
  std::optional<Bytes> found;
  for (const Header& each : headers()) {
    if (each.name == name) found = each.value;
  }
  return found;
}

}  // namespace o2c::kafka
