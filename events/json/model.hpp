#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <flatbuffers/reflection_generated.h>

/// The schema as the JSON mapping needs it: names, kinds, places in the buffer, resolved once from the binary schema.
namespace o2c::json {

/// No struct of the schema is larger; Hash32 is that large.
inline constexpr std::size_t structure_size_max = 32;

struct Object;
struct Enumeration;
struct ValueForm;

enum class Kind : std::uint8_t {
  flag,
  integer,       // 8, 16, 32 bits
  long_integer,  // 64 bits
  enumeration,
  string,
  structure,
  table,
  union_,
};

/// What stands in a field or, if the field is a vector, in each element.
struct Type {
  Kind kind = Kind::flag;
  bool is_signed = false;
  std::uint8_t size = 0;  // bytes in place: of a scalar, a struct, an offset
  std::uint8_t alignment = 0;
  const Object* object = nullptr;            // of structure and table
  const Enumeration* enumeration = nullptr;  // of enumeration and union_
};

struct Field {
  std::string_view name;
  Type type;
  bool is_vector = false;
  bool is_required = false;
  bool is_optional = false;  // a scalar that knows absence
  bool is_free_text = false;
  bool is_personal = false;       // marked so in the schema: withheld from public topics
  std::uint16_t offset = 0;       // in the vtable; in a struct: from its beginning
  std::uint16_t type_offset = 0;  // of a union: vtable place of the type
  std::int64_t default_value = 0;

  /// Whether the value is stored in the buffer itself, not behind an offset.
  bool is_inline() const { return !is_vector && type.kind < Kind::string; }
  bool is_structure() const { return !is_vector && type.kind == Kind::structure; }
  /// "Not said": a flag that is false by default, the currency XXX.
  bool is_silent(std::int64_t value) const;
};

/// Table or struct.
struct Object {
  std::string_view name;  // without namespace
  bool is_structure = false;
  std::uint8_t size = 0;            // of a struct
  std::uint8_t alignment = 0;       // of a struct
  const ValueForm* form = nullptr;  // of a struct that is one value in JSON: Money, Date
  std::vector<Field> fields;        // by id
  std::vector<std::uint8_t>
      layout;  // field indices in the order they are laid down: widest first, so padding stays small

  /// Index of the field, -1 if there is none. `guess` is tried first: documents mostly follow the schema's order.
  int find(std::string_view field_name, std::size_t guess = 0) const;
};

struct Enumerator {
  std::string name;  // as in JSON
  std::int64_t value = 0;
  const Object* object = nullptr;  // of a union's member
};

struct Enumeration {
  std::string_view name;
  bool is_currency = false;
  std::vector<Enumerator> by_name;
  std::vector<std::uint16_t> by_value;  // indices into by_name

  const Enumerator* find(std::string_view enumerator_name) const;
  const Enumerator* find(std::int64_t value) const;
};

class Model {
 public:
  /// The vocabulary this program was built with. threads: made once, then constant.
  static const Model& get();

  explicit Model(const reflection::Schema& schema);
  const Object* find_object(std::string_view name) const;
  const Enumeration* find_enumeration(std::string_view name) const;
  std::span<const Object> objects() const { return objects_; }

 private:
  void read_enumeration(const reflection::Enum& from, Enumeration& to);
  static void read_head(const reflection::Object& from, Object& to);
  void read_fields(const reflection::Object& from, Object& to);
  Field read_field(const reflection::Object& owner, const reflection::Field& from) const;
  Type read_type(reflection::BaseType base, std::int32_t index) const;

  std::vector<Object> objects_;  // in the schema's order, by full name
  std::vector<Enumeration> enumerations_;
};

/// "RecordReceipt" -> "record_receipt"
std::string snake_case(std::string_view pascal);

}  // namespace o2c::json
