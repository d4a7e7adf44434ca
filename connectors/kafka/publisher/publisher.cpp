#include "connectors/kafka/publisher/publisher.hpp"

#include "connectors/kafka/publisher/lane_publisher.hpp"

namespace o2c::kafka {

std::string_view name_of(PublishedLane::Phase phase) {
  constexpr std::string_view names[] = {"resuming", "catching_up", "live"};
  return names[static_cast<std::size_t>(phase)];
}

Publisher::Publisher(PublisherOptions options, Journal& journal, Follower& models)
    : options_(std::move(options)), journal_(journal), models_(models) {}

Publisher::~Publisher() {
  for (const auto& [lane, publisher] : lanes_) publisher->stop();  // all at once, then each is waited for
}

void Publisher::take(LaneId lane) {
  const std::lock_guard lock(mutex_);
  if (auto& publisher = lanes_[lane]; !publisher)
    publisher = std::make_shared<LanePublisher>(options_, journal_, models_, lane);
}

void Publisher::release(LaneId lane) {
  std::shared_ptr<LanePublisher> publisher;
  {
    const std::lock_guard lock(mutex_);
    const auto at = lanes_.find(lane);
    if (at == lanes_.end()) return;
    publisher = std::move(at->second);
    lanes_.erase(at);
  }
  publisher->stop();
  publisher->wait();
}

void Publisher::push(const SharedBatch& batch) {
  const std::lock_guard lock(mutex_);
  if (const auto at = lanes_.find(batch->lane()); at != lanes_.end()) at->second->push(batch);
}

std::vector<PublishedLane> Publisher::status() const {
  const std::lock_guard lock(mutex_);
  std::vector<PublishedLane> lanes;
  lanes.reserve(lanes_.size());
  for (const auto& [lane, publisher] : lanes_) lanes.push_back(publisher->status());
  return lanes;
}

}  // namespace o2c::kafka
