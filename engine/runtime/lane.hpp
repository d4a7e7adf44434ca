#pragma once
#include <atomic>
#include <chrono>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "engine/domain/decide.hpp"
#include "engine/ports/clock.hpp"
#include "engine/ports/state_store.hpp"
#include "engine/runtime/known_commands.hpp"
#include "engine/runtime/request.hpp"

namespace o2c {

struct LaneOptions {
  std::size_t batch_entries_max = 1024;
  std::size_t batch_entries_worth = 512;  // an fsync costs as much as deciding some hundred commands
  std::size_t batch_bytes_max = 1 << 20;
  std::size_t batches_in_flight_max = 8;
  std::size_t recent_bytes_max = std::size_t{8} << 20;  // decided entries kept for repeats
  std::uint32_t skipped_max = 1000;       // records of a topic that left no entry; so many get one together
  std::chrono::seconds skipped_time{10};  // or as many as there are after this time
};

/// When the batch that is being filled leaves for the journal. A full one leaves at once.
enum class Flush {
  worthwhile,  // the journal is idle and the batch is worth an fsync: for when more requests wait
  idle,        // the journal is idle
  now,
};

/// One sequence: decides the commands of its companies one after another on state in memory, hands batches of entries to the journal, and
/// answers when they are durable. Holds no thread of its own: the engine runs it on one, the simulation steps it.
///
/// threads    every method on one thread, except `durable_seq` and the journal's completion, which comes from a thread of the journal.
/// invariant  nothing that is not in the journal reaches a caller, a read model or the state store.
class Lane {
 public:
  /// Gets each batch and its fate, in order, from a thread of the journal, after the callers were answered. Calls `settle` last.
  using BatchSink = std::function<void(const SharedBatch&, AppendStatus)>;

  Lane(LaneId id, Journal& journal, StateStore& store, Clock& clock, LaneOptions options, BatchSink sink);
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// Checkpoint + replay up to the durable tip; appends nothing. A checkpoint of another state version is thrown away and everything is
  /// replayed; one that the journal does not bear out (journal behind it, other hash) is an integrity error.  returns  entries replayed.
  Result<std::uint64_t> recover();
  /// Takes the lane for writing, then folds what recover has not seen.
  Result<void> open();
  /// Lets the lane go, all that was decided being durable: it is lost() from now on.
  void stand_down();
  /// While lost, with nothing in flight: folds what the journal holds by now, whoever wrote it. What was decided here and not accepted is dropped
  /// first, and checkpoint and journal are folded again.
  /// f  gets what others wrote, in batches, in order; not what is folded again.
  Result<void> follow(const std::function<void(const SharedBatch&)>& f);
  /// The journal's part of taking the lane anew. Touches nothing else of the lane, so another thread may wait for it: with a broker that is away it
  /// takes seconds.
  Result<Tip> claim() { return journal_.open(id_); }
  /// The lane's part, while lost, with nothing in flight: what was decided here and not accepted is dropped, the rest is folded up to the claim.
  /// errors  as of Journal::read; the lane stays lost and can be claimed again later.
  Result<void> take(const Tip& claimed);
  /// A claim that is not wanted any more: another is to have the lane.
  void unclaim() { journal_.release(id_); }
  /// Hands over the newest entry once more, for those who follow the lane by batches and learn by its number what they missed.
  Result<void> tell_last(const std::function<void(const SharedBatch&)>& f) const;

  /// Decides a command on top of everything decided before, or answers it at once. Needs `can_take()`. Once
  /// lost(), which another thread may find out at any moment, it ends as `unknown`.
  ///
  /// A record of a topic is taken only where the lane's source position is. Behind it, it is answered `unavailable`: records before it are
  /// missing, its reader has to seek. Before it, its command is never decided: it gets the first answer again, `too_old` when there is none.
  void handle(Request request);
  /// Where the lane's reader of this partition has to go on: behind the last record that was taken.
  std::int64_t source_position(std::string_view topic, std::int32_t partition) const;
  /// Appends entries for records that left none and wait for one for too long.
  void cover_skipped();
  /// Whether another batch may be filled: bounds what is in flight.
  bool can_take() const { return in_flight_.load(std::memory_order_acquire) < options_.batches_in_flight_max; }
  /// Hands over the batch being filled when there is one and its time has come.
  void flush(Flush when);
  bool has_batch() const;
  /// One batch less is in flight. The owner may be gone when it returns, so nothing of the lane is touched behind it.
  void settle() { in_flight_.fetch_sub(1, std::memory_order_acq_rel); }
  std::size_t in_flight() const { return in_flight_.load(std::memory_order_acquire); }

