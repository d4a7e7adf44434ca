// Commands that come as records of a topic: the lane's source position, on the journal and the clock of the simulation.
#include <gtest/gtest.h>

#include "tools/sim/history.hpp"
#include "tools/sim/sim_clock.hpp"
#include "tools/sim/sim_embedded_journal.hpp"
#include "tools/sim/sim_store.hpp"

namespace o2c::sim {
namespace {

using Status = Reply::Status;
constexpr const char* topic = "o2c.commands.v1";
constexpr std::int64_t second = 1'000'000;

/// A caller keeps its record until the reply and no longer.
struct Caller final : ReplySink {
  void reply(std::uint64_t, const Reply& reply) override {
    last = reply;
    record = {"elsewhere", 9, 0, 0};
  }
  SourceRecord record;
  Reply last;
};

/// A lane that is given records of partition 3. What is sent is durable when `send` returns.
struct GivenLane : testing::Test {
  GivenLane() { start(); }

  void start() {
    lane = std::make_unique<Lane>(0, journal, store, clock, LaneOptions{}, Lane::BatchSink{});
    ASSERT_TRUE(lane->recover());
    ASSERT_TRUE(lane->open());
  }
  void crash() {
    lane.reset();
    journal.end(Ending::power_cut);
    start();
  }

  /// A mark of a company that is not there: refused, which is an entry too.
  void handle(std::int64_t from, std::int64_t offset, std::uint8_t id, const std::string& name = "mark",
              Instant issued = {}) {
    Builder b;
    const auto body = fb::CreateCreateMark(b, b.CreateString(name));
    const auto company = b.CreateString("ACME"), actor = b.CreateString("clerk");
    Id16 command_id;
    command_id.bytes[0] = id;
    const fb::Id16 stored_id = command_id.to_fb();
    const fb::Instant issued_at = to_fb(issued);
    fb::CommandBuilder command(b);
    command.add_company(company), command.add_actor(actor), command.add_command_id(&stored_id);
    if (issued.micros != 0) command.add_issued_at(&issued_at);
    command.add_body_type(fb::CommandBody::CreateMark), command.add_body(body.Union());
    b.Finish(command.Finish());
    auto request = check_command({b.GetBufferPointer(), b.GetSize()});
    ASSERT_TRUE(request.has_value());
    sink.record = {topic, 3, from, offset};
    request->source = fb::SourceKind::topic;
    request->record = &sink.record;
    request->sink = &sink;
    lane->handle(std::move(*request));
  }
  void settle() {
    lane->flush(Flush::now);
    while (journal.has_unsynced()) journal.sync_one();
    while (journal.has_unanswered()) journal.answer_one();
  }
  Status send(std::int64_t from, std::int64_t offset, std::uint8_t id, const std::string& name = "mark",
              Instant issued = {}) {
    handle(from, offset, id, name, issued);
    settle();
    return sink.last.status;
  }
  Status skip(std::int64_t from, std::int64_t offset, Skip why) {
    sink.record = {topic, 3, from, offset, why};
    Request request;
    request.source = fb::SourceKind::topic;
    request.record = &sink.record;
    request.sink = &sink;
    lane->handle(std::move(request));
    settle();
    return sink.last.status;
  }
  std::int64_t position() const { return lane->source_position(topic, 3); }
  std::uint64_t entries() const { return log.durable_seq(); }
  const fb::Entry& newest() const { return *log.at(entries()).entry; }

