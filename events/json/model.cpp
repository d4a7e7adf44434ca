#include "events/json/model.hpp"

#include <algorithm>
#include <array>

#include "events/base/assert.hpp"
#include "events/base/flat.hpp"
#include "events/base/schema.hpp"
#include "events/json/values.hpp"

namespace o2c::json {
namespace {

constexpr std::string_view schema_namespace = "o2c.fb.";

std::string_view without_namespace(std::string_view name) {
  if (name.starts_with(schema_namespace)) name.remove_prefix(schema_namespace.size());
  return name;
}

/// Free text against identifier: the last word of the field's name tells, so that new fields need no list of their own.
bool names_free_text(std::string_view field_name) {
  static constexpr std::array<std::string_view, 10> words = {"name",    "street", "city",      "reason", "description",
                                                             "comment", "detail", "reference", "key",    "value"};
  const std::string_view last = field_name.substr(field_name.rfind('_') + 1);
  return std::find(words.begin(), words.end(), last) != words.end();
}

bool has_attribute(const reflection::Field& field, std::string_view name) {
  if (!field.attributes()) return false;
  return std::any_of(field.attributes()->begin(), field.attributes()->end(),
                     [name](const reflection::KeyValue* attribute) { return view(attribute->key()) == name; });
}

Type scalar(Kind kind, std::uint8_t size, bool is_signed) { return {kind, is_signed, size, size, nullptr, nullptr}; }

Type plain_type(reflection::BaseType base) {
  switch (base) {
    case reflection::Bool: return scalar(Kind::flag, 1, false);
    case reflection::UType:
    case reflection::UByte: return scalar(Kind::integer, 1, false);
    case reflection::Byte: return scalar(Kind::integer, 1, true);
    case reflection::UShort: return scalar(Kind::integer, 2, false);
    case reflection::Short: return scalar(Kind::integer, 2, true);
    case reflection::UInt: return scalar(Kind::integer, 4, false);
    case reflection::Int: return scalar(Kind::integer, 4, true);
    case reflection::ULong: return scalar(Kind::long_integer, 8, false);
    case reflection::Long: return scalar(Kind::long_integer, 8, true);
    case reflection::String: return scalar(Kind::string, 4, false);
    default: break;
  }
  O2C_ASSERT(false && "a type that the JSON mapping knows");  // floating point has no place in the vocabulary
  return {};
}

}  // namespace

std::string snake_case(std::string_view pascal) {
  std::string snake;
  for (const char c : pascal) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !snake.empty()) snake += '_';
    snake += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return snake;
}

bool Field::is_silent(std::int64_t value) const {
  if (is_optional || value != 0 || default_value != 0) return false;
  return type.kind == Kind::flag || (type.kind == Kind::enumeration && type.enumeration->is_currency);
}

int Object::find(std::string_view field_name, std::size_t guess) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t at = (guess + i) % fields.size();
    if (fields[at].name == field_name) return static_cast<int>(at);
  }
  return -1;
}

const Enumerator* Enumeration::find(std::string_view enumerator_name) const {
  const auto at = std::lower_bound(by_name.begin(), by_name.end(), enumerator_name,
                                   [](const Enumerator& e, std::string_view wanted) { return e.name < wanted; });
  return at != by_name.end() && at->name == enumerator_name ? &*at : nullptr;
}

const Enumerator* Enumeration::find(std::int64_t value) const {
  const auto at = std::lower_bound(by_value.begin(), by_value.end(), value,
                                   [this](std::uint16_t i, std::int64_t v) { return by_name[i].value < v; });
  return at != by_value.end() && by_name[*at].value == value ? &by_name[*at] : nullptr;
}

const Model& Model::get() {
  static const Model model{*reflection::GetSchema(schema_bytes().data())};
  return model;
}

Model::Model(const reflection::Schema& schema)
    : objects_(schema.objects()->size()), enumerations_(schema.enums()->size()) {
  // Types refer to each other by index and fields carry the size of the structs they hold, so all places exist and all
  // sizes are known before the first field is read.
  for (flatbuffers::uoffset_t i = 0; i < schema.enums()->size(); ++i)
    read_enumeration(*schema.enums()->Get(i), enumerations_[i]);
  for (flatbuffers::uoffset_t i = 0; i < schema.objects()->size(); ++i)
    read_head(*schema.objects()->Get(i), objects_[i]);
  for (flatbuffers::uoffset_t i = 0; i < schema.objects()->size(); ++i)
    read_fields(*schema.objects()->Get(i), objects_[i]);
}

const Object* Model::find_object(std::string_view name) const {
  name = without_namespace(name);
  const auto at = std::find_if(objects_.begin(), objects_.end(), [name](const Object& o) { return o.name == name; });
  return at != objects_.end() ? &*at : nullptr;
}

