// A writer that is killed: whatever it printed as acknowledged is there, and the chain is whole.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <map>
#include <random>

#include "tests/engine/storage/embedded_rig.hpp"

extern char** environ;  // NOLINT: POSIX asks programs to declare it

namespace o2c::test {
namespace {

struct Acknowledged {
  LaneId lane = 0;
  std::uint64_t seq = 0;
  std::string hash;
};

/// A child that appends; its acknowledgements come through a pipe.
class Writer {
 public:
  Writer(const std::filesystem::path& directory, std::size_t padding) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addclose(&actions, ends[0]);
    std::string program = KILL_WRITER, path = directory, size = std::to_string(padding);
    char* arguments[] = {program.data(), path.data(), size.data(), nullptr};
    EXPECT_EQ(::posix_spawn(&child_, program.c_str(), &actions, nullptr, arguments, environ), 0);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    lines_ = ::fdopen(ends[0], "r");
  }
  ~Writer() { std::fclose(lines_); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  std::optional<Acknowledged> next() {
    Acknowledged line;
    unsigned long long seq = 0;
    char hash[65];
    if (std::fscanf(lines_, "%u %llu %64s\n", &line.lane, &seq, hash) != 3) return std::nullopt;
    line.seq = seq;
    line.hash = hash;
    return line;
  }
  void kill() const { ::kill(child_, SIGKILL); }
  /// The signal that ended it, or 0.
  int wait() const {
    int status = 0;
    ::waitpid(child_, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }

 private:
  pid_t child_ = -1;
  std::FILE* lines_ = nullptr;
};

TEST(GivenWriterKilledAtRandomMoments, WhenReopenedThenEveryAcknowledgedEntryIsThereAndTheChainIsWhole) {
  const TemporaryDirectory directory;
  std::mt19937 random(20'261'122);
  std::map<std::pair<LaneId, std::uint64_t>, std::string> acknowledged;  // over all rounds
  for (int round = 0; round < 20; ++round) {
    // Large entries in two rounds fill the write buffer, so that the kill also meets tables being written.
    const std::size_t padding = round == 3 || round == 4 ? 60'000 : 50;
    const std::size_t lines = random() % (padding > 1'000 ? 500 : 150);
    Writer writer(directory.path(), padding);
    for (std::size_t i = 0; i < lines; ++i) {
      const auto line = writer.next();
      ASSERT_TRUE(line) << "the writer ended by itself in round " << round;
      acknowledged[{line->lane, line->seq}] = line->hash;
    }
    writer.kill();
    while (const auto line = writer.next()) acknowledged[{line->lane, line->seq}] = line->hash;
    EXPECT_EQ(writer.wait(), SIGKILL);
    // Killed while it made the journal: there is nothing yet, and the next writer makes it.
    if (acknowledged.empty() && !std::filesystem::exists(directory.path() / "journal")) continue;
    const auto verified = verify_embedded_journal(directory.path(), {});
    ASSERT_TRUE(verified) << "round " << round << ": " << verified.error().message;
    auto journal = open_at(directory.path());
    ASSERT_TRUE(journal) << "round " << round << ": " << journal.error().message;
    std::size_t found = 0;
    for (LaneId lane = 0; lane < 2; ++lane) {
      const auto read = (*journal)->read(lane, 1, [&](const FrameView& frame) {
        const auto known = acknowledged.find({lane, frame.entry->seq()});
        if (known == acknowledged.end()) return true;
        ++found;
        EXPECT_EQ(to_hex(frame.hash()), known->second);
        return true;
      });
      ASSERT_TRUE(read) << read.error().message;
    }
    ASSERT_EQ(found, acknowledged.size()) << "round " << round;
  }
  EXPECT_GT(acknowledged.size(), 500u);
}

}  // namespace
}  // namespace o2c::test
