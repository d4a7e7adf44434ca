#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <boost/container/vector.hpp>

#include "events/base/hash.hpp"
#include "events/base/result.hpp"
#include "events/codec/reader_rule.hpp"

namespace o2c {

/// H(journal id, lane): what the first entry of a lane names as its predecessor.
Hash32 genesis_hash(const Id16& journal_id, std::uint32_t lane);

/// A decoded frame. The pointers point into the bytes it was read from.
struct FrameView {
  Bytes frame;  // header included
  const fb::Entry* entry = nullptr;
  const fb::Command* command = nullptr;  // none for entries of the lane itself
  Bytes entry_bytes;
  Bytes command_bytes;
  Hash32 hash() const { return sha256(entry_bytes); }  // of this entry; the next one names it
};

/// The head of a decoded frame; hashes the entry.
EntryHead head_of(const FrameView& frame);

enum class Check {
  full,     // CRC, FlatBuffers verifier, command hash: bytes from a disk or a wire
  trusted,  // lengths only: bytes that this process wrote and still holds
};

/// Frame = length, crc32c, entry size, command size (u32, little endian), entry, command; both padded to 8 bytes, zero filled.
/// length counts the whole frame and is a multiple of 8; the CRC covers all behind itself.
inline constexpr std::size_t frame_header = 16;
inline constexpr std::size_t frame_limit = 768 * 1024;
/// Size of a frame, its padding counted in full.
inline constexpr std::size_t frame_bytes(std::size_t entry, std::size_t command) {
  return frame_header + entry + command + 16;
}

/// Reads the frame at the beginning of `bytes`, which must be 8-byte aligned and may hold more frames behind it.
/// errors  integrity, naming the rule that is broken.
Result<FrameView> read_frame(Bytes bytes, Check check);
/// The frame in words that this process keeps; trusted.
inline FrameView frame_in(const std::vector<std::uint64_t>& words) {
  return *read_frame({reinterpret_cast<const std::uint8_t*>(words.data()), words.size() * 8}, Check::trusted);
}

/// Frames of one lane in order, in one aligned buffer: built by the lane thread, sealed by the journal, then immutable.
class FrameBatch {
 public:
  explicit FrameBatch(std::uint32_t lane, std::size_t room_bytes = 0) : lane_(lane) { words_.reserve(room_bytes / 8); }
  /// Empty again, for another use of the same memory.
  void clear();

  /// Appends an entry whose prev_hash is still to be filled in. Both are copied.
  void add(Bytes entry, Bytes command);
  /// Fills in prev_hash of each frame, beginning with tip.hash, and the CRCs; moves tip to the last entry.
  void seal(Tip& tip);

  std::uint32_t lane() const { return lane_; }
  std::size_t size() const { return offsets_.size(); }
  bool empty() const { return offsets_.empty(); }
  std::uint64_t first_seq() const { return first_seq_; }
  std::uint64_t last_seq() const { return first_seq_ + offsets_.size() - 1; }
  /// All frames, one after another.
  Bytes bytes() const { return {reinterpret_cast<const std::uint8_t*>(words_.data()), words_.size() * 8}; }
  FrameView at(std::size_t index) const;
  /// Appends an already sealed frame (reading back).
  void add_sealed(Bytes frame);

 private:
  std::uint32_t lane_;
  std::uint64_t first_seq_ = 0;
  /// Room for one more frame, not filled.
  std::uint8_t* extend(std::size_t bytes);

  boost::container::vector<std::uint64_t> words_;  // 64-bit words keep every frame aligned
  std::vector<std::size_t> offsets_;               // in words
};

/// The reader's rule over frames. One for writers, read models, tools and followers.
class Chain {
 public:
  explicit Chain(Tip tip) : tip_(tip) {}
  /// Judges the next entry of the log and, if it counts, moves the tip.
  Judgement judge(const FrameView& frame) { return o2c::judge(tip_, head_of(frame)); }
  const Tip& tip() const { return tip_; }

 private:
  Tip tip_;
};

}  // namespace o2c
