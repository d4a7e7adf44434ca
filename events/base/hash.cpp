// OpenSSL's one-shot and EVP interfaces look the algorithm up for each call, which costs more than hashing an entry does;
// SHA256_Init, _Update and _Final do not. They are marked deprecated since 3.0 and kept for 3.x.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "events/base/hash.hpp"

#include <nmmintrin.h>
#include <openssl/sha.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>
#include <new>

namespace o2c {
namespace {
SHA256_CTX* context(unsigned char* state) { return std::launder(reinterpret_cast<SHA256_CTX*>(state)); }
}  // namespace

Hash32 sha256(Bytes bytes) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  Hash32 out;
  SHA256_Final(out.bytes.data(), &context);
  return out;
}

Sha256::Sha256() {
  static_assert(sizeof(SHA256_CTX) <= sizeof(state_));
  SHA256_Init(new (state_) SHA256_CTX);
}
void Sha256::update(Bytes bytes) { SHA256_Update(context(state_), bytes.data(), bytes.size()); }
Hash32 Sha256::finish() {
  Hash32 out;
  SHA256_Final(out.bytes.data(), context(state_));
  return out;
}

__attribute__((target("sse4.2"))) std::uint32_t crc32c(Bytes bytes) {
  std::uint64_t crc = 0xFFFFFFFF;
  const std::uint8_t* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    crc = _mm_crc32_u64(crc, word);
  }
  auto narrow = static_cast<std::uint32_t>(crc);
  for (; left > 0; --left, ++at) narrow = _mm_crc32_u8(narrow, *at);
  return narrow ^ 0xFFFFFFFF;
}

std::uint64_t table_hash(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

Id16 event_id(const Id16& command_id, std::uint32_t index) {
  std::array<std::uint8_t, 20> input{};
  std::memcpy(input.data(), command_id.bytes.data(), 16);
  for (std::size_t i = 0; i < 4; ++i) input[16 + i] = static_cast<std::uint8_t>(index >> (8 * i));
  const Hash32 hash = sha256(input);
  Id16 id;
  std::memcpy(id.bytes.data(), hash.bytes.data(), 16);
  return id;
}

std::string to_hex(Bytes bytes) {
  static constexpr char digit[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t b : bytes) out += digit[b >> 4], out += digit[b & 15];
  return out;
}

}  // namespace o2c
