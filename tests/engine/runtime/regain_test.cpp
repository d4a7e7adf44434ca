// A lane whose journal says "unknown" is taken again by itself; what counts then is what the journal holds.
#include <gtest/gtest.h>

#include <atomic>

#include "engine/runtime/engine.hpp"
#include "engine/runtime/system_clock.hpp"
#include "engine/storage/embedded_journal.hpp"
#include "engine/storage/rocks_state_store.hpp"
#include "tests/support/bent_journal.hpp"
#include "tests/support/requests.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::test {
namespace {

/// A journal that can lose touch: from then on batches are answered `unknown` until the lane is opened again, as with a broker that is gone.
class TroubledJournal final : public BentJournal {
 public:
  enum class Trouble {
    none,
    lost,
    arrives
  };  // the next batch never arrives; or it arrives and only its answer is lost
  explicit TroubledJournal(Journal& journal) : BentJournal(journal) {}

  void trouble(Trouble next) { next_ = next; }
  void forbid_opening(bool forbidden) { forbidden_ = forbidden; }
  /// Whoever opens waits, as for a broker that stands still.
  void hold_opening(bool held) { held_ = held, held_.notify_all(); }
  void wait_until_opening() { waiting_.wait(false); }

  Result<Tip> open(LaneId lane) override {
    waiting_ = held_.load(), waiting_.notify_all();
    held_.wait(true);
    if (forbidden_) return Error{ErrorCode::unavailable, "no broker answers", Remedy::retry};
    auto tip = real_.open(lane);
    cut_ = false;
    return tip;
  }
  void append(SharedBatch batch, AppendDone done) override {
    const Trouble trouble = next_.exchange(Trouble::none);
    if (cut_ || trouble == Trouble::lost) {
      cut_ = true;
      return done(batch, AppendStatus::unknown);
    }
    if (trouble == Trouble::none) return real_.append(std::move(batch), std::move(done));
    cut_ = true;
    real_.append(std::move(batch), [done](const SharedBatch& b, AppendStatus) { done(b, AppendStatus::unknown); });
  }

 private:
  std::atomic<Trouble> next_{Trouble::none};
  std::atomic<bool> cut_{false}, forbidden_{false}, held_{false}, waiting_{false};
};
using Trouble = TroubledJournal::Trouble;

class GivenEngine : public testing::Test {
 protected:
  GivenEngine() {
    embedded_ = std::move(*open_embedded_journal(
        {.path = directory_.path() / "data", .lanes = 1, .now = [this] { return clock_.now(); }}));
    journal_.emplace(*embedded_);
    std::vector<std::unique_ptr<StateStore>> stores;
    stores.push_back(std::move(*open_rocks_state_store(directory_.path() / "state")));
    EngineOptions options;
    options.regain_every = std::chrono::milliseconds{5};
    engine_.emplace(*journal_, std::move(stores), clock_, options);
    EXPECT_TRUE(engine_->recover());
    EXPECT_TRUE(engine_->start());
    EXPECT_EQ(send(1, open_company()), Reply::Status::decided);
  }

