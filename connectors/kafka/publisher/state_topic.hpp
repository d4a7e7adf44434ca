#pragma once
#include <map>
#include <set>
#include <unordered_map>

#include "connectors/kafka/client/partition_reader.hpp"
#include "connectors/kafka/public/record.hpp"
#include "engine/ports/journal.hpp"

namespace o2c::kafka {

/// What a row knows: see connectors/kafka/public/state.hpp.
struct Standing {
  std::uint64_t entry_seq = 0;   // last entry taken in
  std::uint64_t sequence = 0;    // last event up to it
  std::uint64_t last_event = 0;  // entry of that event: what the read models must have folded
};

/// One lane's partition of a compacted topic, as its owner sees it.
///
/// A compacted topic keeps the last record of a key, so a row that a former owner had on its way would stay if it landed last. Therefore:
/// - When the lane is taken, the whole partition is read and compared with the rows of the read models as they stand: what is missing, differs
///   or should be gone is written. So it does not matter where the former owner stopped, and a topic that was emptied fills again.
/// - From there on the partition is followed. A record that knows less than what was compared, or than a record of its key before it, is an
///   older one that landed late: its key is written again as it stands then.
/// cost     reading what compaction has left, once for each taking; afterwards the key and a number for each row that changes.
/// threads  one.
class StateTopic {
 public:
  static Result<std::unique_ptr<StateTopic>> open(const ClientConfig& config, const std::string& name, LaneId lane);

  /// rows     all of the lane, as of `standing`.
  /// returns  the records that make the topic say the same.
  /// errors   unavailable, integrity: see read_to_end.
  Result<std::vector<PublicRecord>> compare(std::vector<PublicRecord> rows, const Standing& standing,
                                            const std::atomic<bool>& stopping);

  /// Takes in what has landed since, without waiting.
  /// errors  integrity: records that were there are gone.
  Result<void> follow();

  /// Keys to be written again, of those whose newest record is not beyond `standing`.
  std::set<std::string> overtaken(const Standing& standing) const;
  /// rows     all of the companies that overtaken keys belong to.
  /// returns  the records that put these keys right; they are not overtaken any more.
  std::vector<PublicRecord> repair(const std::vector<PublicRecord>& rows, const std::set<std::string>& keys,
                                   const Standing& standing);

 private:
  explicit StateTopic(std::unique_ptr<PartitionReader> reader) : reader_(std::move(reader)) {}
  void note(const Record& record);

  std::unique_ptr<PartitionReader> reader_;
  std::uint64_t compared_ = 0;                             // entry as of which every key was right
  std::unordered_map<std::string, std::uint64_t> newest_;  // highest entry seen since, by key
  std::set<std::string> overtaken_;
};

}  // namespace o2c::kafka
