#include "connectors/kafka/client/admin.hpp"

#include <fmt/format.h>

#include <array>

#include "connectors/kafka/client/error.hpp"
#include "connectors/kafka/client/open_client.hpp"

namespace o2c::kafka {
namespace {

template <auto destroy> struct Destroy {
  template <class T> void operator()(T* object) const { destroy(object); }
};
template <class T, auto destroy> using Owned = std::unique_ptr<T, Destroy<destroy>>;
using Event = Owned<rd_kafka_event_t, rd_kafka_event_destroy>;
using Metadata = Owned<const rd_kafka_metadata_t, rd_kafka_metadata_destroy>;
using ConfigResource = Owned<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>;

/// One order and its answer: `send` gets the options and the queue for the answer.
template <class Send>
Result<Event> ask(rd_kafka_t* client, int timeout_ms, const std::string& place, rd_kafka_admin_op_t kind, Send send) {
  const Owned<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy> options{rd_kafka_AdminOptions_new(client, kind)};
  std::array<char, 256> why{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), timeout_ms, why.data(), why.size());
  if (kind != RD_KAFKA_ADMIN_OP_ALTERCONFIGS && kind != RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS)
    rd_kafka_AdminOptions_set_operation_timeout(options.get(), timeout_ms, why.data(), why.size());
  const QueueHandle queue{rd_kafka_queue_new(client)};
  send(options.get(), queue.get());
  // librdkafka answers with an error when the time is over; a second more, so that its reason arrives.
  Event event{rd_kafka_queue_poll(queue.get(), timeout_ms + 1000)};
  if (!event) return kafka_error(place, RD_KAFKA_RESP_ERR__TIMED_OUT);
  if (const auto code = rd_kafka_event_error(event.get()))
    return kafka_error(place, code, rd_kafka_event_error_string(event.get()));
  return event;
}

Result<void> first_error(const std::string& place, const rd_kafka_topic_result_t** results, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto code = rd_kafka_topic_result_error(results[i]);
    const char* detail = rd_kafka_topic_result_error_string(results[i]);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_error(place, code, detail ? detail : "");
  }
  return {};
}

/// topic  null: all topics.
Result<Metadata> metadata(rd_kafka_t* client, rd_kafka_topic_t* topic, int timeout_ms) {
  const rd_kafka_metadata_t* out = nullptr;
  const auto code = rd_kafka_metadata(client, topic == nullptr, topic, &out, timeout_ms);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_error("metadata", code);
  return Metadata{out};
}

PartitionInfo partition_info(const rd_kafka_metadata_partition_t& partition) {
  return {.partition = partition.id,
          .leader = partition.leader,
          .replicas = {partition.replicas, partition.replicas + partition.replica_cnt},
          .in_sync = {partition.isrs, partition.isrs + partition.isr_cnt},
          .offsets = std::nullopt};
}

Result<ConfigResource> alter_resource(const std::string& place, const std::string& topic,
                                      const std::map<std::string, std::string>& settings) {
  ConfigResource resource{rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str())};
  for (const auto& [name, value] : settings) {
    const auto code = rd_kafka_ConfigResource_set_config(resource.get(), name.c_str(), value.c_str());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_error(place, code);
  }
  return resource;
}

}  // namespace

Admin::Admin() : context_(std::make_unique<ClientContext>()) {}
Admin::~Admin() = default;

Result<std::unique_ptr<Admin>> Admin::open(const ClientConfig& config, std::chrono::milliseconds timeout) {
  std::unique_ptr<Admin> out{new Admin};
  out->bootstrap_servers_ = config.bootstrap_servers();
  out->timeout_ms_ = static_cast<int>(timeout.count());
  auto client = open_client(config, Role::admin, *out->context_);
  if (!client) return client.error();
  out->client_ = std::move(*client);
  return out;
}

