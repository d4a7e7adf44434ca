#pragma once
// What every journal must do, whatever it is made of. One file of a journal's tests includes this and says
//   INSTANTIATE_TEST_SUITE_P(Embedded, GivenJournal, testing::Values(JournalKind{"embedded", make_embedded_rig}), kind_name);
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "events/base/date.hpp"
#include "tests/support/journal_client.hpp"

namespace o2c::test {

/// A journal and what surrounds it, fresh for each test.
class JournalRig {
 public:
  virtual ~JournalRig() = default;
  virtual Journal& journal() = 0;
  /// Ends the writer in good order and opens the same log again, as a new process would.
  virtual void reopen() = 0;
  /// What the journal's clock says from now on.
  virtual void set_clock(Instant now) = 0;
};

struct JournalKind {
  std::string name;
  std::function<std::unique_ptr<JournalRig>(std::uint32_t lanes)> make;
};
inline void PrintTo(const JournalKind& kind, std::ostream* out) { *out << kind.name; }
inline std::string kind_name(const testing::TestParamInfo<JournalKind>& info) { return info.param.name; }

class GivenJournal : public testing::TestWithParam<JournalKind> {
 protected:
  void SetUp() override { make(3); }
  void make(std::uint32_t lanes) {
    rig_.reset();
    rig_ = GetParam().make(lanes);
  }
  Journal& journal() { return rig_->journal(); }
  JournalRig& rig() { return *rig_; }

  /// The lane's history is a chain from genesis to the tip, commands untouched.
  void expect_sound(LaneId lane, std::uint64_t last_seq) {
    const auto entries = read_all(journal(), lane);
    ASSERT_TRUE(entries) << entries.error().message;
    ASSERT_EQ(entries->size(), last_seq);
    const Result<Tip> tip = journal().tip(lane);
    EXPECT_EQ(tip->seq, last_seq);
    for (std::size_t i = 0; i < entries->size(); ++i) {
      const ReadEntry& entry = (*entries)[i];
      EXPECT_EQ(entry.seq, i + 1);
      if (i > 0) {
        EXPECT_EQ(entry.prev_hash, (*entries)[i - 1].hash);
      }
      if (entry.kind == fb::EntryKind::command) {
        EXPECT_TRUE(entry.mark.starts_with(mark_name(lane, entry.seq))) << entry.mark;
      }
    }
    if (!entries->empty()) {
      EXPECT_EQ(entries->back().hash, tip->hash);
      EXPECT_EQ(entries->back().epoch, tip->epoch);
    }
  }

 private:
  std::unique_ptr<JournalRig> rig_;
};

TEST_P(GivenJournal, WhenNeverOpenedThenTipIsGenesisAndReadIsEmpty) {
  EXPECT_EQ(journal().lanes(), 3u);
  const Result<Tip> first = journal().tip(0), second = journal().tip(1);
  EXPECT_EQ(first->seq, 0u);
  EXPECT_EQ(first->epoch, 0u);
  EXPECT_NE(first->hash, second->hash);
  EXPECT_TRUE(read_all(journal(), 0)->empty());
}

TEST_P(GivenJournal, WhenOpenedThenLaneOpenedFollowsGenesis) {
  const Tip genesis = *journal().tip(1);
  const Result<Tip> opened = journal().open(1);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->epoch, 1u);
  EXPECT_EQ(opened->seq, 1u);
  EXPECT_EQ(*opened, *journal().tip(1));
  const auto entries = read_all(journal(), 1);
  ASSERT_EQ(entries->size(), 1u);
  EXPECT_EQ(entries->front().kind, fb::EntryKind::lane_opened);
  EXPECT_EQ(entries->front().prev_hash, genesis.hash);
  EXPECT_EQ(entries->front().hash, opened->hash);
  EXPECT_EQ(journal().tip(0)->seq, 0u);
}

