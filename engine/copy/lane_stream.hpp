#pragma once
// Private to engine/copy.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "engine/ports/journal.hpp"

namespace o2c {

/// One lane of a journal from its first entry on, pulled instead of pushed, so that several lanes can be merged. A thread of its own reads a
/// bounded number of bytes ahead.
///
/// owner    whoever merges; the journal must outlive it. The destructor ends the reading.
/// threads  one at a time.
class LaneStream {
 public:
  LaneStream(Journal& journal, LaneId lane);
  ~LaneStream();
  LaneStream(const LaneStream&) = delete;
  LaneStream& operator=(const LaneStream&) = delete;

  /// Goes to the first entry, or to the next one.  returns  false behind the last one.
  /// errors  as of Journal::read, when everything before was delivered.
  Result<bool> next();
  /// The entry at hand, until next().
  FrameView frame() const { return at_->at(index_); }

 private:
  bool keep(const FrameView& frame);
  bool hand_over();

  const LaneId lane_;
  std::unique_ptr<FrameBatch> filling_;  // of the thread that reads

  std::unique_ptr<FrameBatch> at_;  // of the caller
  std::size_t index_ = 0;

  std::mutex mutex_;  // all below
  std::condition_variable moved_;
  std::deque<std::unique_ptr<FrameBatch>> ready_;
  Result<void> end_;
  bool ended_ = false, stop_ = false;
  std::thread thread_;
};

}  // namespace o2c
