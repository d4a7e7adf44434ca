#include "engine/storage/rocks_state_store.hpp"

#include <fmt/format.h>
#include <rocksdb/filter_policy.h>

#include "engine/storage/rocks.hpp"

namespace o2c {
namespace storage {
namespace {

/// The log is off: a commit is one batch in an empty write buffer, flushed to one table. So it is there as a whole or not at all, and
/// each row is written once; a log would write every row twice, and a commit is a checkpoint of many rows, not a single change.
class RocksStateStore final : public StateStore {
 public:
  explicit RocksStateStore(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)) {}

  Result<void> commit(const std::vector<StateWrite>& writes) override;
  Result<std::optional<std::string>> get(std::string_view key) override;
  Result<void> scan(std::string_view prefix, const RowSink& sink) override;
  Result<void> clear() override;

 private:
  Result<void> write_through(rocksdb::WriteBatch& batch);
  std::unique_ptr<rocksdb::DB> db_;
};

/// The first key behind all that begin with `prefix`; empty when there is none.
std::string behind(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<std::uint8_t>(end.back()) == 0xFF) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<std::uint8_t>(end.back()) + 1);
  return end;
}

rocksdb::Options state_options() {
  rocksdb::Options options = common_options(nullptr);
  options.create_if_missing = true;
  options.write_buffer_size = 64 << 20;
  options.compression = rocksdb::kLZ4Compression;
  rocksdb::BlockBasedTableOptions table;
  table.format_version = 5;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.block_cache = rocksdb::NewLRUCache(64 << 20);
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

Result<void> RocksStateStore::write_through(rocksdb::WriteBatch& batch) {
  rocksdb::WriteOptions unlogged;
  unlogged.disableWAL = true;
  rocksdb::Status status = db_->Write(unlogged, &batch);
  if (status.ok()) status = db_->Flush(rocksdb::FlushOptions{});
  if (!status.ok()) return rocks_error("state: cannot commit", status);
  return {};
}

Result<void> RocksStateStore::commit(const std::vector<StateWrite>& writes) {
  rocksdb::WriteBatch batch;
  for (const StateWrite& write : writes) {
    const rocksdb::Status status = write.value ? batch.Put(write.key, *write.value) : batch.Delete(write.key);
    if (!status.ok()) return rocks_error("state: cannot commit", status);
  }
  return write_through(batch);
}

Result<std::optional<std::string>> RocksStateStore::get(std::string_view key) {
  std::string value;
  const rocksdb::Status status = db_->Get({}, slice_of(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>{};
  if (!status.ok()) return rocks_error("state", status);
  return std::optional(std::move(value));
}

Result<void> RocksStateStore::scan(std::string_view prefix, const RowSink& sink) {
  rocksdb::ReadOptions options;
  const std::string end = behind(prefix);
  const rocksdb::Slice upper = end;
  if (!end.empty()) options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(options));
  for (at->Seek(slice_of(prefix)); at->Valid(); at->Next()) {
    if (!sink(at->key().ToStringView(), at->value().ToStringView())) return {};
  }
  if (!at->status().ok()) return rocks_error("state", at->status());
  return {};
}

Result<void> RocksStateStore::clear() {
  std::string end;
  {
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}));
    at->SeekToLast();
    if (!at->status().ok()) return rocks_error("state", at->status());
    if (!at->Valid()) return {};
    end = at->key().ToString() + '\0';
  }
  rocksdb::WriteBatch batch;
  if (auto status = batch.DeleteRange("", end); !status.ok()) return rocks_error("state: cannot clear", status);
  if (auto written = write_through(batch); !written) return written;
  // Gives the space back at once: a rebuild will fill it again.
  if (auto status = db_->CompactRange({}, nullptr, nullptr); !status.ok())
    return rocks_error("state: cannot clear", status);
  return {};
}

}  // namespace
}  // namespace storage

Result<std::unique_ptr<StateStore>> open_rocks_state_store(const std::filesystem::path& path) {
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  storage::remove_empty_logs(nullptr, path.string());
  rocksdb::DB* raw = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(storage::state_options(), path, &raw);
  if (!status.ok()) return storage::rocks_error(fmt::format("cannot open state {}", path.string()), status);
  return std::unique_ptr<StateStore>(std::make_unique<storage::RocksStateStore>(std::unique_ptr<rocksdb::DB>(raw)));
}

}  // namespace o2c
