#pragma once
// Private to connectors/kafka/client: what making any client has in common.
#include <librdkafka/rdkafka.h>

#include "connectors/kafka/client/client_config.hpp"
#include "connectors/kafka/client/record.hpp"

namespace o2c::kafka {

/// What librdkafka hands back to its callbacks. It must outlive the client, so it is declared before it.
struct ClientContext {
  LogSink log;
  void* owner = nullptr;
};

/// A client of the role's type; librdkafka's warnings and errors go to the context's log.
/// prepare  sets callbacks on the configuration; may be null.
/// errors   invalid_input: settings that librdkafka refuses together, files that it cannot read.
Result<ClientHandle> open_client(const ClientConfig& config, Role role, ClientContext& context,
                                 const ClientConfig::Settings& more = {}, void (*prepare)(rd_kafka_conf_t*) = nullptr);

/// A topic of a client.
Result<TopicHandle> open_topic(rd_kafka_t* client, const std::string& name);

using PartitionList =
    std::unique_ptr<rd_kafka_topic_partition_list_t, decltype(&rd_kafka_topic_partition_list_destroy)>;
PartitionList one_partition(const std::string& topic, std::int32_t partition);

/// First and next offset of a partition, as its leader says. Bounded by the timeout, unlike rd_kafka_query_watermark_offsets before
/// librdkafka 2.3, which waits for ever for a broker that does not answer.
Result<OffsetRange> query_offsets(rd_kafka_t* client, const std::string& topic, std::int32_t partition, int timeout_ms);

}  // namespace o2c::kafka
