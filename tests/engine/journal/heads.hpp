#pragma once
#include "engine/journal/log_position.hpp"

namespace o2c::test {

inline Hash32 hash_of(std::uint8_t number) {
  Hash32 hash;
  hash.bytes[0] = number;
  return hash;
}

inline const Place genesis{Tip{0, 0, hash_of(0)}, -1};

inline Tip tip_of(const EntryHead& head) { return {head.epoch, head.seq, head.hash}; }

/// An ordinary entry decided on `on`; `number` makes its hash.
inline EntryHead entry_on(const Tip& on, std::uint8_t number) {
  return {.epoch = on.epoch, .seq = on.seq + 1, .prev_hash = on.hash, .hash = hash_of(number)};
}

/// A LaneOpened of the next epoch decided on `on`; `number` makes its hash and open id.
inline EntryHead opened_on(const Tip& on, std::uint8_t number) {
  EntryHead head{
      .opens = true, .epoch = on.epoch + 1, .seq = on.seq + 1, .prev_hash = on.hash, .hash = hash_of(number)};
  head.open_id.bytes.fill(number);
  return head;
}

}  // namespace o2c::test
