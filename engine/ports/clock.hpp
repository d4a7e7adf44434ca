#pragma once
#include <string_view>

#include "events/base/date.hpp"

namespace o2c {

/// Wall time, and the business date of an instant in a time zone. Read by the runtime only; deciders get both as data.
/// threads: any.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() = 0;
  /// IANA name; an unknown zone counts as UTC (a company with one is refused when it is opened).
  virtual Date business_date(Instant instant, std::string_view time_zone) = 0;
  virtual bool knows_zone(std::string_view time_zone) = 0;
};

}  // namespace o2c
