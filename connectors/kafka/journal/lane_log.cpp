#include "connectors/kafka/journal/lane_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "engine/journal/lane_opened.hpp"
#include "engine/journal/random_id.hpp"
#include "events/base/money.hpp"

namespace o2c::kafka {
namespace {

using Clock = std::chrono::steady_clock;
using Phase = LaneWriter::Phase;
constexpr auto poll_time = std::chrono::milliseconds{50};
constexpr auto query_time = std::chrono::seconds{10};
constexpr std::size_t records_at_once = 1000;
constexpr int log_error = 3;  // syslog's

/// The frame in a record, copied to where it is aligned; nothing when the record is no entry of this lane, whoever wrote it.
std::optional<FrameView> frame_of(const Record& record, LaneId lane, std::vector<std::uint64_t>& words) {
  if (record.value.size() < frame_header || record.value.size() % 8 != 0) return std::nullopt;
  words.resize(record.value.size() / 8);
  std::memcpy(words.data(), record.value.data(), record.value.size());
  const auto frame =
      read_frame({reinterpret_cast<const std::uint8_t*>(words.data()), record.value.size()}, Check::full);
  if (!frame || frame->frame.size() != record.value.size() || frame->entry->lane() != lane) return std::nullopt;
  return *frame;
}

/// A pause between two attempts to take a lane: growing, and random, so that two writers do not meet again and again.
std::chrono::milliseconds pause_before(int attempt) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  const int most = 20 << std::min(attempt, 7);
  return std::chrono::milliseconds{std::uniform_int_distribution{most / 2, most}(random)};
}

}  // namespace

LaneLog::LaneLog(const KafkaJournalOptions& options, LaneId lane, const Hash32& genesis, SharedProducer& producer)
    : options_(options),
      lane_(lane),
      genesis_{{0, 0, genesis}, -1},
      producer_(producer),
      writer_(genesis_),
      thread_([this] { run(); }) {
  status_.tip = genesis_.tip;
}

LaneLog::~LaneLog() { close(); }

void LaneLog::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    arrived_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  const std::lock_guard work(work_);
  if (writer_.place().tip.seq > 0) places_.keep(writer_.place());
  use_.reset();  // whoever lets go of a producer last serves its reports, and they come to all lanes
}

Result<void> LaneLog::load_places() {
  const std::filesystem::path file =
      options_.places.empty() ? std::filesystem::path{} : options_.places / fmt::format("lane-{}.places", lane_);
  if (auto loaded = places_.load(genesis_, file); !loaded) return loaded;
  const std::lock_guard work(work_);
  writer_ = LaneWriter(places_.last());
  publish();
  return {};
}

std::string LaneLog::place() const { return fmt::format("{} lane {}", options_.topic, lane_); }

Error LaneLog::harmed(std::string why) {
  if (writer_.loss() != LaneWriter::Loss::alarm) writer_.truncated();
  alarm_ = std::move(why);
  return truncated(alarm_);
}

Error LaneLog::truncated(std::string_view why) const {
  return integrity(fmt::format(
      "{}: {}; entries that counted are gone, or the topic is another one. Restore it, or accept the loss by hand",
      place(), why));
}

// --- the lane's own thread -----------------------------------------------------------------------------------------------------------------

void LaneLog::run() {
  for (bool stop = false; !stop;) {
    {
      std::unique_lock lock(mutex_);
      const bool idle = to_send_.empty() && sent_.empty();
      // A batch that found the send queue full is tried again soon.
      arrived_.wait_for(lock, to_send_.empty() ? std::chrono::milliseconds{1000} : std::chrono::milliseconds{1},
                        [&] { return (closing_ && idle) || !reports_.empty() || !appended_.empty(); });
    }
    {
      const std::lock_guard work(work_);
      {
        const std::lock_guard lock(mutex_);
        std::move(appended_.begin(), appended_.end(), std::back_inserter(to_send_));
        appended_.clear();
      }
      take_reports();
      if (writer_.phase() == Phase::settling) settle();
      send();
      answer();
      const std::lock_guard lock(mutex_);
      stop = closing_ && to_send_.empty() && sent_.empty() && appended_.empty();
    }
    give_answers();
  }
}

