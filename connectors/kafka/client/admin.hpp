#pragma once
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/kafka/client/client_config.hpp"
#include "connectors/kafka/client/record.hpp"

namespace o2c::kafka {

struct ClientContext;

struct Broker {
  std::int32_t id = 0;
  std::string host;
  int port = 0;
};

struct PartitionInfo {
  std::int32_t partition = 0;
  std::int32_t leader = -1;  // broker id; -1: none at the moment
  std::vector<std::int32_t> replicas;
  std::vector<std::int32_t> in_sync;
  std::optional<OffsetRange> offsets;  // nothing: the leader did not answer
};

struct TopicInfo {
  std::string name;
  std::vector<PartitionInfo> partitions;  // by number
};

struct TopicSpec {
  std::string name;
  int partitions = 1;
  int replication = 1;
  std::map<std::string, std::string> config;
};

struct ConfigValue {
  std::string value;
  bool own = false;  // set for the topic itself, not inherited from a broker's settings or from Kafka
};

/// Questions and orders to the cluster, each of which waits for its answer.
///
/// Every call fails with unavailable + retry when the brokers do not answer in time, with not_allowed when they do not let us, with
/// not_found for a topic that is not there. An order whose answer did not come may have been carried out.
/// threads  any, at the same time.
class Admin {
 public:
  /// timeout  of each call that follows, roughly.
  static Result<std::unique_ptr<Admin>> open(const ClientConfig& config,
                                             std::chrono::milliseconds timeout = std::chrono::seconds{10});
  ~Admin();
  Admin(const Admin&) = delete;
  Admin& operator=(const Admin&) = delete;

  const std::string& bootstrap_servers() const { return bootstrap_servers_; }
  Result<std::string> cluster_id();
  Result<std::vector<Broker>> brokers();
  /// Names of all topics that we may see.
  Result<std::vector<std::string>> topics();
  Result<TopicInfo> describe_topic(const std::string& name);
  /// Settings that are in force for the topic, by name.
  Result<std::map<std::string, ConfigValue>> describe_config(const std::string& topic);

  /// errors  conflict: there is one of that name; invalid_input: replication above the number of brokers, a setting that is none.
  Result<void> create_topic(const TopicSpec& spec);
  /// Sets what is named and leaves the topic's other settings. Not atomic: two callers at once may undo each other.
  Result<void> alter_config(const std::string& topic, const std::map<std::string, std::string>& changes);
  Result<void> delete_topic(const std::string& name);
  /// Deletes the records before an offset; -1: all.
  Result<void> delete_records(const std::string& topic, std::int32_t partition, std::int64_t before);

 private:
  Admin();

  std::string bootstrap_servers_;
  int timeout_ms_ = 0;
  std::unique_ptr<ClientContext> context_;
  ClientHandle client_;
};

}  // namespace o2c::kafka
