#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "engine/ports/journal.hpp"
#include "events/base/date.hpp"

namespace rocksdb {
class Env;
}

namespace o2c {

struct EmbeddedJournalOptions {
  std::filesystem::path path;             // data directory; holds lock, journal/, journal.tip
  std::uint32_t lanes = 0;                // fixed for the life of a journal. 0: as it is, one for a new journal
  bool create = true;                     // false: a missing journal is not_found
  std::function<Instant()> now;           // stamps LaneOpened
  std::size_t group_bytes_max = 4 << 20;  // frames under one fsync; a larger batch is a group of its own
  rocksdb::Env* env = nullptr;  // of the database's files; none: the system's. Must live longer than the journal
};

struct JournalInfo {
  Id16 journal_id;
  std::uint64_t groups = 0;  // writes, each with its fsync
  std::uint64_t entries = 0;
  std::uint64_t disk_bytes = 0;  // of all its files
  std::vector<Tip> tips;         // by lane
};

/// Called now and then with groups read so far and groups in all.
using VerifyProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// A journal in RocksDB on one machine; one process has it, several of its threads may. Durable = fsynced, and the tip of each lane noted in
/// journal.tip, before `done` says so. One fsync serves all batches of all lanes that wait for it.
///
/// After a failed write, fsync or tip write the outcome of that batch and all later ones is `unknown`; the journal stays so until the process
/// has opened it anew. Nothing is tried again: after a failed fsync the kernel may call lost pages clean.
///
/// The destructor makes durable what was appended, and answers it.
class EmbeddedJournal : public Journal {
 public:
  virtual JournalInfo info() = 0;
  /// Every entry of every lane up to now, from genesis: checksum, shape, command hash, chain, index, group order, tip file.
  /// errors  integrity, naming the first bad lane, seq, group and the rule.
  virtual Result<JournalInfo> verify(const VerifyProgress& progress) = 0;
};

/// errors  conflict: another process has the directory. integrity: damaged, or it ends before what journal.tip says was acknowledged.
///         not_found, see `create`. invalid_input: another number of lanes.
Result<std::unique_ptr<EmbeddedJournal>> open_embedded_journal(EmbeddedJournalOptions options);

/// The same check for a journal that nobody has open, also one that open_embedded_journal refuses. Changes nothing in it.
Result<JournalInfo> verify_embedded_journal(const std::filesystem::path& path, const VerifyProgress& progress);

}  // namespace o2c