void LaneLog::take_reports() {
  std::vector<Report> reports;
  {
    const std::lock_guard lock(mutex_);
    reports.swap(reports_);
  }
  for (const Report& report : reports) {
    const bool current = report.tenure == writer_.state().tenure;
    if (!report.delivery.ok && current) tell_trouble(fmt::format("entry {} failed: {}", report.seq, report.reason));
    writer_.reported(report.tenure, report.entry, report.delivery);
  }
  if (!reports.empty()) publish();
}

/// A gap: what lies in the log decides, not the reports.
void LaneLog::settle() {
  const auto deadline = Clock::now() + options_.open_patience;
  if (!start_reader() || !read_until([&] { return writer_.phase() != Phase::settling; }, deadline, 0, nullptr) ||
      writer_.phase() == Phase::settling)
    writer_.fail();
  if (reader_) (void)reader_->pause();
  publish();
}

void LaneLog::send() {
  while (!to_send_.empty()) {
    Sending& sending = *to_send_.front();
    if (sending.heads.empty() && sending.batch->at(0).entry->epoch() < writer_.place().tip.epoch) {
      answer_front(to_send_, AppendStatus::fenced);  // of a former tenure: it was never sent, so it never counts
      continue;
    }
    if (writer_.phase() == Phase::serving && !writer_.may_send()) {
      writer_.named(is_named());
      // Given away: what is on its way is still accepted, then the lane is let go.
      if (!writer_.may_send() && writer_.overlay() == 0) writer_.fail();
    }
    if (!writer_.may_send()) return;
    if (sending.heads.empty()) seal(to_send_.front());
    if (auto produced = produce(sending); !produced) {
      const Error& error = produced.error();
      const bool full = error.code == ErrorCode::unavailable && error.remedy == Remedy::retry;
      if (full) return;
      tell_trouble(error.message);
      return writer_.fail();
    }
    sent_.push_back(std::move(to_send_.front()));
    to_send_.pop_front();
  }
}

/// Gives the batch its place behind all that was sent before.
void LaneLog::seal(const std::shared_ptr<Sending>& sending) {
  FrameBatch& batch = *sending->batch;
  Tip tip = writer_.end();
  batch.seal(tip);
  sending->tenure = writer_.state().tenure;
  sending->heads.reserve(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const FrameView frame = batch.at(i);
    O2C_ASSERT(frame.frame.size() <= frame_limit && frame.entry->lane() == lane_);
    sending->heads.push_back(head_of(frame));
    sending->slots.push_back({sending.get(), i});
  }
  sending->awaited = batch.size();
  sending->self = sending;
  last_recorded_ = from_fb(*batch.at(batch.size() - 1).entry->recorded_at());
}

/// Hands over the records that the producer has not taken yet.
/// errors  as of Producer::produce; the rest can be tried again.
Result<void> LaneLog::produce(Sending& sending) {
  for (; sending.produced < sending.heads.size(); ++sending.produced) {
    Producer::Outgoing record;
    record.partition = static_cast<std::int32_t>(lane_);
    record.value = sending.batch->at(sending.produced).frame;
    record.opaque = &sending.slots[sending.produced];
    if (auto taken = use_->producer->produce(use_->topic, record, ValueBytes::borrowed); !taken) return taken;
    if (!sending.heads[sending.produced].opens) writer_.sent(sending.heads[sending.produced]);
  }
  return {};
}

void LaneLog::delivered(std::span<const DeliveryReport> reports) {
  while (!reports.empty()) {
    LaneLog& lane = *static_cast<const Slot*>(reports[0].opaque)->sending->lane;
    std::size_t count = 0;
    {
      const std::lock_guard lock(lane.mutex_);
      for (; count < reports.size(); ++count) {
        const DeliveryReport& report = reports[count];
        const auto& slot = *static_cast<const Slot*>(report.opaque);
        if (slot.sending->lane != &lane) break;
        const EntryHead& head = slot.sending->heads[slot.index];
        lane.reports_.push_back(
            {slot.sending->tenure, head.seq, head.hash, {report.delivered(), report.offset}, report.reason});
      }
      lane.arrived_.notify_one();
    }
    for (const DeliveryReport& report : reports.first(count))
      release(*static_cast<const Slot*>(report.opaque)->sending, 1);
    reports = reports.subspan(count);
  }
}

/// So many reports of the batch are not awaited any more.
void LaneLog::release(Sending& sending, std::size_t reports) {
  if (reports == 0 || sending.awaited.fetch_sub(reports) != reports) return;
  const std::shared_ptr<Sending> last = std::move(sending.self);
}