  Random random{1};
  SimClock clock{*parse_instant("2026-03-12T20:00:00Z")};
  Trace trace{false};
  SimLog log{[](const FrameView&) {}};
  SimEmbeddedJournal journal{log, random, clock, trace};
  SimStore store;
  Caller sink;
  std::unique_ptr<Lane> lane;
};

TEST_F(GivenLane, WhenRecordsComeThenEachEntryNamesItsRecordAndThePositionLiesBehindIt) {
  EXPECT_EQ(position(), 0);
  EXPECT_EQ(send(0, 0, 1), Status::decided);
  EXPECT_EQ(send(1, 7, 2), Status::decided) << "a log may have holes";
  ASSERT_NE(newest().source(), nullptr);
  EXPECT_EQ(newest().source()->kind(), fb::SourceKind::topic);
  EXPECT_EQ(view(newest().source()->name()), topic);
  EXPECT_EQ(newest().source()->partition(), 3);
  EXPECT_EQ(newest().source()->offset(), 7);
  EXPECT_EQ(position(), 8);
  EXPECT_EQ(lane->source_position(topic, 2), 0);
}

TEST_F(GivenLane, WhenRecordsBeforeOneAreMissingThenItIsNotTaken) {
  ASSERT_EQ(send(0, 0, 1), Status::decided);
  const std::uint64_t before = entries();
  EXPECT_EQ(send(2, 2, 2), Status::unavailable);
  EXPECT_EQ(entries(), before);
  EXPECT_EQ(position(), 1);
}

TEST_F(GivenLane, WhenARecordComesAgainThenItGetsItsFirstAnswerAndNothingIsDecided) {
  ASSERT_EQ(send(0, 0, 1), Status::decided);
  const std::uint64_t first = sink.last.seq;
  EXPECT_EQ(send(0, 0, 1), Status::decided);
  EXPECT_TRUE(sink.last.repeat);
  EXPECT_EQ(sink.last.seq, first);
  EXPECT_EQ(entries(), first);
}

TEST_F(GivenLane, WhenARecordLiesBeforeThePositionThenItsCommandIsNeverDecided) {
  ASSERT_EQ(send(0, 5, 1), Status::decided);
  const std::uint64_t before = entries();
  EXPECT_EQ(send(3, 3, 2), Status::too_old);
  EXPECT_EQ(send(0, 5, 3), Status::too_old);
  EXPECT_EQ(skip(4, 4, Skip::malformed), Status::skipped);
  EXPECT_EQ(entries(), before);
  EXPECT_EQ(position(), 6);
}

TEST_F(GivenLane, WhenTheOverlayIsDroppedThenThePositionGoesBackToWhatCounts) {
  ASSERT_EQ(send(0, 0, 1), Status::decided);
  handle(1, 1, 2), handle(2, 2, 3);
  EXPECT_EQ(position(), 3);
  crash();  // before any of it left for the journal
  EXPECT_EQ(position(), 1);
  EXPECT_EQ(send(2, 2, 3), Status::unavailable) << "record 1 would be lost";
  EXPECT_EQ(send(1, 1, 2), Status::decided);
  EXPECT_FALSE(sink.last.repeat);
  EXPECT_EQ(send(2, 2, 3), Status::decided);
}

TEST_F(GivenLane, WhenLostAndTakenAgainThenThePositionIsThatOfTheJournal) {
  ASSERT_EQ(send(0, 0, 1), Status::decided);
  handle(1, 1, 2);
  lane->flush(Flush::now);
  handle(2, 2, 3);
  journal.fail();  // what was on its way may have arrived
  settle();
  ASSERT_TRUE(lane->lost());
  EXPECT_EQ(sink.last.status, Status::unknown);
  const auto claimed = lane->claim();
  ASSERT_TRUE(claimed);
  ASSERT_TRUE(lane->take(*claimed));
  std::int64_t counted = 0;
  for (std::uint64_t seq = 1; seq <= entries(); ++seq) {
    if (const fb::Source* source = log.at(seq).entry->source()) counted = source->offset() + 1;
  }
  EXPECT_EQ(position(), counted);
  EXPECT_EQ(send(counted, counted, 9), Status::decided);
}

TEST_F(GivenLane, WhenStartedAgainThenThePositionIsThatOfCheckpointAndReplay) {
  ASSERT_EQ(send(0, 0, 1), Status::decided);
  ASSERT_TRUE(lane->commit_checkpoint(lane->take_checkpoint()));
  crash();
  EXPECT_EQ(position(), 1) << "from the checkpoint alone";
  ASSERT_EQ(send(1, 1, 2), Status::decided);
  crash();
  EXPECT_EQ(position(), 2);
  store.lose();
  crash();
  EXPECT_EQ(position(), 2) << "from the journal alone";
}

TEST_F(GivenLane, WhenRecordsAreSkippedThenTheNextEntryCoversThem) {
  EXPECT_EQ(skip(0, 0, Skip::malformed), Status::skipped);
  EXPECT_EQ(skip(1, 1, Skip::not_allowed), Status::skipped);
  EXPECT_EQ(entries(), 1u) << "only the lane's opening";
  EXPECT_EQ(send(2, 2, 1), Status::decided);
  crash();
  EXPECT_EQ(position(), 3);
}

TEST_F(GivenLane, WhenAThousandAreSkippedThenAnEntryOfTheirOwnCoversThem) {
  ASSERT_EQ(send(0, 0, 1), Status::decided);
  const std::uint64_t before = entries();
  ASSERT_EQ(send(1, 1, 1), Status::decided) << "the same command in another record";
  ASSERT_EQ(send(2, 2, 1, "another"), Status::conflict);
  ASSERT_EQ(send(3, 3, 2, "mark", *parse_instant("2025-01-01T00:00:00Z")), Status::too_old);
  for (std::int64_t offset = 4; offset < 1000; ++offset)
    ASSERT_EQ(skip(offset, offset, Skip::malformed), Status::skipped);
  EXPECT_EQ(entries(), before);
  ASSERT_EQ(skip(1000, 1000, Skip::not_allowed), Status::skipped);
  ASSERT_EQ(entries(), before + 1);
  EXPECT_EQ(newest().kind(), fb::EntryKind::source_skipped);
  const fb::SourceSkipped& skipped = *newest().skipped();
  EXPECT_EQ(view(skipped.topic()), topic);
  EXPECT_EQ(skipped.partition(), 3);
  EXPECT_EQ(skipped.from(), 1);
  EXPECT_EQ(skipped.until(), 1001);
  EXPECT_EQ(skipped.repeated(), 2u);
  EXPECT_EQ(skipped.malformed(), 996u);
  EXPECT_EQ(skipped.not_allowed(), 2u);
  crash();
  EXPECT_EQ(position(), 1001);
}

TEST_F(GivenLane, WhenFewAreSkippedThenAnEntryCoversThemAfterTenSeconds) {
  ASSERT_EQ(skip(0, 0, Skip::malformed), Status::skipped);
  clock.move(9 * second);
  ASSERT_EQ(skip(1, 1, Skip::malformed), Status::skipped);
  lane->cover_skipped();
  settle();
  EXPECT_EQ(entries(), 1u);
  clock.move(second);
  lane->cover_skipped();
  settle();
  ASSERT_EQ(entries(), 2u);
  EXPECT_EQ(newest().skipped()->until(), 2);
  lane->cover_skipped();
  settle();
  EXPECT_EQ(entries(), 2u) << "once";
  crash();
  EXPECT_EQ(position(), 2);
  EXPECT_EQ(send(2, 2, 1), Status::decided);
}

TEST_F(GivenLane, WhenSkippedRecordsAreNotCoveredThenTheyComeAgainAfterACrash) {
  ASSERT_EQ(skip(0, 0, Skip::malformed), Status::skipped);
  EXPECT_EQ(position(), 1);
  crash();
  EXPECT_EQ(position(), 0);
}

}  // namespace
}  // namespace o2c::sim
