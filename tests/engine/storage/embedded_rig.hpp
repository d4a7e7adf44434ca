#pragma once
#include "engine/storage/embedded_journal.hpp"
#include "tests/support/journal_client.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::test {

inline Instant fixed_now() { return {1'000}; }

inline Result<std::unique_ptr<EmbeddedJournal>> open_at(const std::filesystem::path& path, std::uint32_t lanes = 0) {
  EmbeddedJournalOptions options;
  options.path = path;
  options.lanes = lanes;
  options.now = fixed_now;
  return open_embedded_journal(std::move(options));
}

/// Everything a reader can get from a journal, or why not.
inline Result<std::vector<std::vector<ReadEntry>>> contents(Journal& journal) {
  std::vector<std::vector<ReadEntry>> lanes;
  for (LaneId lane = 0; lane < journal.lanes(); ++lane) {
    auto entries = read_all(journal, lane);
    if (!entries) return entries.error();
    lanes.push_back(std::move(*entries));
  }
  return lanes;
}

/// A small journal of two lanes: opened, three batches each in turn. Closed again.
inline void write_small_journal(const std::filesystem::path& path, std::size_t rounds = 3) {
  auto journal = open_at(path, 2);
  ASSERT_TRUE(journal) << journal.error().message;
  LaneClient first(**journal, 0), second(**journal, 1);
  first.open();
  second.open();
  for (std::size_t round = 0; round < rounds; ++round) {
    first.append(round % 3 + 1);
    second.append(2);
  }
}

}  // namespace o2c::test