  Reply::Status send(std::uint64_t command_id, const Wish& wish) {
    Request request = request_of("ACME", command_id, wish);
    WaitingSink sink;
    request.sink = &sink;
    engine_->submit_waiting({&request, 1});
    last_ = sink.wait();
    return last_.status;
  }
  /// Sends the same command until the lane is back.
  Reply::Status send_until_known(std::uint64_t command_id, const Wish& wish) {
    Reply::Status status = Reply::Status::unavailable;
    for (int tries = 0; tries < 2000; ++tries) {
      status = send(command_id, wish);
      if (status != Reply::Status::unavailable && status != Reply::Status::unknown) break;
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return status;
  }
  /// Command 2, whose batch meets the trouble; then the lane is asked for, of a journal that holds back its answer.
  void send_into_standstill(Trouble trouble) {
    journal_->hold_opening(true);
    journal_->trouble(trouble);
    EXPECT_EQ(send(2, create_mark("A")), Reply::Status::unknown);
    journal_->wait_until_opening();
  }
  std::size_t marks() {
    std::size_t count = 0;
    EXPECT_TRUE(engine_->inspect("ACME", [&](const CompanyState* state) { count = state->marks.size(); }));
    return count;
  }

  TemporaryDirectory directory_;
  SystemClock clock_;
  std::unique_ptr<EmbeddedJournal> embedded_;
  std::optional<TroubledJournal> journal_;
  std::optional<Engine> engine_;
  Reply last_;
};

TEST_F(GivenEngine, WhenABatchIsLostThenTheSameCommandIsDecidedOnceTheLaneIsBack) {
  journal_->trouble(Trouble::lost);
  EXPECT_EQ(send(2, create_mark("A")), Reply::Status::unknown);
  EXPECT_EQ(send_until_known(2, create_mark("A")), Reply::Status::decided);
  EXPECT_FALSE(last_.repeat) << "it had not happened";
  EXPECT_EQ(marks(), 1u);
  EXPECT_EQ(send(3, create_mark("B")), Reply::Status::decided);
  EXPECT_EQ(marks(), 2u);
}

TEST_F(GivenEngine, WhenOnlyTheAnswerIsLostThenTheCommandCountsOnceAndIsAnsweredAsARepeat) {
  journal_->trouble(Trouble::arrives);
  EXPECT_EQ(send(2, create_mark("A")), Reply::Status::unknown);
  EXPECT_EQ(send_until_known(2, create_mark("A")), Reply::Status::decided);
  EXPECT_TRUE(last_.repeat);
  EXPECT_EQ(marks(), 1u);
}

TEST_F(GivenEngine, WhenTheLaneCannotBeTakenThenCommandsAreAnsweredAtOnceAndNobodySeesWhatWasNotStored) {
  journal_->forbid_opening(true);
  journal_->trouble(Trouble::lost);
  EXPECT_EQ(send(2, create_mark("A")), Reply::Status::unknown);
  EXPECT_EQ(send(3, create_mark("B")), Reply::Status::unavailable);
  // At first nothing can be seen, then what the journal holds.
  const auto seen = engine_->inspect("ACME", [](const CompanyState* state) { EXPECT_EQ(state->marks.size(), 0u); });
  EXPECT_TRUE(seen || seen.error().code == ErrorCode::unavailable);
  EXPECT_FALSE(engine_->failed());
  journal_->forbid_opening(false);
  EXPECT_EQ(send_until_known(3, create_mark("B")), Reply::Status::decided);
  EXPECT_EQ(marks(), 1u);
}

TEST_F(GivenEngine, WhenTheJournalStandsStillThenTheLaneIsAskedForInVainButAnswersAtOnce) {
  send_into_standstill(Trouble::lost);
  EXPECT_EQ(send(3, create_mark("B")), Reply::Status::unavailable);
  bool seen = false;
  engine_->inspect_lane(0, [&](Lane& lane) { seen = lane.lost(); });
  EXPECT_TRUE(seen);
  journal_->hold_opening(false);
  EXPECT_EQ(send_until_known(2, create_mark("A")), Reply::Status::decided);
  EXPECT_EQ(marks(), 1u);
}

TEST_F(GivenEngine, WhenClosedWhileTheLaneIsAskedForThenItEndsAndWhatArrivedStays) {
  send_into_standstill(Trouble::arrives);
  std::thread closing([&] { (void)engine_->close(); });
  journal_->hold_opening(false);
  closing.join();
  int marks = 0;
  ASSERT_TRUE(embedded_->read(0, 1, [&](const FrameView& frame) {
    marks += frame.command && frame.command->body_type() == fb::CommandBody::CreateMark;
    return true;
  }));
  EXPECT_EQ(marks, 1);
}

TEST_F(GivenEngine, WhenClosedWhileOthersLookThenEachGetsAnAnswer) {
  EXPECT_EQ(send(2, create_mark("A")), Reply::Status::decided);
  std::atomic<int> looks{0};
  std::vector<std::thread> lookers;
  for (int i = 0; i < 4; ++i) {
    lookers.emplace_back([&] {
      for (int j = 0; j < 500; ++j) {
        engine_->inspect_lane(0, [&](Lane& lane) { looks += lane.company("ACME")->marks.size() == 1; });
      }
    });
  }
  while (looks < 100) std::this_thread::yield();
  EXPECT_TRUE(engine_->close());
  for (std::thread& looker : lookers) looker.join();
  EXPECT_EQ(looks, 2'000);
}

TEST_F(GivenEngine, WhenLostAndBackManyTimesThenEveryAcknowledgedCommandCountsOnce) {
  std::uint64_t id = 10;
  for (int round = 0; round < 30; ++round) {
    journal_->trouble(round % 2 == 0 ? Trouble::lost : Trouble::arrives);
    for (int i = 0; i < 3; ++i, ++id) {
      EXPECT_EQ(send_until_known(id, create_mark("mark " + std::to_string(id))), Reply::Status::decided);
    }
  }
  EXPECT_EQ(marks(), 90u);
  EXPECT_TRUE(engine_->close());
}

/// What a connector does with a topic of commands: hands over some records, and begins anew at the source position when one is not taken.
TEST_F(GivenEngine, WhenRecordsAreLostOnTheirWayAgainAndAgainThenEachCountsOnceAndInOrder) {
  constexpr std::int64_t records = 300, each = 7;
  const auto position = [&] {
    std::int64_t at = -1;
    while (at < 0) {
      engine_->inspect_lane(0, [&](Lane& lane) {
        if (!lane.lost()) at = lane.source_position("commands", 0);
      });
    }
    return at;
  };
  std::int64_t next = 0;
  int lost = 0;
  for (int round = 0; next < records; ++round) {
    if (round % 3 == 0) journal_->trouble(round % 2 == 0 ? Trouble::lost : Trouble::arrives);
    const std::int64_t until = std::min(next + each, records);
    std::vector<SourceRecord> places;
    for (std::int64_t offset = next; offset < until; ++offset) places.push_back({"commands", 0, offset, offset});
    std::vector<WaitingSink> sinks(places.size());
    // One after the other: those behind a lost one may come when the lane is back already.
    for (std::size_t i = 0; i < places.size(); ++i) {
      Request request = request_of("ACME", 1'000 + static_cast<std::uint64_t>(places[i].offset),
                                   create_mark("mark " + std::to_string(places[i].offset)));
      request.source = fb::SourceKind::topic;
      request.record = &places[i];
      request.sink = &sinks[i];
      engine_->submit_records(0, {&request, 1});
      if (i % 3 == 2) std::this_thread::sleep_for(std::chrono::milliseconds{3});
    }
    bool all = true;
    for (WaitingSink& sink : sinks) all = sink.wait().status == Reply::Status::decided && all;
    lost += all ? 0 : 1;
    next = all ? until : position();
  }
  EXPECT_GT(lost, 5) << "hardly anything was lost: the test proves nothing";
  EXPECT_EQ(marks(), static_cast<std::size_t>(records));
  std::vector<std::int64_t> offsets;
  ASSERT_TRUE(embedded_->read(0, 1, [&](const FrameView& frame) {
    if (frame.entry->source()) offsets.push_back(frame.entry->source()->offset());
    return true;
  }));
  ASSERT_EQ(offsets.size(), static_cast<std::size_t>(records));
  EXPECT_TRUE(std::is_sorted(offsets.begin(), offsets.end()));
}

}  // namespace
}  // namespace o2c::test
