#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <thread>

#include "connectors/kafka/client/client_config.hpp"

struct rd_kafka_topic_partition_list_s;

namespace o2c::kafka {

struct ClientContext;

struct GroupOptions {
  std::string group;        // of one journal: all its engines, and nobody else
  std::string topic;        // whose partitions are the lanes
  std::string instance_id;  // not empty: a static member; its restart within session.timeout.ms moves no lane
};

/// Called one at a time on the member's thread, each within max.poll.interval.ms, else the group takes the lanes away.
struct GroupCallbacks {
  using Lanes = std::span<const std::int32_t>;
  std::function<void(Lanes)> named;    // the group proposes these lanes to us, besides those that we have
  std::function<void(Lanes)> revoked;  // settle or drop what is in flight; another member gets them when this returns
  std::function<void(Lanes)> lost;     // another member may have them already: drop
};

/// A member of a consumer group that the engines of one journal use to share out the lanes. It reads no record and commits nothing: what
/// the group says is a proposal, and safety lies in the journal (journal protocol, section 3).
/// Cooperative: lanes that stay with a member are not taken away when others come or go.
/// threads  is_named, named, fatal_error: any.
class GroupMember {
 public:
  /// Joins in the background.
  /// errors  invalid_input: the configuration.
  static Result<std::unique_ptr<GroupMember>> join(const ClientConfig& config, GroupOptions options,
                                                   GroupCallbacks callbacks);

  /// Hands the lanes back (`revoked` is called for them), leaves, ends; after 5 s without an answer of the brokers it goes all the same,
  /// and the lanes move when the session has run out.
  ~GroupMember();
  GroupMember(const GroupMember&) = delete;
  GroupMember& operator=(const GroupMember&) = delete;

  /// False from before `revoked` or `lost` is called. A process that stood still may hold on to what it was told: a proposal, no more.
  bool is_named(std::int32_t lane) const;
  std::vector<std::int32_t> named() const;

  /// Set when the group excluded this member for good: another one came with its instance id.
  std::optional<Error> fatal_error() const;

 private:
  GroupMember(GroupOptions options, GroupCallbacks callbacks);
  void serve();
  void leave();
  void take(rd_kafka_topic_partition_list_s* partitions);
  void give_up(rd_kafka_topic_partition_list_s* partitions);
  static void on_rebalance(rd_kafka_s* client, int code, rd_kafka_topic_partition_list_s* partitions, void* context);

  GroupOptions options_;
  GroupCallbacks callbacks_;
  mutable std::mutex guard_;
  std::set<std::int32_t> named_;  // under guard_
  std::atomic<bool> leaving_{false};
  bool assigned_ = false;  // the group has come to a first decision about this member; by the serving thread
  std::unique_ptr<ClientContext> context_;
  ClientHandle client_;
  std::thread server_;
};

}  // namespace o2c::kafka
