#include "connectors/kafka/publisher/read_to_end.hpp"

#include <algorithm>

namespace o2c::kafka {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds poll_time{100}, question_time{3'000}, patience{10'000};
constexpr std::size_t records_each = 1'000;

}  // namespace

Result<void> read_to_end(PartitionReader& reader, std::int64_t records_max,
                         const std::function<Result<void>(const Record&)>& sink, const std::atomic<bool>& stopping) {
  const auto range = reader.watermarks(question_time);
  if (!range) return range.error();
  const std::int64_t from = std::max(range->from, range->until - std::min(records_max, range->until));
  if (reader.position() != from) {
    if (auto sought = reader.seek(from); !sought) return sought;
  }
  for (auto last_news = Clock::now(); reader.position() < range->until;) {
    if (stopping) return stopped();
    const ReadBatch batch = reader.poll(records_each, poll_time);
    for (const Record& record : batch.records) {
      if (auto taken = sink(record); !taken) return taken;
    }
    if (batch.status == ReadStatus::end) return {};  // the offsets that are left hold no record
    if (batch.status != ReadStatus::open) return batch.error;
    if (!batch.records.empty()) last_news = Clock::now();
    else if (Clock::now() - last_news > patience)
      return Error{ErrorCode::unavailable, "kafka: the brokers send nothing", Remedy::retry};
  }
  return {};
}

}  // namespace o2c::kafka