const Enumeration* Model::find_enumeration(std::string_view name) const {
  name = without_namespace(name);
  const auto at =
      std::find_if(enumerations_.begin(), enumerations_.end(), [name](const Enumeration& e) { return e.name == name; });
  return at != enumerations_.end() ? &*at : nullptr;
}

void Model::read_enumeration(const reflection::Enum& from, Enumeration& to) {
  to.name = without_namespace(view(from.name()));
  to.is_currency = to.name == "Currency";
  for (const reflection::EnumVal* value : *from.values()) {
    if (!from.is_union()) {
      to.by_name.push_back({value->name()->str(), value->value(), nullptr});
    } else if (value->value() != 0) {  // 0 is NONE, which has no JSON
      const Object* member = &objects_[static_cast<std::size_t>(value->union_type()->index())];
      to.by_name.push_back({snake_case(without_namespace(view(value->name()))), value->value(), member});
    }
  }
  std::sort(to.by_name.begin(), to.by_name.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  for (std::size_t i = 0; i < to.by_name.size(); ++i) to.by_value.push_back(static_cast<std::uint16_t>(i));
  std::sort(to.by_value.begin(), to.by_value.end(),
            [&to](auto a, auto b) { return to.by_name[a].value < to.by_name[b].value; });
}

void Model::read_head(const reflection::Object& from, Object& to) {
  to.name = without_namespace(view(from.name()));
  to.is_structure = from.is_struct();
  to.size = static_cast<std::uint8_t>(from.bytesize());
  to.alignment = static_cast<std::uint8_t>(from.minalign());
  to.form = to.is_structure ? find_form(to.name) : nullptr;
  O2C_ASSERT(from.bytesize() <= static_cast<int>(structure_size_max));
}

void Model::read_fields(const reflection::Object& from, Object& to) {
  std::vector<const reflection::Field*> by_id{from.fields()->begin(), from.fields()->end()};
  std::sort(by_id.begin(), by_id.end(), [](const auto* a, const auto* b) { return a->id() < b->id(); });
  for (const reflection::Field* field : by_id) {
    // A struct with a form is written as one value; its fields are of no interest.
    if (to.form || field->deprecated() || field->type()->base_type() == reflection::UType) continue;
    to.fields.push_back(read_field(from, *field));
  }
  O2C_ASSERT(to.fields.size() <= 64);
  for (std::size_t i = 0; i < to.fields.size(); ++i) to.layout.push_back(static_cast<std::uint8_t>(i));
  const auto width = [&to](std::uint8_t i) {
    return to.fields[i].is_inline() || to.fields[i].is_structure() ? to.fields[i].type.alignment : 4;
  };
  std::stable_sort(to.layout.begin(), to.layout.end(), [&](auto a, auto b) { return width(a) > width(b); });
}

Field Model::read_field(const reflection::Object& owner, const reflection::Field& from) const {
  const reflection::Type& type = *from.type();
  Field field;
  field.name = view(from.name());
  field.is_vector = type.base_type() == reflection::Vector;
  field.type = read_type(field.is_vector ? type.element() : type.base_type(), type.index());
  field.is_required = from.required();
  field.is_optional = from.optional() && field.is_inline();
  field.is_free_text = names_free_text(field.name);
  field.is_personal = has_attribute(from, "personal");
  field.offset = from.offset();
  field.default_value = from.default_integer();
  if (field.type.kind == Kind::union_) {
    const std::string selector = from.name()->str() + "_type";
    const auto at = std::find_if(owner.fields()->begin(), owner.fields()->end(),
                                 [&](const auto* f) { return view(f->name()) == selector; });
    O2C_ASSERT(at != owner.fields()->end() && !field.is_vector);
    field.type_offset = (*at)->offset();
  }
  return field;
}

Type Model::read_type(reflection::BaseType base, std::int32_t index) const {
  if (base == reflection::Union) {
    return {Kind::union_, false, 4, 4, nullptr, &enumerations_[static_cast<std::size_t>(index)]};
  }
  if (base == reflection::Obj) {
    const Object& object = objects_[static_cast<std::size_t>(index)];
    if (!object.is_structure) return {Kind::table, false, 4, 4, &object, nullptr};
    return {Kind::structure, false, object.size, object.alignment, &object, nullptr};
  }
  Type type = plain_type(base);
  if (index >= 0 && type.kind == Kind::integer) {
    type.kind = Kind::enumeration;
    type.enumeration = &enumerations_[static_cast<std::size_t>(index)];
  }
  return type;
}

}  // namespace o2c::json
