#include "engine/storage/group_store.hpp"

#include <fmt/format.h>

#include "engine/storage/posix_file.hpp"
#include "engine/storage/rocks.hpp"

namespace o2c::storage {
namespace {

constexpr std::string_view meta_key = "o2c.journal.v1";
constexpr std::size_t run_value_size = 16, run_key_size = 12, meta_size = 20;

std::string group_key(std::uint64_t group) {
  std::string key;
  append_big_endian(key, group);
  return key;
}

std::string run_key(LaneId lane, std::uint64_t first_seq) {
  std::string key;
  append_big_endian(key, lane);
  append_big_endian(key, first_seq);
  return key;
}

std::string run_value(const Run& run) {
  std::string value;
  append_big_endian(value, run.group);
  append_big_endian(value, run.offset);
  append_big_endian(value, run.size);
  return value;
}

Result<Run> decode_run(const rocksdb::Slice& key, const rocksdb::Slice& value) {
  if (key.size() != run_key_size || value.size() != run_value_size)
    return integrity("journal index: a row has the wrong size");
  return Run{big_endian_at<std::uint32_t>(key, 0), big_endian_at<std::uint64_t>(key, 4),
             big_endian_at<std::uint64_t>(value, 0), big_endian_at<std::uint32_t>(value, 8),
             big_endian_at<std::uint32_t>(value, 12)};
}

/// Values are as large as what one fsync covers, up to megabytes. No compression by RocksDB on any level:
/// they are packed before they are written.
rocksdb::ColumnFamilyOptions group_options() {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = 64 << 20;
  options.max_write_buffer_number = 4;
  options.target_file_size_base = 64 << 20;
  options.compression = rocksdb::kNoCompression;
  rocksdb::BlockBasedTableOptions table;
  table.format_version = 5;
  table.no_block_cache = true;  // replay reads each group once
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

rocksdb::ColumnFamilyOptions small_options() {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = 4 << 20;
  options.compression = rocksdb::kNoCompression;
  return options;
}

rocksdb::DBOptions database_options(rocksdb::Env* env) {
  rocksdb::DBOptions options = common_options(env);
  // The default stops silently at the first flipped bit and drops synced groups behind it; this one survives a torn end only.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // What a failed write left in the page cache may be read back: it is written to tables and synced before anyone relies on it.
  options.avoid_flush_during_recovery = false;
  // A group and its index rows reach the tables together, and the log never grows much beyond one write buffer.
  options.atomic_flush = true;
  return options;
}

rocksdb::ReadOptions scan_options() {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.verify_checksums = true;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> families() {
  return {{rocksdb::kDefaultColumnFamilyName, group_options()}, {"index", small_options()}, {"meta", small_options()}};
}

/// Unpacked; an error names the group.
Result<GroupBytes> frames_of(std::uint64_t group, const rocksdb::Slice& value) {
  Result<GroupBytes> frames = unpack_group(bytes_of(value));
  if (!frames) return integrity(fmt::format("journal group {}: {}", group, frames.error().message));
  return frames;
}

}  // namespace

GroupStore::GroupStore() : batch_(std::make_unique<rocksdb::WriteBatch>()) {}
GroupStore::~GroupStore() {
  for (rocksdb::ColumnFamilyHandle* family : {groups_, index_, meta_family_}) {
    if (family != nullptr) db_->DestroyColumnFamilyHandle(family);
  }
  if (db_) db_->Close();
}

Result<void> GroupStore::create(const std::filesystem::path& directory, const JournalMeta& meta, rocksdb::Env* env) {
  const std::filesystem::path prepared = directory.string() + ".new";
  std::error_code failed;
  std::filesystem::remove_all(prepared, failed);  // left by a crash in here; nothing was ever acknowledged from it
  {
    rocksdb::DBOptions options = database_options(env);
    options.create_if_missing = options.create_missing_column_families = true;
    rocksdb::DB* raw = nullptr;
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    if (auto status = rocksdb::DB::Open(options, prepared, families(), &handles, &raw); !status.ok())
      return rocks_error("cannot create journal", status);
    const std::unique_ptr<rocksdb::DB> db(raw);
    std::string value = std::string(text_of(meta.journal_id.bytes));
    append_big_endian(value, meta.lanes);
    rocksdb::WriteOptions durable;
    durable.sync = true;
    const rocksdb::Status status = db->Put(durable, handles[2], slice_of(meta_key), value);
    for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
    if (!status.ok()) return rocks_error("cannot create journal", status);
  }
  std::filesystem::rename(prepared, directory, failed);
  if (failed) return system_error("cannot create", directory, failed.value());
  return sync_directory(directory.parent_path());
}

Result<std::unique_ptr<GroupStore>> GroupStore::open(const std::filesystem::path& directory, Access access,
                                                     rocksdb::Env* env) {
  std::unique_ptr<GroupStore> store(new GroupStore);
  rocksdb::DB* raw = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const rocksdb::DBOptions options = database_options(env);
  if (access == Access::write) remove_empty_logs(env, directory.string());
  const rocksdb::Status status = access == Access::write
                                     ? rocksdb::DB::Open(options, directory, families(), &handles, &raw)
                                     : rocksdb::DB::OpenForReadOnly(options, directory, families(), &handles, &raw);
  if (!status.ok()) return rocks_error(fmt::format("cannot open journal {}", directory.string()), status);
  store->db_.reset(raw);
  store->groups_ = handles[0], store->index_ = handles[1], store->meta_family_ = handles[2];
  if (auto loaded = store->load_meta(); !loaded) return loaded.error();
  return store;
}

Result<void> GroupStore::load_meta() {
  std::string value;
  const rocksdb::Status status = db_->Get(scan_options(), meta_family_, slice_of(meta_key), &value);
  if (!status.ok()) return rocks_error("journal: cannot read its own description", status);
  if (value.size() != meta_size) return integrity("journal: its own description has the wrong size");
  std::memcpy(meta_.journal_id.bytes.data(), value.data(), meta_.journal_id.bytes.size());
  meta_.lanes = big_endian_at<std::uint32_t>(value, meta_.journal_id.bytes.size());
  return {};
}

Result<std::uint64_t> GroupStore::last_group() const {
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(scan_options(), groups_));
  at->SeekToLast();
  if (!at->status().ok()) return rocks_error("journal: cannot find its end", at->status());
  if (!at->Valid()) return std::uint64_t{0};
  if (at->key().size() != 8) return integrity("journal: a group's key has the wrong size");
  return big_endian_at<std::uint64_t>(at->key(), 0);
}

Result<void> GroupStore::write(std::uint64_t group, std::span<const SharedBatch> batches) {
  std::vector<Run> runs;
  std::size_t offset = 0;
  for (const SharedBatch& batch : batches) {
    const std::size_t size = batch->bytes().size();
    if (runs.empty() || runs.back().lane != batch->lane())
      runs.push_back({batch->lane(), batch->first_seq(), group, static_cast<std::uint32_t>(offset), 0});
    runs.back().size += static_cast<std::uint32_t>(size);
    offset += size;
  }
  rocksdb::WriteBatch& write = *batch_;
  write.Clear();
  rocksdb::Status status = write.Put(groups_, group_key(group), slice_of(packer_.pack(batches)));
  for (const Run& run : runs) {
    if (status.ok()) status = write.Put(index_, run_key(run.lane, run.first_seq), run_value(run));
  }
  rocksdb::WriteOptions durable;
  durable.sync = true;
  if (status.ok()) status = db_->Write(durable, &write);
  if (!status.ok()) return rocks_error(fmt::format("journal group {}", group), status);
  return {};
}

Result<void> GroupStore::runs(LaneId lane, std::uint64_t from, const RunSink& sink) const {
  rocksdb::ReadOptions options = scan_options();
  const std::string lower_key = run_key(lane, 0), upper_key = run_key(lane + 1, 0);
  const rocksdb::Slice lower = lower_key, upper = upper_key;
  options.iterate_lower_bound = &lower;
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(options, index_));
  at->SeekForPrev(run_key(lane, from));
  if (at->status().ok() && !at->Valid()) at->SeekToFirst();
  for (; at->Valid(); at->Next()) {
    const Result<Run> run = decode_run(at->key(), at->value());
    if (!run) return run.error();
    const Result<bool> go_on = sink(*run);
    if (!go_on) return go_on.error();
    if (!*go_on) return {};
  }
  if (!at->status().ok()) return rocks_error(fmt::format("journal index of lane {}", lane), at->status());
  return {};
}

Result<std::optional<Run>> GroupStore::last_run(LaneId lane) const {
  std::optional<Run> last;
  if (auto found = runs(lane, UINT64_MAX,
                        [&](const Run& run) -> Result<bool> {
                          last = run;
                          return true;
                        });
      !found)
    return found.error();
  return last;
}

Result<std::optional<Run>> GroupStore::find_run(LaneId lane, std::uint64_t first_seq) const {
  const std::string key = run_key(lane, first_seq);
  std::string value;
  const rocksdb::Status status = db_->Get(scan_options(), index_, key, &value);
  if (status.IsNotFound()) return std::optional<Run>{};
  if (!status.ok()) return rocks_error(fmt::format("journal index of lane {} seq {}", lane, first_seq), status);
  const Result<Run> run = decode_run(key, value);
  if (!run) return run.error();
  return std::optional<Run>{*run};
}

Result<GroupBytes> GroupStore::load(const Run& run) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = db_->Get(scan_options(), groups_, group_key(run.group), &value);
  if (!status.ok())
    return rocks_error(fmt::format("journal lane {} seq {}: group {}", run.lane, run.first_seq, run.group), status);
  Result<GroupBytes> frames = frames_of(run.group, value);
  if (!frames) return frames.error();
  const Bytes all = frames->bytes();
  if (run.size == 0 || run.size > all.size() || run.offset > all.size() - run.size) {
    return integrity(fmt::format("journal lane {} seq {}: group {} is shorter than the index says", run.lane,
                                 run.first_seq, run.group));
  }
  if (run.size == all.size()) return std::move(*frames);
  GroupBytes part(run.size);
  std::memcpy(part.data(), all.data() + run.offset, run.size);
  return part;
}

Result<void> GroupStore::groups(std::uint64_t last, const GroupSink& sink) const {
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(scan_options(), groups_));
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    if (at->key().size() != 8) return integrity("journal: a group's key has the wrong size");
    const auto group = big_endian_at<std::uint64_t>(at->key(), 0);
    if (group > last) return {};
    const Result<GroupBytes> frames = frames_of(group, at->value());
    if (!frames) return frames.error();
    const Result<bool> go_on = sink(group, *frames);
    if (!go_on) return go_on.error();
    if (!*go_on) return {};
  }
  if (!at->status().ok()) return rocks_error("journal: cannot read its groups", at->status());
  return {};
}

Result<std::uint64_t> GroupStore::count_runs(std::uint64_t last) const {
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(scan_options(), index_));
  std::uint64_t count = 0;
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    const Result<Run> run = decode_run(at->key(), at->value());
    if (!run) return run.error();
    if (run->group <= last) ++count;
  }
  if (!at->status().ok()) return rocks_error("journal index", at->status());
  return count;
}

}  // namespace o2c::storage
