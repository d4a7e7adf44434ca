// Writes that fail: nobody is told "durable" for what may be lost, nothing is tried again, and what was acknowledged is there afterwards.
#include <sys/resource.h>

#include <csignal>

#include "tests/engine/storage/embedded_rig.hpp"
#include "tests/engine/storage/faulty_env.hpp"

namespace o2c::test {
namespace {

class GivenFailingLog : public testing::Test {
 protected:
  std::unique_ptr<EmbeddedJournal> open() {
    EmbeddedJournalOptions options;
    options.path = directory_.path();
    options.lanes = 1;
    options.now = fixed_now;
    options.env = env_.get();
    options.group_bytes_max = 1;  // each batch is a group of its own, so the nth fault meets the nth batch
    auto opened = open_embedded_journal(std::move(options));
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }

  /// Sends `batches` of two entries; the answers are a run of durable ones and then only unknown ones. Returns how many were durable.
  static std::size_t send_until_dead(LaneClient& client, std::size_t batches) {
    std::vector<std::future<AppendStatus>> outcomes;
    for (std::size_t i = 0; i < batches; ++i) outcomes.push_back(client.send(2));
    std::size_t durable = 0;
    bool dead = false;
    for (auto& outcome : outcomes) {
      const AppendStatus status = outcome.get();
      dead = dead || status == AppendStatus::unknown;
      EXPECT_EQ(status, dead ? AppendStatus::unknown : AppendStatus::durable);
      durable += dead ? 0U : 1U;
    }
    EXPECT_TRUE(dead);
    return durable;
  }

  /// After the fault is gone a new process finds all that was acknowledged, perhaps more, and goes on behind it.
  void expect_sound_with(std::uint64_t acknowledged_seq) {
    auto journal = open_at(directory_.path());
    ASSERT_TRUE(journal) << journal.error().message;
    EXPECT_GE((*journal)->tip(0)->seq, acknowledged_seq);
    const std::uint64_t epoch = (*journal)->tip(0)->epoch;
    LaneClient client(**journal, 0);
    client.open();
    EXPECT_EQ(client.tip().epoch, epoch + 1);
    client.append(3);
    const auto entries = read_all(**journal, 0);
    ASSERT_TRUE(entries) << entries.error().message;
    for (const ReadEntry& entry : *entries) {
      if (entry.kind == fb::EntryKind::command) {
        EXPECT_EQ(entry.mark, mark_name(0, entry.seq));
      }
    }
    EXPECT_TRUE((*journal)->verify({}));
  }

  TemporaryDirectory directory_;
  LogFaults faults_;
  std::unique_ptr<rocksdb::Env> env_ = faulty_env(faults_);
};

TEST_F(GivenFailingLog, WhenTheNthSyncFailsThenUnknownFromThereOnAndAcknowledgedEntriesStay) {
  for (int nth = 1; nth <= 6; ++nth) {
    std::uint64_t acknowledged = 0;
    {
      auto journal = open();
      LaneClient client(*journal, 0);
      client.open();
      const std::uint64_t before = client.tip().seq;
      faults_.fail_sync = faults_.syncs + nth;
      const std::size_t durable = send_until_dead(client, 30);
      EXPECT_EQ(durable, static_cast<std::size_t>(nth) - 1);
      acknowledged = before + 2 * durable;
      EXPECT_EQ(journal->tip(0)->seq, acknowledged);
      const int syncs = faults_.syncs;
      faults_.fail_sync =
          0;  // the disk is well again: a dead journal still refuses, because the lost pages may count as clean
      EXPECT_EQ(client.send(1).get(), AppendStatus::unknown);
      EXPECT_FALSE(journal->open(0));
      EXPECT_EQ(faults_.syncs, syncs);  // nothing was tried again
      EXPECT_EQ(read_all(*journal, 0)->size(), acknowledged);
    }
    expect_sound_with(acknowledged);
  }
}

TEST_F(GivenFailingLog, WhenAnAppendFailsThenUnknownAndAcknowledgedEntriesStay) {
  std::uint64_t acknowledged = 0;
  {
    auto journal = open();
    LaneClient client(*journal, 0);
    client.open();
    faults_.fail_append = faults_.appends + 4;
    acknowledged = 1 + 2 * send_until_dead(client, 100);
  }
  faults_.fail_append = 0;
  expect_sound_with(acknowledged);
}

TEST_F(GivenFailingLog, WhenTheDiskIsFullThenUnknownAndAcknowledgedEntriesStay) {
  std::uint64_t acknowledged = 0;
  {
    auto journal = open();
    LaneClient client(*journal, 0);
    client.open();
    faults_.no_space = true;
    faults_.fail_append = faults_.appends + 1;
    acknowledged = 1 + 2 * send_until_dead(client, 10);
  }
  faults_.fail_append = 0;
  expect_sound_with(acknowledged);
}

TEST_F(GivenFailingLog, WhenItFailsAtOpeningTheLaneThenOutcomeUnknown) {
  {
    auto journal = open();
    faults_.fail_sync = faults_.syncs + 1;
    const auto opened = journal->open(0);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::outcome_unknown);
  }
  faults_.fail_sync = 0;
  expect_sound_with(0);
}

/// No file of this process may grow beyond 4 KiB meanwhile: the second slot of the tip file cannot be written, the young log can.
class FileSizeLimit {
 public:
  FileSizeLimit() {
    former_handler_ = std::signal(SIGXFSZ, SIG_IGN);
    EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &former_), 0);
    rlimit limit = former_;
    limit.rlim_cur = 4096;
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  ~FileSizeLimit() {
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &former_), 0);
    std::signal(SIGXFSZ, former_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit former_{};
  void (*former_handler_)(int) = nullptr;
};

TEST(GivenTipFileThatCannotBeWritten, WhenAppendedThenUnknownThoughTheGroupIsOnTheDisk) {
  const TemporaryDirectory directory;
  std::size_t acknowledged = 0;
  {
    auto journal = open_at(directory.path(), 1);
    LaneClient client(**journal, 0);
    client.open();
    {
      const FileSizeLimit limit;
      AppendStatus status = client.send(1).get();  // one of two writes hits the second slot
      if (status == AppendStatus::durable) {
        ++acknowledged;
        status = client.send(1).get();
      }
      EXPECT_EQ(status, AppendStatus::unknown);
    }
    EXPECT_EQ(client.send(1).get(), AppendStatus::unknown);
    EXPECT_EQ((*journal)->tip(0)->seq, 1 + acknowledged);
  }
  auto journal = open_at(directory.path());
  ASSERT_TRUE(journal) << journal.error().message;
  EXPECT_EQ((*journal)->tip(0)->seq, 2 + acknowledged);  // the unknown one turns out to be there
  EXPECT_TRUE((*journal)->verify({}));
}

}  // namespace
}  // namespace o2c::test
