#include <unistd.h>

#include <fstream>
#include <map>

#include "engine/storage/rocks_state_store.hpp"
#include "tests/engine/storage/embedded_rig.hpp"

namespace o2c::test {
namespace {

namespace fs = std::filesystem;

TEST(GivenEmbeddedJournal, WhenOpenedTwiceThenConflictNamesTheProcess) {
  const TemporaryDirectory directory;
  const auto first = open_at(directory.path(), 1);
  ASSERT_TRUE(first) << first.error().message;
  const auto second = open_at(directory.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::conflict);
  EXPECT_NE(second.error().message.find("process " + std::to_string(::getpid())), std::string::npos)
      << second.error().message;
  const auto verified = verify_embedded_journal(directory.path(), {});
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, ErrorCode::conflict);
}

TEST(GivenEmbeddedJournal, WhenAnotherNumberOfLanesIsAskedForThenRefused) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(open_at(directory.path(), 4));
  const auto other = open_at(directory.path(), 8);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::invalid_input);
  const auto as_it_is = open_at(directory.path());
  ASSERT_TRUE(as_it_is);
  EXPECT_EQ((*as_it_is)->lanes(), 4u);
  EXPECT_FALSE(open_at(directory.path() / "more", 1025));
}

TEST(GivenEmbeddedJournal, WhenOpenedAgainAndAgainThenItGrowsNoFiles) {
  const TemporaryDirectory directory;
  const auto files = [&] {
    std::ptrdiff_t count = 0;
    for (const char* part : {"journal", "state"}) {
      const fs::directory_iterator entries(directory.path() / part);
      count += std::distance(begin(entries), end(entries));
    }
    return count;
  };
  const auto open_and_close = [&] {
    ASSERT_TRUE(open_at(directory.path(), 1));
    ASSERT_TRUE(open_rocks_state_store(directory.path() / "state"));
  };
  for (int i = 0; i < 5; ++i) open_and_close();
  const std::ptrdiff_t before = files();
  for (int i = 0; i < 10; ++i) open_and_close();
  EXPECT_EQ(files(), before);
}

TEST(GivenNoJournal, WhenOpenedWithoutCreatingThenNotFoundAndNothingIsMade) {
  const TemporaryDirectory directory;
  EmbeddedJournalOptions options;
  options.path = directory.path() / "absent";
  options.create = false;
  options.now = fixed_now;
  const auto opened = open_embedded_journal(options);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::not_found);
  EXPECT_FALSE(fs::exists(options.path));
  EXPECT_EQ(verify_embedded_journal(options.path, {}).error().code, ErrorCode::not_found);
}

TEST(GivenEmbeddedJournal, WhenClosedThenWhatWasAppendedIsAnsweredAndThere) {
  const TemporaryDirectory directory;
  std::vector<std::future<AppendStatus>> outcomes;
  {
    auto journal = open_at(directory.path(), 1);
    LaneClient client(**journal, 0);
    client.open();
    for (int i = 0; i < 50; ++i) outcomes.push_back(client.send(4));
  }
  for (auto& outcome : outcomes) EXPECT_EQ(outcome.get(), AppendStatus::durable);
  auto journal = open_at(directory.path());
  EXPECT_EQ((*journal)->tip(0)->seq, 201u);
}

TEST(GivenEmbeddedJournal, WhenVerifiedThenCountsAreThoseOfItsHistoryOpenOrClosed) {
  const TemporaryDirectory directory;
  write_small_journal(directory.path(), 100);
  std::vector<std::uint64_t> calls;
  const auto closed = verify_embedded_journal(directory.path(), [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_LE(done, total);
    calls.push_back(done);
  });
  ASSERT_TRUE(closed) << closed.error().message;
  EXPECT_EQ(closed->entries, 2 + 199 + 200u);
  EXPECT_EQ(closed->groups, 202u);
  EXPECT_EQ(calls.back(), 202u);
  const auto journal = open_at(directory.path());
  const auto live = (*journal)->verify({});
  ASSERT_TRUE(live) << live.error().message;
  EXPECT_EQ(live->entries, closed->entries);
  EXPECT_EQ(live->tips, closed->tips);
  const JournalInfo info = (*journal)->info();
  EXPECT_EQ(info.journal_id, closed->journal_id);
  EXPECT_EQ(info.entries, closed->entries);
  EXPECT_EQ(info.tips, closed->tips);
  EXPECT_GT(info.disk_bytes, 0u);
}

TEST(GivenEmbeddedJournal, WhenVerifiedOfflineThenNoFileOfItsHistoryChanges) {
  const TemporaryDirectory directory;
  write_small_journal(directory.path());
  const auto sizes = [&] {
    std::map<std::string, std::uintmax_t> files;
    for (const auto& file : fs::directory_iterator(directory.path() / "journal")) {
      if (file.path().filename().string().rfind("LOG", 0) != 0) files[file.path().filename()] = file.file_size();
    }
    return files;
  };
  const auto before = sizes();
  ASSERT_TRUE(verify_embedded_journal(directory.path(), {}));
  EXPECT_EQ(sizes(), before);
}

