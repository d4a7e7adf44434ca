#include "engine/runtime/lane.hpp"

#include "engine/process/messages.hpp"
#include "events/base/seeded_bug.hpp"

namespace o2c {

/// A batch on its way and who waits for its entries.
struct Lane::InFlight {
  struct Caller {
    ReplySink* sink;
    std::uint64_t tag;
  };
  SharedBatch batch;
  std::vector<Caller> callers;  // parallel to the batch's entries
};

/// Batches whose last user is done are used again: to get memory from the kernel and give it back costs more than deciding does.
class Lane::BatchPool : public std::enable_shared_from_this<BatchPool> {
 public:
  explicit BatchPool(std::size_t room) : room_(room) {}
  SharedBatch empty(LaneId lane) {
    const auto give_back = [pool = shared_from_this()](FrameBatch* batch) {
      pool->keep(std::unique_ptr<FrameBatch>(batch));
    };
    const std::lock_guard lock(mutex_);
    if (spare_.empty()) return {new FrameBatch(lane, room_), give_back};
    SharedBatch batch{spare_.back().release(), give_back};
    spare_.pop_back();
    return batch;
  }

 private:
  void keep(std::unique_ptr<FrameBatch> batch) {
    constexpr std::size_t spare_max = 64;
    const std::lock_guard lock(mutex_);
    if (spare_.size() >= spare_max) return;
    batch->clear();
    spare_.push_back(std::move(batch));
  }