TEST_P(GivenJournal, WhenOpenedAgainThenEpochAndSeqRiseAndOpenIdsDiffer) {
  LaneClient client(journal(), 0);
  client.open();
  client.append(2);
  client.open();
  EXPECT_EQ(client.tip().epoch, 2u);
  EXPECT_EQ(client.tip().seq, 4u);
  client.append(1);
  expect_sound(0, 5);
  const auto entries = read_all(journal(), 0);
  EXPECT_NE((*entries)[0].open_id, (*entries)[3].open_id);
  EXPECT_EQ((*entries)[4].epoch, 2u);
}

TEST_P(GivenJournal, WhenOpenedBehindBatchesInFlightThenItFollowsThem) {
  LaneClient client(journal(), 0);
  client.open();
  std::vector<std::future<AppendStatus>> outcomes;
  for (int i = 0; i < 20; ++i) outcomes.push_back(client.send(5));
  client.open();
  EXPECT_EQ(client.tip().seq, 102u);
  for (auto& outcome : outcomes) EXPECT_EQ(outcome.get(), AppendStatus::durable);
  expect_sound(0, 102);
}

TEST_P(GivenJournal, WhenClockFallsThenRecordedTimeOfTheNextTenureStillRises) {
  rig().set_clock({1'000'000});
  LaneClient client(journal(), 0);
  client.open();
  rig().set_clock({5});
  client.open();
  rig().set_clock({2'000'000});
  client.open();
  const auto entries = read_all(journal(), 0);
  EXPECT_EQ((*entries)[0].recorded_at, 1'000'000);
  EXPECT_EQ((*entries)[1].recorded_at, 1'000'001);
  EXPECT_EQ((*entries)[2].recorded_at, 2'000'000);
}

TEST_P(GivenJournal, WhenAppendedThenReadBackInOrder) {
  LaneClient client(journal(), 0);
  client.open();
  for (std::size_t count : {1u, 7u, 256u, 3u}) client.append(count);
  expect_sound(0, 268);
}

TEST_P(GivenJournal, WhenReopenedThenEverythingAcknowledgedIsThereAndTheNextTenureFollows) {
  LaneClient client(journal(), 0);
  client.open();
  for (int i = 0; i < 10; ++i) client.append(10);
  const auto before = read_all(journal(), 0);
  const Tip tip = *journal().tip(0);
  rig().reopen();
  EXPECT_EQ(*journal().tip(0), tip);
  EXPECT_EQ(*read_all(journal(), 0), *before);
  LaneClient next(journal(), 0);
  next.open();
  EXPECT_EQ(next.tip().epoch, 2u);
  next.append(4);
  expect_sound(0, 106);
}

TEST_P(GivenJournal, WhenManyBatchesWaitThenEachIsAnsweredOnceInOrder) {
  constexpr std::size_t batches = 200;
  LaneClient client(journal(), 0);
  client.open();
  Tip tip = client.tip();
  std::vector<std::uint64_t> answered;  // by one thread of the journal, read after the last answer
  std::promise<void> all;
  for (std::size_t i = 0; i < batches; ++i) {
    journal().append(draft_batch(0, tip, 3), [&](const SharedBatch& batch, AppendStatus status) {
      EXPECT_EQ(status, AppendStatus::durable);
      EXPECT_GE(journal().tip(0)->seq, batch->last_seq());  // durable before it is answered
      answered.push_back(batch->first_seq());
      if (answered.size() == batches) all.set_value();
    });
  }
  all.get_future().wait();
  ASSERT_EQ(answered.size(), batches);
  for (std::size_t i = 0; i < batches; ++i) EXPECT_EQ(answered[i], 2 + 3 * i);
  expect_sound(0, 1 + 3 * batches);
}

