#include "connectors/kafka/commands/commands.hpp"

#include "connectors/kafka/commands/lane_commands.hpp"

namespace o2c::kafka {

Commands::Commands(CommandsOptions options, Engine& engine, Journal& journal)
    : options_(std::move(options)), engine_(engine), journal_(journal) {}

Commands::~Commands() {
  for (const auto& [id, lane] : lanes_) lane->stop();  // all at once, then each is waited for
}

void Commands::take(LaneId lane) {
  const std::lock_guard lock(mutex_);
  if (!lanes_.contains(lane)) lanes_.emplace(lane, std::make_shared<LaneCommands>(options_, engine_, journal_, lane));
}

void Commands::release(LaneId lane) {
  std::shared_ptr<LaneCommands> released;  // ends without the lock
  const std::lock_guard lock(mutex_);
  if (const auto at = lanes_.find(lane); at != lanes_.end()) released = std::move(lanes_.extract(at).mapped());
}

std::vector<TakenCommands> Commands::status() const {
  const std::lock_guard lock(mutex_);
  std::vector<TakenCommands> lanes;
  lanes.reserve(lanes_.size());
  for (const auto& [id, lane] : lanes_) lanes.push_back(lane->status());
  return lanes;
}

}  // namespace o2c::kafka
