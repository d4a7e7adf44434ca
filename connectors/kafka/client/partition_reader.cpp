#include "connectors/kafka/client/partition_reader.hpp"

#include <fmt/format.h>

#include "connectors/kafka/client/error.hpp"
#include "connectors/kafka/client/open_client.hpp"

namespace o2c::kafka {
namespace {

constexpr int judge_timeout_ms = 2000;

bool tells_lost_position(rd_kafka_resp_err_t code) {
#if RD_KAFKA_VERSION >= 0x020100ff
  if (code == RD_KAFKA_RESP_ERR__LOG_TRUNCATION) return true;
#endif
  return code == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || code == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE;
}

}  // namespace

PartitionReader::PartitionReader(std::string topic, std::int32_t partition)
    : topic_name_(std::move(topic)), partition_(partition), context_(std::make_unique<ClientContext>()) {}

Result<std::unique_ptr<PartitionReader>> PartitionReader::open(const ClientConfig& config, std::string topic,
                                                               std::int32_t partition, std::int64_t offset) {
  std::unique_ptr<PartitionReader> out{new PartitionReader{std::move(topic), partition}};
  auto client = open_client(config, Role::reader, *out->context_);
  if (!client) return client.error();
  out->client_ = std::move(*client);
  auto handle = open_topic(out->client_.get(), out->topic_name_);
  if (!handle) return handle.error();
  out->topic_ = std::move(*handle);
  if (auto done = out->start(offset); !done) return done.error();
  return out;
}

PartitionReader::~PartitionReader() { stop(); }

Result<void> PartitionReader::start(std::int64_t offset) {
  O2C_ASSERT(offset >= 0);
  queue_.reset(rd_kafka_queue_new(client_.get()));
  if (rd_kafka_consume_start_queue(topic_.get(), partition_, offset, queue_.get()) != 0)
    return kafka_error(place(), rd_kafka_last_error());
  position_ = offset;
  started_ = true;
  out_of_range_ = false;
  return {};
}

void PartitionReader::stop() {
  records_.clear();
  messages_.clear();
  if (started_) rd_kafka_consume_stop(topic_.get(), partition_);
  started_ = false;
}

ReadBatch PartitionReader::poll(std::size_t max, std::chrono::milliseconds timeout) {
  records_.clear();
  messages_.clear();
  ReadBatch batch;
  if (out_of_range_) {
    judge_position(batch);
    return batch;
  }
  const auto until = std::chrono::steady_clock::now() + timeout;
  while (records_.size() < max) {
    // A message that was dropped must not make the wait begin anew.
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    const int wait_ms = records_.empty() ? static_cast<int>(std::max<std::int64_t>(left.count(), 0)) : 0;
    MessageHandle message{rd_kafka_consume_queue(queue_.get(), wait_ms)};
    if (!message || !take(std::move(message), batch)) break;
  }
  batch.records = records_;
  return batch;
}

bool PartitionReader::take(MessageHandle message, ReadBatch& batch) {
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (message->offset < position_) return true;  // seen before: librdkafka before 2.4 may repeat some
    position_ = message->offset + 1;
    records_.emplace_back(message.get());
    messages_.push_back(std::move(message));
    return true;
  }
  if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    batch.status = ReadStatus::end;
    position_ = std::max(position_, message->offset);  // behind records of Kafka itself, which are never given out
  } else if (tells_lost_position(message->err)) {
    out_of_range_ = true;
    if (records_.empty()) judge_position(batch);  // else the next poll does: nothing that was read may get lost
  } else {
    batch.status = ReadStatus::failed;
    batch.error = kafka_error(place(), message->err, rd_kafka_message_errstr(message.get()));
  }
  return false;
}

void PartitionReader::judge_position(ReadBatch& batch) {
  const auto range = query_offsets(client_.get(), topic_name_, partition_, judge_timeout_ms);
  if (!range) {
    batch.status = ReadStatus::failed;
    batch.error = range.error();
    return;
  }
  if (position_ >= range->from && position_ <= range->until) {  // said by a leader that was replaced
    batch.status = ReadStatus::failed;
    batch.error = kafka_error(place(), RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
    std::ignore = seek(position_);
    return;
  }
  const bool deleted = position_ < range->from;
  batch.status = deleted ? ReadStatus::deleted : ReadStatus::truncated;
  batch.error = integrity(fmt::format("kafka: {}: position {} is gone: the partition holds [{}, {}), it was {}",
                                      place(), position_, range->from, range->until,
                                      deleted ? "deleted or retained no longer" : "truncated"));
}

Result<OffsetRange> PartitionReader::watermarks(std::chrono::milliseconds timeout) {
  return query_offsets(client_.get(), topic_name_, partition_, static_cast<int>(timeout.count()));
}

Result<void> PartitionReader::seek(std::int64_t offset) {
  // A new start with a new queue: nothing that was fetched for the old position can come out of it, and it works whatever state the
  // fetcher was left in.
  stop();
  return start(offset);
}

Result<void> PartitionReader::pause() {
  const auto list = one_partition(topic_name_, partition_);
  const auto code = rd_kafka_pause_partitions(client_.get(), list.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_error(place(), code);
  return {};
}

Result<void> PartitionReader::resume() {
  const auto list = one_partition(topic_name_, partition_);
  const auto code = rd_kafka_resume_partitions(client_.get(), list.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_error(place(), code);
  return {};
}

std::string PartitionReader::place() const { return fmt::format("{}[{}]", topic_name_, partition_); }

}  // namespace o2c::kafka
