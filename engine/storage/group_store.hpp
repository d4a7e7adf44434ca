#pragma once
// Private to engine/storage.
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/storage/group_codec.hpp"

namespace rocksdb {
class DB;
class ColumnFamilyHandle;
class Env;
class WriteBatch;
}  // namespace rocksdb

namespace o2c::storage {

struct JournalMeta {
  Id16 journal_id;
  std::uint32_t lanes = 0;
};

/// The frames of one lane in one group: a contiguous part of the group's unpacked frames.
struct Run {
  LaneId lane = 0;
  std::uint64_t first_seq = 0;
  std::uint64_t group = 0;
  std::uint32_t offset = 0, size = 0;  // bytes
  bool operator==(const Run&) const = default;
};

/// The database of the embedded journal. Column family "default": group number (8 bytes, big endian, 1, 2, 3… without holes) → packed frames
/// of all lanes in that group, one lane after another. "index": lane (4), first seq (8), both big endian → group (8), offset (4), size (4)
/// of the lane's run in the unpacked frames. "meta": one row.
///
/// The key is the group, not the lane: groups only grow at the end, so compaction moves files and never rewrites one.
/// threads  write: one. All else: any.
class GroupStore {
 public:
  /// Groups in order; false stops.
  using GroupSink = std::function<Result<bool>(std::uint64_t group, const GroupBytes& frames)>;
  using RunSink = std::function<Result<bool>(const Run& run)>;
  enum class Access { write, read };  // read: changes no file but RocksDB's own log text

  /// Makes `directory`, whole or not at all: it is prepared beside and renamed.
  static Result<void> create(const std::filesystem::path& directory, const JournalMeta& meta, rocksdb::Env* env);
  /// errors  integrity: damaged. What recovery finds in the log beyond the last table is durable when this returns.
  static Result<std::unique_ptr<GroupStore>> open(const std::filesystem::path& directory, Access access,
                                                  rocksdb::Env* env);
  ~GroupStore();

  const JournalMeta& meta() const { return meta_; }
  Result<std::uint64_t> last_group() const;

  /// One atomic write with fsync. `batches` ordered by lane, and within a lane by seq.
  Result<void> write(std::uint64_t group, std::span<const SharedBatch> batches);

  /// Runs of `lane` in order, beginning with the one that holds `from` (or the first behind it).
  Result<void> runs(LaneId lane, std::uint64_t from, const RunSink& sink) const;
  /// The last run of `lane`, if any.
  Result<std::optional<Run>> last_run(LaneId lane) const;
  Result<GroupBytes> load(const Run& run) const;
  /// All groups up to `last`, in order.
  Result<void> groups(std::uint64_t last, const GroupSink& sink) const;
  /// How many runs the index holds in groups up to `last`.
  Result<std::uint64_t> count_runs(std::uint64_t last) const;
  Result<std::optional<Run>> find_run(LaneId lane, std::uint64_t first_seq) const;

 private:
  GroupStore();
  Result<void> load_meta();
  std::unique_ptr<rocksdb::DB> db_;
  rocksdb::ColumnFamilyHandle* groups_ = nullptr;
  rocksdb::ColumnFamilyHandle* index_ = nullptr;
  rocksdb::ColumnFamilyHandle* meta_family_ = nullptr;
  JournalMeta meta_;
  // Of write only; kept because memory given back after each group costs more than the group.
  GroupPacker packer_;
  std::unique_ptr<rocksdb::WriteBatch> batch_;
};

}  // namespace o2c::storage