Result<std::string> Admin::cluster_id() {
  const std::unique_ptr<char, void (*)(char*)> id{rd_kafka_clusterid(client_.get(), timeout_ms_),
                                                  [](char* text) { rd_kafka_mem_free(nullptr, text); }};
  if (!id) return kafka_error("cluster id", RD_KAFKA_RESP_ERR__TIMED_OUT);
  return std::string{id.get()};
}

Result<std::vector<Broker>> Admin::brokers() {
  const auto found = metadata(client_.get(), nullptr, timeout_ms_);
  if (!found) return found.error();
  std::vector<Broker> out;
  for (int i = 0; i < (*found)->broker_cnt; ++i) {
    const auto& broker = (*found)->brokers[i];
    out.push_back({broker.id, broker.host, broker.port});
  }
  return out;
}

Result<std::vector<std::string>> Admin::topics() {
  const auto found = metadata(client_.get(), nullptr, timeout_ms_);
  if (!found) return found.error();
  std::vector<std::string> out;
  out.reserve(static_cast<std::size_t>((*found)->topic_cnt));
  for (int i = 0; i < (*found)->topic_cnt; ++i) out.emplace_back((*found)->topics[i].topic);
  return out;
}

Result<TopicInfo> Admin::describe_topic(const std::string& name) {
  // Of a consumer's client, so that asking for a topic does not make it, whatever the brokers allow.
  const auto handle = open_topic(client_.get(), name);
  if (!handle) return handle.error();
  const auto found = metadata(client_.get(), handle->get(), timeout_ms_);
  if (!found) return found.error();
  if ((*found)->topic_cnt != 1) return kafka_error("topic " + name, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
  const rd_kafka_metadata_topic_t& topic = (*found)->topics[0];
  if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_error("topic " + name, topic.err);
  TopicInfo out{name, {}};
  for (int i = 0; i < topic.partition_cnt; ++i) {
    out.partitions.push_back(partition_info(topic.partitions[i]));
    if (out.partitions.back().leader < 0) continue;
    if (auto range = query_offsets(client_.get(), name, out.partitions.back().partition, timeout_ms_))
      out.partitions.back().offsets = *range;
  }
  std::sort(out.partitions.begin(), out.partitions.end(),
            [](const auto& a, const auto& b) { return a.partition < b.partition; });
  return out;
}

Result<std::map<std::string, ConfigValue>> Admin::describe_config(const std::string& topic) {
  const std::string place = "settings of " + topic;
  const ConfigResource resource{rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str())};
  auto event =
      ask(client_.get(), timeout_ms_, place, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, [&](auto* options, auto* queue) {
        rd_kafka_ConfigResource_t* asked = resource.get();
        rd_kafka_DescribeConfigs(client_.get(), &asked, 1, options, queue);
      });
  if (!event) return event.error();
  std::size_t count = 0;
  const auto* answer = rd_kafka_event_DescribeConfigs_result(event->get());
  const rd_kafka_ConfigResource_t** resources = rd_kafka_DescribeConfigs_result_resources(answer, &count);
  std::map<std::string, ConfigValue> out;
  for (std::size_t i = 0; i < count; ++i) {
    if (const auto code = rd_kafka_ConfigResource_error(resources[i]))
      return kafka_error(place, code, rd_kafka_ConfigResource_error_string(resources[i]));
    std::size_t entries = 0;
    const rd_kafka_ConfigEntry_t** each = rd_kafka_ConfigResource_configs(resources[i], &entries);
    for (std::size_t e = 0; e < entries; ++e) {
      const char* value = rd_kafka_ConfigEntry_value(each[e]);
      out[rd_kafka_ConfigEntry_name(each[e])] = {
          value ? value : "", rd_kafka_ConfigEntry_source(each[e]) == RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG};
    }
  }
  return out;
}

