// Appends to a journal until it is killed and prints "lane seq hash" of the last entry of each batch that was acknowledged.
//   kill_writer DIRECTORY PADDING
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <mutex>

#include "engine/storage/embedded_journal.hpp"
#include "tests/support/entries.hpp"

int main(int count, char** arguments) {
  using namespace o2c;
  if (count != 3) return 2;
  EmbeddedJournalOptions options;
  options.path = arguments[1];
  options.lanes = 2;
  options.now = [] { return Instant{1'000}; };
  const std::size_t padding = std::stoul(arguments[2]);
  auto journal = open_embedded_journal(std::move(options));
  if (!journal) {
    fmt::print(stderr, "{}\n", journal.error().message);
    return 1;
  }
  std::array<Tip, 2> tips;
  for (LaneId lane = 0; lane < 2; ++lane) tips[lane] = *(*journal)->open(lane);
  std::mutex mutex;
  std::condition_variable room;
  int in_flight = 0;
  const auto acknowledge = [&](const SharedBatch& batch, AppendStatus status) {
    if (status != AppendStatus::durable) ::_exit(3);
    const FrameView last = batch->at(batch->size() - 1);
    const std::string line = fmt::format("{} {} {}\n", batch->lane(), batch->last_seq(), to_hex(last.hash()));
    if (::write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(4);
    const std::lock_guard guard(mutex);
    --in_flight;
    room.notify_one();
  };
  for (std::size_t round = 1;; ++round) {
    {
      std::unique_lock guard(mutex);
      room.wait(guard, [&] { return in_flight < 8; });
      ++in_flight;
    }
    const LaneId lane = round % 3 == 0 ? 1 : 0;
    (*journal)->append(test::draft_batch(lane, tips[lane], round % 5 + 1, padding), acknowledge);
  }
}
