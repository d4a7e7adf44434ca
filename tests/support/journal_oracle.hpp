#pragma once
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <ostream>

#include "tests/support/journal_client.hpp"

namespace o2c::test {

/// Entries that one writer sent together: their marks are "WRITER/FIRST" and the count - 1 that follow.
struct SentEntries {
  std::string writer;
  std::uint64_t first = 1;
  std::size_t count = 1;

  std::string mark(std::size_t index) const { return writer + "/" + std::to_string(first + index); }
};

/// A batch of these entries behind `tip`; moves its seq. padding  bytes that each mark is made longer by.
inline SharedBatch draft_batch(LaneId lane, Tip& tip, const SentEntries& entries, std::size_t padding = 0) {
  auto batch = std::make_shared<FrameBatch>(lane);
  for (std::size_t i = 0; i < entries.count; ++i) {
    ++tip.seq;
    const std::string mark = entries.mark(i) + (padding > 0 ? " " + std::string(padding, 'x') : "");
    const DraftEntry draft = draft_entry(lane, tip.epoch, tip.seq, mark);
    batch->add(draft.entry_bytes(), draft.command_bytes());
  }
  return batch;
}

/// What the clients of one lane were told of the entries that they sent, held against what the log says.
///
/// An entry that was called durable counts exactly once, for ever; a fenced one never; any other may do either, until a writer that opened
/// after its answer has settled it, and stays so.
/// threads  any.
class JournalOracle {
 public:
  void sent(const SentEntries& entries) {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < entries.count; ++i)
      EXPECT_TRUE(fates_.emplace(entries.mark(i), Fate::open).second) << entries.mark(i);
  }
  void answered(const SentEntries& entries, AppendStatus status) {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < entries.count; ++i) {
      Fate& fate = fates_.at(entries.mark(i));
      EXPECT_EQ(fate, Fate::open) << entries.mark(i) << " was answered before";
      if (status == AppendStatus::durable) fate = Fate::counts;
      if (status == AppendStatus::fenced) fate = Fate::never;
      if (status == AppendStatus::unknown) fate = Fate::unknown;
    }
    ++answers_[status];
  }
  /// Batches that were answered so.
  std::size_t answers(AppendStatus status) const {
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(status);
    return found == answers_.end() ? 0 : found->second;
  }

  /// Holds a reading of the whole lane against all answers so far and against the reading before.
  /// settles  the log ends with a tenure that began after the last answer: what is not in it will never be.
  void check(const std::vector<ReadEntry>& log, bool settles) {
    const std::lock_guard lock(mutex_);
    expect_chain(log);
    ASSERT_GE(log.size(), seen_.size()) << "entries that counted are gone";
    EXPECT_TRUE(std::equal(seen_.begin(), seen_.end(), log.begin())) << "entries that counted have changed";
    const std::map<std::string, std::size_t> times = count_marks(log);
    for (auto& [mark, fate] : fates_) {
      const std::size_t found = times.contains(mark) ? times.at(mark) : 0;
      EXPECT_LE(found, 1u) << mark;
      if (fate == Fate::counts) {
        EXPECT_EQ(found, 1u) << mark << " is lost";
      }
      if (fate == Fate::never) {
        EXPECT_EQ(found, 0u) << mark << " was said not to count";
      }
      if (settles) fate = found == 1 ? Fate::counts : Fate::never;
    }
    seen_ = log;
  }

 private:
  enum class Fate { open, unknown, counts, never };
  friend void PrintTo(Fate fate, std::ostream* out) { *out << static_cast<int>(fate); }

  /// Dense, chained, each epoch begun by its LaneOpened and held by one writer.
  static void expect_chain(const std::vector<ReadEntry>& log) {
    std::string owner;
    for (std::size_t i = 0; i < log.size(); ++i) {
      const ReadEntry& entry = log[i];
      const bool opens = entry.kind == fb::EntryKind::lane_opened;
      ASSERT_EQ(entry.seq, i + 1);
      ASSERT_EQ(entry.epoch, (i > 0 ? log[i - 1].epoch : 0) + (opens ? 1 : 0));
      if (i > 0) {
        ASSERT_EQ(entry.prev_hash, log[i - 1].hash);
      }
      const std::string writer = entry.mark.substr(0, entry.mark.find('/'));
      if (!opens && !owner.empty()) {
        EXPECT_EQ(writer, owner) << entry.mark;
      }
      owner = writer;
    }
  }
  std::map<std::string, std::size_t> count_marks(const std::vector<ReadEntry>& log) const {
    std::map<std::string, std::size_t> times;
    for (const ReadEntry& entry : log) {
      if (entry.kind == fb::EntryKind::lane_opened) continue;
      const std::string mark = entry.mark.substr(0, entry.mark.find(' '));
      EXPECT_TRUE(fates_.contains(mark)) << mark << " was never sent";
      ++times[mark];
    }
    return times;
  }

  mutable std::mutex mutex_;
  std::map<std::string, Fate> fates_;
  std::map<AppendStatus, std::size_t> answers_;
  std::vector<ReadEntry> seen_;
};

}  // namespace o2c::test