/// Finds every batch whose fate is known, in order.
void LaneLog::answer() {
  const std::uint64_t accepted = writer_.accepted_seq();
  while (!sent_.empty() && sent_.front()->batch->last_seq() <= accepted) answer_front(sent_, AppendStatus::durable);
  if (writer_.phase() != Phase::lost && writer_.phase() != Phase::reading) return;
  // A batch that comes when there is no tenure, or no more, will not be sent in another.
  const bool fenced = writer_.phase() == Phase::lost && writer_.loss() == LaneWriter::Loss::fenced;
  for (Batches* batches : {&sent_, &to_send_}) {
    while (!batches->empty()) {
      const bool torn = batches->front()->batch->first_seq() <= accepted;  // part of it counts
      answer_front(*batches, fenced && !torn ? AppendStatus::fenced : AppendStatus::unknown);
    }
  }
}

void LaneLog::answer_front(Batches& batches, AppendStatus status) {
  std::shared_ptr<Sending>& sending = batches.front();
  release(*sending, sending->heads.size() - sending->produced);
  answers_.push_back({std::move(sending), status});
  batches.pop_front();
}

/// The state is not locked meanwhile: whoever is answered may ask the journal.
void LaneLog::give_answers() {
  for (const Answer& answer : answers_) answer.sending->done(answer.sending->batch, answer.status);
  const std::lock_guard lock(mutex_);
  unanswered_ -= answers_.size();
  answers_.clear();
  settled_.notify_all();
}

/// The first failure of a tenure is the cause of the others.
void LaneLog::tell_trouble(std::string why) {
  if (troubled_ == writer_.state().tenure) return;
  troubled_ = writer_.state().tenure;
  const std::lock_guard lock(mutex_);
  status_.trouble = fmt::format("{}: {}", place(), why);
  if (options_.client.log()) options_.client.log()(log_error, status_.trouble);
}

/// What others may see: before anyone is answered.
void LaneLog::publish() {
  places_.note(writer_.place());
  const std::lock_guard lock(mutex_);
  status_.tip = writer_.place().tip;
  status_.offset = writer_.place().offset;
  status_.in_flight = writer_.overlay();
  status_.serving = writer_.phase() == Phase::serving || writer_.phase() == Phase::settling;
}

void LaneLog::append(SharedBatch batch, Journal::AppendDone done) {
  O2C_ASSERT(!batch->empty());
  auto sending = std::make_shared<Sending>();
  sending->lane = this;
  sending->batch = std::move(batch);
  sending->done = std::move(done);
  const std::lock_guard lock(mutex_);
  O2C_ASSERT(!closing_);
  ++unanswered_;
  appended_.push_back(std::move(sending));
  arrived_.notify_one();
}

// --- taking the lane -----------------------------------------------------------------------------------------------------------------------

Result<Tip> LaneLog::open() {
  {
    std::unique_lock lock(mutex_);
    settled_.wait(lock, [&] { return unanswered_ == 0; });
  }
  const std::lock_guard work(work_);
  if (auto taken = take_lane(); !taken) return taken.error();
  return writer_.place().tip;
}

void LaneLog::let_go() {
  const std::lock_guard work(work_);
  writer_.fail();
  publish();
}

Result<void> LaneLog::take_lane() {
  const auto deadline = Clock::now() + options_.open_patience;
  auto use = producer_.get();
  if (!use) return use.error();
  use_ = std::move(*use);
  writer_.fail();  // the former tenure ends here
  Result<void> last;
  for (int attempt = 0; attempt == 0 || Clock::now() < deadline; ++attempt) {
    if (attempt > 0) std::this_thread::sleep_for(pause_before(attempt));
    writer_.named(is_named());
    if (!writer_.state().named)
      return Error{ErrorCode::not_allowed, fmt::format("{}: the group names another process for it", place()),
                   Remedy::retry};
    last = open_once(deadline);
    publish();
    if (writer_.phase() == Phase::serving) {
      places_.keep(writer_.place());
      return reader_->pause();  // from now on the reports tell
    }
    if (!last && last.error().code == ErrorCode::integrity) return last;
  }
  if (!last) return last;
  return Error{ErrorCode::unavailable, fmt::format("{}: another writer takes it again and again", place()),
               Remedy::retry};
}