TEST_P(GivenJournal, WhenLanesInterleaveThenEachKeepsItsOwnSequence) {
  LaneClient first(journal(), 0), second(journal(), 2);
  first.open();
  second.open();
  std::vector<std::future<AppendStatus>> outcomes;
  for (std::size_t i = 1; i <= 30; ++i) {
    outcomes.push_back(first.send(i % 4 + 1));
    outcomes.push_back(second.send(i % 3 + 1, i * 10));
  }
  for (auto& outcome : outcomes) EXPECT_EQ(outcome.get(), AppendStatus::durable);
  expect_sound(0, first.tip().seq);
  expect_sound(1, 0);
  expect_sound(2, second.tip().seq);
  rig().reopen();
  expect_sound(0, first.tip().seq);
  expect_sound(2, second.tip().seq);
}

TEST_P(GivenJournal, WhenReadFromTheMiddleThenExactlyTheRestIsDelivered) {
  LaneClient client(journal(), 1);
  client.open();
  for (std::size_t count : {4u, 1u, 20u}) client.append(count);
  const auto all = read_all(journal(), 1);
  for (std::uint64_t from = 1; from <= 28; ++from) {
    const auto rest = read_all(journal(), 1, from);
    ASSERT_TRUE(rest) << rest.error().message;
    EXPECT_EQ(*rest, std::vector(all->begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(from - 1, 26)),
                                 all->end()))
        << from;
  }
}

TEST_P(GivenJournal, WhenSinkSaysStopThenNothingMoreIsDelivered) {
  LaneClient client(journal(), 0);
  client.open();
  client.append(10);
  std::vector<std::uint64_t> seen;
  const auto read = journal().read(0, 3, [&](const FrameView& frame) {
    seen.push_back(frame.entry->seq());
    return seen.size() < 4;
  });
  EXPECT_TRUE(read);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{3, 4, 5, 6}));
}

TEST_P(GivenJournal, WhenEntriesAreLargeThenTheyAreStoredWhole) {
  LaneClient client(journal(), 0);
  client.open();
  std::vector<std::future<AppendStatus>> outcomes;
  for (int i = 0; i < 3; ++i) outcomes.push_back(client.send(9, 700'000));  // 6.3 MB a batch
  outcomes.push_back(client.send(1));
  for (auto& outcome : outcomes) EXPECT_EQ(outcome.get(), AppendStatus::durable);
  expect_sound(0, 29);
  rig().reopen();
  const auto entries = read_all(journal(), 0);
  ASSERT_TRUE(entries) << entries.error().message;
  EXPECT_EQ((*entries)[1].mark, mark_name(0, 2, 700'000));
}

TEST_P(GivenJournal, WhenBatchIsOfAFormerTenureThenFencedAndItNeverCounts) {
  LaneClient client(journal(), 0);
  client.open();
  client.append(2);
  Tip former = client.tip();
  client.open();
  const Tip tip = *journal().tip(0);
  EXPECT_EQ(client.send(draft_batch(0, former, 3)).get(), AppendStatus::fenced);
  EXPECT_EQ(*journal().tip(0), tip);
  client.append(1);
  expect_sound(0, 5);
}

TEST_P(GivenJournal, WhenReadBesideAppendsThenAlwaysADensePrefixUpToTheTip) {
  LaneClient client(journal(), 0);
  client.open();
  std::atomic<bool> writing = true;
  std::thread reader([&] {
    std::uint64_t last = 0;
    while (writing) {
      const std::uint64_t from = last == 0 ? 1 : last;
      const std::uint64_t tip = journal().tip(0)->seq;
      const auto entries = read_all(journal(), 0, from);
      ASSERT_TRUE(entries) << entries.error().message;
      ASSERT_FALSE(entries->empty());
      for (std::size_t i = 0; i < entries->size(); ++i) ASSERT_EQ((*entries)[i].seq, from + i);
      last = entries->back().seq;
      ASSERT_GE(last, tip);
    }
  });
  std::vector<std::future<AppendStatus>> outcomes;
  for (int i = 0; i < 200; ++i) outcomes.push_back(client.send(5));
  for (auto& outcome : outcomes) EXPECT_EQ(outcome.get(), AppendStatus::durable);
  writing = false;
  reader.join();
  expect_sound(0, 1001);
}

}  // namespace o2c::test