Result<void> Admin::create_topic(const TopicSpec& spec) {
  const std::string place = "create topic " + spec.name;
  std::array<char, 256> why{};
  const Owned<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy> topic{
      rd_kafka_NewTopic_new(spec.name.c_str(), spec.partitions, spec.replication, why.data(), why.size())};
  if (!topic) return invalid(fmt::format("kafka: {}: {}", place, why.data()));
  for (const auto& [name, value] : spec.config) rd_kafka_NewTopic_set_config(topic.get(), name.c_str(), value.c_str());
  auto event = ask(client_.get(), timeout_ms_, place, RD_KAFKA_ADMIN_OP_CREATETOPICS, [&](auto* options, auto* queue) {
    rd_kafka_NewTopic_t* wanted = topic.get();
    rd_kafka_CreateTopics(client_.get(), &wanted, 1, options, queue);
  });
  if (!event) return event.error();
  std::size_t count = 0;
  const auto** results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event->get()), &count);
  return first_error(place, results, count);
}

Result<void> Admin::alter_config(const std::string& topic, const std::map<std::string, std::string>& changes) {
  // The order replaces all settings of the topic (the one that does not is unknown before librdkafka 2.3): those it has go along.
  const std::string place = "alter settings of " + topic;
  auto present = describe_config(topic);
  if (!present) return present.error();
  std::map<std::string, std::string> wanted = changes;
  for (const auto& [name, setting] : *present) {
    if (setting.own) wanted.emplace(name, setting.value);
  }
  const auto resource = alter_resource(place, topic, wanted);
  if (!resource) return resource.error();
  auto event = ask(client_.get(), timeout_ms_, place, RD_KAFKA_ADMIN_OP_ALTERCONFIGS, [&](auto* options, auto* queue) {
    rd_kafka_ConfigResource_t* asked = resource->get();
    rd_kafka_AlterConfigs(client_.get(), &asked, 1, options, queue);
  });
  if (!event) return event.error();
  std::size_t count = 0;
  const auto** answers =
      rd_kafka_AlterConfigs_result_resources(rd_kafka_event_AlterConfigs_result(event->get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    if (const auto code = rd_kafka_ConfigResource_error(answers[i]))
      return kafka_error(place, code, rd_kafka_ConfigResource_error_string(answers[i]));
  }
  return {};
}

Result<void> Admin::delete_topic(const std::string& name) {
  const std::string place = "delete topic " + name;
  const Owned<rd_kafka_DeleteTopic_t, rd_kafka_DeleteTopic_destroy> topic{rd_kafka_DeleteTopic_new(name.c_str())};
  auto event = ask(client_.get(), timeout_ms_, place, RD_KAFKA_ADMIN_OP_DELETETOPICS, [&](auto* options, auto* queue) {
    rd_kafka_DeleteTopic_t* unwanted = topic.get();
    rd_kafka_DeleteTopics(client_.get(), &unwanted, 1, options, queue);
  });
  if (!event) return event.error();
  std::size_t count = 0;
  const auto** results = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event->get()), &count);
  return first_error(place, results, count);
}

Result<void> Admin::delete_records(const std::string& topic, std::int32_t partition, std::int64_t before) {
  const std::string place = fmt::format("delete records of {}[{}]", topic, partition);
  const PartitionList list = one_partition(topic, partition);
  list->elems[0].offset = before < 0 ? static_cast<std::int64_t>(RD_KAFKA_OFFSET_END) : before;
  const Owned<rd_kafka_DeleteRecords_t, rd_kafka_DeleteRecords_destroy> records{rd_kafka_DeleteRecords_new(list.get())};
  auto event = ask(client_.get(), timeout_ms_, place, RD_KAFKA_ADMIN_OP_DELETERECORDS, [&](auto* options, auto* queue) {
    rd_kafka_DeleteRecords_t* unwanted = records.get();
    rd_kafka_DeleteRecords(client_.get(), &unwanted, 1, options, queue);
  });
  if (!event) return event.error();
  const auto* left = rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event->get()));
  const auto code = left->elems[0].err;
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_error(place, code);
  return {};
}

}  // namespace o2c::kafka
