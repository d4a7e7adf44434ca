#pragma once
#include <condition_variable>
#include <mutex>
#include <span>
#include <vector>

#include "connectors/kafka/commands/command_record.hpp"

namespace o2c::kafka {

/// Records of one partition that go to the lane together, and what the lane answers to each.
/// owner    lives until wait() has returned.  threads  reply: the engine's; all else: one.
class CommandBatch final : public ReplySink {
 public:
  struct Item {
    SourceRecord place;
    std::optional<ReadCommand> command;  // none: to be skipped. Its request goes with requests(), the bytes stay
    Reply reply;                         // its frame points into `entry`
    std::vector<std::uint64_t> entry;
  };

  /// records_max  so many may be added.
  CommandBatch(std::string_view topic, std::size_t records_max) : topic_(topic) { items_.reserve(records_max); }

  void add(std::int32_t partition, std::int64_t from, std::int64_t offset, ReadCommand command);
  void add_skip(std::int32_t partition, std::int64_t from, std::int64_t offset, Skip why);
  /// To be handed over once, all of them.
  std::vector<Request> requests();
  /// Until each has its reply.  returns  in the records' order.
  std::span<Item> wait();

  void reply(std::uint64_t tag, const Reply& reply) override;

 private:
  const std::string_view topic_;
  std::vector<Item> items_;
  std::mutex mutex_;
  std::condition_variable replied_;
  std::size_t replies_ = 0;  // under mutex_, with the replies
};

}  // namespace o2c::kafka
