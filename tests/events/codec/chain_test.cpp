// The reader's rule: which entries of a log count. A log here is what writers wrote in any order; each entry was sealed on the tip that
// its writer believed in.
#include <gtest/gtest.h>

#include "tests/support/entries.hpp"

namespace o2c::test {
namespace {

class GivenLog : public testing::Test {
 protected:
  /// An ordinary entry, decided on `on`; returns the tip that its writer has then.
  static Tip entry_on(const Tip& on, const std::string& mark, SharedBatch& record) {
    const DraftEntry draft = draft_entry(0, on.epoch, on.seq + 1, mark);
    return seal(on, draft, record);
  }
  static Tip lane_opened_on(const Tip& on, std::uint64_t epoch, std::uint8_t open_id, SharedBatch& record) {
    return seal(on, draft_lane_opened(0, epoch, on.seq + 1, open_id), record);
  }
  Judgement judge(const SharedBatch& record) { return chain_.judge(record->at(0)); }

  const Tip genesis_{0, 0, genesis_hash(Id16{}, 0)};
  Chain chain_{genesis_};

 private:
  static Tip seal(const Tip& on, const DraftEntry& draft, SharedBatch& record) {
    record = std::make_shared<FrameBatch>(0);
    record->add(draft.entry_bytes(), draft.command_bytes());
    Tip tip = on;
    record->seal(tip);
    return tip;
  }
};

TEST_F(GivenLog, WhenEntriesFollowEachOtherThenTheyCountAndTheTipMoves) {
  SharedBatch opened, first, second;
  const Tip a = lane_opened_on(genesis_, 1, 1, opened), b = entry_on(a, "one", first), c = entry_on(b, "two", second);
  EXPECT_EQ(judge(opened), Judgement::counts);
  EXPECT_EQ(judge(first), Judgement::counts);
  EXPECT_EQ(judge(second), Judgement::counts);
  EXPECT_EQ(chain_.tip(), c);
}

TEST_F(GivenLog, WhenTwoEntriesClaimOnePlaceThenTheFirstWins) {
  SharedBatch opened, one, other;
  const Tip tip = lane_opened_on(genesis_, 1, 1, opened);
  const Tip won = entry_on(tip, "one", one);
  entry_on(tip, "other", other);
  judge(opened);
  EXPECT_EQ(judge(one), Judgement::counts);
  EXPECT_EQ(judge(other), Judgement::ignored);
  EXPECT_EQ(chain_.tip(), won);
}

TEST_F(GivenLog, WhenARecordLandsTwiceThenItCountsOnce) {
  SharedBatch opened, entry;
  entry_on(lane_opened_on(genesis_, 1, 1, opened), "one", entry);
  judge(opened);
  EXPECT_EQ(judge(entry), Judgement::counts);
  EXPECT_EQ(judge(entry), Judgement::ignored);
  EXPECT_EQ(judge(opened), Judgement::ignored);
}

TEST_F(GivenLog, WhenAFailedEntryIsFollowedByOneDecidedOnItThenThatOneIsIgnored) {
  SharedBatch opened, failed, behind_it, instead;
  const Tip tip = lane_opened_on(genesis_, 1, 1, opened);
  entry_on(entry_on(tip, "c1", failed), "c2", behind_it);
  entry_on(tip, "c3", instead);
  judge(opened);
  EXPECT_EQ(judge(instead), Judgement::counts);     // c1 never landed
  EXPECT_EQ(judge(behind_it), Judgement::ignored);  // right seq and epoch, but decided on c1
}

TEST_F(GivenLog, WhenTwoWritersRaceForOneEpochThenOnlyTheFirstLaneOpenedAndItsEntriesCount) {
  SharedBatch opened, won, lost, of_the_loser, of_the_winner;
  const Tip tip = lane_opened_on(genesis_, 1, 1, opened);
  const Tip winner = lane_opened_on(tip, 2, 0xA, won), loser = lane_opened_on(tip, 2, 0xB, lost);
  entry_on(loser, "late", of_the_loser);
  entry_on(winner, "mine", of_the_winner);
  judge(opened);
  EXPECT_EQ(judge(won), Judgement::counts);
  EXPECT_EQ(judge(lost), Judgement::ignored);
  EXPECT_EQ(judge(of_the_loser), Judgement::ignored);
  EXPECT_EQ(judge(of_the_winner), Judgement::counts);
}

TEST_F(GivenLog, WhenADeposedWriterGoesOnThenItIsIgnored) {
  SharedBatch opened, takeover, stale, on_new_tip;
  const Tip tip = lane_opened_on(genesis_, 1, 1, opened);
  const Tip taken = lane_opened_on(tip, 2, 2, takeover);
  entry_on(tip, "late", stale);
  entry_on({1, taken.seq, taken.hash}, "read on in the old epoch", on_new_tip);
  judge(opened);
  EXPECT_EQ(judge(takeover), Judgement::counts);
  EXPECT_EQ(judge(stale), Judgement::ignored);
  EXPECT_EQ(judge(on_new_tip), Judgement::ignored);
  EXPECT_EQ(chain_.tip(), taken);
}

TEST_F(GivenLog, WhenLaneOpenedDoesNotRaiseTheEpochThenIgnored) {
  SharedBatch opened, same;
  const Tip tip = lane_opened_on(genesis_, 3, 1, opened);
  lane_opened_on(tip, 3, 2, same);
  judge(opened);
  EXPECT_EQ(judge(same), Judgement::ignored);
}

TEST_F(GivenLog, WhenLaneOpenedSkipsEpochsThenItCounts) {
  SharedBatch opened, later;
  const Tip tip = lane_opened_on(genesis_, 1, 1, opened);
  const Tip taken = lane_opened_on(tip, 9, 2, later);
  judge(opened);
  EXPECT_EQ(judge(later), Judgement::counts);
  EXPECT_EQ(chain_.tip(), taken);
}

TEST_F(GivenLog, WhenAnOrdinaryEntryHasAnEpochThatNobodyOpenedThenAlarm) {
  SharedBatch opened, from_nowhere;
  const Tip tip = lane_opened_on(genesis_, 1, 1, opened);
  entry_on({2, tip.seq, tip.hash}, "the LaneOpened of epoch 2 is lost", from_nowhere);
  judge(opened);
  EXPECT_EQ(judge(from_nowhere), Judgement::alarm);
  EXPECT_EQ(chain_.tip(), tip);
}

TEST_F(GivenLog, WhenLaneOpenedLiesBeyondTheNextSeqThenAlarm) {
  SharedBatch opened, lost, far;
  const Tip tip = lane_opened_on(genesis_, 1, 1, opened);
  lane_opened_on(entry_on(tip, "lost", lost), 2, 2, far);
  judge(opened);
  EXPECT_EQ(judge(far), Judgement::alarm);
}

TEST_F(GivenLog, WhenAnEntryIsDroppedThenThoseBehindItNeverCount) {
  SharedBatch opened, dropped, behind_it;
  entry_on(entry_on(lane_opened_on(genesis_, 1, 1, opened), "one", dropped), "two", behind_it);
  judge(opened);
  EXPECT_EQ(judge(behind_it), Judgement::ignored);
}

}  // namespace
}  // namespace o2c::test
