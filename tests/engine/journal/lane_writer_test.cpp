// One writer's part of the protocol. The log is what the tests say was read and reported.
#include <gtest/gtest.h>

#include "engine/journal/lane_writer.hpp"
#include "tests/engine/journal/heads.hpp"

namespace o2c::test {
namespace {

using Phase = LaneWriter::Phase;
using Loss = LaneWriter::Loss;

class GivenReader : public testing::Test {
 protected:
  void SetUp() override { writer_.named(true); }
  EntryHead open(std::uint8_t number) {
    const EntryHead head = opened_on(writer_.place().tip, number);
    tenure_ = writer_.begin_open(head);
    return head;
  }
  EntryHead send(std::uint8_t number) {
    const EntryHead head = entry_on(writer_.end(), number);
    writer_.sent(head);
    return head;
  }
  void reported(const EntryHead& head, std::int64_t offset) { writer_.reported(tenure_, head.hash, {true, offset}); }
  void failed(const EntryHead& head) { writer_.reported(tenure_, head.hash, {false, -1001}); }
  void expect(Phase phase, std::uint64_t seq, std::int64_t offset) {
    EXPECT_EQ(writer_.phase(), phase);
    EXPECT_EQ(writer_.place().tip.seq, seq);
    EXPECT_EQ(writer_.place().offset, offset);
  }
  void expect_lost(Loss loss) {
    EXPECT_EQ(writer_.phase(), Phase::lost);
    EXPECT_EQ(writer_.loss(), loss);
    EXPECT_EQ(writer_.overlay(), 0u);
  }

