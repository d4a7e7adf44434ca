#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/date.hpp"
#include "events/base/hash.hpp"

namespace o2c {

/// Why a record of a topic leaves no entry.
enum class Skip {
  none,
  repeated,     // its command is known: the first answer again, or a conflict
  malformed,    // it holds no command
  not_allowed,  // a command that may not come this way or not any more: another lane's, too old
};

/// One record of a partition that commands come from.
struct SourceRecord {
  std::string_view topic;
  std::int32_t partition = 0;
  std::int64_t from = 0;    // where its reader stood before it: behind the record handed over last
  std::int64_t offset = 0;  // >= from
  Skip skip = Skip::none;   // what the reader found wrong with it; then there is no command
};

/// How far a lane has taken the partitions that its commands come from: the source positions of the journal protocol. Everything up to
/// `counted` is part of the lane's fold; what lies behind it is forgotten whenever the fold is made anew, and its records are handed over again.
class SourcePositions {
 public:
  struct Source {
    std::string topic;
    std::int32_t partition = 0;
    std::int64_t counted = 0;  // largest offset in entries, plus one
    std::int64_t taken = 0;    // where the next record has to begin; what lies in [counted, taken) left no entry
    std::uint32_t repeated = 0, malformed = 0, not_allowed = 0;  // of these records
    Instant since{};                                             // when the first of them came

    std::uint32_t skipped() const { return repeated + malformed + not_allowed; }
    void skip(Skip why, Instant now);
    template <class A> friend void archive(A& a, Source& x) {
      a(x.topic, x.partition, x.counted);
      if constexpr (A::reading) x.taken = x.counted;
    }
  };

  /// Added, at the partition's beginning, when it is not there.
  Source& of(std::string_view topic, std::int32_t partition);
  const Source* find(std::string_view topic, std::int32_t partition) const;
  std::vector<Source>& all() { return sources_; }
  /// An entry that counts: a command from a topic, or records that were skipped.
  void fold(const fb::Entry& entry);

 private:
  std::vector<Source> sources_;  // one, but for a topic that took another's place
};

}  // namespace o2c
