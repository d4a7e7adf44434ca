// The follower among those who read the journal, wait for it and build it anew, all at once.
#include <gtest/gtest.h>

#include <future>

#include "projections/runtime/follower.hpp"
#include "tests/support/entries.hpp"

namespace o2c::test {
namespace {

using namespace std::chrono_literals;

/// A journal whose readers wait for each other, as those of a topic do: its lock is held while a sink is called.
class OneReaderJournal final : public Journal {
 public:
  Result<Tip> open(LaneId) override { return tip_; }
  void append(SharedBatch, AppendDone) override {}
  Result<Tip> tip(LaneId) override { return tip_; }
  std::uint32_t lanes() const override { return 1; }
  Result<void> read(LaneId, std::uint64_t from, const EntrySink& sink) override {
    const std::lock_guard lock(mutex_);
    for (std::uint64_t seq = from; seq <= batches_.size(); ++seq)
      if (!sink(batches_[seq - 1]->at(0))) break;
    return {};
  }
  SharedBatch grow() {
    const std::lock_guard lock(mutex_);
    const DraftEntry draft = draft_entry(0, 1, batches_.size() + 1, "mark");
    auto batch = std::make_shared<FrameBatch>(0);
    batch->add(draft.entry_bytes(), draft.command_bytes());
    batch->seal(tip_);
    return batches_.emplace_back(std::move(batch));
  }

 private:
  std::mutex mutex_;
  std::vector<SharedBatch> batches_;
  Tip tip_;
};

TEST(GivenReadersOfOneJournal, WhenOneFollowsOneRebuildsOneWaitsAndOneLooksThenAllGoOn) {
  constexpr std::uint64_t entries = 3'000;
  OneReaderJournal journal;
  Follower follower(1);
  std::atomic<bool> over{false};
  auto work = std::async(std::launch::async, [&] {
    journal.grow();
    ASSERT_TRUE(follower.catch_up(journal));
    follower.start(journal);
    std::vector<std::jthread> others;
    others.emplace_back([&] {
      while (!over) EXPECT_TRUE(follower.rebuild(journal, {}));
    });
    others.emplace_back([&] {
      for (std::uint64_t seq = 1; !over; ++seq) follower.wait_for(0, seq, 1ms);
    });
    others.emplace_back([&] {  // as a question about events does
      while (!over)
        follower.with(
            [&](const ReadModels&) { ASSERT_TRUE(journal.read(0, 1, [](const FrameView&) { return false; })); });
    });
    for (std::uint64_t seq = 2; seq <= entries; ++seq) {
      const SharedBatch batch = journal.grow();
      if (seq % 3 == 0) continue;  // what comes in no batch is read back
      const bool told_by_reading = seq % 3 == 1;
      if (!told_by_reading) follower.push(batch);
      else ASSERT_TRUE(journal.read(0, seq, [&](const FrameView&) { return follower.push(batch), true; }));
    }
    follower.push(journal.grow());
    EXPECT_TRUE(follower.wait_for(0, entries + 1, 30s));
    over = true;
  });
  if (work.wait_for(60s) == std::future_status::ready) return work.get();
  std::fputs("they wait for each other\n", stderr);
  std::_Exit(1);  // nobody could end them
}

}  // namespace
}  // namespace o2c::test