  const std::size_t room_;  // bytes
  std::mutex mutex_;
  std::vector<std::unique_ptr<FrameBatch>> spare_;
};

Lane::Lane(LaneId id, Journal& journal, StateStore& store, Clock& clock, LaneOptions options, BatchSink sink)
    : id_(id),
      journal_(journal),
      store_(store),
      clock_(clock),
      options_(options),
      sink_(std::move(sink)),
      batches_(std::make_shared<BatchPool>(options.batch_bytes_max)) {}
Lane::~Lane() = default;

const CompanyState* Lane::company(std::string_view id) const {
  const auto at = companies_.find(id);
  return at == companies_.end() ? nullptr : &at->second;
}

Date Lane::today(std::string_view company) {
  return day_of(Instant{std::max(last_recorded_.micros, clock_.now().micros)}, company);
}

Date Lane::day_of(Instant now, std::string_view company) {
  constexpr std::int64_t quarter_hour = std::int64_t{900} * 1'000'000;  // no zone changes its offset at a finer grain
  auto at = days_.find(company);
  if (at == days_.end()) at = days_.emplace(std::string(company), CachedDay{}).first;
  if (at->second.window != now.micros / quarter_hour) {
    const CompanyState* state = this->company(company);
    const std::string_view zone =
        state && state->opened() ? std::string_view{state->books().time_zone} : std::string_view{"UTC"};
    at->second = {now.micros / quarter_hour, clock_.business_date(now, zone)};
  }
  return at->second.date;
}

void Lane::handle(Request request) {
  if (request.record && !take_record(request)) return;
  if (const auto known = find_known(request)) {
    if (request.record) skip_record(*request.record, Skip::repeated);  // the caller keeps it until the answer
    return answer_known(request, *known);
  }
  const fb::Command& command = request.view();
  const Instant recorded_at{std::max(last_recorded_.micros + 1, clock_.now().micros)};
  const std::optional<Instant> issued =
      command.issued_at() ? std::optional{from_fb(*command.issued_at())} : std::nullopt;
  if (issued && !command.source_key() &&
      (*issued < known_.oldest_known(recorded_at) || *issued > known_.latest_issued(recorded_at))) {
    if (request.record) skip_record(*request.record, Skip::not_allowed);
    if (request.sink) request.sink->reply(request.tag, Reply{.status = Reply::Status::too_old, .lane = id_});
    return;
  }
  const std::string_view company = view(command.company());
  auto state = companies_.find(company);
  if (state == companies_.end()) state = companies_.emplace(std::string(company), CompanyState{}).first;
  if (comes_too_early(state->second, command)) leave(request);
  else append_entry(request, state->second, recorded_at);
  if (!state->second.opened()) {  // whoever makes up names of companies takes no memory
    days_.erase(state->first);
    companies_.erase(state);
  }
}

/// Nothing happens and nothing is remembered: the same command may come again.
void Lane::leave(const Request& request) {
  if (request.record) skip_record(*request.record, Skip::not_allowed);
  const Reply::Status status = request.record ? Reply::Status::too_old : Reply::Status::busy;
  if (request.sink) request.sink->reply(request.tag, Reply{.status = status, .lane = id_});
}

/// A record counts once, and behind all before it.  returns  whether its command is handled as any other.
bool Lane::take_record(const Request& request) {
  const SourceRecord& record = *request.record;
  SourcePositions::Source& source = sources_.of(record.topic, record.partition);
  const bool next = record.from == source.taken && record.offset >= source.taken;
  const bool taken_before = record.offset < source.taken;
  if (next) source.taken = record.offset + 1;
  if (next && record.skip == Skip::none) return true;
  if (next) skip_record(record, record.skip);
  if (taken_before && record.skip == Skip::none) {
    if (const auto known = find_known(request)) {
      answer_known(request, *known);
      return false;
    }
  }
  Reply reply{.status = Reply::Status::unavailable, .lane = id_};
  if (next || taken_before) reply.status = record.skip == Skip::none ? Reply::Status::too_old : Reply::Status::skipped;
  if (request.sink) request.sink->reply(request.tag, reply);
  return false;
}

void Lane::skip_record(const SourceRecord& record, Skip why) {
  SourcePositions::Source& source = sources_.of(record.topic, record.partition);
  source.skip(why, clock_.now());
  if (source.skipped() >= options_.skipped_max) append_skipped(source);
}

std::int64_t Lane::source_position(std::string_view topic, std::int32_t partition) const {
  const auto* source = sources_.find(topic, partition);
  return source ? source->taken : 0;
}

void Lane::cover_skipped() {
  const std::int64_t before = clock_.now().micros - std::chrono::microseconds(options_.skipped_time).count();
  for (const SourcePositions::Source& source : sources_.all()) {
    if (source.skipped() > 0 && source.since.micros <= before) append_skipped(source);
  }
}

void Lane::append_skipped(const SourcePositions::Source& source) {
  last_recorded_ = Instant{std::max(last_recorded_.micros + 1, clock_.now().micros)};
  builder_.Clear();
  const auto topic = put(builder_, source.topic);
  const auto skipped = fb::CreateSourceSkipped(builder_, topic, source.partition, source.counted, source.taken,
                                               source.repeated, source.malformed, source.not_allowed);
  const fb::Hash32 no_hash{};
  const fb::Instant recorded = to_fb(last_recorded_);
  fb::EntryBuilder entry(builder_);
  entry.add_lane(id_), entry.add_seq(seq_ + 1), entry.add_epoch(epoch_), entry.add_prev_hash(&no_hash);
  entry.add_recorded_at(&recorded), entry.add_kind(fb::EntryKind::source_skipped), entry.add_skipped(skipped);
  builder_.Finish(entry.Finish());
  sources_.fold(*add_to_batch({}).entry);
  flush_full();
}

std::optional<KnownCommands::Known> Lane::find_known(const Request& request) const {
  const fb::Command& command = request.view();
  const std::string_view company = view(command.company());
  std::optional<KnownCommands::Known> known;
  if (command.source_key()) known = known_.find_source(KnownCommands::key_of(company, view(command.source_key())));
  if (!known) known = known_.find(KnownCommands::key_of(company, Id16::from(*command.command_id())));
  if (known && O2C_BUG(repeat_in_flight_decided_again) && known->seq > durable_seq()) return std::nullopt;
  return known;
}

void Lane::answer_known(const Request& request, const KnownCommands::Known& known) {
  std::uint64_t hash = 0;
  std::memcpy(&hash, request.hash.bytes.data(), 8);
  const bool same = known.request_hash == hash || O2C_BUG(other_content_is_a_repeat);
  answer_repeat(request, known.seq, same ? Reply::Status::decided : Reply::Status::conflict);
}

void Lane::answer_repeat(const Request& request, std::uint64_t seq, Reply::Status as) {
  if (!request.sink) return;
  const Waiting caller{seq, request.sink, request.tag, as};
  {
    // The first answer is not out yet: this caller waits for the same entry. A conflict too, because the entry that it is in conflict with may
    // still be lost, and another copy of this command may count instead.
    const std::lock_guard lock(mutex_);
    const bool at_once = as == Reply::Status::conflict && O2C_BUG(conflict_with_what_may_be_lost);
    if (seq > durable_seq() && !at_once) {
      if (!lost()) return waiting_.push_back(caller);
      // What it waits for was lost just now, and those who waited were told.
      return request.sink->reply(request.tag, Reply{.status = Reply::Status::unknown, .lane = id_, .seq = seq});
    }
  }
  reply_repeat(caller);
}

void Lane::reply_repeat(const Waiting& caller) {
  const std::uint64_t seq = caller.seq;
  if (caller.as == Reply::Status::conflict)
    return caller.sink->reply(caller.tag, Reply{.status = Reply::Status::conflict, .lane = id_, .seq = seq});
  SharedBatch batch;
  {
    const std::lock_guard lock(mutex_);
    const auto at = std::partition_point(recent_.begin(), recent_.end(),
                                         [seq](const SharedBatch& b) { return b->last_seq() < seq; });
    if (at != recent_.end() && (*at)->first_seq() <= seq) batch = *at;
  }
  Reply reply{.status = Reply::Status::decided, .repeat = true, .lane = id_, .seq = seq};
  if (batch) reply.frame = batch->at(seq - batch->first_seq());
  caller.sink->reply(caller.tag, reply);
}

void Lane::remember(std::string_view company, const fb::Command& command, const Hash32& hash, std::uint64_t seq,
                    Instant recorded_at) {
  KnownCommands::Known known{seq, 0};
  std::memcpy(&known.request_hash, hash.bytes.data(), 8);
  known_.add(KnownCommands::key_of(company, Id16::from(*command.command_id())), known, recorded_at);
  if (command.source_key()) known_.add_source(KnownCommands::key_of(company, view(command.source_key())), known);
}

void Lane::append_entry(const Request& request, CompanyState& state, Instant recorded_at) {
  const fb::Command& command = request.view();
  const std::string_view company = view(command.company());
  last_recorded_ = recorded_at;
  const Date day = day_of(recorded_at, company);
  builder_.Clear();
  decision_.clear();
  Verdict verdict;
  if (const auto* open = command.body_as_OpenCompany(); open && !clock_.knows_zone(view(open->time_zone()))) {
    verdict = refuse(Refusal::invalid_value, "/time_zone", "no IANA time zone of that name");
  } else {
    verdict = decide(state, Context{company, view(command.actor()), recorded_at, day}, command, decision_);
  }
  if (!verdict) decision_.clear(), builder_.Clear();  // whatever was added counts for nothing
  if (O2C_BUG(refusal_draws_number) && !verdict && command.body_type() == fb::CommandBody::IssueInvoice)
    ++state.series.change_or_add("INV").last;
  build_entry(request, verdict, recorded_at, day);
  constexpr std::size_t spare = 1024;  // a copy in another lane or with another source is a little larger
  if (frame_bytes(builder_.GetSize(), request.command.size()) > frame_limit - spare) {
    verdict = refuse(Refusal::entry_too_large, {},
                     fmt::format("{} bytes come of it, {} are possible", builder_.GetSize() + request.command.size(),
                                 frame_limit - spare));
    decision_.clear(), builder_.Clear();
    build_entry(request, verdict, recorded_at, day);
  }

  const FrameView stored = add_to_batch(request);
  if (stored.entry->events()) {
    for (const fb::Event* event : *stored.entry->events()) evolve(state, *event);
  }
  remember(company, command, request.hash, seq_, recorded_at);
  if (request.record) sources_.fold(*stored.entry);
  if (command.body_type() == fb::CommandBody::OpenCompany) days_.clear();  // only now its time zone is known
  if (O2C_BUG(acknowledged_before_durable) && request.sink) {
    current_->callers.back().sink = nullptr;
    request.sink->reply(request.tag,
                        Reply{.status = Reply::Status::decided, .lane = id_, .seq = seq_, .frame = stored});
  }
  flush_full();
}

/// In the builder, behind the events that the decision has put there.
void Lane::build_entry(const Request& request, const Verdict& verdict, Instant recorded_at, Date day) {
  flatbuffers::Offset<fb::Refused> refused;
  if (!verdict)
    refused = fb::CreateRefused(builder_, verdict.code, put(builder_, verdict.place), put(builder_, verdict.detail));
  flatbuffers::Offset<fb::Answer> answer;
  if (verdict && !decision_.answer_id().empty()) {
    const auto id = put(builder_, decision_.answer_id());
    const auto status = put(builder_, decision_.answer_status());
    answer = fb::CreateAnswer(builder_, decision_.answer_stream(), id, decision_.answer_version(), status);
  }
  const auto events = decision_.size() ? builder_.CreateVector(decision_.events()) : 0;
  flatbuffers::Offset<fb::Source> source;
  if (const SourceRecord* record = request.record) {
    source =
        fb::CreateSource(builder_, request.source, put(builder_, record->topic), record->partition, record->offset);
  } else if (request.source != fb::SourceKind::api) {
    source = fb::CreateSource(builder_, request.source);
  }
  const fb::Hash32 no_hash{}, command_hash = request.hash.to_fb();
  const fb::Instant recorded = to_fb(recorded_at);
  const fb::Date business_date = to_fb(day);
  builder_.Finish(fb::CreateEntry(builder_, id_, seq_ + 1, epoch_, &no_hash, &recorded, fb::EntryKind::command, nullptr,
                                  &business_date, &command_hash, source,
                                  verdict ? fb::Outcome::accepted : fb::Outcome::refused, refused, events, answer));
}

/// The entry in the builder, with the request's command and caller.  returns  the bytes that will be stored: what is folded is read from them.
FrameView Lane::add_to_batch(const Request& request) {
  if (!current_) current_ = std::make_shared<InFlight>(batches_->empty(id_));
  current_->batch->add({builder_.GetBufferPointer(), builder_.GetSize()}, request.command);
  current_->callers.push_back({request.sink, request.tag});
  ++seq_;
  return current_->batch->at(current_->batch->size() - 1);
}

void Lane::flush_full() {
  if (current_->batch->size() >= options_.batch_entries_max ||
      current_->batch->bytes().size() >= options_.batch_bytes_max)
    flush(Flush::now);
}

bool Lane::has_batch() const { return current_ && !current_->batch->empty(); }

void Lane::flush(Flush when) {
  if (!has_batch() || (when != Flush::now && in_flight() > 0) ||
      (when == Flush::worthwhile && current_->batch->size() < options_.batch_entries_worth))
    return;
  std::shared_ptr<InFlight> leaving = std::move(current_);
  current_.reset();
  in_flight_.fetch_add(1, std::memory_order_acq_rel);
  SharedBatch batch = leaving->batch;
  journal_.append(std::move(batch),
                  [this, leaving](const SharedBatch&, AppendStatus status) { done(*leaving, status); });
}

void Lane::done(InFlight& in_flight, AppendStatus status) {
  const SharedBatch& batch = in_flight.batch;
  std::vector<Waiting> released;
  if (status == AppendStatus::durable) {
    const std::lock_guard lock(mutex_);
    durable_.store(batch->last_seq(), std::memory_order_release);
    recent_.push_back(batch);
    recent_bytes_ += batch->bytes().size();
    while (recent_.size() > 1 && recent_bytes_ > options_.recent_bytes_max) {
      recent_bytes_ -= recent_.front()->bytes().size();
      recent_.pop_front();
    }
    for (std::size_t i = 0; i < waiting_.size();) {
      if (waiting_[i].seq > batch->last_seq()) {
        ++i;
        continue;
      }
      released.push_back(waiting_[i]);
      waiting_[i] = waiting_.back();
      waiting_.pop_back();
    }
  } else {
    lost_.store(true, std::memory_order_release);
    const std::lock_guard lock(mutex_);
    released.swap(waiting_);
  }
  for (std::size_t i = 0; i < in_flight.callers.size(); ++i) {
    const auto& caller = in_flight.callers[i];
    if (!caller.sink) continue;
    Reply reply{.status = Reply::Status::unknown, .lane = id_, .seq = batch->first_seq() + i};
    if (status == AppendStatus::durable || O2C_BUG(unknown_answered_as_decided))
      reply.status = Reply::Status::decided, reply.frame = batch->at(i);
    caller.sink->reply(caller.tag, reply);
  }
  for (const Waiting& w : released) {
    if (status == AppendStatus::durable) reply_repeat(w);
    else w.sink->reply(w.tag, Reply{.status = Reply::Status::unknown, .lane = id_, .seq = w.seq});
  }
  if (sink_) sink_(batch, status);
  else settle();
}

}  // namespace o2c
