#include "tools/sim/sim_log.hpp"

namespace o2c::sim {

Tip genesis_tip() { return {0, 0, genesis_hash(Id16{{'s', 'i', 'm'}}, 0)}; }

SimLog::SimLog(EntryLanded landed) : landed_(std::move(landed)), tip_(genesis_tip()) {}

Judgement SimLog::land(const SimRecord& record) {
  const FrameView written = record.view();
  const auto frame = read_frame(written.frame, Check::full);
  if (!frame) broken("journal: entry {}: {}", written.entry->seq(), frame.error().message);
  const EntryHead head = head_of(*frame);
  const Judgement judgement = judge(tip_, head);
  if (judgement == Judgement::alarm && !cut_)
    broken("journal: entry {} of epoch {} cannot be in a log that lost nothing", head.seq, head.epoch);
  records_.push_back({record, head});
  if (judgement != Judgement::counts) return judgement;
  counting_.push_back(end() - 1);
  require(head.seq == counting_.size(), "I34 seq {} stands at place {} of the log", head.seq, counting_.size());
  require(!void_.contains(head.hash), "entry {} of epoch {} counts, its writer was told that it never will", head.seq,
          head.epoch);
  if (!cut_) landed_(*frame);
  return judgement;
}

FrameView SimLog::at(std::uint64_t seq) const {
  O2C_ASSERT(seq >= 1 && seq <= counting_.size());
  return record(counting_[static_cast<std::size_t>(seq - 1)]).record.view();
}

void SimLog::cut(std::uint64_t entries) {
  O2C_ASSERT(entries >= 1 && entries < counting_.size());
  cut_ = true;
  records_.resize(static_cast<std::size_t>(counting_[static_cast<std::size_t>(entries)]));
  counting_.resize(static_cast<std::size_t>(entries));
  const EntryHead& last = record(counting_.back()).head;
  tip_ = {last.epoch, last.seq, last.hash};
}

}  // namespace o2c::sim
