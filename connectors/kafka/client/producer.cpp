#include "connectors/kafka/client/producer.hpp"

#include <array>

#include "connectors/kafka/client/error.hpp"
#include "connectors/kafka/client/open_client.hpp"

namespace o2c::kafka {
namespace {

using EventHandle = std::unique_ptr<rd_kafka_event_t, decltype(&rd_kafka_event_destroy)>;

Persisted persisted_of(const rd_kafka_message_t& message) {
  switch (rd_kafka_message_status(&message)) {
    case RD_KAFKA_MSG_STATUS_NOT_PERSISTED: return Persisted::no;
    case RD_KAFKA_MSG_STATUS_PERSISTED: return Persisted::yes;
    default: return Persisted::possibly;
  }
}

DeliveryReport report_of(const rd_kafka_message_t& message) {
  return {.opaque = message._private,
          .offset = message.offset,
          .partition = message.partition,
          .persisted = persisted_of(message),
          .code = message.err,
          .reason = message.err ? rd_kafka_err2str(message.err) : ""};
}

rd_kafka_vu_t bytes_argument(rd_kafka_vtype_t type, Bytes bytes, bool null) {
  static const std::uint8_t nothing = 0;  // librdkafka takes an empty value for null unless it has an address
  rd_kafka_vu_t out{};
  out.vtype = type;
  if (!null) out.u.mem = {const_cast<std::uint8_t*>(bytes.data() ? bytes.data() : &nothing), bytes.size()};
  return out;
}

rd_kafka_headers_t* headers_of(std::span<const Header> headers) {
  rd_kafka_headers_t* out = rd_kafka_headers_new(headers.size());
  for (const Header& each : headers) {
    rd_kafka_header_add(out, each.name.data(), static_cast<ssize_t>(each.name.size()), each.value.data(),
                        static_cast<ssize_t>(each.value.size()));
  }
  return out;
}

}  // namespace

Producer::Producer() : context_(std::make_unique<ClientContext>()) {}

Result<std::unique_ptr<Producer>> Producer::open(const ClientConfig& config, OnReports on_reports,
                                                 const ClientConfig::Settings& more) {
  std::unique_ptr<Producer> out{new Producer};
  auto client = open_client(config, Role::producer, *out->context_, more,
                            [](rd_kafka_conf_t* conf) { rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_DR); });
  if (!client) return client.error();
  out->client_ = std::move(*client);
  out->queue_.reset(rd_kafka_queue_get_main(out->client_.get()));
  out->on_reports_ = std::move(on_reports);
  out->server_ = std::thread{[producer = out.get()] { producer->serve(); }};
  return out;
}

Producer::~Producer() {
  if (!server_.joinable()) return;
  purge();
  std::ignore = flush(std::chrono::seconds{5});
  ending_ = true;
  rd_kafka_queue_yield(queue_.get());
  server_.join();
}

Result<Producer::Topic> Producer::topic(const std::string& name) {
  auto handle = open_topic(client_.get(), name);
  if (!handle) return handle.error();
  const std::lock_guard lock{topics_guard_};
  topics_.push_back(std::move(*handle));
  return Topic{topics_.back().get()};
}

Result<void> Producer::produce(Topic topic, const Outgoing& record, ValueBytes bytes) {
  std::array<rd_kafka_vu_t, 8> arguments{};
  arguments[0].vtype = RD_KAFKA_VTYPE_RKT;
  arguments[0].u.rkt = topic.handle_;
  arguments[1].vtype = RD_KAFKA_VTYPE_PARTITION;
  arguments[1].u.i32 = record.partition;
  arguments[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  arguments[2].u.i = bytes == ValueBytes::copied ? RD_KAFKA_MSG_F_COPY : 0;
  arguments[3] = bytes_argument(RD_KAFKA_VTYPE_VALUE, record.value, record.tombstone);
  arguments[4] = bytes_argument(RD_KAFKA_VTYPE_KEY, record.key, record.key.empty());
  arguments[5].vtype = RD_KAFKA_VTYPE_OPAQUE;
  arguments[5].u.ptr = record.opaque;
  arguments[6].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
  arguments[6].u.i64 = record.timestamp_ms;
  std::size_t count = 7;
  if (!record.headers.empty()) {
    arguments[count].vtype = RD_KAFKA_VTYPE_HEADERS;
    arguments[count++].u.headers = headers_of(record.headers);
  }
  rd_kafka_error_t* error = rd_kafka_produceva(client_.get(), arguments.data(), count);
  if (!error) return {};
  if (!record.headers.empty()) rd_kafka_headers_destroy(arguments[7].u.headers);  // taken over only with the record
  return kafka_result("produce", error);
}

Result<void> Producer::flush(std::chrono::milliseconds timeout) {
  const auto code = rd_kafka_flush(client_.get(), static_cast<int>(timeout.count()));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_error("flush", code);
  return {};
}

void Producer::purge() {
  const auto code = rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  O2C_ASSERT(code == RD_KAFKA_RESP_ERR_NO_ERROR);
}

std::optional<Error> Producer::fatal_error() const {
  std::array<char, 512> why{};
  const auto code = rd_kafka_fatal_error(client_.get(), why.data(), why.size());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
  Error out = kafka_error("producer", code, why.data());
  out.remedy = Remedy::fix_first;
  return out;
}

void Producer::serve() {
  while (!ending_) serve_once(100);
  while (rd_kafka_queue_length(queue_.get()) > 0) serve_once(0);
}

void Producer::serve_once(int timeout_ms) {
  const EventHandle event{rd_kafka_queue_poll(queue_.get(), timeout_ms), &rd_kafka_event_destroy};
  if (!event || rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_DR) return;
  reports_.clear();
  while (const rd_kafka_message_t* message = rd_kafka_event_message_next(event.get()))
    reports_.push_back(report_of(*message));
  if (!reports_.empty()) on_reports_(reports_);
}

}  // namespace o2c::kafka
