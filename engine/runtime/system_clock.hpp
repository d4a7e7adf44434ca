#pragma once
#include "engine/ports/clock.hpp"

namespace o2c {

/// The machine's wall clock and its time zone database. threads: any.
class SystemClock final : public Clock {
 public:
  Instant now() override;
  Date business_date(Instant instant, std::string_view time_zone) override;
  bool knows_zone(std::string_view time_zone) override;
};

}  // namespace o2c
