#pragma once
// Private to engine/storage.
#include <memory>
#include <span>
#include <string>

#include "engine/ports/journal.hpp"

struct ZSTD_CCtx_s;

namespace o2c::storage {

/// Frames of a group, 8-byte aligned as frames need it.
class GroupBytes {
 public:
  explicit GroupBytes(std::size_t size)
      : words_(std::make_unique_for_overwrite<std::uint64_t[]>((size + 7) / 8)), size_(size) {}
  Bytes bytes() const { return {reinterpret_cast<const std::uint8_t*>(words_.get()), size_}; }
  std::uint8_t* data() { return reinterpret_cast<std::uint8_t*>(words_.get()); }

 private:
  std::unique_ptr<std::uint64_t[]> words_;
  std::size_t size_;
};

/// A group as it is stored: the frames of its batches, one after another, as one Zstandard frame (RFC 8878) that names their size. Entries
/// repeat each other's layout and texts, so a fifth of the bytes is left, and writing them twice (log, then table) costs more than packing.
class GroupPacker {
 public:
  GroupPacker();
  ~GroupPacker();
  GroupPacker(const GroupPacker&) = delete;
  GroupPacker& operator=(const GroupPacker&) = delete;
  /// The packed bytes stay valid until the next call.
  std::string_view pack(std::span<const SharedBatch> batches);

 private:
  ZSTD_CCtx_s* context_;
  std::string packed_;
};

/// errors  integrity: not what pack made.
Result<GroupBytes> unpack_group(Bytes packed);

}  // namespace o2c::storage
