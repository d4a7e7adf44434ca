#include "engine/journal/log_position.hpp"

#include "events/base/seeded_bug.hpp"

namespace o2c {

LogPosition::LogPosition(const Place& place) : LogPosition(place, place.offset + 1, place.offset < 0) {
  if (O2C_BUG(resumes_behind_tip)) resumed_ = true;
}

std::optional<Judgement> LogPosition::read(std::int64_t offset, const EntryHead& head) {
  if (offset < next_) return read_known(offset, head);
  if (!resumed_) return Judgement::alarm;  // there is no record any more where the tip's was
  const Judgement verdict = judge(place_.tip, head);
  if (verdict == Judgement::counts) place_.offset = offset;
  next_ = offset + 1;
  return verdict;
}

std::optional<Judgement> LogPosition::read_known(std::int64_t offset, const EntryHead& head) {
  if (offset < place_.offset) return std::nullopt;
  if (offset == place_.offset) {
    if (head.hash != place_.tip.hash) return Judgement::alarm;
    resumed_ = true;
    return std::nullopt;
  }
  Tip tip = place_.tip;  // what lies between the tip and next was ignored
  if (!resumed_ || judge(tip, head) != Judgement::ignored) return Judgement::alarm;
  return std::nullopt;
}

bool LogPosition::accept(std::int64_t offset, const EntryHead& head) {
  if (offset != next_ && !O2C_BUG(offset_not_checked)) return false;
  if (O2C_BUG(offset_alone_accepted)) place_.tip = {head.epoch, head.seq - 1, head.prev_hash};
  if (judge(place_.tip, head) != Judgement::counts) return false;
  place_.offset = offset;
  next_ = offset + 1;
  return true;
}

}  // namespace o2c
