#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "engine/runtime/request.hpp"

/// Frames on the socket, little endian: length of the whole frame (u32, a multiple of 8), kind (u32), tag (u64), payload. The tag of an answer
/// is that of its question. A connection begins with a hello each way.
namespace o2c::wire {

inline constexpr std::uint32_t version = 1;
inline constexpr std::size_t header = 16;
inline constexpr std::size_t request_limit = std::size_t{1} << 20;  // of one command or question
inline constexpr std::size_t rehearsal_limit = std::size_t{256} << 20;
inline constexpr std::size_t answer_limit = std::size_t{1} << 30;

enum class Kind : std::uint32_t {
  hello = 1,    // u32 version
  command = 2,  // Command FlatBuffer
  reply = 3,    // ReplyHead, then the entry's frame when there is one
  rehearse =
      4,  // for each command: u32 size, u32 0, its bytes padded to 8. Answered by a reply each (tag = index), then `done`
  done = 5,    // text of an error, empty: none; first byte: error code + 1
  query = 6,   // fb::Query
  answer = 7,  // fb::QueryAnswer
  entry = 8,   // u32 lane, u32 0, u64 seq; answered by `entry` with the frame or nothing
  lanes = 9,   // answered by `lanes` with u32
  error = 10,  // text; the connection is closed behind it
};

struct Head {
  std::uint32_t length;
  std::uint32_t kind;
  std::uint64_t tag;
};
struct ReplyHead {
  std::uint32_t status;
  std::uint32_t repeat;
  std::uint32_t lane;
  std::uint32_t zero;
  std::uint64_t seq;
};
static_assert(sizeof(Head) == header && sizeof(ReplyHead) == 24);

using Buffer = std::vector<std::uint8_t>;

/// Appends a frame with the payload in one or two parts, padded with zeros. The size that counts is kept by FlatBuffers or by the frame inside.
inline void append(Buffer& out, Kind kind, std::uint64_t tag, Bytes first, Bytes second = {}) {
  const std::size_t length = (header + first.size() + second.size() + 7) / 8 * 8;
  const Head head{static_cast<std::uint32_t>(length), static_cast<std::uint32_t>(kind), tag};
  const std::size_t at = out.size();
  out.resize(at + length);
  std::memcpy(out.data() + at, &head, header);
  if (!first.empty()) std::memcpy(out.data() + at + header, first.data(), first.size());
  if (!second.empty()) std::memcpy(out.data() + at + header + first.size(), second.data(), second.size());
}
template <class T> Bytes bytes_of_struct(const T& value) {
  return {reinterpret_cast<const std::uint8_t*>(&value), sizeof value};
}

inline void append_reply(Buffer& out, std::uint64_t tag, const Reply& reply) {
  const ReplyHead head{static_cast<std::uint32_t>(reply.status), reply.repeat ? 1U : 0U, reply.lane, 0, reply.seq};
  append(out, Kind::reply, tag, bytes_of_struct(head), reply.frame.frame);
}

}  // namespace o2c::wire
