#include "engine/runtime/system_clock.hpp"

#include <date/tz.h>

namespace o2c {
namespace {

const date::time_zone* find_zone(std::string_view name) {
  try {
    return date::locate_zone(std::string(name));
  } catch (const std::exception&) {  // the library's only way to say that it knows no such zone
    return nullptr;
  }
}

}  // namespace

Instant SystemClock::now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return Instant{std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

Date SystemClock::business_date(Instant instant, std::string_view time_zone) {
  const std::chrono::sys_time<std::chrono::seconds> utc{
      std::chrono::floor<std::chrono::seconds>(std::chrono::microseconds{instant.micros})};
  const date::time_zone* zone = find_zone(time_zone);
  const std::chrono::seconds offset = zone ? zone->get_info(utc).offset : std::chrono::seconds{0};
  return std::chrono::floor<std::chrono::days>(utc + offset);
}

bool SystemClock::knows_zone(std::string_view time_zone) { return find_zone(time_zone) != nullptr; }

}  // namespace o2c
