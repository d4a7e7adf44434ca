#include <gtest/gtest.h>

#include "tools/sim/history.hpp"
#include "tools/sim/sim_clock.hpp"
#include "tools/sim/sim_embedded_journal.hpp"
#include "tools/sim/sim_store.hpp"

// A lane on the journal and the clock of the simulation.
namespace o2c::sim {
namespace {

constexpr std::int64_t hour = std::int64_t{3600} * 1'000'000, day = 24 * hour;

/// The last answer.
struct LastReply final : ReplySink {
  void reply(std::uint64_t, const Reply& reply) override { last = reply; }
  Reply last;
};

/// Opened at 20:00 UTC, which is 04:00 of the next day in Shanghai. Every command is durable when `send` returns.
struct Given : testing::Test {
  explicit Given(LaneOptions options = {}) : lane(0, journal, store, clock, options, {}) {
    EXPECT_TRUE(lane.recover());
    EXPECT_TRUE(lane.open());
  }

  template <class T> void handle(std::uint8_t id, Instant issued_at, Builder& b, flatbuffers::Offset<T> body) {
    const auto company = b.CreateString("ACME"), actor = b.CreateString("clerk");
    Id16 command_id;
    command_id.bytes[0] = id;
    const fb::Id16 stored_id = command_id.to_fb();
    const fb::Instant issued = to_fb(issued_at);
    fb::CommandBuilder command(b);
    command.add_company(company), command.add_actor(actor), command.add_command_id(&stored_id);
    command.add_issued_at(&issued);
    command.add_body_type(fb::CommandBodyTraits<T>::enum_value), command.add_body(body.Union());
    b.Finish(command.Finish());
    auto request = check_command({b.GetBufferPointer(), b.GetSize()});
    EXPECT_TRUE(request.has_value());
    request->sink = &sink;
    lane.handle(std::move(*request));
  }
  template <class T> Reply send(std::uint8_t id, Instant issued_at, Builder& b, flatbuffers::Offset<T> body) {
    handle(id, issued_at, b, body);
    lane.flush(Flush::now);
    while (journal.has_unsynced()) journal.sync_one();
    while (journal.has_unanswered()) journal.answer_one();
    return sink.last;
  }
  Reply open_company(std::uint8_t id, Instant issued_at) {
    Builder b;
    const fb::Date opened_on = to_fb(*parse_date("2026-01-01"));
    const auto zone = b.CreateString(SimClock::shanghai);
    return send(id, issued_at, b, fb::CreateOpenCompany(b, b.CreateString("Acme"), Currency::CNY, zone, &opened_on));
  }
  Reply mark(std::uint8_t id) {
    Builder b;
    return send(id, clock.now(), b, fb::CreateCreateMark(b, b.CreateString("mark " + std::to_string(id))));
  }

