#pragma once
#include <chrono>
#include <memory>
#include <span>

#include "connectors/kafka/client/client_config.hpp"
#include "connectors/kafka/client/record.hpp"

namespace o2c::kafka {

struct ClientContext;

/// Why a poll ended where it did.
enum class ReadStatus {
  open,  // the wanted number was read, or the time is over
  end,  // everything that this reader knows of was read; said once each time the end is reached. The log may go on: watermarks()
  deleted,    // the position lies before the first record: retention or a deletion took what should come next
  truncated,  // the position lies beyond the end, or the log changed under it: records that were there are gone
  failed,     // see error; the reader may be polled again
};

struct ReadBatch {
  std::span<const Record>
      records;  // ascending offsets, with holes where the log has none; valid until the next poll or seek
  ReadStatus status = ReadStatus::open;  // what came after the records
  Error error;                           // of deleted, truncated and failed
};

/// Reads one partition from an explicit offset on, outside of any group, uncommitted transactions included, and never an offset twice or
/// back. It has a client of its own: neither another reader nor its end can disturb it.
///
/// `deleted` and `truncated` stay until a seek. A broker that is not reachable and a topic that is not there look like a partition without
/// news: watermarks() tells.
/// threads  one at a time; any thread.
class PartitionReader {
 public:
  /// offset  of the first record to read, >= 0. A position that is not there is told by poll.
  /// errors  invalid_input: the configuration, a topic name that cannot be.
  static Result<std::unique_ptr<PartitionReader>> open(const ClientConfig& config, std::string topic,
                                                       std::int32_t partition, std::int64_t offset);
  ~PartitionReader();
  PartitionReader(const PartitionReader&) = delete;
  PartitionReader& operator=(const PartitionReader&) = delete;

  /// Up to `max` records (>= 1). Waits at most `timeout` for the first; what is there already is added without waiting.
  ReadBatch poll(std::size_t max, std::chrono::milliseconds timeout);

  /// Offset that the next record must have at least.
  std::int64_t position() const { return position_; }

  /// What the leader says now; `until` is the high watermark.
  /// errors  unavailable when it does not answer within about twice the timeout; not_found.
  Result<OffsetRange> watermarks(std::chrono::milliseconds timeout);

  /// Goes on at another offset (>= 0), also backwards and after `deleted` or `truncated`.
  Result<void> seek(std::int64_t offset);

  /// Stops fetching, or goes on behind the last record given out. A paused reader's poll gives nothing.
  Result<void> pause();
  Result<void> resume();

 private:
  PartitionReader(std::string topic, std::int32_t partition);
  Result<void> start(std::int64_t offset);
  void stop();
  /// Takes one message in; false when the poll ends with it.
  bool take(MessageHandle message, ReadBatch& batch);
  void judge_position(ReadBatch& batch);
  std::string place() const;

  std::string topic_name_;
  std::int32_t partition_;
  std::int64_t position_ = 0;
  bool started_ = false;
  bool out_of_range_ = false;
  std::unique_ptr<ClientContext> context_;
  ClientHandle client_;
  TopicHandle topic_;
  QueueHandle queue_;
  std::vector<MessageHandle> messages_;
  std::vector<Record> records_;
};

}  // namespace o2c::kafka
