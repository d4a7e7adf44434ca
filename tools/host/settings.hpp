#pragma once
#include <filesystem>
#include <optional>

#include "connectors/kafka/topics/topics.hpp"

namespace o2c {

/// The instance's journal in a Kafka topic.
struct KafkaSettings {
  kafka::ClientConfig client;
  kafka::TopicPlan topics;
  std::string group;        // of the processes that share the lanes
  std::string instance_id;  // of this process in it; empty: a new one each time
};

/// What the configuration file says: o2c.toml.
///
///   journal = "kafka"                # or "embedded", the default
///   [kafka]
///   prefix = "o2c"                   # of the topics' names
///   lanes = 8
///   replication = 3                  # of topics that are made
///   group = "o2c.engines"            # of the processes that share the lanes; PREFIX.engines when it is not said
///   instance = "engine-1"            # this process in the group: a restart within its session timeout moves no lane
///   [kafka.client]                   # any name that librdkafka knows
///   "bootstrap.servers" = "broker-1:9092,broker-2:9092"
struct Settings {
  std::optional<KafkaSettings> kafka;  // nothing: the journal is embedded
};

/// journal  "kafka" or "embedded" instead of what the file says; empty: as the file says.
/// file     may be empty: defaults; then the journal is embedded.
/// errors   not_found; invalid_input with file and line, an unknown name among them; kafka without a file.
Result<Settings> read_settings(const std::filesystem::path& file, std::string_view journal);

}  // namespace o2c
