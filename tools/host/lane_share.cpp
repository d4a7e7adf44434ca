#include "tools/host/lane_share.hpp"

namespace o2c {

Result<void> LaneShare::join(const KafkaSettings& settings, Callbacks callbacks) {
  callbacks_ = std::move(callbacks);
  auto member = kafka::GroupMember::join(settings.client,
                                         {.group = settings.group,
                                          .topic = kafka::topic_name(settings.topics, kafka::TopicKind::journal),
                                          .instance_id = settings.instance_id},
                                         {.named = [this](auto lanes) { name(lanes); },
                                          .revoked = [this](auto lanes) { give_up(lanes); },
                                          .lost = [this](auto lanes) { give_up(lanes); }});
  if (!member) return member.error();
  member_ = std::move(*member);
  return {};
}

void LaneShare::name(std::span<const std::int32_t> lanes) {
  for (const std::int32_t lane : lanes) {
    named_.at(static_cast<std::size_t>(lane)) = true;
    callbacks_.gained(static_cast<LaneId>(lane));
  }
  const std::lock_guard lock(mutex_);
  any_ = any_ || !lanes.empty();
  changed_.notify_all();
}

void LaneShare::give_up(std::span<const std::int32_t> lanes) {
  for (const std::int32_t lane : lanes) named_.at(static_cast<std::size_t>(lane)) = false;
  for (const std::int32_t lane : lanes) callbacks_.given_up(static_cast<LaneId>(lane));
}

bool LaneShare::wait_for_any(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [this] { return any_; });
}

void LaneShare::leave() { member_.reset(); }

}  // namespace o2c
