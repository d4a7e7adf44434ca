#pragma once
#include <boost/container/deque.hpp>
#include <utility>

#include "engine/journal/log_position.hpp"

namespace o2c {

/// What a producer reported of one record. The offset is not to be trusted alone: a success can come without one (-1001), or, when the
/// broker saw a duplicate, with a small wrong number (-1, 0, 1, ...).
struct Delivery {
  bool ok = false;
  std::int64_t offset = -1;
};

/// One writer's part of the journal protocol for one lane, one tenure after another. Pure: it is told what was read, sent and reported, and
/// says what counts and what may be done; a caller with a consumer and a producer does it.
///
///   reading  --begin_open-->  opening  --own LaneOpened read back, counts-->  serving  <--gap / all own entries counted-->  settling
///   opening, serving, settling  -->  lost  --follow-->  reading
///
/// Own entries form a chain, the overlay, on the last entry that counts: they are shown to nobody before they are accepted. An entry is
/// accepted, and place() moves over it, when its report names exactly the next offset or when it was read.
/// Invariant: a new tenure begins with a LaneOpened of its own that was read back; nothing is sent in an older one.
///
/// ownership  a value; copies are independent.  threads  one at a time.  cost  constant per own record, a foreign one looks
/// through the overlay; allocates only the overlay's room.
class LaneWriter {
 public:
  enum class Phase : std::uint8_t {
    reading,   // follows the log as a reader
    opening,   // its LaneOpened is sent, not read back yet
    serving,   // has the lane, as far as it knows
    settling,  // a gap: reads up to and past its own entries, sends nothing
    lost,      // the overlay is void; the caller drops what it decided there and calls follow()
  };
  enum class Loss : std::uint8_t {
    none,
    unknown,  // entries of the overlay may still land: a LaneOpened of its own settles it
    fenced,   // another writer has the lane: none of the overlay will ever count
    alarm,    // the log is harmed: stop; there is no way on
  };
  using Overlay = boost::container::deque<EntryHead>;
  /// All that a writer knows: what a model check stores and compares.
  struct State {
    LogPosition log;
    Phase phase = Phase::reading;
    Loss loss = Loss::none;
    bool named = false, asks = false, other_owner = true;
    std::uint64_t tenure = 0;
    EntryHead lane_opened;  // of this tenure
    Overlay overlay;        // sent, not accepted yet
    bool operator==(const State&) const = default;
  };

  /// read_so_far  a checkpoint's place, or {(0, 0, genesis), -1}.
  explicit LaneWriter(const Place& read_so_far) : state_{.log = LogPosition(read_so_far)} {}
  explicit LaneWriter(State state) : state_(std::move(state)) {}

  /// The group's answer to "is this lane mine?". Not named: opens never, sends nothing; entries on the way are still accepted.
  void named(bool by_group);

  /// Sends a LaneOpened, decided on place().tip with the next epoch and a fresh open id. Needs may_open().
  /// returns  the number of the new tenure; reports of an earlier one are void.
  std::uint64_t begin_open(const EntryHead& lane_opened);

  /// A record, in log order; the first one after construction, follow() or a change to settling is that at resume_offset().
  /// returns  what LogPosition::read says. An entry of another writer that counts is to be folded by the caller. Not when lost.
  std::optional<Judgement> read(std::int64_t offset, const EntryHead& head);

  /// An own entry, decided on end(), was handed to the producer. Needs may_send().
  void sent(const EntryHead& head);

  /// A delivery report for a record of `tenure`. Void when the fate of the entry is known already.
  void reported(std::uint64_t tenure, const Hash32& entry, const Delivery& delivery);

  /// The producer failed, or nothing came in time: what is on the way may still land.
  void fail();
  /// The consumer found the log's end before the next offset.
  void truncated() { lose(Loss::alarm); }
  /// After a loss that is no alarm: reads on from resume_offset() as a reader.
  void follow();

  Phase phase() const { return state_.phase; }
  Loss loss() const { return state_.loss; }
  /// The last entry that is accepted: callers, read models and checkpoints go by it.
  const Place& place() const { return state_.log.place(); }
  /// The last entry up to which own ones are accepted: from the tenure's LaneOpened until follow(). It is not place() when another writer's
  /// LaneOpened took the lane: that one has the seq that the first of the overlay would have had.
  std::uint64_t accepted_seq() const;
  std::int64_t resume_offset() const { return state_.log.resume_offset(); }
  /// What the next own entry is decided on.
  Tip end() const;
  std::size_t overlay() const { return state_.overlay.size(); }
  /// A LaneOpened of another writer was seen, whether it counted or not: the group is to be asked again.
  bool asks() const { return state_.asks; }
  bool may_open() const;
  bool may_send() const;
  /// Whether a LaneOpened of another attempt counted since the last tenure was lost: then what waited for an answer since must be forgotten,
  /// because the other owner may have said that it was not executed.
  bool other_owner_since() const { return state_.other_owner; }
  const State& state() const { return state_; }

 private:
  bool has_lane() const { return state_.phase == Phase::serving || state_.phase == Phase::settling; }
  void read_lane_opened(const EntryHead& head, Judgement verdict);
  void read_entry(const EntryHead& head, Judgement verdict);
  void reported_open(const Delivery& delivery);
  void lose(Loss loss);

  State state_;
};

}  // namespace o2c
