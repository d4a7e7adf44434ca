#pragma once
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <memory>

namespace o2c::test {

/// What to do to RocksDB's log from now on: the operation with this number (1, 2…) fails and so do all behind it. 0: nothing.
struct LogFaults {
  std::atomic<int> fail_append = 0, fail_sync = 0;
  std::atomic<int> appends = 0, syncs = 0;  // seen so far
  bool no_space = false;

  rocksdb::IOStatus verdict(std::atomic<int>& seen, const std::atomic<int>& fail_at) {
    const int number = ++seen;
    if (fail_at == 0 || number < fail_at) return rocksdb::IOStatus::OK();
    return no_space ? rocksdb::IOStatus::NoSpace("injected") : rocksdb::IOStatus::IOError("injected");
  }
};

class FaultyLog final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyLog(std::unique_ptr<rocksdb::FSWritableFile> file, LogFaults& faults)
      : FSWritableFileOwnerWrapper(std::move(file)), faults_(faults) {}
  using FSWritableFileOwnerWrapper::Append;
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* context) override {
    const rocksdb::IOStatus fault = faults_.verdict(faults_.appends, faults_.fail_append);
    return fault.ok() ? FSWritableFileOwnerWrapper::Append(data, options, context) : fault;
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    const rocksdb::IOStatus fault = faults_.verdict(faults_.syncs, faults_.fail_sync);
    return fault.ok() ? FSWritableFileOwnerWrapper::Sync(options, context) : fault;
  }

 private:
  LogFaults& faults_;
};

class FaultyFiles final : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultyFiles(LogFaults& faults) : FileSystemWrapper(rocksdb::FileSystem::Default()), faults_(faults) {}
  const char* Name() const override { return "faulty files of a test"; }
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override {
    const rocksdb::IOStatus status = FileSystemWrapper::NewWritableFile(path, options, file, context);
    if (status.ok() && path.ends_with(".log")) *file = std::make_unique<FaultyLog>(std::move(*file), faults_);
    return status;
  }

 private:
  LogFaults& faults_;
};

inline std::unique_ptr<rocksdb::Env> faulty_env(LogFaults& faults) {
  return rocksdb::NewCompositeEnv(std::make_shared<FaultyFiles>(faults));
}

}  // namespace o2c::test
