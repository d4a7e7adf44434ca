#include "events/json/lay_down.hpp"

#include <vector>

namespace o2c::json {
namespace {

bool is_default(const Field& field, const Slot& slot) {
  if (field.is_optional || field.type.kind > Kind::enumeration) return false;
  return std::memcmp(&field.default_value, slot.bytes.data(), field.type.size) == 0;
}

void lay_down_field(flatbuffers::FlatBufferBuilder& builder, const Field& field, const Slot& slot) {
  if (!field.is_inline() && !field.is_structure()) {
    builder.AddOffset(field.offset, Offset{slot.get<flatbuffers::uoffset_t>()});
    if (field.type.kind == Kind::union_) {
      builder.AddElement<std::uint8_t>(field.type_offset, slot.get<std::uint8_t>(sizeof(flatbuffers::uoffset_t)), 0);
    }
  } else if (!is_default(field, slot)) {
    // Like the generated builders, a value that equals the default takes no place.
    builder.Align(field.type.alignment);
    builder.PushBytes(slot.bytes.data(), field.type.size);
    builder.TrackField(field.offset, builder.GetSize());
  }
}

}  // namespace

Offset lay_down_table(flatbuffers::FlatBufferBuilder& builder, const Object& table, const Slots& slots) {
  const auto start = builder.StartTable();
  for (const std::uint8_t i : table.layout) {
    if (slots.has(i)) lay_down_field(builder, table.fields[i], slots.at[i]);
  }
  return Offset{builder.EndTable(start)};
}

Offset lay_down_vector(flatbuffers::FlatBufferBuilder& builder, const Type& type, std::span<const Slot> elements) {
  const std::size_t size = type.size, alignment = type.alignment;
  builder.StartVector(elements.size() * size / alignment, alignment);
  for (std::size_t i = elements.size(); i-- > 0;) {  // the buffer grows downwards
    if (type.kind == Kind::string || type.kind == Kind::table)
      builder.PushElement(Offset{elements[i].get<flatbuffers::uoffset_t>()});
    else builder.PushBytes(elements[i].bytes.data(), size);
  }
  return Offset{builder.EndVector(elements.size())};
}

}  // namespace o2c::json
