// Two engines on one journal, of which one at a time is named for the lane.
#include <gtest/gtest.h>

#include <thread>

#include "engine/runtime/engine.hpp"
#include "engine/runtime/system_clock.hpp"
#include "engine/storage/embedded_journal.hpp"
#include "engine/storage/rocks_state_store.hpp"
#include "tests/support/requests.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::test {
namespace {

struct Process {
  Process(Journal& journal, const std::filesystem::path& state, Clock& clock, std::function<bool()> named) {
    std::vector<std::unique_ptr<StateStore>> stores;
    stores.push_back(std::move(*open_rocks_state_store(state)));
    EngineOptions options;
    options.regain_every = options.follow_every = std::chrono::milliseconds{5};
    options.named = [named = std::move(named)](LaneId) { return named(); };
    engine.emplace(journal, std::move(stores), clock, options);
    engine->subscribe([this](const SharedBatch& batch) {
      for (std::size_t i = 0; i < batch->size(); ++i) told = std::max(told.load(), batch->at(i).entry->seq());
    });
    EXPECT_TRUE(engine->recover());
    EXPECT_TRUE(engine->start());
  }

  /// What became of a mark with this name, which is also the command's id.
  Reply mark(char name) { return send(static_cast<std::uint64_t>(name), create_mark(std::string(1, name))); }
  Reply send(std::uint64_t number, const Wish& wish) {
    Request request = request_of("ACME", number, wish);
    WaitingSink sink;
    request.sink = &sink;
    engine->submit_waiting({&request, 1});
    return sink.wait();
  }
  std::size_t marks() {
    std::size_t count = 0;
    EXPECT_TRUE(engine->inspect("ACME", [&](const CompanyState* state) { count = state ? state->marks.size() : 0; }));
    return count;
  }

  std::atomic<std::uint64_t> told{0};  // newest entry that read models were told of
  std::optional<Engine> engine;
};

/// Bounded: the thing takes some milliseconds.
bool comes_true(const std::function<bool()>& what) {
  for (int tries = 0; tries < 2000 && !what(); ++tries) std::this_thread::sleep_for(std::chrono::milliseconds{5});
  return what();
}

class GivenTwoProcesses : public testing::Test {
 protected:
  GivenTwoProcesses() { EXPECT_EQ(first.send(1, open_company()).status, Reply::Status::decided); }
  void hand_over(Process& from, int to) {
    owner = to;
    from.engine->stand_down(0);
  }

  TemporaryDirectory directory;
  SystemClock clock;
  std::unique_ptr<EmbeddedJournal> journal = std::move(
      *open_embedded_journal({.path = directory.path() / "data", .lanes = 1, .now = [this] { return clock.now(); }}));
  std::atomic<int> owner{0};
  Process first{*journal, directory.path() / "first", clock, [this] { return owner == 0; }};
  Process second{*journal, directory.path() / "second", clock, [this] { return owner == 1; }};
};

TEST_F(GivenTwoProcesses, WhenOneServesThenTheOtherFollowsAndTakesNothing) {
  EXPECT_TRUE(first.engine->serves(0));
  EXPECT_FALSE(second.engine->serves(0));
  EXPECT_EQ(first.mark('A').status, Reply::Status::decided);
  EXPECT_TRUE(comes_true([&] { return second.marks() == 1; }));
  EXPECT_EQ(second.mark('B').status, Reply::Status::unavailable);
  EXPECT_TRUE(comes_true([&] { return second.told == first.engine->durable_seq(0); })) << "read models follow too";
}

TEST_F(GivenTwoProcesses, WhenTheLaneIsHandedOverThenTheOtherGoesOnWhereItWas) {
  EXPECT_EQ(first.mark('A').status, Reply::Status::decided);
  hand_over(first, 1);
  EXPECT_TRUE(comes_true([&] { return second.engine->serves(0); }));
  EXPECT_EQ(first.mark('B').status, Reply::Status::unavailable);
  const Reply again = second.mark('A');
  EXPECT_EQ(again.status, Reply::Status::decided);
  EXPECT_TRUE(again.repeat);
  EXPECT_EQ(second.mark('B').status, Reply::Status::decided);
  EXPECT_TRUE(comes_true([&] { return first.marks() == 2; }));
}

TEST_F(GivenTwoProcesses, WhenTheLaneGoesToAndFroThenEveryCommandCountsOnce) {
  std::size_t marks = 0;
  for (int round = 0; round < 20; ++round) {
    Process &from = round % 2 == 0 ? first : second, &to = round % 2 == 0 ? second : first;
    EXPECT_EQ(from.mark(static_cast<char>('A' + round)).status, Reply::Status::decided) << round;
    hand_over(from, round % 2 == 0 ? 1 : 0);
    ASSERT_TRUE(comes_true([&] { return to.engine->serves(0); })) << round;
    EXPECT_TRUE(to.mark(static_cast<char>('A' + round)).repeat);
    EXPECT_EQ(to.marks(), ++marks);
  }
  EXPECT_TRUE(comes_true([&] { return first.marks() == marks && second.marks() == marks; }));
  EXPECT_TRUE(comes_true([&] { return first.told == second.told; }));
  EXPECT_TRUE(second.engine->close());
  EXPECT_TRUE(first.engine->close());
}

}  // namespace
}  // namespace o2c::test
