#pragma once
#include <chrono>
#include <functional>

#include "engine/copy/journal_copy.hpp"
#include "projections/runtime/report.hpp"
#include "tools/host/settings.hpp"

namespace o2c {

struct InstanceCopyOptions {
  std::filesystem::path from;               // data directory of the instance
  std::optional<KafkaSettings> from_kafka;  // its journal lies in a topic; nothing: in the directory
  std::filesystem::path to;                 // data directory of the copy, when its journal is embedded
  std::optional<KafkaSettings> to_kafka;    // else its topics, which are there already
  std::uint32_t lanes = 0;  // of the copy; 0: as many as the source has, or as the topic's configuration says
};

/// What came of it; the two roots are to be equal.
struct InstanceCopy {
  JournalCopied journal;
  Id16 old_id, new_id;  // of the journals
  Hash32 old_root, new_root;
};

/// Copies the journal of an instance that nobody has open into a new one (copy_journal), then folds both from their first entries and takes
/// their state roots. The lock of each directory is held from the beginning to the end.
///
/// progress  entries read so far, entries in all. copied: commands and the time that they took; only the roots are still to be folded.
/// errors    as of copy_journal. conflict also: a directory is in use, the target is an instance already. not_found: no instance.
///           invalid_input: lanes that the topic or the empty target does not have, topics that are missing or that a start would refuse.
Result<InstanceCopy> copy_instance(const InstanceCopyOptions& options,
                                   const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                                   const std::function<void(std::uint64_t, std::chrono::milliseconds)>& copied);

/// The copy as reports: figures, and the last entry of every lane, old and new.
std::vector<Report> copy_reports(const InstanceCopy& copy);

}  // namespace o2c
