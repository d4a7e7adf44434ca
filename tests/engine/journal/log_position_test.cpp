// What one reader knows of a log: section "Why the journal is safe" of ARCHITECTURE.md.
#include <gtest/gtest.h>

#include "tests/engine/journal/heads.hpp"

namespace o2c::test {
namespace {

class GivenLaneOpenedAndOneEntry : public testing::Test {
 protected:
  const EntryHead opened_ = opened_on(genesis.tip, 1), first_ = entry_on(tip_of(opened_), 2);
  const EntryHead second_ = entry_on(tip_of(first_), 3), stale_ = entry_on(tip_of(opened_), 4);
  const Place after_first_{tip_of(first_), 1};
};

TEST_F(GivenLaneOpenedAndOneEntry, WhenReadThenPlaceIsTheLastEntryThatCounts) {
  LogPosition log(genesis);
  EXPECT_EQ(log.read(0, opened_), Judgement::counts);
  EXPECT_EQ(log.read(1, first_), Judgement::counts);
  EXPECT_EQ(log.read(2, stale_), Judgement::ignored);
  EXPECT_EQ(log.place(), after_first_);
  EXPECT_EQ(log.next(), 3);
  EXPECT_EQ(log.resume_offset(), 1);
}

TEST_F(GivenLaneOpenedAndOneEntry, WhenOffsetsHaveHolesThenTheyAreSkipped) {
  LogPosition log(genesis);
  log.read(4, opened_);
  EXPECT_EQ(log.read(9, first_), Judgement::counts);
  EXPECT_EQ(log.next(), 10);
}

TEST_F(GivenLaneOpenedAndOneEntry, WhenReadTwiceThenNothingChanges) {
  LogPosition log(genesis);
  log.read(0, opened_);
  log.read(1, first_);
  log.read(2, stale_);
  const LogPosition before = log;
  EXPECT_EQ(log.read(0, opened_), std::nullopt);
  EXPECT_EQ(log.read(1, first_), std::nullopt);
  EXPECT_EQ(log.read(2, stale_), std::nullopt);
  EXPECT_EQ(log, before);
}

TEST_F(GivenLaneOpenedAndOneEntry, WhenResumedAtTheTipThenReadsOn) {
  LogPosition log(after_first_);
  EXPECT_EQ(log.read(1, first_), std::nullopt);
  EXPECT_EQ(log.read(2, second_), Judgement::counts);
}

TEST_F(GivenLaneOpenedAndOneEntry, WhenAnotherRecordLiesWhereTheTipWasThenAlarm) {
  LogPosition log(after_first_);
  EXPECT_EQ(log.read(1, stale_), Judgement::alarm);
}

TEST_F(GivenLaneOpenedAndOneEntry, WhenNoRecordLiesWhereTheTipWasThenAlarm) {
  LogPosition log(after_first_);
  EXPECT_EQ(log.read(2, second_), Judgement::alarm);
}

TEST_F(GivenLaneOpenedAndOneEntry, WhenAnIgnoredRecordIsReplacedByOneThatCountsThenAlarm) {
  LogPosition log(after_first_);
  log.read(1, first_);
  log.read(2, stale_);
  log.read_again();
  log.read(1, first_);
  EXPECT_EQ(log.read(2, second_), Judgement::alarm);
}

TEST_F(GivenLaneOpenedAndOneEntry, WhenReportedAtExactlyTheNextOffsetThenAccepted) {
  LogPosition log(genesis);
  log.read(0, opened_);
  EXPECT_TRUE(log.accept(1, first_));
  EXPECT_EQ(log.place(), after_first_);
}

TEST_F(GivenLaneOpenedAndOneEntry, WhenReportedAnywhereElseThenNotAcceptedAndNothingChanges) {
  LogPosition log(genesis);
  log.read(0, opened_);
  const LogPosition before = log;
  for (const std::int64_t offset : {-1001, -1, 0, 2}) EXPECT_FALSE(log.accept(offset, first_)) << offset;
  EXPECT_EQ(log, before);
}

TEST_F(GivenLaneOpenedAndOneEntry, WhenTheNextOffsetHoldsAnEntryThatDoesNotCountThenNotAccepted) {
  LogPosition log(genesis);
  log.read(0, opened_);
  EXPECT_FALSE(log.accept(1, second_));  // decided on an entry that is not there
  EXPECT_EQ(log.next(), 1);
}

TEST_F(GivenLaneOpenedAndOneEntry, WhenEpochIsAheadOfEveryLaneOpenedThenAlarm) {
  LogPosition log(genesis);
  EXPECT_EQ(log.read(0, first_), Judgement::alarm);
}

TEST_F(GivenLaneOpenedAndOneEntry, WhenLaneOpenedIsAheadOfTheNextSeqThenAlarm) {
  LogPosition log(genesis);
  EXPECT_EQ(log.read(0, opened_on(tip_of(first_), 5)), Judgement::alarm);
}

}  // namespace
}  // namespace o2c::test
