#pragma once
#include <map>
#include <optional>
#include <string>

#include "events/base/date.hpp"
#include "events/codec/frame.hpp"

namespace o2c::kafka {

/// What day it was for a company before an entry, and with it.
struct BusinessDay {
  std::optional<Date> before;  // none: the company's first entry
  Date now;
  bool is_new() const { return before && *before != now; }
};

/// The business day of each company of a lane: a fold of the journal and of nothing else. It never goes back.
/// threads: one.
class BusinessDays {
 public:
  /// The next entry of the lane, refused ones too. None: an entry of the lane itself.
  std::optional<BusinessDay> pass(const FrameView& entry);
  /// Of every company that has an entry in the lane.
  const std::map<std::string, Date, std::less<>>& today() const { return today_; }

 private:
  std::map<std::string, Date, std::less<>> today_;
};

}  // namespace o2c::kafka
