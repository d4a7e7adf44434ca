// Copies that cannot be made, and copies that were broken off.
#include <gmock/gmock.h>

#include "engine/copy/journal_copy.hpp"
#include "tests/engine/copy/random_books.hpp"
#include "tests/engine/storage/flip.hpp"
#include "tests/support/bent_journal.hpp"
#include "tools/host/state_root.hpp"

namespace o2c::test {
namespace {

/// Its process ends when so many batches are durable: whoever waits for more learns nothing.
class EndingTarget final : public BentJournal {
 public:
  EndingTarget(Journal& real, std::size_t batches) : BentJournal(real), left_(batches) {}
  void append(SharedBatch batch, AppendDone done) override {
    if (left_ == 0) return done(batch, AppendStatus::unknown);
    --left_;
    BentJournal::append(std::move(batch), std::move(done));
  }

 private:
  std::size_t left_;
};

/// Somebody appends to it as soon as its first entry is read.
class GrowingSource final : public BentJournal {
 public:
  using BentJournal::BentJournal;
  Result<void> read(LaneId lane, std::uint64_t from, const EntrySink& sink) override {
    EXPECT_TRUE(real_.open(lane));
    return BentJournal::read(lane, from, sink);
  }
};

class GivenJournal : public testing::Test {
 protected:
  void SetUp() override {
    auto journal = open_journal(path("original"), 2);
    RandomBooks books(11);
    RunningEngine engine(*journal);
    books.set_up(*engine);
    books.play(*engine, 1);
  }
  std::filesystem::path path(const std::string& name) const { return directory_.path() / name; }

  static Result<JournalCopied> copy(Journal& source, Journal& target) {
    return copy_journal(source, target,
                        {.source_id = {}, .begins_at = {1}, .now = [] { return test_clock().now(); }, .progress = {}});
  }
  static void expect_error(const auto& result, ErrorCode code, std::string_view part) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, code);
    EXPECT_THAT(result.error().message, testing::HasSubstr(part));
  }

  TemporaryDirectory directory_;
};

TEST_F(GivenJournal, WhenTheCopyBreaksOffAnywhereThenItIsRefused) {
  const auto source = open_journal(path("original"));
  // Two marks, then at least a batch for each lane, then two seals; the last of them is missing in the end.
  for (const std::size_t batches : {1U, 2U, 3U, 4U, 5U}) {
    const auto at = path("broken-" + std::to_string(batches));
    {
      const auto target = open_journal(at, 2);
      EndingTarget ending(*target, batches);
      expect_error(copy(*source, ending), ErrorCode::outcome_unknown, "copy again into an empty target");
    }
    const auto target = open_journal(at);
    expect_error(fold_state_root(*target), ErrorCode::integrity, "copy again into an empty target");
    expect_error(copy(*source, *target), ErrorCode::conflict, "copy into an empty one");
    const auto next = open_journal(path("next-" + std::to_string(batches)), 1);
    expect_error(copy(*target, *next), ErrorCode::integrity, "broken off");
    expect_error(fold_state_root(*next), ErrorCode::integrity, "broken off");
  }
}

TEST_F(GivenJournal, WhenTheTargetHoldsEntriesThenNothingIsWritten) {
  const auto source = open_journal(path("original")), target = open_journal(path("used"), 3);
  EXPECT_TRUE(target->open(1));
  const auto before = target->info().tips;
  expect_error(copy(*source, *target), ErrorCode::conflict, "lane 1 of the target holds 1 entries");
  EXPECT_EQ(target->info().tips, before);
}

TEST_F(GivenJournal, WhenSomebodyWritesItMeanwhileThenTheCopyEnds) {
  const auto journal = open_journal(path("original")), target = open_journal(path("late"), 1);
  GrowingSource source(*journal);
  expect_error(copy(source, *target), ErrorCode::conflict, "grew while it was copied");
  expect_error(fold_state_root(*target), ErrorCode::integrity, "broken off");
}

TEST_F(GivenJournal, WhenAByteIsDamagedThenThePlaceIsNamedAndTheCopyIsNoInstance) {
  open_journal(path("original"));  // recovery at a start moves the log into tables
  std::filesystem::path largest;
  for (const auto& file : std::filesystem::directory_iterator(path("original") / "journal")) {
    if (file.path().extension() == ".sst" &&
        (largest.empty() || file.file_size() > std::filesystem::file_size(largest)))
      largest = file.path();
  }
  ASSERT_FALSE(largest.empty());
  const Flip flip(largest, std::filesystem::file_size(largest) / 4, 3);
  const auto source = open_journal(path("original")), target = open_journal(path("damaged"), 1);
  expect_error(copy(*source, *target), ErrorCode::integrity, "journal lane");
  expect_error(fold_state_root(*target), ErrorCode::integrity, "broken off");
}

TEST_F(GivenJournal, WhenItHasNoEntryThenTheCopyHasOnlyItsMarks) {
  const auto source = open_journal(path("empty"), 2), target = open_journal(path("copy"), 3);
  const auto copied = copy(*source, *target);
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_EQ(copied->commands, 0U);
  for (const Tip& tip : copied->new_tips) EXPECT_EQ(tip.seq, 3U);
  EXPECT_TRUE(fold_state_root(*target));
}

}  // namespace
}  // namespace o2c::test
