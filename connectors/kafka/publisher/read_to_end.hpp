#pragma once
#include <atomic>
#include <functional>
#include <limits>

#include "connectors/kafka/client/partition_reader.hpp"

namespace o2c::kafka {

inline constexpr std::int64_t all_records = std::numeric_limits<std::int64_t>::max();

/// What a function answers that was asked to stop.
inline Error stopped() { return {ErrorCode::unavailable, "stopped", Remedy::retry}; }

/// Reads what the partition holds at the call, or the last `records_max` offsets of it; the reader stands at the end then.
///
/// The end is what one leader says. One that was elected a moment ago may name an older one: whoever asks here goes on too early then, which
/// costs repeats and no more.
/// errors  unavailable: the brokers do not answer, or `stopping`; integrity: the log lost its records meanwhile; those of sink.
Result<void> read_to_end(PartitionReader& reader, std::int64_t records_max,
                         const std::function<Result<void>(const Record&)>& sink, const std::atomic<bool>& stopping);

}  // namespace o2c::kafka