  const Instant evening = *parse_instant("2026-03-12T20:00:00Z");
  Random random{1};
  SimClock clock{evening};
  Trace trace{false};
  SimLog log{[](const FrameView&) {}};
  SimEmbeddedJournal journal{log, random, clock, trace};
  SimStore store;
  LastReply sink;
  Lane lane;
};

struct GivenCompanyOpenedInTheEvening : Given {};
TEST_F(GivenCompanyOpenedInTheEvening, WhenAskedForTheDayThenItIsThatOfItsZoneAtOnce) {
  EXPECT_EQ(lane.today("ACME"), *parse_date("2026-03-12")) << "no company yet: UTC";
  EXPECT_EQ(open_company(1, evening).status, Reply::Status::decided);
  EXPECT_EQ(lane.today("ACME"), *parse_date("2026-03-13"));
}

struct GivenLaneWithMoreToDecide : Given {
  GivenLaneWithMoreToDecide() : Given({.batch_entries_worth = 2}) {}
  void decide(std::uint8_t id) {
    Builder b;
    handle(id, clock.now(), b, fb::CreateCreateMark(b, b.CreateString("mark " + std::to_string(id))));
  }
};
TEST_F(GivenLaneWithMoreToDecide, WhenTheBatchIsSmallThenItWaitsUntilItIsWorthAnFsync) {
  decide(1);
  lane.flush(Flush::worthwhile);
  EXPECT_EQ(lane.in_flight(), 0u);
  decide(2);
  lane.flush(Flush::worthwhile);
  EXPECT_EQ(lane.in_flight(), 1u);
  decide(3), decide(4);
  lane.flush(Flush::worthwhile);
  lane.flush(Flush::idle);
  EXPECT_EQ(lane.in_flight(), 1u) << "the journal is busy";
  lane.flush(Flush::now);
  EXPECT_EQ(lane.in_flight(), 2u);
}
TEST_F(GivenLaneWithMoreToDecide, WhenNothingElseWaitsThenASingleCommandLeavesAtOnce) {
  decide(1);
  lane.flush(Flush::idle);
  EXPECT_EQ(lane.in_flight(), 1u);
}

TEST_F(GivenLaneWithMoreToDecide, WhenAnIdInFlightComesWithOtherContentThenItIsAConflictOnlyWithWhatIsDurable) {
  decide(1);
  lane.flush(Flush::now);
  Builder b;
  handle(1, clock.now(), b, fb::CreateCreateMark(b, b.CreateString("another")));
  EXPECT_EQ(sink.last.status, Reply::Status::unavailable) << "not answered yet";
  journal.sync_one();
  journal.answer_one();
  EXPECT_EQ(sink.last.status, Reply::Status::conflict);
}
TEST_F(GivenLaneWithMoreToDecide, WhenWhatItIsInConflictWithIsLostThenItIsUnknown) {
  decide(1);
  lane.flush(Flush::now);
  Builder b;
  handle(1, clock.now(), b, fb::CreateCreateMark(b, b.CreateString("another")));
  journal.fail();
  journal.answer_one();
  EXPECT_EQ(sink.last.status, Reply::Status::unknown);
}

struct GivenClientWhoseClockRunsAhead : Given {};
TEST_F(GivenClientWhoseClockRunsAhead, WhenItRepeatsAfterTheWindowThenNothingIsDecidedTwice) {
  const Instant ahead{evening.micros + 20 * hour};
  const Reply first = open_company(1, ahead);
  ASSERT_EQ(first.status, Reply::Status::decided);
  clock.move(30 * day + 10 * hour);  // recorded before the window, issued inside it
  mark(2);
  const Reply again = open_company(1, ahead);
  EXPECT_EQ(again.status, Reply::Status::decided);
  EXPECT_EQ(again.seq, first.seq);
  clock.move(day);
  mark(3);
  EXPECT_EQ(open_company(1, ahead).status, Reply::Status::too_old);
}

TEST_F(GivenClientWhoseClockRunsAhead, WhenByMoreThanADayThenNothingHappensUntilThatIsLess) {
  const Instant ahead{evening.micros + 25 * hour};
  EXPECT_EQ(open_company(1, ahead).status, Reply::Status::too_old);
  EXPECT_EQ(log.durable_seq(), 1u) << "only the lane's opening";
  clock.move(2 * hour);
  EXPECT_EQ(open_company(1, ahead).status, Reply::Status::decided);
}

struct GivenACommandOfTheLargestSize : Given {
  /// Tax rules of so many bytes, which the event says again.
  Reply publish(std::uint8_t id, std::size_t bytes) {
    Builder b;
    std::vector<flatbuffers::Offset<fb::TaxRow>> rows;
    const fb::Percent rate{130'000};
    for (std::size_t i = 0; b.GetSize() + 4 * rows.size() < bytes; ++i)
      rows.push_back(
          fb::CreateTaxRow(b, b.CreateString(fmt::format("class-{:050}", i)), 0, b.CreateString("S"), &rate));
    const auto policy = fb::CreateTaxRules(b, b.CreateVector(rows)).Union();
    const fb::Date from = to_fb(*parse_date("2026-01-01"));
    const auto name = b.CreateString("default");
    return send(id, clock.now(), b, fb::CreatePublishPolicy(b, name, &from, fb::PolicyBody::TaxRules, policy));
  }
};
TEST_F(GivenACommandOfTheLargestSize, WhenMoreComesOfItThanAnEntryHoldsThenItIsRefused) {
  open_company(1, evening);
  const Reply small = publish(2, 300'000), large = publish(3, 392'800);
  ASSERT_EQ(small.status, Reply::Status::decided);
  EXPECT_EQ(log.at(small.seq).entry->outcome(), fb::Outcome::accepted);
  ASSERT_EQ(large.status, Reply::Status::decided);
  ASSERT_NE(log.at(large.seq).entry->refused(), nullptr);
  EXPECT_EQ(log.at(large.seq).entry->refused()->code(), Refusal::entry_too_large);
  EXPECT_EQ(log.at(large.seq).entry->events(), nullptr);
  EXPECT_EQ(mark(4).status, Reply::Status::decided) << "the lane goes on";
}

struct GivenMessagesOfAnotherCompany : Given {
  Reply take(std::uint8_t id, std::uint64_t number) {
    Builder b;
    const auto content = fb::CreateGoodsAccepted(b, b.CreateString("S-1")).Union();
    const auto from = b.CreateString("OTHER");
    return send(id, clock.now(), b, fb::CreateTakeMessage(b, from, number, fb::MessageBody::GoodsAccepted, content));
  }
};
TEST_F(GivenMessagesOfAnotherCompany, WhenOneComesBeforeItsTurnThenItIsLeftAloneAndTakenLater) {
  EXPECT_EQ(take(11, 1).status, Reply::Status::busy) << "the books are not open yet";
  open_company(1, evening);
  const std::uint64_t before = lane.decided_seq();
  EXPECT_EQ(take(12, 2).status, Reply::Status::busy) << "the first is missing";
  EXPECT_EQ(lane.decided_seq(), before) << "nothing was written";
  EXPECT_EQ(take(11, 1).status, Reply::Status::decided);
  const Reply second = take(12, 2);
  EXPECT_EQ(second.status, Reply::Status::decided);
  const Reply again = take(12, 2);
  EXPECT_EQ(again.status, Reply::Status::decided);
  EXPECT_TRUE(again.repeat);
  EXPECT_EQ(again.seq, second.seq);
}

}  // namespace
}  // namespace o2c::sim
