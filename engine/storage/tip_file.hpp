#pragma once
#include <optional>
#include <vector>

#include "engine/storage/posix_file.hpp"
#include "events/codec/frame.hpp"

namespace o2c::storage {

/// What was acknowledged at most: the last entry of each lane, and the group that it lies in.
struct TipRecord {
  Id16 journal_id;
  std::uint64_t group = 0;
  std::vector<Tip> tips;  // by lane
};

/// A witness outside the database. No recovery mode of RocksDB notices a log that was cut at a record boundary or deleted; a journal that
/// ends before its witness does.
///
/// Two slots are written in turn, so that a torn write leaves the other. A slot, little endian: "o2ctip01", journal id (16), number of
/// the write (8), group (8), lanes (4), CRC32C of the slot with this field zero (4), then per lane epoch (8), seq (8), hash (32); zeros
/// up to a multiple of 4 KiB.
///
/// threads  one at a time.
class TipFile {
 public:
  /// Makes the file, both slots saying `first`.
  static Result<TipFile> create(const std::filesystem::path& path, const TipRecord& first);
  /// The newest undamaged slot, then as current().
  /// errors  not_found; integrity when no slot of `journal_id` with `lanes` lanes is whole.
  static Result<TipFile> open(const std::filesystem::path& path, const Id16& journal_id, std::uint32_t lanes);

  const TipRecord& current() const { return current_; }
  /// Durable when it returns. After an error the file must not be written again: what the disk holds is unknown.
  Result<void> write(std::uint64_t group, const std::vector<Tip>& tips);

 private:
  TipFile(File file, std::filesystem::path path) : file_(std::move(file)), path_(std::move(path)) {}
  File file_;
  std::filesystem::path path_;
  std::uint64_t number_ = 0;  // of the last write
  TipRecord current_;
};

}  // namespace o2c::storage
