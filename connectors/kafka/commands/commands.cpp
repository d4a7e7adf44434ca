#include "connectors/kafka/commands/commands.hpp"

#include "connectors/kafka/commands/lane_commands.hpp"

namespace o2c::kafka {

Commands::Commands(CommandsOptions options, Engine& engine, Journal& journal)
    : options_(std::move(options)), engine_(engine), journal_(journal) {}

Commands::~Commands() {
  for (const auto& lane : lanes_) lane->stop();  // all at once, then each is waited for
}

void Commands::take(LaneId lane) {
  lanes_.push_back(std::make_unique<LaneCommands>(options_, engine_, journal_, lane));
}

std::vector<TakenCommands> Commands::status() const {
  std::vector<TakenCommands> lanes;
  for (const auto& lane : lanes_) lanes.push_back(lane->status());
  return lanes;
}

}  // namespace o2c::kafka
