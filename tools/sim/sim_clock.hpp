#pragma once
#include <algorithm>
#include <atomic>

#include "engine/ports/clock.hpp"

namespace o2c::sim {

/// Time as the scheduler wants it: runs by leaps, sometimes backwards. Shanghai is eight hours ahead all year, every other zone is UTC.
class SimClock final : public Clock {
 public:
  explicit SimClock(Instant start) : now_(start.micros), latest_(start.micros) {}

  Instant now() override { return {now_}; }
  Date business_date(Instant instant, std::string_view time_zone) override { return date_at(instant, time_zone); }
  bool knows_zone(std::string_view time_zone) override { return time_zone == shanghai || time_zone == "UTC"; }

  void move(std::int64_t micros) { now_ += micros, latest_ = std::max(latest_.load(), now_.load()); }
  Instant shown() const { return {now_}; }
  /// The latest that it ever showed.
  Instant latest() const { return {latest_}; }
  static Date date_at(Instant instant, std::string_view time_zone) {
    const auto ahead = std::chrono::hours{time_zone == shanghai ? 8 : 0};
    const std::chrono::sys_time<std::chrono::microseconds> utc{std::chrono::microseconds{instant.micros}};
    return std::chrono::floor<std::chrono::days>(utc + ahead);
  }
  static constexpr std::string_view shanghai = "Asia/Shanghai";

 private:
  std::atomic<std::int64_t> now_, latest_;  // moved by one, looked at by any
};

}  // namespace o2c::sim
