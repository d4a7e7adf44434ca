#pragma once
#include <filesystem>
#include <optional>

#include "connectors/kafka/topics/topics.hpp"

namespace o2c {

/// The instance's journal in a Kafka topic.
struct KafkaSettings {
  kafka::ClientConfig client;
  kafka::TopicPlan topics;
};

/// What the configuration file says: o2c.toml.
///
///   journal = "kafka"                # or "embedded", the default
///   [kafka]
///   prefix = "o2c"                   # of the topics' names
///   lanes = 8
///   replication = 3                  # of topics that are made
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
