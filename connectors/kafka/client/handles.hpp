#pragma once
#include <memory>

struct rd_kafka_s;
struct rd_kafka_conf_s;
struct rd_kafka_message_s;
struct rd_kafka_queue_s;
struct rd_kafka_topic_s;

namespace o2c::kafka {

/// Gives librdkafka's objects back. Only the files of this folder see librdkafka's own header.
struct GiveBack {
  void operator()(rd_kafka_s* client) const;  // does not leave a group; blocks until the client's threads have ended
  void operator()(rd_kafka_conf_s* config) const;
  void operator()(rd_kafka_message_s* message) const;
  void operator()(rd_kafka_queue_s* queue) const;
  void operator()(rd_kafka_topic_s* topic) const;
};
using ClientHandle = std::unique_ptr<rd_kafka_s, GiveBack>;
using ConfigHandle = std::unique_ptr<rd_kafka_conf_s, GiveBack>;
using MessageHandle = std::unique_ptr<rd_kafka_message_s, GiveBack>;
using QueueHandle = std::unique_ptr<rd_kafka_queue_s, GiveBack>;
using TopicHandle = std::unique_ptr<rd_kafka_topic_s, GiveBack>;

}  // namespace o2c::kafka