/// Reads to the end, writes a LaneOpened on the tip found there and reads up to it.
Result<void> LaneLog::open_once(Time deadline) {
  if (auto read = catch_up(0, nullptr); !read) return read;
  writer_.named(is_named());
  if (!writer_.may_open()) return {};
  const Instant at{std::max(last_recorded_.micros + 1, options_.now().micros)};
  auto sending = std::make_shared<Sending>();
  sending->lane = this;
  sending->batch = lane_opened(lane_, writer_.place().tip, random_id(), at);
  seal(sending);
  sending->tenure = writer_.begin_open(sending->heads[0]);
  if (auto produced = produce(*sending); !produced) {
    release(*sending, 1);
    writer_.fail();
    return produced;
  }
  auto read = read_until([&] { return writer_.phase() != Phase::opening; }, deadline, 0, nullptr);
  if (writer_.phase() == Phase::opening) writer_.fail();
  if (read && troubled_ == writer_.state().tenure)
    return Error{ErrorCode::unavailable, status().trouble, Remedy::retry};
  return read;
}

// --- reading -------------------------------------------------------------------------------------------------------------------------------

/// The next record read is that of the tip, or the first.
Result<void> LaneLog::start_reader() {
  if (reader_ && reader_->seek(writer_.resume_offset()) && reader_->resume()) return {};
  reader_.reset();  // one that stands elsewhere must not be read on
  auto opened =
      PartitionReader::open(options_.client, options_.topic, static_cast<std::int32_t>(lane_), writer_.resume_offset());
  if (!opened) return opened.error();
  reader_ = std::move(*opened);
  return {};
}

