#pragma once
#include <functional>
#include <memory>

#include "events/codec/frame.hpp"

namespace o2c {

using LaneId = std::uint32_t;
using SharedBatch = std::shared_ptr<FrameBatch>;

enum class AppendStatus {
  durable,  // every entry of the batch counts and survives what the journal promises to survive
  fenced,   // another writer has the lane: none of these entries counts or ever will
  unknown,  // may or may not count: stop, open anew, read the tail
};

/// The log that everything else is derived from. journal-protocol: entries of a lane form a hash chain; the first entry on a tip
/// wins; only a LaneOpened of one's own, read back, settles what is unknown.
///
/// threads  open, append, release: one at a time for each lane. read, tip: any thread.
class Journal {
 public:
  using AppendDone = std::function<void(const SharedBatch&, AppendStatus)>;
  /// Returns false to stop reading.
  using EntrySink = std::function<bool(const FrameView&)>;

  virtual ~Journal() = default;

  /// Takes the lane for writing: a LaneOpened with the next epoch and a fresh open id is appended, made durable and read back.
  /// returns  the tip after it. Everything that counts before it is final and can be read.
  virtual Result<Tip> open(LaneId lane) = 0;

  /// Appends a batch of the lane's entries, which continue the tip (seq, epoch) and are sealed here. Returns at once; batches of a
  /// lane become durable in order. `done` is called exactly once for each batch, in order, from a thread of the journal.
  virtual void append(SharedBatch batch, AppendDone done) = 0;

  /// Lets the lane go, with nothing of it in flight: from now on read and tip follow whoever writes it. Where nobody else can, nothing happens.
  virtual void release(LaneId) {}

  /// Entries that count, durable ones only, from seq `from` (>= 1) to the durable tip at the call, in order.
  /// errors  integrity, with lane and seq, when bytes are damaged or the chain is broken. Nothing is skipped.
  virtual Result<void> read(LaneId lane, std::uint64_t from, const EntrySink& sink) = 0;

  /// Last durable entry; (0, 0, genesis) when the lane was never opened.
  virtual Result<Tip> tip(LaneId lane) = 0;

  virtual std::uint32_t lanes() const = 0;
};

}  // namespace o2c
