#include "connectors/kafka/commands/command_batch.hpp"

#include <cstring>

namespace o2c::kafka {

void CommandBatch::add(std::int32_t partition, std::int64_t from, std::int64_t offset, ReadCommand command) {
  O2C_ASSERT(items_.size() < items_.capacity());  // requests point to the places
  items_.push_back({{topic_, partition, from, offset}, std::move(command), {}, {}});
}

void CommandBatch::add_skip(std::int32_t partition, std::int64_t from, std::int64_t offset, Skip why) {
  O2C_ASSERT(items_.size() < items_.capacity());
  items_.push_back({{topic_, partition, from, offset, why}, std::nullopt, {}, {}});
}

std::vector<Request> CommandBatch::requests() {
  std::vector<Request> requests;
  requests.reserve(items_.size());
  for (std::size_t i = 0; i < items_.size(); ++i) {
    Request& request = requests.emplace_back(items_[i].command ? items_[i].command->request : Request{});
    request.source = fb::SourceKind::topic;
    request.record = &items_[i].place;
    request.sink = this;
    request.tag = i;
  }
  return requests;
}

void CommandBatch::reply(std::uint64_t tag, const Reply& reply) {
  const std::lock_guard lock(mutex_);
  Item& item = items_[tag];
  item.reply = reply;
  if (reply.frame.entry) {
    item.entry.resize(reply.frame.frame.size() / 8);
    std::memcpy(item.entry.data(), reply.frame.frame.data(), reply.frame.frame.size());
    item.reply.frame = frame_in(item.entry);
  }
  ++replies_;
  replied_.notify_one();
}

std::span<CommandBatch::Item> CommandBatch::wait() {
  std::unique_lock lock(mutex_);
  replied_.wait(lock, [this] { return replies_ == items_.size(); });
  return items_;
}

}  // namespace o2c::kafka
