#include "engine/storage/rocks.hpp"

#include <fmt/format.h>

namespace o2c::storage {
namespace {

ErrorCode code_of(const rocksdb::Status& status) {
  // A file of the database that is not there, or not what the manifest says, is damage as much as a wrong byte.
  if (status.IsCorruption() || status.IsNotFound() || status.IsPathNotFound() || status.IsInvalidArgument())
    return ErrorCode::integrity;
  // The name only occurs here: RocksDB has no code of its own for a lock that is held.
  if (status.IsIOError() && status.ToString().find("lock") != std::string::npos) return ErrorCode::conflict;
  return ErrorCode::unavailable;
}

}  // namespace

Error rocks_error(std::string_view what, const rocksdb::Status& status) {
  return {code_of(status), fmt::format("{}: {}", what, status.ToString()), Remedy::fix_first};
}

rocksdb::Options common_options(rocksdb::Env* env) {
  rocksdb::Options options;
  if (env != nullptr) options.env = env;
  options.paranoid_checks = true;
  options.max_background_jobs = 2;
  options.max_log_file_size = 1 << 20;
  options.keep_log_file_num = 3;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.bytes_per_sync =
      1 << 20;  // spreads the writing of tables, so that it does not pile up in front of an fsync of the log
  return options;
}

void remove_empty_logs(rocksdb::Env* env, const std::string& directory) {
  if (env == nullptr) env = rocksdb::Env::Default();
  std::vector<std::string> names;
  if (!env->GetChildren(directory, &names).ok()) return;
  for (const std::string& name : names) {
    const std::string path = fmt::format("{}/{}", directory, name);
    std::uint64_t size = 1;
    if (name.ends_with(".log") && env->GetFileSize(path, &size).ok() && size == 0)
      env->DeleteFile(path).PermitUncheckedError();  // one that stays does no harm
  }
}

}  // namespace o2c::storage
