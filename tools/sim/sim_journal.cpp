#include "tools/sim/sim_journal.hpp"

#include "events/base/money.hpp"

namespace o2c::sim {
namespace {

const Id16 journal_id{{'s', 'i', 'm'}};

SharedBatch lane_opened(LaneId lane, const Tip& tip, std::uint64_t chance, Instant at) {
  flatbuffers::FlatBufferBuilder b;
  const fb::Hash32 prev_hash = tip.hash.to_fb();
  Id16 id;
  for (std::size_t i = 0; i < 8; ++i) id.bytes[i] = static_cast<std::uint8_t>(chance >> (8 * i));
  const fb::Id16 open_id = id.to_fb();
  const fb::Instant recorded_at = to_fb(at);
  fb::EntryBuilder entry(b);
  entry.add_lane(lane);
  entry.add_seq(tip.seq + 1);
  entry.add_epoch(tip.epoch + 1);
  entry.add_prev_hash(&prev_hash);
  entry.add_recorded_at(&recorded_at);
  entry.add_kind(fb::EntryKind::lane_opened);
  entry.add_open_id(&open_id);
  b.Finish(entry.Finish());
  auto batch = std::make_shared<FrameBatch>(lane);
  batch->add({b.GetBufferPointer(), b.GetSize()}, {});
  return batch;
}

}  // namespace

SimJournal::SimJournal(Random& random, Clock& clock, Trace& trace, EntryLanded landed)
    : random_(random),
      clock_(clock),
      trace_(trace),
      landed_(std::move(landed)),
      chain_({0, 0, genesis_hash(journal_id, 0)}) {}

Result<Tip> SimJournal::open(LaneId lane) {
  O2C_ASSERT(dead_ && queue_.empty());
  Tip tip = chain_.tip();
  Instant at = clock_.now();
  if (tip.seq > 0) at.micros = std::max(at.micros, this->at(tip.seq).entry->recorded_at()->micros() + 1);
  const SharedBatch batch = lane_opened(lane, tip, random_.next(), at);
  batch->seal(tip);
  land({batch, 0});
  require(chain_.tip() == tip, "journal: its own LaneOpened at {} does not count", tip.seq);
  sealed_ = tip;
  dead_ = false;
  trace_.line("journal opened at {} epoch {}", tip.seq, tip.epoch);
  return tip;
}

void SimJournal::append(SharedBatch batch, AppendDone done) {
  require(batch->first_seq() == sealed_.seq + 1 || dead_, "journal: batch begins at {}, tip is {}", batch->first_seq(),
          sealed_.seq);
  if (!dead_) batch->seal(sealed_);
  trace_.line("append {}..{}", batch->first_seq(), batch->last_seq());
  queue_.push_back({std::move(batch), std::move(done)});
}

void SimJournal::land(const Record& record) {
  const FrameView stored = record.batch->at(record.index);
  const auto frame = read_frame(stored.frame, Check::full);
  if (!frame) broken("journal: entry {}: {}", stored.entry->seq(), frame.error().message);
  switch (chain_.judge(*frame)) {
    case Judgement::counts:
      log_.push_back(record);
      require(frame->entry->seq() == log_.size(), "I34 seq {} stands at place {} of the log", frame->entry->seq(),
              log_.size());
      landed_(*frame);
      return;
    case Judgement::ignored: ++ignored_; return;
    case Judgement::alarm:
      broken("journal: entry {} of epoch {} cannot be in a log that lost nothing", frame->entry->seq(),
             frame->entry->epoch());
  }
}

void SimJournal::sync_one() {
  const SharedBatch batch = queue_[synced_++].batch;
  trace_.line("synced {}..{}", batch->first_seq(), batch->last_seq());
  for (std::size_t i = 0; i < batch->size(); ++i) land({batch, i});
  require(durable_seq() == batch->last_seq(), "journal: batch to {} does not count, tip is {}", batch->last_seq(),
          durable_seq());
}

void SimJournal::answer_one() {
  const Waiting first = std::move(queue_.front());
  queue_.pop_front();
  const bool durable = synced_ > 0;
  if (durable) --synced_;
  trace_.line("answer {}..{} {}", first.batch->first_seq(), first.batch->last_seq(), durable ? "durable" : "unknown");
  first.done(first.batch, durable ? AppendStatus::durable : AppendStatus::unknown);
}

void SimJournal::abandon_unsynced() {
  for (std::size_t i = synced_; i < queue_.size(); ++i) {
    const SharedBatch& batch = queue_[i].batch;
    for (std::size_t k = 0; k < batch->size(); ++k) late_.push_back({batch, k});
  }
  const std::size_t arrive = static_cast<std::size_t>(random_.below(late_.size() + 1));
  trace_.line("{} records on their way, {} arrive", late_.size(), arrive);
  let_late_records_land(arrive);
}

void SimJournal::fail() {
  late_.clear();
  abandon_unsynced();
  dead_ = true;
}

void SimJournal::crash(bool power_cut) {
  if (!dead_) {
    late_.clear();
    abandon_unsynced();
  }
  if (power_cut) late_.clear();
  queue_.clear();
  synced_ = 0;
  dead_ = true;
}

void SimJournal::let_late_records_land(std::size_t count) {
  for (; count > 0 && !late_.empty(); --count) {
    const Record record = late_.front();
    late_.pop_front();
    land(record);
  }
}

FrameView SimJournal::at(std::uint64_t seq) const {
  O2C_ASSERT(seq >= 1 && seq <= log_.size());
  const Record& record = log_[static_cast<std::size_t>(seq - 1)];
  return record.batch->at(record.index);
}

Result<void> SimJournal::read(LaneId, std::uint64_t from, const EntrySink& sink) {
  for (std::uint64_t seq = std::max<std::uint64_t>(from, 1); seq <= log_.size(); ++seq) {
    if (!sink(at(seq))) break;
  }
  return {};
}

}  // namespace o2c::sim
