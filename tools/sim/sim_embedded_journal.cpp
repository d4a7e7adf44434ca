#include "tools/sim/sim_embedded_journal.hpp"

#include "engine/journal/lane_opened.hpp"
#include "events/base/money.hpp"

namespace o2c::sim {

Result<Tip> SimEmbeddedJournal::open(LaneId lane) {
  O2C_ASSERT(dead_ && queue_.empty());
  Tip tip = log_.tip();
  Instant at = clock_.now();
  if (tip.seq > 0) at.micros = std::max(at.micros, log_.at(tip.seq).entry->recorded_at()->micros() + 1);
  const SharedBatch batch = lane_opened(lane, tip, random_.id(), at);
  batch->seal(tip);
  log_.land({batch, 0});
  require(log_.tip() == tip, "journal: its own LaneOpened at {} does not count", tip.seq);
  sealed_ = tip;
  dead_ = false;
  trace_.line("journal opened at {} epoch {}", tip.seq, tip.epoch);
  return tip;
}

void SimEmbeddedJournal::append(SharedBatch batch, AppendDone done) {
  require(batch->first_seq() == sealed_.seq + 1 || dead_, "journal: batch begins at {}, tip is {}", batch->first_seq(),
          sealed_.seq);
  if (!dead_) batch->seal(sealed_);
  trace_.line("append {}..{}", batch->first_seq(), batch->last_seq());
  queue_.push_back({std::move(batch), std::move(done)});
}

void SimEmbeddedJournal::sync_one() {
  const SharedBatch batch = queue_[synced_++].batch;
  trace_.line("synced {}..{}", batch->first_seq(), batch->last_seq());
  for (std::size_t i = 0; i < batch->size(); ++i) log_.land({batch, i});
  require(log_.durable_seq() == batch->last_seq(), "journal: batch to {} does not count, tip is {}", batch->last_seq(),
          log_.durable_seq());
}

void SimEmbeddedJournal::answer_one() {
  const Waiting first = std::move(queue_.front());
  queue_.pop_front();
  const bool durable = synced_ > 0;
  if (durable) --synced_;
  trace_.line("answer {}..{} {}", first.batch->first_seq(), first.batch->last_seq(), durable ? "durable" : "unknown");
  first.done(first.batch, durable ? AppendStatus::durable : AppendStatus::unknown);
}

void SimEmbeddedJournal::abandon_unsynced() {
  for (std::size_t i = synced_; i < queue_.size(); ++i) {
    const SharedBatch& batch = queue_[i].batch;
    for (std::size_t k = 0; k < batch->size(); ++k) late_.push_back({batch, k});
  }
  const std::size_t arrive = static_cast<std::size_t>(random_.below(late_.size() + 1));
  trace_.line("{} records on their way, {} arrive", late_.size(), arrive);
  let_late_records_land(arrive);
}

void SimEmbeddedJournal::fail() {
  late_.clear();
  abandon_unsynced();
  dead_ = true;
}

void SimEmbeddedJournal::end(Ending ending) {
  if (!dead_) {
    late_.clear();
    abandon_unsynced();
  }
  if (ending == Ending::power_cut) late_.clear();
  queue_.clear();
  synced_ = 0;
  dead_ = true;
}

void SimEmbeddedJournal::let_late_records_land(std::size_t count) {
  for (; count > 0 && !late_.empty(); --count) {
    const SimRecord record = late_.front();
    late_.pop_front();
    log_.land(record);
  }
}

Result<void> SimEmbeddedJournal::read(LaneId, std::uint64_t from, const EntrySink& sink) {
  for (std::uint64_t seq = std::max<std::uint64_t>(from, 1); seq <= log_.durable_seq(); ++seq) {
    if (!sink(log_.at(seq))) break;
  }
  return {};
}

}  // namespace o2c::sim
