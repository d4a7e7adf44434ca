#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <span>

#include <flatbuffers/flatbuffers.h>

#include "events/json/model.hpp"

/// Puts values that were read into a FlatBuffer. Children are laid down before the table that holds them.
namespace o2c::json {

using Offset = flatbuffers::Offset<void>;

/// What was read of one field until its table is laid down: the bytes of a scalar or struct, or an offset (and, of a
/// union, the type behind it).
struct Slot {
  alignas(8) std::array<std::uint8_t, structure_size_max> bytes;

  template <class T> void set(T value, std::size_t at = 0) { std::memcpy(bytes.data() + at, &value, sizeof value); }
  template <class T> T get(std::size_t at = 0) const {
    T value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
  }
};

/// One slot per field of an object, by index.
struct Slots {
  std::array<Slot, 64> at;
  std::uint64_t present = 0;
  bool has(std::size_t i) const { return (present >> i & 1) != 0; }
};

Offset lay_down_table(flatbuffers::FlatBufferBuilder& builder, const Object& table, const Slots& slots);
Offset lay_down_vector(flatbuffers::FlatBufferBuilder& builder, const Type& type, std::span<const Slot> elements);

}  // namespace o2c::json
