#include "engine/runtime/engine.hpp"

#include <future>
#include <map>

#include "engine/runtime/due.hpp"

namespace o2c {

/// A lane, its thread, its mailbox.
struct Engine::Worker {
  std::unique_ptr<Lane> lane;
  std::thread thread;
  std::mutex mutex;
  std::condition_variable wake;  // for the lane's thread: requests, finished batches, inspections, stop
  std::condition_variable room;  // for callers that wait for room
  std::condition_variable left;  // for those who look at a lane whose thread ends
  std::vector<Request> mailbox;
  std::vector<std::function<void()>> inspections;
  bool batch_done = false, claim_answered = false, stop = false;
  bool ended = false, gone = false;  // the thread looks at nothing new; touches the lane no more
  std::atomic<bool> failed{false};   // lost for good
  int regain_tries = 0;
  std::chrono::steady_clock::time_point regain_at;
  std::future<Result<Tip>> claim;  // under way in a thread of its own, or just answered
  std::chrono::steady_clock::time_point last_checkpoint = std::chrono::steady_clock::now();
  Result<void> failure;                                    // of the last checkpoint
  std::map<std::string, Date, std::less<>> timers_ran_on;  // by company: each has its own day
  bool just_taken = true;                                  // timers have not been looked at since the lane was taken
};

namespace {

void reply_all(std::span<Request> requests, Reply::Status status) {
  for (const Request& request : requests) {
    if (request.sink) request.sink->reply(request.tag, Reply{.status = status});
  }
}

}  // namespace

Engine::Engine(Journal& journal, std::vector<std::unique_ptr<StateStore>> stores, Clock& clock, EngineOptions options)
    : journal_(journal), stores_(std::move(stores)), clock_(clock), options_(std::move(options)) {
  O2C_ASSERT(stores_.size() == journal.lanes());
  for (LaneId id = 0; id < journal.lanes(); ++id) {
    auto worker = std::make_unique<Worker>();
    Worker* w = worker.get();
    worker->lane = std::make_unique<Lane>(id, journal_, *stores_[id], clock_, options_.lane,
                                          [this, w](const SharedBatch& batch, AppendStatus status) {
                                            if (status == AppendStatus::durable) tell(batch);
                                            // Under the lock: once the lane's thread sees the batch settled, all may be gone.
                                            const std::lock_guard lock(w->mutex);
                                            w->lane->settle();
                                            w->batch_done = true;
                                            w->wake.notify_one();
                                          });
    workers_.push_back(std::move(worker));
  }
}

void Engine::tell(const SharedBatch& batch) const {
  for (const auto& subscriber : subscribers_) subscriber(batch);
}

Engine::~Engine() { (void)close(); }

Result<std::uint64_t> Engine::recover() {
  std::uint64_t replayed = 0;
  for (const auto& worker : workers_) {
    auto entries = worker->lane->recover();
    if (!entries) return entries;
    replayed += *entries;
  }
  return replayed;
}

Result<void> Engine::start() {
  for (const auto& worker : workers_) {
    Lane& lane = *worker->lane;
    const auto opened = is_named(lane.id()) ? lane.open() : Result<void>{Error{ErrorCode::not_allowed, {}}};
    if (!opened && opened.error().code != ErrorCode::not_allowed) return opened;
    if (!opened) lane.stand_down();
  }
  started_ = true;
  for (const auto& worker : workers_) worker->thread = std::thread([this, w = worker.get()] { run(*w); });
  return {};
}

Result<void> Engine::close() {
  if (closed_ || !started_) return {};
  closed_ = true;
  for (const auto& worker : workers_) {
    const std::lock_guard lock(worker->mutex);
    worker->stop = true;
    worker->wake.notify_one();
    worker->room.notify_all();
  }
  for (const auto& worker : workers_) worker->thread.join();
  for (const auto& worker : workers_) {
    if (!worker->failure) return worker->failure;
    if (!worker->lane->is_whole())
      return Error{ErrorCode::outcome_unknown,
                   "the journal could not be written; what was in flight is settled at the next start", Remedy::retry};
  }
  return {};
}

void Engine::submit(std::span<Request> requests) {
  while (!requests.empty()) requests = hand_over_run(requests, WhenFull::answer_busy);
}

void Engine::submit_waiting(std::span<Request> requests) {
  while (!requests.empty()) requests = hand_over_run(requests, WhenFull::wait);
}

void Engine::submit_records(LaneId lane, std::span<Request> requests) {
  while (!requests.empty()) requests = requests.subspan(hand_over(*workers_[lane], requests, WhenFull::wait));
}

/// The first requests, as far as they are for the same lane: a run of them takes the lock once.  returns  those behind.
std::span<Request> Engine::hand_over_run(std::span<Request> requests, WhenFull when_full) {
  Worker& worker = *workers_[lane_of(requests[0], lanes())];
  return requests.subspan(hand_over(worker, requests.first(run_of_lane(requests, lanes())), when_full));
}

/// returns  how many were put into the mailbox or answered, at least one.
std::size_t Engine::hand_over(Worker& worker, std::span<Request> requests, WhenFull when_full) {
  std::size_t taken = 0;
  bool stopped = false;
  {
    std::unique_lock lock(worker.mutex);
    const auto room = [&] { return options_.mailbox_max - std::min(options_.mailbox_max, worker.mailbox.size()); };
    if (when_full == WhenFull::wait) worker.room.wait(lock, [&] { return worker.stop || room() > 0; });
    stopped = !started_ || worker.lane->lost() || worker.stop;
    if (!stopped) {
      taken = std::min(requests.size(), room());
      worker.mailbox.insert(worker.mailbox.end(), std::make_move_iterator(requests.begin()),
                            std::make_move_iterator(requests.begin() + static_cast<std::ptrdiff_t>(taken)));
      worker.wake.notify_one();
    }
  }
  if (!stopped && when_full == WhenFull::wait) return taken;
  reply_all(requests.subspan(taken), stopped ? Reply::Status::unavailable : Reply::Status::busy);
  return requests.size();
}

void Engine::run(Worker& worker) {
  Lane& lane = *worker.lane;
  std::vector<Request> taken;
  std::vector<std::function<void()>> inspections;
  bool stop = false;
  while (!stop) {
    {
      std::unique_lock lock(worker.mutex);
      const std::chrono::milliseconds nap = lane.lost() ? options_.regain_every / 2 : std::chrono::seconds{1};
      worker.wake.wait_for(lock, nap, [&] {
        return !worker.mailbox.empty() || worker.batch_done || worker.claim_answered || !worker.inspections.empty() ||
               worker.stop;
      });
      worker.batch_done = worker.claim_answered = false;
      stop = worker.ended = worker.stop && worker.mailbox.empty();
      taken.swap(worker.mailbox);
      inspections.swap(worker.inspections);
      if (!taken.empty()) worker.room.notify_all();
    }
    const auto wait_for_batch = [&](auto&& condition) {
      std::unique_lock lock(worker.mutex);
      worker.wake.wait(lock, [&] { return condition(); });
    };
    if (options_.timers && !lane.lost()) run_timers(worker);
    for (Request& request : taken) {
      if (!lane.can_take()) wait_for_batch([&] { return lane.can_take(); });
      if (lane.lost()) {
        reply_all({&request, 1}, Reply::Status::unavailable);
        continue;
      }
      lane.handle(std::move(request));
      lane.flush(Flush::worthwhile);
    }
    taken.clear();
    lane.flush(stop || !inspections.empty() ? Flush::now : Flush::idle);
    if (stop || !inspections.empty()) wait_for_batch([&] { return lane.in_flight() == 0; });
    for (const auto& inspection : inspections) inspection();
    inspections.clear();
    if (!stop) idle_work(worker);
  }
  if (worker.claim.valid()) worker.claim.wait();
  if (lane.is_whole() && !worker.failed && lane.entries_since_checkpoint() > 0)
    worker.failure = checkpoint_lane(worker);
  const std::lock_guard lock(worker.mutex);
  worker.gone = true;
  worker.left.notify_all();
}

/// Takes a lost lane again when its time has come, or follows it while another process is to have it. What was decided and not accepted is
/// dropped; its callers were told `unknown`. The lane's thread answers commands and reads while the claim is under way.
void Engine::regain(Worker& worker) {
  Lane& lane = *worker.lane;
  if (worker.failed) return;
  lane.flush(Flush::now);
  {
    std::unique_lock lock(worker.mutex);
    worker.wake.wait(lock, [&] { return lane.in_flight() == 0; });
  }
  const bool to_have = is_named(lane.id());
  if (worker.claim.valid()) {
    if (worker.claim.wait_for(std::chrono::seconds{0}) != std::future_status::ready) return;
    const Result<Tip> claimed = worker.claim.get();
    if (claimed && !to_have) return lane.unclaim();
    return regained(worker, to_have, claimed ? lane.take(*claimed) : Result<void>{claimed.error()});
  }
  if (std::chrono::steady_clock::now() < worker.regain_at) return;
  if (!to_have) return regained(worker, to_have, follow(worker));
  worker.claim = std::async(std::launch::async, [w = &worker] {
    auto claimed = w->lane->claim();
    const std::lock_guard lock(w->mutex);
    w->claim_answered = true;
    w->wake.notify_one();
    return claimed;
  });
}

/// to_have  whether the lane was taken, or only followed.
void Engine::regained(Worker& worker, bool to_have, const Result<void>& done) {
  auto pause = to_have ? options_.regain_every : options_.follow_every;
  if (done) {
    worker.regain_tries = 0;
    worker.just_taken = to_have;  // what timers did may be among what was dropped
    // The entry that took the lane comes in no batch. Who cannot be told now is told with the next one.
    if (to_have) (void)worker.lane->tell_last([this](const SharedBatch& batch) { tell(batch); });
  } else {
    const ErrorCode code = done.error().code;
    worker.failed = code == ErrorCode::integrity || code == ErrorCode::outcome_unknown;
    worker.failure = worker.failed ? done : Result<void>{};
    pause *= 1 << std::min(worker.regain_tries++, 5);
  }
  worker.regain_at = std::chrono::steady_clock::now() + pause;
}

Result<void> Engine::follow(Worker& worker) {
  if (auto followed = worker.lane->follow([this](const SharedBatch& batch) { tell(batch); }); !followed)
    return followed;
  checkpoint_when_due(worker);
  return {};
}

void Engine::idle_work(Worker& worker) {
  if (worker.lane->lost()) return regain(worker);
  if (worker.lane->can_take()) worker.lane->cover_skipped(), worker.lane->flush(Flush::idle);
  checkpoint_when_due(worker);
}

void Engine::checkpoint_when_due(Worker& worker) {
  const auto now = std::chrono::steady_clock::now();
  const std::uint64_t entries = worker.lane->entries_since_checkpoint();
  const bool due = entries >= options_.checkpoint_entries ||
                   (entries > 0 && now - worker.last_checkpoint >= options_.checkpoint_every);
  if (!due) return;
  worker.failure = checkpoint_lane(worker);
  worker.last_checkpoint = now;
}

/// What fell due comes before the commands that were just taken: nobody decides on a reservation that is over. Once when the lane is taken, then
/// with each new day; a company that was opened meanwhile has nothing from before. So it never hangs on how commands came together in a round.
void Engine::run_timers(Worker& worker) {
  Lane& lane = *worker.lane;
  for (const auto& [company, state] : lane.companies()) {
    if (!state.opened()) continue;
    const Date today = lane.today(company);
    const auto [ran_on, first] = worker.timers_ran_on.try_emplace(company, today);
    if (!worker.just_taken && (first || ran_on->second == today)) continue;
    for (Request& request : due_requests(company, state, today)) {
      if (!lane.can_take()) {
        std::unique_lock lock(worker.mutex);
        worker.wake.wait(lock, [&] { return lane.can_take(); });
      }
      if (lane.lost()) return;  // once it is back they are found again, with the same ids
      lane.handle(std::move(request));
      lane.flush(Flush::worthwhile);
    }
    ran_on->second = today;
  }
  worker.just_taken = false;
  lane.flush(Flush::idle);
}

Result<void> Engine::checkpoint_lane(Worker& worker) {
  Lane& lane = *worker.lane;
  lane.flush(Flush::now);
  {
    std::unique_lock lock(worker.mutex);
    worker.wake.wait(lock, [&] { return lane.in_flight() == 0; });
  }
  if (!lane.is_whole()) return {};
  return lane.commit_checkpoint(lane.take_checkpoint());
}

void Engine::stand_down(LaneId id) {
  inspect_lane(id, [](Lane& lane) {
    if (!lane.lost()) lane.stand_down();
  });
}

bool Engine::serves(LaneId lane) const { return started_ && !workers_[lane]->lane->lost(); }

void Engine::inspect_lane(LaneId id, const std::function<void(Lane&)>& f) {
  Worker& worker = *workers_[id];
  if (!started_) return f(*worker.lane);  // nobody else touches the lane then
  std::mutex mutex;
  std::condition_variable done;
  bool ran = false;
  {
    std::unique_lock lock(worker.mutex);
    if (worker.ended) {  // those who still ask do so one at a time
      worker.left.wait(lock, [&] { return worker.gone; });
      return f(*worker.lane);
    }
    worker.inspections.emplace_back([&] {
      f(*worker.lane);
      const std::lock_guard guard(mutex);
      ran = true;
      done.notify_one();
    });
    worker.wake.notify_one();
  }
  std::unique_lock lock(mutex);
  done.wait(lock, [&] { return ran; });
}

Result<void> Engine::inspect(std::string_view company, const std::function<void(const CompanyState*)>& f) {
  Result<void> seen;
  inspect_lane(lane_of(company, lanes()), [&](Lane& lane) {
    if (!lane.is_whole()) seen = lane_is_lost(lane.id());
    else f(lane.company(company));
  });
  return seen;
}

Error lane_is_lost(LaneId lane) {
  return {ErrorCode::unavailable, fmt::format("lane {} is lost for the moment; it is being taken again", lane),
          Remedy::retry};
}

Result<void> Engine::checkpoint() {
  for (const auto& worker : workers_) {
    Result<void> result;
    inspect_lane(worker->lane->id(), [&](Lane& lane) {
      if (lane.is_whole() && lane.entries_since_checkpoint() > 0)
        result = lane.commit_checkpoint(lane.take_checkpoint());
    });
    if (!result) return result;
  }
  return {};
}

std::uint64_t Engine::durable_seq(LaneId lane) const { return workers_[lane]->lane->durable_seq(); }

bool Engine::failed() const {
  return std::any_of(workers_.begin(), workers_.end(), [](const auto& worker) { return worker->failed.load(); });
}

void WaitingSink::reply(std::uint64_t, const Reply& reply) {
  const std::lock_guard lock(mutex_);
  reply_ = reply;
  if (reply.frame.entry) {
    copy_.resize(reply.frame.frame.size() / 8);
    std::memcpy(copy_.data(), reply.frame.frame.data(), reply.frame.frame.size());
    reply_.frame = frame_in(copy_);
  }
  done_ = true;
  ready_.notify_one();
}

const Reply& WaitingSink::wait() {
  std::unique_lock lock(mutex_);
  ready_.wait(lock, [&] { return done_; });
  return reply_;
}

}  // namespace o2c
