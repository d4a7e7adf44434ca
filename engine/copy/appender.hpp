#pragma once
// Private to engine/copy.
#include <condition_variable>
#include <mutex>
#include <optional>

#include "engine/ports/journal.hpp"

namespace o2c {

/// Hands batches to a journal, a bounded number in flight, and learns whether they are durable.
///
/// The destructor waits for what is in flight.  threads  one at a time; the journal's for its answers.
class Appender {
 public:
  explicit Appender(Journal& journal) : journal_(journal) {}
  ~Appender() { wait_for_at_most(0); }
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;

  /// Waits for room.  errors  outcome_unknown: an earlier batch did not become durable; this one was not appended.
  Result<void> append(SharedBatch batch);
  /// Waits until everything is durable.  errors  as of append.
  Result<void> finish();

 private:
  void wait_for_at_most(std::size_t in_flight);
  Result<void> outcome() const;

  Journal& journal_;
  mutable std::mutex mutex_;
  std::condition_variable answered_;
  std::size_t in_flight_ = 0;
  std::optional<LaneId> failed_;
};

}  // namespace o2c