  std::uint64_t decided_seq() const { return seq_; }
  std::uint64_t durable_seq() const { return durable_.load(std::memory_order_acquire); }
  /// The journal answered fenced or unknown: nothing more is decided; open anew or stop.
  bool lost() const { return lost_.load(std::memory_order_acquire); }
  /// Whether the companies are what the journal holds, as far as it was folded: not when something was decided and lost. The lane's thread.
  bool is_whole() const { return !lost() || folded_only_; }

  /// The rows changed since the last call, as of `seq` = decided_seq().
  struct Checkpoint {
    std::uint64_t seq = 0;
    std::vector<StateWrite> writes;
  };
  Checkpoint take_checkpoint();
  /// Stores a checkpoint whose seq is durable. May run on another thread than the lane's, one at a time.
  Result<void> commit_checkpoint(Checkpoint checkpoint);
  std::uint64_t entries_since_checkpoint() const { return seq_ - checkpoint_seq_; }

  const std::map<std::string, CompanyState, std::less<>>& companies() const { return companies_; }
  const CompanyState* company(std::string_view id) const;
  LaneId id() const { return id_; }
  /// Recorded time of the newest entry.
  Instant last_recorded() const { return last_recorded_; }
  Date today(std::string_view company);

 private:
  struct InFlight;
  class BatchPool;
  struct Waiting {
    std::uint64_t seq;
    ReplySink* sink;
    std::uint64_t tag;
    Reply::Status as;  // decided or conflict
  };

  Date day_of(Instant now, std::string_view company);
  void leave(const Request& request);
  bool take_record(const Request& request);
  void skip_record(const SourceRecord& record, Skip why);
  void append_skipped(const SourcePositions::Source& source);
  std::optional<KnownCommands::Known> find_known(const Request& request) const;
  void answer_known(const Request& request, const KnownCommands::Known& known);
  void answer_repeat(const Request& request, std::uint64_t seq, Reply::Status as);
  void reply_repeat(const Waiting& caller);
  void append_entry(const Request& request, CompanyState& state, Instant recorded_at);
  void build_entry(const Request& request, const Verdict& verdict, Instant recorded_at, Date day);
  FrameView add_to_batch(const Request& request);
  void flush_full();
  void fold(const FrameView& frame);
  void done(InFlight& in_flight, AppendStatus status);
  Result<void> load_checkpoint();
  Result<std::uint64_t> replay();
  Result<void> fold_to(const Tip& claimed);
  void forget();
  Result<void> fold_tail(const std::function<void(const SharedBatch&)>& f);
  void remember(std::string_view company, const fb::Command& command, const Hash32& hash, std::uint64_t seq,
                Instant recorded_at);

  const LaneId id_;
  Journal& journal_;
  StateStore& store_;
  Clock& clock_;
  const LaneOptions options_;
  const BatchSink sink_;
  const std::shared_ptr<BatchPool> batches_;

  std::map<std::string, CompanyState, std::less<>> companies_;
  KnownCommands known_;
  SourcePositions sources_;
  std::uint64_t epoch_ = 0, seq_ = 0, checkpoint_seq_ = 0;
  std::vector<StateWrite> unwritten_;  // of the last checkpoint, when it failed: they are in no row that changes again
  Hash32 folded_hash_;                 // of the entry folded last from the journal
  bool folded_only_ = false;           // nothing was decided since: the state is the fold up to that entry
  Instant last_recorded_{};
  flatbuffers::FlatBufferBuilder builder_{4096};
  Decision decision_{builder_};
  std::shared_ptr<InFlight> current_;
  struct CachedDay {
    std::int64_t window = -1;
    Date date;
  };
  std::map<std::string, CachedDay, std::less<>> days_;

  std::atomic<std::size_t> in_flight_{0};
  std::atomic<std::uint64_t> durable_{0};
  std::atomic<bool> lost_{false};
  std::mutex mutex_;  // guards what both threads touch below
  std::vector<Waiting> waiting_;
  std::deque<SharedBatch> recent_;  // durable batches, newest last
  std::size_t recent_bytes_ = 0;
};

}  // namespace o2c
