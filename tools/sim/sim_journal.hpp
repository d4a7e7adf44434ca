#pragma once
#include "engine/ports/journal.hpp"

namespace o2c::sim {

/// How a lane's use of its journal ends.
enum class Ending {
  lost,       // the journal said so; every batch was answered
  crash,      // the process ends without a word
  power_cut,  // and its machine
};

/// A journal of one lane whose other side, a disk or a broker, belongs to the scheduler: what is appended waits until it is moved on, then until
/// it is answered. Everything lands in a SimLog.
class SimJournal : public Journal {
 public:
  std::uint32_t lanes() const final { return 1; }

  /// What was appended and lies on this side of the log; moves some of it on.
  virtual bool has_unsynced() const = 0;
  virtual void sync_one() = 0;
  /// What waits for an answer or for news; takes some of it.
  virtual bool has_unanswered() const = 0;
  virtual void answer_one() = 0;
  /// A write failed, or nothing came in time: what waits may still land, everything behind is answered `unknown`.
  virtual void fail() = 0;
  /// Nothing can be appended before it is opened anew.
  virtual bool dead() const = 0;
  virtual void end(Ending ending) = 0;
  /// Up to `count` records of a writer that was given up arrive.
  virtual void let_late_records_land(std::size_t count) = 0;
  virtual bool has_late_records() const = 0;
};

}  // namespace o2c::sim
