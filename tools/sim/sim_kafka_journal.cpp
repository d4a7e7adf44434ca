#include "tools/sim/sim_kafka_journal.hpp"

#include <algorithm>

#include "engine/journal/lane_opened.hpp"
#include "events/base/money.hpp"

namespace o2c::sim {
namespace {

constexpr int attempts_max = 4;            // to take a lane, before open() gives up
constexpr int rounds_max = 8;              // of reading and reports, before a LaneOpened is given up
constexpr std::uint64_t place_every = 16;  // entries

Error truncated() { return integrity("the log was cut: entries that counted are gone"); }

}  // namespace

SimKafkaJournal::SimKafkaJournal(SimBroker& broker, std::size_t writer, Named named, Random& random, Clock& clock,
                                 Trace& trace)
    : broker_(broker),
      log_(broker.log()),
      number_(writer),
      named_(std::move(named)),
      random_(random),
      clock_(clock),
      trace_(trace),
      writer_(Place{genesis_tip(), -1}),
      places_{Place{genesis_tip(), -1}} {}

// --- taking the lane -----------------------------------------------------------------------------------------------------------------------

Result<Tip> SimKafkaJournal::open(LaneId lane) {
  O2C_ASSERT(to_send_.empty() && sent_.empty());
  writer_.fail();  // the former tenure ends here
  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    writer_.named(named_());
    if (!writer_.state().named) return Error{ErrorCode::not_allowed, "the group names another process", Remedy::retry};
    if (auto read = catch_up(); !read) return read.error();
    open_once(lane);
    note_place();
    if (writer_.phase() == Phase::serving) {
      trace_.line("{} has the lane from {} epoch {}", writer_name(number_), writer_.place().tip.seq,
                  writer_.place().tip.epoch);
      return writer_.place().tip;
    }
    if (writer_.loss() == LaneWriter::Loss::alarm) return truncated();
  }
  return Error{ErrorCode::unavailable, "another writer takes the lane again and again", Remedy::retry};
}

/// A LaneOpened on the tip found, and what happens until it is read back. What others sent arrives in between.
void SimKafkaJournal::open_once(LaneId lane) {
  broker_.stir(number_);
  writer_.named(named_());
  if (!writer_.may_open()) return;
  Tip tip = writer_.place().tip;
  Instant at = clock_.now();
  if (tip.seq > 0) {
    const SimRecord& last = log_.record(writer_.place().offset).record;
    at.micros = std::max(at.micros, last.view().entry->recorded_at()->micros() + 1);
  }
  const SharedBatch batch = lane_opened(lane, tip, random_.id(), at);
  batch->seal(tip);
  const EntryHead head = head_of(batch->at(0));
  trace_.line("{} sends a LaneOpened #{} epoch {}", writer_name(number_), head.seq, head.epoch);
  broker_.produce(number_, writer_.begin_open(head), {batch, 0}, head);
  for (int round = 0; round < rounds_max && writer_.phase() == Phase::opening; ++round) {
    if (random_.coin()) broker_.stir(number_);
    if (random_.coin()) read_until(log_.end());
    if (broker_.has_requests(number_)) broker_.deliver(number_);
    if (random_.coin() && broker_.has_reports(number_)) take_report();
    if (random_.coin()) read_until(log_.end());
  }
  read_until(log_.end());
  if (writer_.phase() == Phase::opening) fail();
}

// --- reading -------------------------------------------------------------------------------------------------------------------------------

Result<void> SimKafkaJournal::catch_up() {
  if (writer_.phase() == Phase::lost) {
    if (writer_.loss() == LaneWriter::Loss::alarm) return truncated();
    writer_.follow();
  }
  if (!broker_.reachable()) return Error{ErrorCode::unavailable, "no leader", Remedy::retry};
  if (log_.end() <= writer_.place().offset) {
    writer_.truncated();
    return truncated();
  }
  read_until(log_.end());
  return writer_.loss() == LaneWriter::Loss::alarm ? Result<void>(truncated()) : Result<void>{};
}

/// Records from the tip's own on, as long as they change nothing about the lane.
void SimKafkaJournal::read_until(std::int64_t end) {
  const Phase phase = writer_.phase();
  if (phase == Phase::lost) return;
  for (std::int64_t at = writer_.resume_offset(); at < end && writer_.phase() == phase; ++at) {
    writer_.read(at, log_.record(at).head);
    note_place();
  }
}

void SimKafkaJournal::note_place() {
  if (writer_.place().tip.seq >= places_.back().tip.seq + place_every) places_.push_back(writer_.place());
}

