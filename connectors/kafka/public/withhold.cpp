#include "connectors/kafka/public/withhold.hpp"

#include <fmt/format.h>

#include "events/json/lay_down.hpp"

namespace o2c::kafka {
namespace {

using flatbuffers::uoffset_t;
using json::Field;
using json::Kind;
using json::Offset;
using json::Slot;

const std::uint8_t* follow(const std::uint8_t* place) { return place + flatbuffers::ReadScalar<uoffset_t>(place); }
const flatbuffers::Table& table_at(const std::uint8_t* place) {
  return *reinterpret_cast<const flatbuffers::Table*>(place);
}

class Copier {
 public:
  explicit Copier(flatbuffers::FlatBufferBuilder& builder) : builder_(builder) {}

  Offset table(const flatbuffers::Table& from, const json::Object& object) {
    json::Slots slots;
    for (std::size_t i = 0; i < object.fields.size(); ++i) {
      const Field& field = object.fields[i];
      const std::uint8_t* place = from.GetAddressOf(field.offset);
      if (!place || (field.is_personal && !field.is_required)) continue;
      if (field.is_personal) withhold(field, slots.at[i]);
      else if (field.type.kind == Kind::union_) union_member(from, place, field, slots.at[i]);
      else if (field.is_vector) slots.at[i].set(vector(follow(place), field.type).o);
      else value(place, field.type, slots.at[i]);
      slots.present |= std::uint64_t{1} << i;
    }
    return json::lay_down_table(builder_, object, slots);
  }
  bool met_unknown() const { return met_unknown_; }

 private:
  void withhold(const Field& field, Slot& slot) {
    O2C_ASSERT(!field.is_vector && field.type.kind == Kind::string);  // nothing else has a form that says "withheld"
    slot.set(builder_.CreateString("").o);
  }

  void value(const std::uint8_t* place, const json::Type& type, Slot& slot) {
    if (type.kind == Kind::string) {
      const auto& text = *reinterpret_cast<const flatbuffers::String*>(follow(place));
      slot.set(builder_.CreateString(text.data(), text.size()).o);
    } else if (type.kind == Kind::table) {
      slot.set(table(table_at(follow(place)), *type.object).o);
    } else {
      std::memcpy(slot.bytes.data(), place, type.size);
    }
  }

  Offset vector(const std::uint8_t* place, const json::Type& type) {
    std::vector<Slot> elements(flatbuffers::ReadScalar<uoffset_t>(place));
    const std::uint8_t* element = place + sizeof(uoffset_t);
    for (Slot& slot : elements) {
      value(element, type, slot);
      element += type.size;
    }
    return json::lay_down_vector(builder_, type, elements);
  }

  void union_member(const flatbuffers::Table& owner, const std::uint8_t* place, const Field& field, Slot& slot) {
    const auto type = owner.GetField<std::uint8_t>(field.type_offset, 0);
    const json::Enumerator* member = field.type.enumeration->find(std::int64_t{type});
    if (!member) return static_cast<void>(met_unknown_ = true);
    slot.set(table(table_at(follow(place)), *member->object).o);
    slot.set(type, sizeof(uoffset_t));
  }

  flatbuffers::FlatBufferBuilder& builder_;
  bool met_unknown_ = false;
};

}  // namespace

Result<flatbuffers::Offset<void>> copy_withheld(flatbuffers::FlatBufferBuilder& builder, const flatbuffers::Table& body,
                                                const json::Object& member) {
  Copier copier(builder);
  const Offset copy = copier.table(body, member);
  if (copier.met_unknown()) return integrity(fmt::format("{}: a part of a type that is not known", member.name));
  return copy;
}

}  // namespace o2c::kafka
