#pragma once
// Private to engine/storage: what both databases share.
#include <rocksdb/db.h>
#include <rocksdb/table.h>

#include <cstring>
#include <string>
#include <string_view>

#include "events/base/hash.hpp"
#include "events/base/result.hpp"

namespace o2c::storage {

/// Damage is `integrity`; a database that someone else has open is `conflict`; all else (no space, no permission) `unavailable`.
Error rocks_error(std::string_view what, const rocksdb::Status& status);

/// Options that hold for both: paranoid checks, a few small log files, no background statistics.
rocksdb::Options common_options(rocksdb::Env* env);

/// Removes write-ahead logs without a byte in them: each opening leaves one behind, and RocksDB keeps it until something is written. For whoever has
/// the directory to himself and is about to open it.
void remove_empty_logs(rocksdb::Env* env, const std::string& directory);

inline rocksdb::Slice slice_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline rocksdb::Slice slice_of(std::string_view text) { return {text.data(), text.size()}; }
inline Bytes bytes_of(const rocksdb::Slice& slice) {
  return {reinterpret_cast<const std::uint8_t*>(slice.data()), slice.size()};
}

/// Big endian, so that keys sort as numbers do.
template <class T> void append_big_endian(std::string& key, T value) {
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8)
    key += static_cast<char>(value >> shift);
}
template <class T> T big_endian_at(const rocksdb::Slice& bytes, std::size_t at) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value = static_cast<T>(value << 8 | static_cast<std::uint8_t>(bytes[at + i]));
  return value;
}

}  // namespace o2c::storage