/// First and next offset of the log, which should be behind `offset`. A leader that was replaced and does not know it, or that is new, may
/// name an end of before: it is asked again, as long as the patience lasts, before the log is called truncated.
Result<OffsetRange> LaneLog::ask_range(std::int64_t offset) {
  const auto deadline = Clock::now() + options_.open_patience;
  for (;;) {
    auto range = reader_->watermarks(std::min<std::chrono::milliseconds>(query_time, options_.open_patience));
    if (!range || range->until > offset || Clock::now() > deadline) return range;
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
}

/// Reads, as a reader, all that is in the log now. Entries that count from seq `from` on go to the sink, if there is one.
Result<void> LaneLog::catch_up(std::uint64_t from, const Journal::EntrySink* sink) {
  if (writer_.phase() == Phase::lost) {
    if (writer_.loss() == LaneWriter::Loss::alarm) return truncated(alarm_);
    writer_.follow();
    if (auto started = start_reader(); !started) return started;
  }
  O2C_ASSERT(writer_.phase() == Phase::reading);
  if (!reader_) {
    if (auto started = start_reader(); !started) return started;
  }
  const std::int64_t offset = writer_.place().offset;
  const auto range = ask_range(offset);
  if (!range) return range.error();
  if (range->until <= offset)
    return harmed(fmt::format("it ends at offset {}, an entry that counts was at {}", range->until, offset));
  auto read = read_until([&] { return reader_->position() >= range->until; }, Clock::now() + std::chrono::hours{24},
                         from, sink);
  publish();
  if (read && !writer_.state().log.resumed())
    return harmed(fmt::format("no entry at offset {}, where one that counts was", offset));
  return read;
}

/// Feeds records to the writer until `done`, the sink's end or the deadline.
Result<void> LaneLog::read_until(const std::function<bool()>& done, Time deadline, std::uint64_t from,
                                 const Journal::EntrySink* sink) {
  Time last_news = Clock::now();
  while (!done()) {
    const ReadBatch batch = reader_->poll(records_at_once, poll_time);
    bool wanted = true;
    for (const Record& record : batch.records) {
      if (!take_record(record, from, wanted ? sink : nullptr)) wanted = false;  // no record is left out for that
      if (writer_.phase() == Phase::lost) break;
    }
    if (writer_.phase() == Phase::lost && writer_.loss() == LaneWriter::Loss::alarm) return truncated(alarm_);
    take_reports();
    if (!wanted || writer_.phase() == Phase::lost || done()) return {};
    if (batch.status == ReadStatus::deleted || batch.status == ReadStatus::truncated)
      return harmed(batch.error.message);
    const Time now = Clock::now();
    if (!batch.records.empty()) last_news = now;
    if (batch.status == ReadStatus::failed && now > last_news + options_.open_patience) return batch.error;
    if (now > deadline || now > last_news + options_.open_patience)
      return Error{ErrorCode::unavailable,
                   fmt::format("{}: no record for {} s", place(), options_.open_patience.count() / 1000),
                   Remedy::retry};
  }
  return {};
}

/// False when the sink wants no more.
bool LaneLog::take_record(const Record& record, std::uint64_t from, const Journal::EntrySink* sink) {
  const auto frame = frame_of(record, lane_, words_);
  const EntryHead head = frame ? head_of(*frame) : EntryHead{};
  const auto verdict = frame ? writer_.read(record.offset, head) : Judgement::ignored;
  if (writer_.phase() == Phase::lost && writer_.loss() == LaneWriter::Loss::alarm)
    alarm_ = fmt::format("offset {} holds seq {} of epoch {} where seq {} of epoch {} is known", record.offset,
                         head.seq, head.epoch, writer_.place().tip.seq, writer_.place().tip.epoch);
  if (verdict == Judgement::ignored && record.offset > seen_) {
    const std::lock_guard lock(mutex_);
    ++status_.ignored;
  }
  seen_ = std::max(seen_, record.offset);
  if (!frame) return true;
  const bool is_tip = head.hash == writer_.place().tip.hash;
  if (!is_tip) return true;
  last_recorded_ = from_fb(*frame->entry->recorded_at());
  if (verdict != Judgement::counts) return true;
  places_.note(writer_.place());
  return !sink || head.seq < from || (*sink)(*frame);
}

Result<void> LaneLog::read(std::uint64_t from, const Journal::EntrySink& sink) {
  std::uint64_t until = 0;
  {
    const std::lock_guard work(work_);
    const bool serving = writer_.phase() != Phase::reading && writer_.phase() != Phase::lost;
    if (!serving && writer_.place().tip.seq < from) return catch_up(from, &sink);
    if (!serving) {
      if (auto caught_up = catch_up(0, nullptr); !caught_up) return caught_up;
    }
    until = writer_.place().tip.seq;
  }
  return read_known(from, until, sink);
}

/// Entries that are known to count, from the nearest place on.
Result<void> LaneLog::read_known(std::uint64_t from, std::uint64_t until, const Journal::EntrySink& sink) {
  if (from > until) return {};
  const std::lock_guard lock(known_mutex_);
  LogPosition position(places_.before(from));
  if (!known_reader_) {
    auto opened = PartitionReader::open(options_.client, options_.topic, static_cast<std::int32_t>(lane_),
                                        position.resume_offset());
    if (!opened) return opened.error();
    known_reader_ = std::move(*opened);
  } else {
    if (auto sought = known_reader_->seek(position.resume_offset()); !sought) return sought;
    if (auto resumed = known_reader_->resume(); !resumed) return resumed;
  }
  auto read = walk(*known_reader_, position, from, until, sink);
  (void)known_reader_->pause();  // it would go on fetching
  return read;
}

Result<void> LaneLog::walk(PartitionReader& reader, LogPosition& position, std::uint64_t from, std::uint64_t until,
                           const Journal::EntrySink& sink) const {
  std::vector<std::uint64_t> words;
  Time last_news = Clock::now();
  while (position.place().tip.seq < until) {
    const ReadBatch batch = reader.poll(records_at_once, poll_time);
    for (const Record& record : batch.records) {
      const auto frame = frame_of(record, lane_, words);
      if (!frame) continue;
      const EntryHead head = head_of(*frame);
      const auto verdict = position.read(record.offset, head);
      if (verdict == Judgement::alarm) return truncated(fmt::format("offset {} holds another record", record.offset));
      if (verdict != Judgement::counts || head.seq < from) continue;
      if (!sink(*frame) || head.seq == until) return {};
    }
    if (batch.status == ReadStatus::deleted || batch.status == ReadStatus::truncated)
      return truncated(batch.error.message);
    if (!batch.records.empty()) last_news = Clock::now();
    else if (Clock::now() > last_news + options_.open_patience)
      return batch.status == ReadStatus::failed
                 ? batch.error
                 : Error{ErrorCode::unavailable, fmt::format("{}: the brokers send nothing", place()), Remedy::retry};
  }
  return {};
}

Result<Tip> LaneLog::tip() {
  {
    const std::lock_guard lock(mutex_);
    if (status_.serving) return status_.tip;
  }
  const std::lock_guard work(work_);
  if (writer_.phase() == Phase::reading || writer_.phase() == Phase::lost) {
    if (auto caught_up = catch_up(0, nullptr); !caught_up) return caught_up.error();
  }
  return writer_.place().tip;
}

LaneStatus LaneLog::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

}  // namespace o2c::kafka