TEST(GivenJournalAheadOfItsTipFile, WhenOpenedThenWhatIsThereCountsAndTheWitnessFollows) {
  const TemporaryDirectory directory;
  write_small_journal(directory.path(), 1);
  const fs::path tip = directory.path() / "journal.tip", kept = directory.path() / "kept.tip";
  fs::copy_file(tip, kept);
  {
    auto journal = open_at(directory.path());
    LaneClient client(**journal, 0);
    client.open();
    client.append(5);
  }
  fs::copy_file(kept, tip, fs::copy_options::overwrite_existing);  // a crash between the group's fsync and the tip's
  {
    auto journal = open_at(directory.path());
    ASSERT_TRUE(journal) << journal.error().message;
    EXPECT_EQ((*journal)->tip(0)->seq, 8u);
    EXPECT_EQ(contents(**journal)->at(0).size(), 8u);
  }
  EXPECT_TRUE(verify_embedded_journal(directory.path(), {}));
}

TEST(GivenJournalBehindItsTipFile, WhenOpenedThenRefusedWithTheNumberOfLostEntries) {
  const TemporaryDirectory directory;
  const fs::path data = directory.path() / "data", older = directory.path() / "older";
  write_small_journal(data, 1);
  fs::copy(data, older, fs::copy_options::recursive);
  {
    auto journal = open_at(data);
    LaneClient client(**journal, 0);
    client.open();
    client.append(6);
  }
  fs::copy_file(data / "journal.tip", older / "journal.tip", fs::copy_options::overwrite_existing);
  const auto opened = open_at(older);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::integrity);
  EXPECT_NE(opened.error().message.find("lane 0 ends at seq 2, but seq 9 was acknowledged: 7 entries are lost"),
            std::string::npos)
      << opened.error().message;
  const auto verified = verify_embedded_journal(older, {});
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().message, opened.error().message);
}

TEST(GivenJournalOfAnotherHistory, WhenItHasTheSameLengthThenTheTipFileTellsThemApart) {
  const TemporaryDirectory directory;
  const fs::path one = directory.path() / "one", other = directory.path() / "other";
  write_small_journal(one, 0);
  fs::copy(one, other, fs::copy_options::recursive);
  for (const fs::path& path : {one, other}) {  // the same journal id, lengths and marks; the open ids differ
    auto journal = open_at(path);
    LaneClient client(**journal, 0);
    client.open();
    client.append(2);
  }
  fs::copy_file(one / "journal.tip", other / "journal.tip", fs::copy_options::overwrite_existing);
  const auto opened = open_at(other);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::integrity);
  EXPECT_NE(opened.error().message.find("lane 0 seq 4: is not the entry that was acknowledged"), std::string::npos)
      << opened.error().message;
  EXPECT_FALSE(verify_embedded_journal(other, {}));
}

TEST(GivenDatabaseThatVanished, WhenOpenedThenRefusedAndNoNewOneIsStarted) {
  const TemporaryDirectory directory;
  write_small_journal(directory.path());
  fs::remove_all(directory.path() / "journal");
  const auto opened = open_at(directory.path(), 2);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::integrity);
  EXPECT_FALSE(fs::exists(directory.path() / "journal"));
  EXPECT_EQ(verify_embedded_journal(directory.path(), {}).error().code, ErrorCode::integrity);
}

TEST(GivenDatabaseWithoutItsCurrentFile, WhenOpenedThenRefusedAndItsTablesStay) {
  const TemporaryDirectory directory;
  write_small_journal(directory.path());
  { const auto flushed = open_at(directory.path()); }
  fs::remove(directory.path() / "journal" / "CURRENT");
  const auto opened = open_at(directory.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::integrity);
}

TEST(GivenMakingOfAJournalThatWasInterrupted, WhenOpenedThenItIsMadeAnew) {
  const TemporaryDirectory directory;
  fs::create_directories(directory.path() / "journal.new");
  std::ofstream(directory.path() / "journal.new" / "MANIFEST-000001") << "half";
  { ASSERT_TRUE(open_at(directory.path(), 2)); }
  fs::remove(directory.path() / "journal.tip");  // the tip file is made last
  { ASSERT_TRUE(open_at(directory.path(), 2)); }
  EXPECT_TRUE(verify_embedded_journal(directory.path(), {}));
}

TEST(GivenJournalWithManyLanes, WhenReopenedThenTheLargerTipSlotsHoldThemAll) {
  const TemporaryDirectory directory;
  {
    auto journal = open_at(directory.path(), 300);
    ASSERT_TRUE(journal) << journal.error().message;
    for (LaneId lane : {0u, 84u, 85u, 299u}) ASSERT_TRUE((*journal)->open(lane));
  }
  auto journal = open_at(directory.path());
  ASSERT_TRUE(journal) << journal.error().message;
  EXPECT_EQ((*journal)->tip(299)->seq, 1u);
  EXPECT_EQ((*journal)->tip(298)->seq, 0u);
}

}  // namespace
}  // namespace o2c::test