  LaneWriter writer_{genesis};
  std::uint64_t tenure_ = 0;
};

// Taking over.

TEST_F(GivenReader, WhenNotNamedThenMayNotOpen) {
  writer_.named(false);
  EXPECT_FALSE(writer_.may_open());
}

TEST_F(GivenReader, WhenOwnLaneOpenedIsReadBackAndCountsThenServes) {
  const EntryHead opened = open(1);
  EXPECT_EQ(writer_.read(0, opened), Judgement::counts);
  expect(Phase::serving, 1, 0);
  EXPECT_TRUE(writer_.may_send());
}

TEST_F(GivenReader, WhenLaneOpenedIsOnlyReportedThenStillOpening) {
  const EntryHead opened = open(1);
  reported(opened, 0);  // exactly the next offset
  expect(Phase::opening, 0, -1);
  EXPECT_FALSE(writer_.may_send());
}

TEST_F(GivenReader, WhenFormerAttemptLandsFirstThenTheNewOneIsLostAndIsRepeated) {
  const EntryHead timed_out = open(1);
  writer_.fail();
  writer_.follow();
  const EntryHead again = open(2);
  writer_.read(0, timed_out);
  expect(Phase::opening, 1, 0);  // same epoch, another open id
  writer_.read(1, again);
  expect_lost(Loss::fenced);
  writer_.follow();
  writer_.named(true);
  writer_.read(0, timed_out);
  EXPECT_EQ(open(3).epoch, 2u);
}

TEST_F(GivenReader, WhenLaneOpenedTakesTheNextOffsetBehindAnotherThenLost) {
  const EntryHead opened = open(1);
  writer_.read(0, opened_on(genesis.tip, 9));
  reported(opened, 1);
  expect(Phase::opening, 1, 0);
  writer_.read(1, opened);
  expect_lost(Loss::fenced);
}

TEST_F(GivenReader, WhenLaneOpenedFailsThenUnknown) {
  failed(open(1));
  expect_lost(Loss::unknown);
}

TEST_F(GivenReader, WhenAnotherLaneOpenedWasReadThenTheGroupIsAskedBeforeOpening) {
  writer_.read(0, opened_on(genesis.tip, 9));
  EXPECT_TRUE(writer_.asks());
  EXPECT_FALSE(writer_.may_open());
  writer_.named(true);
  EXPECT_TRUE(writer_.may_open());
}

class GivenServingWriter : public GivenReader {
 protected:
  void SetUp() override {
    GivenReader::SetUp();
    opened_ = open(1);
    writer_.read(0, opened_);
  }
  EntryHead opened_;
};

// Accepting.

TEST_F(GivenServingWriter, WhenReportsNameExactlyTheNextOffsetsThenAcceptedWithoutReading) {
  const EntryHead first = send(2), second = send(3);
  reported(first, 1);
  expect(Phase::serving, 2, 1);
  EXPECT_EQ(writer_.overlay(), 1u);
  reported(second, 2);
  expect(Phase::serving, 3, 2);
}

TEST_F(GivenServingWriter, WhenSuccessNamesAnyOtherOffsetThenReadingDecides) {
  for (const std::int64_t offset : {-1001, -1, 0, 2, 100}) {
    LaneWriter writer = writer_;
    const EntryHead first = entry_on(writer.end(), 2);
    writer.sent(first);
    writer.reported(tenure_, first.hash, {true, offset});
    EXPECT_EQ(writer.phase(), Phase::settling) << offset;
    EXPECT_EQ(writer.place().tip.seq, 1u);
    EXPECT_FALSE(writer.may_send());
    writer.read(0, opened_);
    EXPECT_EQ(writer.read(1, first), Judgement::counts);
    EXPECT_EQ(writer.phase(), Phase::serving);
    EXPECT_EQ(writer.place().offset, 1);
  }
}

TEST_F(GivenServingWriter, WhenAnotherLaneOpenedLandedFirstThenOwnEntryIsNeverAccepted) {
  const EntryHead first = send(2);
  reported(first, 2);
  expect(Phase::settling, 1, 0);
  writer_.read(0, opened_);
  writer_.read(1, opened_on(tip_of(opened_), 9));
  expect_lost(Loss::fenced);
  EXPECT_TRUE(writer_.other_owner_since());
  EXPECT_EQ(writer_.place().tip.seq, first.seq) << "of the other's LaneOpened";
  EXPECT_EQ(writer_.accepted_seq(), opened_.seq) << "the own entry of that seq does not count";
}

TEST_F(GivenServingWriter, WhenAReportComesOutOfOrderThenNotAccepted) {
  const EntryHead first = send(2), second = send(3);
  reported(second, 1);  // exactly the next offset, but it names an entry that is not there
  expect(Phase::settling, 1, 0);
  writer_.read(0, opened_);
  writer_.read(1, second);
  expect_lost(Loss::unknown);
  reported(first, 2);
  expect_lost(Loss::unknown);
}

TEST_F(GivenServingWriter, WhenOnlyIgnoredRecordsLieBetweenThenGoesOnInTheEpoch) {
  const EntryHead first = send(2);
  reported(first, 2);
  writer_.read(0, opened_);
  writer_.read(1, entry_on(genesis.tip, 9));
  expect(Phase::settling, 1, 0);
  writer_.read(2, first);
  expect(Phase::serving, 2, 2);
  EXPECT_TRUE(writer_.may_send());
  const EntryHead second = send(3);
  reported(second, 3);
  expect(Phase::serving, 3, 3);
}

TEST_F(GivenServingWriter, WhenReadBeforeItIsReportedThenAcceptedAndTheReportIsVoid) {
  const EntryHead first = send(2);
  writer_.read(1, first);
  expect(Phase::serving, 2, 1);
  reported(first, 0);
  failed(first);
  expect(Phase::serving, 2, 1);
}

TEST_F(GivenServingWriter, WhenASecondCopyIsReadThenNothingChanges) {
  const EntryHead first = send(2);
  reported(first, 1);
  EXPECT_EQ(writer_.read(2, first), Judgement::ignored);
  EXPECT_EQ(writer_.read(3, opened_), Judgement::ignored);
  expect(Phase::serving, 2, 1);
  EXPECT_TRUE(writer_.may_send());
}

// Yielding.

TEST_F(GivenServingWriter, WhenAnotherLaneOpenedIsIgnoredThenSendsNothingUntilTheGroupNamesItAgain) {
  const EntryHead first = send(2);
  reported(first, 1);
  writer_.read(2, opened_on(tip_of(opened_), 9));
  EXPECT_EQ(writer_.phase(), Phase::serving);
  EXPECT_FALSE(writer_.may_send());
  writer_.named(true);
  EXPECT_TRUE(writer_.may_send());
}

TEST_F(GivenServingWriter, WhenAnotherLaneOpenedCountsThenFencedEvenIfStillNamed) {
  writer_.read(1, opened_on(tip_of(opened_), 9));
  expect_lost(Loss::fenced);
  writer_.follow();
  EXPECT_FALSE(writer_.may_open());
  writer_.named(true);
  EXPECT_TRUE(writer_.may_open());
}

TEST_F(GivenServingWriter, WhenNoLongerNamedThenSendsNothingAndStillAccepts) {
  const EntryHead first = send(2);
  writer_.named(false);
  EXPECT_FALSE(writer_.may_send());
  reported(first, 1);
  expect(Phase::serving, 2, 1);
}

// Unknown outcomes.

TEST_F(GivenServingWriter, WhenAReportFailsThenTheWholeOverlayIsUnknown) {
  const EntryHead first = send(2);
  send(3);
  failed(first);
  expect_lost(Loss::unknown);
  EXPECT_FALSE(writer_.other_owner_since());
}

TEST_F(GivenServingWriter, WhenOneFailsDuringAGapThenUnknown) {
  const EntryHead first = send(2), second = send(3);
  reported(first, -1001);
  failed(second);
  expect_lost(Loss::unknown);
}

TEST_F(GivenServingWriter, WhenUnknownThenOnlyANewTenureMaySend) {
  failed(send(2));
  writer_.follow();
  writer_.read(0, opened_);
  EXPECT_FALSE(writer_.may_send());
  const EntryHead again = open(3);
  EXPECT_EQ(again.epoch, 2u);
  writer_.read(1, again);
  EXPECT_TRUE(writer_.may_send());
  EXPECT_FALSE(writer_.other_owner_since());  // what waits may be decided again
}

TEST_F(GivenServingWriter, WhenAnotherOwnerCameBetweenThenWhatWaitsIsToBeForgotten) {
  failed(send(2));
  writer_.follow();
  writer_.read(0, opened_);
  writer_.read(1, opened_on(tip_of(opened_), 9));
  writer_.named(true);
  writer_.read(2, open(3));
  EXPECT_EQ(writer_.phase(), Phase::serving);
  EXPECT_TRUE(writer_.other_owner_since());
}

TEST_F(GivenServingWriter, WhenAReportOfAnEarlierTenureComesThenVoid) {
  const EntryHead first = send(2);
  const std::uint64_t earlier = tenure_;
  writer_.fail();
  writer_.follow();
  writer_.read(0, opened_);
  const EntryHead again = open(3);
  writer_.read(1, again);
  send(4);
  writer_.reported(earlier, first.hash, {true, 2});
  writer_.reported(earlier, first.hash, {false, -1001});
  expect(Phase::serving, 2, 1);
  EXPECT_EQ(writer_.overlay(), 1u);
}

TEST_F(GivenServingWriter, WhenAnUnknownEntryLandsBehindTheNewLaneOpenedThenIgnored) {
  const EntryHead late = send(2);
  writer_.fail();
  writer_.follow();
  writer_.read(0, opened_);
  writer_.read(1, open(3));
  EXPECT_EQ(writer_.read(2, late), Judgement::ignored);
  expect(Phase::serving, 2, 1);
}

// A harmed log.

TEST_F(GivenServingWriter, WhenTheLogWasCutAndGrewAgainThenTheGapEndsInAnAlarm) {
  const EntryHead first = send(2), second = send(3);
  reported(first, 1);
  reported(second, 1);  // below the next offset: the log was cut to one record
  expect(Phase::settling, 2, 1);
  EXPECT_EQ(writer_.resume_offset(), 1);
  writer_.read(1, second);
  expect_lost(Loss::alarm);
}

TEST_F(GivenServingWriter, WhenTheLogEndsBeforeTheNextOffsetThenAlarm) {
  writer_.truncated();
  expect_lost(Loss::alarm);
}

TEST_F(GivenServingWriter, WhenSomebodyElseContinuesItsEpochThenAlarm) {
  writer_.read(1, entry_on(tip_of(opened_), 9));
  expect_lost(Loss::alarm);
}

}  // namespace
}  // namespace o2c::test
