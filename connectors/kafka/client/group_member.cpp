#include "connectors/kafka/client/group_member.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "connectors/kafka/client/error.hpp"
#include "connectors/kafka/client/open_client.hpp"

namespace o2c::kafka {
namespace {

constexpr auto leave_timeout = std::chrono::seconds{5};

/// Up to 2.2 the library ends the process when a client is destroyed that the group has answered but not yet given an assignment to
/// (librdkafka issue 4312): such a client, which has left and sends nothing more, is kept for the rest of the process instead.
constexpr int mended_since = 0x02030000;
void keep_for_ever(ClientHandle client, std::unique_ptr<ClientContext> context) {
  static std::mutex guard;
  static auto& kept = *new std::vector<std::pair<ClientHandle, std::unique_ptr<ClientContext>>>;
  const std::lock_guard lock{guard};
  kept.emplace_back(std::move(client), std::move(context));
}

std::vector<std::int32_t> lanes_of(const rd_kafka_topic_partition_list_t& partitions) {
  std::vector<std::int32_t> out;
  out.reserve(static_cast<std::size_t>(partitions.cnt));
  for (int i = 0; i < partitions.cnt; ++i) out.push_back(partitions.elems[i].partition);
  return out;
}

}  // namespace

GroupMember::GroupMember(GroupOptions options, GroupCallbacks callbacks)
    : options_(std::move(options)), callbacks_(std::move(callbacks)), context_(std::make_unique<ClientContext>()) {}

Result<std::unique_ptr<GroupMember>> GroupMember::join(const ClientConfig& config, GroupOptions options,
                                                       GroupCallbacks callbacks) {
  std::unique_ptr<GroupMember> out{new GroupMember{std::move(options), std::move(callbacks)}};
  out->context_->owner = out.get();
  ClientConfig::Settings more{{"group.id", out->options_.group}};
  if (!out->options_.instance_id.empty()) more.emplace("group.instance.id", out->options_.instance_id);
  auto client = open_client(config, Role::group_member, *out->context_, more, [](rd_kafka_conf_t* conf) {
    rd_kafka_conf_set_rebalance_cb(
        conf, [](rd_kafka_t* rk, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* partitions, void* context) {
          on_rebalance(rk, code, partitions, context);
        });
  });
  if (!client) return client.error();
  out->client_ = std::move(*client);
  rd_kafka_poll_set_consumer(out->client_.get());
  const PartitionList topics = one_partition(out->options_.topic, RD_KAFKA_PARTITION_UA);
  const auto code = rd_kafka_subscribe(out->client_.get(), topics.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_error("group " + out->options_.group, code);
  out->server_ = std::thread{[member = out.get()] { member->serve(); }};
  return out;
}

GroupMember::~GroupMember() {
  if (!server_.joinable()) return;
  leaving_ = true;
  server_.join();
  if (!assigned_ && rd_kafka_version() < mended_since) keep_for_ever(std::move(client_), std::move(context_));
}

bool GroupMember::is_named(std::int32_t lane) const {
  const std::lock_guard lock{guard_};
  return named_.contains(lane);
}

std::vector<std::int32_t> GroupMember::named() const {
  const std::lock_guard lock{guard_};
  return {named_.begin(), named_.end()};
}

std::optional<Error> GroupMember::fatal_error() const {
  std::array<char, 512> why{};
  const auto code = rd_kafka_fatal_error(client_.get(), why.data(), why.size());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
  return kafka_error("group " + options_.group, code, why.data());
}

void GroupMember::serve() {
  while (!leaving_) {
    const MessageHandle message{rd_kafka_consumer_poll(client_.get(), 100)};
    if (!message || message->err == RD_KAFKA_RESP_ERR_NO_ERROR || !context_->log) continue;
    context_->log(4, fmt::format("group {}: {}", options_.group, rd_kafka_message_errstr(message.get())));
  }
  leave();
}

/// On the serving thread, so that `revoked` comes from there as always.
void GroupMember::leave() {
  const QueueHandle queue{rd_kafka_queue_new(client_.get())};
  if (rd_kafka_error_t* error = rd_kafka_consumer_close_queue(client_.get(), queue.get()))
    return rd_kafka_error_destroy(error);
  const auto until = std::chrono::steady_clock::now() + leave_timeout;
  while (!rd_kafka_consumer_closed(client_.get()) && std::chrono::steady_clock::now() < until)
    rd_kafka_queue_poll_callback(queue.get(), 50);
}

void GroupMember::on_rebalance(rd_kafka_s* client, int code, rd_kafka_topic_partition_list_s* partitions,
                               void* context) {
  auto* member = static_cast<GroupMember*>(static_cast<ClientContext*>(context)->owner);
  member->assigned_ = true;
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) return member->take(partitions);
  if (code == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) return member->give_up(partitions);
  rd_kafka_assign(client, nullptr);  // an error: back to nothing, the group will ask anew
}

void GroupMember::take(rd_kafka_topic_partition_list_s* partitions) {
  // From the end and paused: the assignment is wanted, not the records.
  for (int i = 0; i < partitions->cnt; ++i) partitions->elems[i].offset = RD_KAFKA_OFFSET_END;
  if (rd_kafka_error_t* error = rd_kafka_incremental_assign(client_.get(), partitions))
    return rd_kafka_error_destroy(error);
  rd_kafka_pause_partitions(client_.get(), partitions);
  const auto lanes = lanes_of(*partitions);
  if (lanes.empty()) return;
  {
    const std::lock_guard lock{guard_};
    named_.insert(lanes.begin(), lanes.end());
  }
  callbacks_.named(lanes);
}

void GroupMember::give_up(rd_kafka_topic_partition_list_s* partitions) {
  const auto lanes = lanes_of(*partitions);
  const bool lost = rd_kafka_assignment_lost(client_.get()) != 0;
  {
    const std::lock_guard lock{guard_};
    for (const auto lane : lanes) named_.erase(lane);
  }
  if (!lanes.empty()) (lost ? callbacks_.lost : callbacks_.revoked)(lanes);
  if (rd_kafka_error_t* error = rd_kafka_incremental_unassign(client_.get(), partitions)) rd_kafka_error_destroy(error);
}

}  // namespace o2c::kafka
