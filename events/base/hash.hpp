#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "events/schema/o2c_generated.h"

namespace o2c {

using Bytes = std::span<const std::uint8_t>;
inline Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// 16 bytes that a client made: the id of a command.
struct Id16 {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const Id16&) const = default;
  static Id16 from(const fb::Id16& id) {
    Id16 out;
    std::memcpy(out.bytes.data(), id.bytes()->Data(), out.bytes.size());
    return out;
  }
  fb::Id16 to_fb() const { return fb::Id16{flatbuffers::make_span(bytes)}; }
};
struct Hash32 {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const Hash32&) const = default;
  static Hash32 from(const fb::Hash32& h) {
    Hash32 out;
    std::memcpy(out.bytes.data(), h.bytes()->Data(), out.bytes.size());
    return out;
  }
  fb::Hash32 to_fb() const { return fb::Hash32{flatbuffers::make_span(bytes)}; }
};

/// SHA-256, FIPS 180-4. threads: pure.
Hash32 sha256(Bytes bytes);
/// The same in pieces.
class Sha256 {
 public:
  Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void update(Bytes bytes);
  void update(std::string_view text) { update(bytes_of(text)); }
  Hash32 finish();

 private:
  alignas(8) unsigned char state_[128];
};

/// For tables in memory; nothing that is stored or shown may depend on it. XXH3.
std::uint64_t table_hash(std::string_view text);
struct TableHash {
  std::size_t operator()(std::string_view text) const { return table_hash(text); }
};

/// CRC-32C (Castagnoli), as in RFC 3720; with the processor's instruction.
std::uint32_t crc32c(Bytes bytes);

/// First 16 bytes of SHA-256(command id, index): what an event is, wherever it lies.
Id16 event_id(const Id16& command_id, std::uint32_t index);

std::string to_hex(Bytes bytes);
inline std::string to_hex(const Id16& id) { return to_hex(Bytes{id.bytes}); }
inline std::string to_hex(const Hash32& hash) { return to_hex(Bytes{hash.bytes}); }

}  // namespace o2c