Result<void> SimKafkaJournal::read(LaneId, std::uint64_t from, const EntrySink& sink) {
  if (!has_lane()) {
    if (auto read = catch_up(); !read) return read;
  }
  const std::uint64_t until = writer_.place().tip.seq;
  const auto behind =
      std::partition_point(places_.begin() + 1, places_.end(), [&](const Place& p) { return p.tip.seq < from; });
  LogPosition position(*(behind - 1));
  for (std::int64_t at = position.resume_offset(); at < log_.end() && position.place().tip.seq < until; ++at) {
    const SimLog::Landed& landed = log_.record(at);
    const auto judgement = position.read(at, landed.head);
    if (judgement == Judgement::alarm) return truncated();
    if (judgement == Judgement::counts && landed.head.seq >= from && !sink(landed.record.view())) return {};
  }
  return position.place().tip.seq < until ? Result<void>(truncated()) : Result<void>{};
}

// --- appending -----------------------------------------------------------------------------------------------------------------------------

void SimKafkaJournal::append(SharedBatch batch, AppendDone done) {
  trace_.line("{} append {}..{}", writer_name(number_), batch->first_seq(), batch->last_seq());
  to_send_.push_back({std::move(batch), std::move(done)});
  send();
}

void SimKafkaJournal::send() {
  while (!to_send_.empty()) {
    if (writer_.phase() == Phase::serving && !writer_.may_send()) {
      writer_.named(named_());
      if (!writer_.may_send() && writer_.overlay() == 0) writer_.fail();  // given away, and nothing is on its way
    }
    if (!writer_.may_send()) return;
    produce(to_send_.front().batch);
    sent_.push_back(std::move(to_send_.front()));
    to_send_.pop_front();
  }
}

void SimKafkaJournal::produce(const SharedBatch& batch) {
  Tip tip = writer_.end();
  batch->seal(tip);
  for (std::size_t i = 0; i < batch->size(); ++i) {
    const EntryHead head = head_of(batch->at(i));
    broker_.produce(number_, writer_.state().tenure, {batch, i}, head);
    writer_.sent(head);
  }
}

bool SimKafkaJournal::has_unanswered() const {
  return !sent_.empty() || !to_send_.empty() || (has_lane() && broker_.has_reports(number_));
}

void SimKafkaJournal::answer_one() {
  const bool on_their_way = broker_.has_requests(number_) || broker_.has_reports(number_);
  for (std::uint64_t count = random_.between(1u, 32u); count > 0 && broker_.has_reports(number_); --count)
    take_report();
  if (writer_.phase() == Phase::settling) settle();
  if (!on_their_way && (!sent_.empty() || writer_.phase() == Phase::settling)) fail();
  send();
  answer();
}

void SimKafkaJournal::take_report() {
  const SimBroker::Report report = broker_.take_report(number_);
  writer_.reported(report.tenure, report.entry, report.delivery);
  note_place();
}

/// A gap: what lies in the log decides, not the reports.
void SimKafkaJournal::settle() {
  trace_.line("{} reads a gap behind {}", writer_name(number_), writer_.place().offset);
  if (!broker_.reachable()) return;
  if (log_.end() <= writer_.place().offset) return writer_.truncated();
  read_until(log_.end());
}

void SimKafkaJournal::answer() {
  const std::uint64_t accepted = writer_.accepted_seq();
  while (!sent_.empty() && sent_.front().batch->last_seq() <= accepted) answer_front(sent_, AppendStatus::durable);
  if (has_lane()) return;
  const bool fenced = writer_.loss() == LaneWriter::Loss::fenced;
  while (!sent_.empty()) {
    const FrameBatch& batch = *sent_.front().batch;
    const bool none_counts = fenced && batch.first_seq() > accepted;
    for (std::size_t i = 0; none_counts && i < batch.size(); ++i) log_.never_counts(batch.at(i).hash());
    answer_front(sent_, none_counts ? AppendStatus::fenced : AppendStatus::unknown);
  }
  while (!to_send_.empty()) answer_front(to_send_, AppendStatus::unknown);
}

void SimKafkaJournal::answer_front(Batches& batches, AppendStatus status) {
  const Waiting first = std::move(batches.front());
  batches.pop_front();
  trace_.line("{} answer {}..{} {}", writer_name(number_), first.batch->first_seq(), first.batch->last_seq(),
              status == AppendStatus::durable  ? "durable"
              : status == AppendStatus::fenced ? "fenced"
                                               : "unknown");
  first.done(first.batch, status);
}

// --- endings -------------------------------------------------------------------------------------------------------------------------------

void SimKafkaJournal::fail() {
  broker_.give_up(number_);
  writer_.fail();
  answer();
}

void SimKafkaJournal::end(Ending ending) {
  to_send_.clear();
  sent_.clear();
  if (ending == Ending::lost) return;  // what is on its way stays there, and its reports find the next tenure
  broker_.forget(number_);
  if (random_.coin()) places_.resize(1 + static_cast<std::size_t>(random_.below(places_.size())));
  writer_ = LaneWriter(places_.back());
}

}  // namespace o2c::sim
