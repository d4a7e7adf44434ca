#pragma once
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "tests/support/entries.hpp"

namespace o2c::test {

struct ReadEntry {
  std::uint64_t seq = 0, epoch = 0;
  fb::EntryKind kind = fb::EntryKind::command;
  std::string mark;  // of the command
  Id16 open_id;
  std::int64_t recorded_at = 0;
  Hash32 prev_hash, hash;
  bool operator==(const ReadEntry&) const = default;
};

inline void PrintTo(const ReadEntry& entry, std::ostream* out) {
  *out << entry.seq << " of epoch " << entry.epoch << " \"" << entry.mark << '"';
}

inline ReadEntry note(const FrameView& frame) {
  ReadEntry entry{frame.entry->seq(),
                  frame.entry->epoch(),
                  frame.entry->kind(),
                  {},
                  {},
                  frame.entry->recorded_at()->micros(),
                  Hash32::from(*frame.entry->prev_hash()),
                  frame.hash()};
  if (frame.command != nullptr) entry.mark = frame.command->body_as_CreateMark()->name()->str();
  if (frame.entry->open_id() != nullptr) entry.open_id = Id16::from(*frame.entry->open_id());
  return entry;
}

inline Result<std::vector<ReadEntry>> read_all(Journal& journal, LaneId lane, std::uint64_t from = 1) {
  std::vector<ReadEntry> entries;
  auto read = journal.read(lane, from, [&](const FrameView& frame) {
    entries.push_back(note(frame));
    return true;
  });
  if (!read) return read.error();
  return entries;
}

/// The lane's own thread, as far as a journal sees it.
class LaneClient {
 public:
  LaneClient(Journal& journal, LaneId lane) : journal_(journal), lane_(lane) {}

  /// Takes the lane and goes on behind it.
  void open() {
    Result<Tip> opened = journal_.open(lane_);
    ASSERT_TRUE(opened) << opened.error().message;
    tip_ = *opened;
  }
  std::future<AppendStatus> send(std::size_t count, std::size_t padding = 0) {
    return send(draft_batch(lane_, tip_, count, padding));
  }
  std::future<AppendStatus> send(SharedBatch batch) {
    auto outcome = std::make_shared<std::promise<AppendStatus>>();
    journal_.append(std::move(batch),
                    [outcome](const SharedBatch&, AppendStatus status) { outcome->set_value(status); });
    return outcome->get_future();
  }
  void append(std::size_t count, std::size_t padding = 0) {
    ASSERT_EQ(send(count, padding).get(), AppendStatus::durable);
  }
  const Tip& tip() const { return tip_; }  // of what was sent; hash of the last open

 private:
  Journal& journal_;
  LaneId lane_;
  Tip tip_;
};

}  // namespace o2c::test
