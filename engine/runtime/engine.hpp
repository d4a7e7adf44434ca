#pragma once
#include <condition_variable>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "engine/runtime/lane.hpp"

namespace o2c {

struct EngineOptions {
  LaneOptions lane;
  std::size_t mailbox_max = 16'384;              // requests waiting per lane; full = busy
  std::uint64_t checkpoint_entries = 2'000'000;  // a checkpoint after so many entries
  std::chrono::seconds checkpoint_every{300};    // or after this time when something changed
  bool timers = false;  // run what falls due by the calendar (reservations that expire), before other commands
  /// Whether this process is to have a lane; absent: every lane. One that it is not to have is followed, and taken once that changes.
  std::function<bool(LaneId)> named;
  std::chrono::milliseconds follow_every{200};  // how old a followed lane's state may be
  std::chrono::milliseconds regain_every{
      200};  // a lost lane is tried again after this time; longer each time, up to 32 times it
};

/// Runs the lanes of a journal, one thread each, and the front door to them.
///
/// owner    whoever opens it; journal, stores and clock must outlive it.
/// threads  submit, inspect: any. start, close: the owner's.
class Engine {
 public:
  Engine(Journal& journal, std::vector<std::unique_ptr<StateStore>> stores, Clock& clock, EngineOptions options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Loads checkpoints and replays; appends nothing. returns entries replayed over all lanes.
  Result<std::uint64_t> recover();
  /// Gets every durable batch, in order per lane, from a thread of the journal. Before start() only.
  void subscribe(std::function<void(const SharedBatch&)> sink) { subscribers_.push_back(std::move(sink)); }
  /// Takes the lanes for writing, those that it is to have, and starts their threads. Without it the engine only serves reads.
  Result<void> start();
  /// Lets a lane go that this process is not to have any more (`named` says so already), once all that was taken is durable.
  void stand_down(LaneId lane);
  /// Whether this process has the lane, as far as it knows.
  bool serves(LaneId lane) const;
  /// Stops taking commands, makes everything durable, writes a checkpoint. Idempotent.
  Result<void> close();

  /// Hands requests over in order; each is answered through its sink exactly once. A full mailbox answers `busy`.
  void submit(Request request) { submit(std::span{&request, 1}); }
  void submit(std::span<Request> requests);
  /// As submit, but waits for room instead of answering busy (imports, benches).
  void submit_waiting(std::span<Request> requests);
  /// Records of a partition of commands, in order (Request::record is set), to the lane whose partition it is; waits for room.
  void submit_records(LaneId lane, std::span<Request> requests);

  /// Runs f on the lane's thread, between commands, when all that is decided is durable: f sees exactly what the journal holds.
  /// company unknown: f gets null. Returns when f has run.
  /// A lane that is followed shows what was folded last.
  /// errors  unavailable: the lane is lost and not back yet; f has not run.
  Result<void> inspect(std::string_view company, const std::function<void(const CompanyState*)>& f);
  /// As inspect, whether the lane is lost or not: its companies are to be looked at only when it is not. Once the lane's thread has ended f runs on
  /// the caller's, one caller at a time.
  void inspect_lane(LaneId lane, const std::function<void(Lane&)>& f);

  /// Makes a checkpoint now and waits for it.
  Result<void> checkpoint();

  StateStore& store(LaneId lane) { return *stores_[lane]; }
  std::uint32_t lanes() const { return static_cast<std::uint32_t>(workers_.size()); }
  /// Durable position of a lane.
  std::uint64_t durable_seq(LaneId lane) const;
  /// A lane was lost and cannot be had again by this process: it has to be started anew, or somebody has to look at the journal. Lanes lost for
  /// a while (no broker, another owner) are not meant: their commands are answered `unavailable` until they are back.
  bool failed() const;

 private:
  struct Worker;
  enum class WhenFull { answer_busy, wait };
  std::span<Request> hand_over_run(std::span<Request> requests, WhenFull when_full);
  std::size_t hand_over(Worker& worker, std::span<Request> requests, WhenFull when_full);
  void run(Worker& worker);
  void idle_work(Worker& worker);
  void regain(Worker& worker);
  void regained(Worker& worker, bool to_have, const Result<void>& done);
  Result<void> follow(Worker& worker);
  bool is_named(LaneId lane) const { return !options_.named || options_.named(lane); }
  void tell(const SharedBatch& batch) const;
  void run_timers(Worker& worker);
  void checkpoint_when_due(Worker& worker);
  Result<void> checkpoint_lane(Worker& worker);

  Journal& journal_;
  std::vector<std::unique_ptr<StateStore>> stores_;
  Clock& clock_;
  const EngineOptions options_;
  std::vector<std::function<void(const SharedBatch&)>> subscribers_;
  std::vector<std::unique_ptr<Worker>> workers_;
  bool started_ = false, closed_ = false;
};

/// What is said of a lane that cannot be looked at.
Error lane_is_lost(LaneId lane);

/// A sink that waits for one reply and keeps a copy of its entry.
class WaitingSink final : public ReplySink {
 public:
  void reply(std::uint64_t tag, const Reply& reply) override;
  /// The reply; its frame points into this object.
  const Reply& wait();

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  bool done_ = false;
  Reply reply_;
  std::vector<std::uint64_t> copy_;
};

}  // namespace o2c
