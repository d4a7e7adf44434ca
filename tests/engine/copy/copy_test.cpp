// A journal copied to other lanes and back: the same history at other places.
#include <gmock/gmock.h>

#include <set>

#include "engine/copy/journal_copy.hpp"
#include "tests/engine/copy/random_books.hpp"
#include "tools/host/state_root.hpp"

namespace o2c::test {
namespace {

/// A random history on one lane, made once.
class GivenSeveralCompanies : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = std::make_unique<TemporaryDirectory>();
    books_ = std::make_unique<RandomBooks>(7);
    auto journal = open_journal(path("original"), 1);
    {
      RunningEngine engine(*journal);
      books_->set_up(*engine);
      books_->play(*engine, 8);
    }
    RunningEngine engine(*journal);  // another epoch in the middle of the lane
    books_->play(*engine, 8);
  }
  static void TearDownTestSuite() {
    books_.reset();
    directory_.reset();
  }

  static std::filesystem::path path(const std::string& name) { return directory_->path() / name; }

  /// Copies and proves what holds for every copy.
  static JournalCopied copy(const std::string& from, const std::string& to, std::uint32_t lanes) {
    auto source = open_journal(path(from));
    const auto begins_at = copy_begins_at(*source, Instant{1});
    auto target = open_embedded_journal({.path = path(to), .lanes = lanes, .now = [&] { return *begins_at; }});
    const auto copied = copy_journal(*source, **target,
                                     {.source_id = source->info().journal_id,
                                      .begins_at = *begins_at,
                                      .now = [] { return test_clock().now(); },
                                      .progress = {}});
    EXPECT_TRUE(copied) << copied.error().message;
    EXPECT_EQ(history_of(*source), history_of(**target));
    const auto old_root = fold_state_root(*source), new_root = fold_state_root(**target);
    EXPECT_TRUE(old_root && new_root && *old_root == *new_root);
    const auto verified = (*target)->verify({});
    EXPECT_TRUE(verified) << verified.error().message;
    EXPECT_EQ(verified->tips, copied->new_tips);
    EXPECT_EQ(source->info().tips, copied->old_tips);
    return *copied;
  }

  static std::unique_ptr<TemporaryDirectory> directory_;
  static std::unique_ptr<RandomBooks> books_;
};
std::unique_ptr<TemporaryDirectory> GivenSeveralCompanies::directory_;
std::unique_ptr<RandomBooks> GivenSeveralCompanies::books_;

TEST_F(GivenSeveralCompanies, WhenCopiedToFourLanesAndBackThenTheHistoryIsTheSame) {
  const JournalCopied four = copy("original", "four", 4), one = copy("four", "one", 1);
  EXPECT_EQ(four.commands, books_->sent().size());
  EXPECT_EQ(one.commands, four.commands);
  // On one lane again, the companies take turns as they did.
  const auto first = commands_of(*open_journal(path("original")), 0), last = commands_of(*open_journal(path("one")), 0);
  EXPECT_EQ(first, last);
  const auto accepted = std::ranges::count_if(
      first, [](const auto& command) { return command.second.find("\"outcome\":\"accepted\"") != std::string::npos; });
  EXPECT_GT(accepted, 300);
  EXPECT_GT(static_cast<std::ptrdiff_t>(first.size()), accepted + 10);
}

TEST_F(GivenSeveralCompanies, WhenCopiedThenEachLaneHoldsItsCompaniesBetweenTheMarks) {
  const JournalCopied copied = copy("original", "lanes", 4);
  const auto original = open_journal(path("original")), target = open_journal(path("lanes"));
  std::set<LaneId> used;
  for (LaneId lane = 0; lane < 4; ++lane) {
    std::vector<fb::EntryKind> kinds;
    Instant last{};
    EXPECT_TRUE(target->read(lane, 1, [&](const FrameView& frame) {
      const fb::Entry& entry = *frame.entry;
      kinds.push_back(entry.kind());
      EXPECT_GT(entry.recorded_at()->micros(), last.micros);
      last = Instant{entry.recorded_at()->micros()};
      if (frame.command) {
        EXPECT_EQ(lane_of(frame.command->company()->string_view(), 4), lane);
        used.insert(lane);
      }
      if (entry.kind() != fb::EntryKind::copied) return true;
      EXPECT_EQ(entry.copied_from()->size(), 1U);
      const fb::LaneHead& head = *entry.copied_from()->Get(0);
      EXPECT_EQ(Id16::from(*head.journal()), original->info().journal_id);
      EXPECT_EQ(head.lane(), 0U);
      EXPECT_EQ(head.seq(), copied.old_tips[0].seq);
      EXPECT_EQ(Hash32::from(*head.hash()), copied.old_tips[0].hash);
      return true;
    }));
    ASSERT_GE(kinds.size(), 3U);
    EXPECT_EQ(kinds[0], fb::EntryKind::lane_opened);
    EXPECT_EQ(kinds[1], fb::EntryKind::copied);
    EXPECT_EQ(kinds.back(), fb::EntryKind::seal);
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(kinds, fb::EntryKind::command)), kinds.size() - 3);
  }
  EXPECT_GT(used.size(), 2U);
}

TEST_F(GivenSeveralCompanies, WhenEveryCommandIsSentToTheCopyAgainThenEachGetsItsFirstAnswer) {
  copy("original", "asked", 3);
  const auto journal = open_journal(path("asked"));
  {
    RunningEngine engine(*journal);
    for (const RandomBooks::Sent& sent : books_->sent()) {
      WaitingSink sink;
      Request request = sent.request;
      request.sink = &sink;
      engine->submit_waiting({&request, 1});
      const Reply& reply = sink.wait();
      ASSERT_EQ(reply.status, Reply::Status::decided);
      ASSERT_TRUE(reply.repeat);
      EXPECT_TRUE(journal->read(reply.lane, reply.seq, [&](const FrameView& frame) {
        EXPECT_EQ(content_of(frame), sent.content);
        return false;
      }));
    }
  }
  EXPECT_EQ(history_of(*journal), history_of(*open_journal(path("original"))));
}

TEST_F(GivenSeveralCompanies, WhenTheCopyIsWorkedOnAndCopiedThenNothingIsLost) {
  copy("original", "worked", 4);
  {
    auto journal = open_journal(path("worked"));
    RunningEngine engine(*journal);
    RandomBooks more(8);
    more.play(*engine, 1);
    EXPECT_FALSE(more.sent().empty());
  }
  copy("worked", "worked-2", 2);
}

TEST_F(GivenSeveralCompanies, WhenCopiedThenAMarkMeansTheSameMoment) {
  copy("original", "marked", 4);
  const auto journals = {open_journal(path("original")), open_journal(path("marked"))};
  std::vector<std::map<std::string, std::string>> moments;  // mark -> the entry at its position
  for (const auto& journal : journals) {
    Follower follower(journal->lanes());
    ASSERT_TRUE(follower.catch_up(*journal));
    auto& at = moments.emplace_back();
    follower.with([&](const ReadModels& models) {
      for (const auto& [id, company] : models.companies()) {
        for (const auto& [mark, seq] : company.marks) {
          EXPECT_TRUE(journal->read(company.lane, seq, [&, name = id + mark](const FrameView& frame) {
            at[name] = content_of(frame);
            return false;
          }));
        }
      }
    });
  }
  EXPECT_FALSE(moments[0].empty());
  EXPECT_EQ(moments[0], moments[1]);
}

}  // namespace
}  // namespace o2c::test
