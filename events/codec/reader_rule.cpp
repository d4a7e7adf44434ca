#include "events/codec/reader_rule.hpp"

#include "events/base/seeded_bug.hpp"

namespace o2c {

Judgement judge(Tip& tip, const EntryHead& head) {
  const bool decided_on_tip = head.prev_hash == tip.hash || O2C_BUG(predecessor_not_checked);
  const bool follows = head.seq == tip.seq + 1 && decided_on_tip;
  const bool epoch_fits = head.opens ? head.epoch > tip.epoch : head.epoch == tip.epoch || O2C_BUG(epoch_not_checked);
  if (follows && epoch_fits) {
    tip = {head.epoch, head.seq, head.hash};
    return Judgement::counts;
  }
  // A writer knows only what lies before its records, so neither of these can be in a log that lost nothing.
  if (!head.opens && head.epoch > tip.epoch) return Judgement::alarm;
  if (head.opens && head.seq > tip.seq + 1) return Judgement::alarm;
  return Judgement::ignored;
}

}  // namespace o2c
