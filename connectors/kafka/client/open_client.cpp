#include "connectors/kafka/client/open_client.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>

#include "connectors/kafka/client/error.hpp"

namespace o2c::kafka {
namespace {

void on_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  // One table serves all roles: that a setting of the producer has no effect in a reader is as it should be.
  if (std::string_view{facility} == "CONFWARN") return;
  const auto* context = static_cast<const ClientContext*>(rd_kafka_opaque(client));
  if (context && context->log) return context->log(level, text);
  fmt::print(stderr, "kafka: {}\n", text);
}

/// offset  RD_KAFKA_OFFSET_BEGINNING or RD_KAFKA_OFFSET_END: in the protocol's question for an offset at a time these two ask for the ends.
Result<std::int64_t> query_offset(rd_kafka_t* client, const std::string& topic, std::int32_t partition,
                                  std::int64_t offset, int timeout_ms) {
  const PartitionList list = one_partition(topic, partition);
  rd_kafka_topic_partition_t* asked = &list->elems[0];
  asked->offset = offset;
  auto code = rd_kafka_offsets_for_times(client, list.get(), timeout_ms);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = asked->err;
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR && asked->offset < 0) code = RD_KAFKA_RESP_ERR__TIMED_OUT;
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_error(fmt::format("offsets of {}[{}]", topic, partition), code);
  return asked->offset;
}

}  // namespace

Result<ClientHandle> open_client(const ClientConfig& config, Role role, ClientContext& context,
                                 const ClientConfig::Settings& more, void (*prepare)(rd_kafka_conf_t*)) {
  auto made = config.make(role, more);
  if (!made) return made.error();
  context.log = config.log();
  rd_kafka_conf_set_opaque(made->get(), &context);
  rd_kafka_conf_set_log_cb(made->get(), &on_log);
  if (prepare) prepare(made->get());
  std::array<char, 512> why{};
  const auto type = role == Role::producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER;
  rd_kafka_t* client = rd_kafka_new(type, made->get(), why.data(), why.size());
  if (!client) return invalid(fmt::format("kafka.client: {}: {}", name_of(role), why.data()));
  std::ignore = made->release();  // belongs to the client now
  return ClientHandle{client};
}

Result<TopicHandle> open_topic(rd_kafka_t* client, const std::string& name) {
  TopicHandle topic{rd_kafka_topic_new(client, name.c_str(), nullptr)};
  if (!topic) return kafka_error("topic " + name, rd_kafka_last_error());
  return topic;
}

PartitionList one_partition(const std::string& topic, std::int32_t partition) {
  PartitionList list{rd_kafka_topic_partition_list_new(1), &rd_kafka_topic_partition_list_destroy};
  rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
  return list;
}

Result<OffsetRange> query_offsets(rd_kafka_t* client, const std::string& topic, std::int32_t partition,
                                  int timeout_ms) {
  auto from = query_offset(client, topic, partition, RD_KAFKA_OFFSET_BEGINNING, timeout_ms);
  if (!from) return from.error();
  auto until = query_offset(client, topic, partition, RD_KAFKA_OFFSET_END, timeout_ms);
  if (!until) return until.error();
  return OffsetRange{*from, *until};
}

}  // namespace o2c::kafka
