#pragma once
#include <functional>
#include <vector>

#include "engine/ports/journal.hpp"
#include "events/base/date.hpp"

namespace o2c {

struct JournalCopyOptions {
  Id16 source_id;                                       // of the old journal
  Instant begins_at;                                    // copy_begins_at(source): what the target's clock shows
  std::function<Instant()> now;                         // recorded time of the seals
  std::function<void(std::uint64_t entries)> progress;  // entries of the source read so far; may be empty
};

/// What a copy came to.
struct JournalCopied {
  std::uint64_t commands = 0;           // entries of commands, the same in both
  std::vector<Tip> old_tips, new_tips;  // by lane
};

/// The recorded time for the LaneOpened of each new lane: just before the oldest entry of the source, so that recorded times ascend in the
/// copy too. The clock of the target shows it while it is copied to.
/// otherwise  the answer for a source without entries.
Result<Instant> copy_begins_at(Journal& source, Instant otherwise);

/// Writes the history of a journal anew into another one, which may have another number of lanes: each command's entry goes to the lane of
/// its company with the same command, outcome, events, answer, dates and recorded time. Entries that concern a lane itself stay behind.
///
/// A new lane: LaneOpened; `copied`, which names the last entry of every old lane; the entries, by (recorded time, old lane, old seq); `seal`,
/// written when everything is durable in all lanes. Without its seal a lane is refused by the engine (UnfinishedCopy).
///
/// source  nobody writes it meanwhile; only read, each entry checked and chained. target: without any entry, closed lanes.
/// errors  conflict: the target holds entries, or the source grew. integrity: the source is damaged, with lane and seq, or an unfinished copy
///         itself. outcome_unknown: the target could not be written; copy again into an empty one.
/// cost    O(entries · log lanes), a few MiB for each lane of either side; a thread for each lane of the source.
Result<JournalCopied> copy_journal(Journal& source, Journal& target, const JournalCopyOptions& options);

}  // namespace o2c
