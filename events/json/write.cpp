#include <cstring>
#include <iterator>

#include <flatbuffers/flatbuffers.h>

#include "events/json/json.hpp"
#include "events/json/model.hpp"
#include "events/json/text.hpp"
#include "events/json/values.hpp"

namespace o2c::json {
namespace {

std::int64_t load_integer(const std::uint8_t* place, const Type& type) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, place, type.size);
  if (!type.is_signed) return static_cast<std::int64_t>(bits);
  const int unused = 64 - type.size * 8;
  return static_cast<std::int64_t>(bits << unused) >> unused;  // spreads the sign
}

/// Follows the offset that lies at `place`.
const std::uint8_t* follow(const std::uint8_t* place) {
  return place + flatbuffers::ReadScalar<flatbuffers::uoffset_t>(place);
}
const flatbuffers::Table& table_at(const std::uint8_t* place) {
  return *reinterpret_cast<const flatbuffers::Table*>(place);
}

class Writer {
 public:
  Writer(fmt::memory_buffer& out, Layout layout) : out_(out), indented_(layout == Layout::indented) {}

  void table(const flatbuffers::Table& table, const Object& object);
  void members(const flatbuffers::Table& table, const Object& object, const FrameView* frame = nullptr);
  void name(std::string_view name);
  void open(char bracket);
  void close(char bracket);

 private:
  void vector(const std::uint8_t* place, const Field& field);
  void events(const std::uint8_t* place, const Field& field, const fb::Command& command);
  void value(const std::uint8_t* place, const Type& type);
  void integer(std::int64_t number, const Type& type);
  void structure(const std::uint8_t* place, const Object& object);
  void union_member(const flatbuffers::Table& table, const Field& field);
  void separate();
  void append(std::string_view text) { out_.append(text.data(), text.data() + text.size()); }
  void text(std::string_view text) { append_string(out_, text); }

  fmt::memory_buffer& out_;
  bool indented_;
  bool first_ = true;  // nothing stands yet in the object or array that is open
  std::size_t depth_ = 0;
};

void Writer::open(char bracket) {
  out_.push_back(bracket);
  first_ = true;
  ++depth_;
}

void Writer::close(char bracket) {
  --depth_;
  if (indented_ && !first_) fmt::format_to(std::back_inserter(out_), "\n{:{}}", "", depth_ * 2);
  out_.push_back(bracket);
  first_ = false;
}

void Writer::separate() {
  if (!first_) out_.push_back(',');
  first_ = false;
  if (indented_) fmt::format_to(std::back_inserter(out_), "\n{:{}}", "", depth_ * 2);
}

void Writer::name(std::string_view name) {
  separate();
  text(name);
  append(indented_ ? ": " : ":");
}

void Writer::table(const flatbuffers::Table& table, const Object& object) {
  open('{');
  members(table, object);
  close('}');
}

void Writer::members(const flatbuffers::Table& table, const Object& object, const FrameView* frame) {
  for (const Field& field : object.fields) {
    const std::uint8_t* place = table.GetAddressOf(field.offset);
    if (field.is_inline()) {
      if (!place && field.is_optional) continue;
      const std::int64_t number = place ? load_integer(place, field.type) : field.default_value;
      if (field.is_silent(number)) continue;
      name(field.name);
      integer(number, field.type);
    } else if (!place) {
      continue;
    } else if (field.type.kind == Kind::union_) {
      union_member(table, field);
    } else {
      name(field.name);
      const bool identified = frame && frame->command && field.name == "events";
      if (identified) events(follow(place), field, *frame->command);
      else if (field.is_vector) vector(follow(place), field);
      else value(place, field.type);
    }
  }
}

void Writer::vector(const std::uint8_t* place, const Field& field) {
  const auto size = flatbuffers::ReadScalar<flatbuffers::uoffset_t>(place);
  const std::uint8_t* element = place + sizeof size;
  open('[');
  for (flatbuffers::uoffset_t i = 0; i < size; ++i, element += field.type.size) {
    separate();
    value(element, field.type);
  }
  close(']');
}

/// The events of an entry, each with its id, which follows from the command's and is not stored.
void Writer::events(const std::uint8_t* place, const Field& field, const fb::Command& command) {
  const auto size = flatbuffers::ReadScalar<flatbuffers::uoffset_t>(place);
  const std::uint8_t* element = place + sizeof size;
  const Id16 command_id = Id16::from(*command.command_id());
  open('[');
  for (flatbuffers::uoffset_t i = 0; i < size; ++i, element += field.type.size) {
    separate();
    open('{');
    name("id");
    text(to_hex(event_id(command_id, i)));
    members(table_at(follow(element)), *field.type.object);
    close('}');
  }
  close(']');
}

void Writer::value(const std::uint8_t* place, const Type& type) {
  switch (type.kind) {
    case Kind::flag:
    case Kind::integer:
    case Kind::long_integer:
    case Kind::enumeration: return integer(load_integer(place, type), type);
    case Kind::string: return text(reinterpret_cast<const flatbuffers::String*>(follow(place))->string_view());
    case Kind::structure: return structure(place, *type.object);
    case Kind::table: return table(table_at(follow(place)), *type.object);
    case Kind::union_: break;
  }
  O2C_ASSERT(false && "no vector of unions");
}

void Writer::integer(std::int64_t number, const Type& type) {
  const auto out = std::back_inserter(out_);
  if (type.kind == Kind::flag) return append(number != 0 ? "true" : "false");
  if (type.kind == Kind::enumeration) {
    const Enumerator* known = type.enumeration->find(number);
    if (known) return text(known->name);
  }
  // A value that this version does not know yet is shown as its number, never as another one.
  if (type.kind != Kind::long_integer) fmt::format_to(out, "{}", number);
  else if (type.is_signed) fmt::format_to(out, "\"{}\"", number);
  else fmt::format_to(out, "\"{}\"", static_cast<std::uint64_t>(number));
}

void Writer::structure(const std::uint8_t* place, const Object& object) {
  if (object.form) {
    object.form->write(out_, place);
    return;
  }
  open('{');
  for (const Field& field : object.fields) {
    name(field.name);
    value(place + field.offset, field.type);
  }
  close('}');
}

void Writer::union_member(const flatbuffers::Table& table, const Field& field) {
  const auto type = table.GetField<std::uint8_t>(field.type_offset, 0);
  const Enumerator* member = field.type.enumeration->find(std::int64_t{type});
  name(field.name);
  open('{');
  name(member ? std::string_view{member->name} : fmt::format("unknown_{}", type));
  if (member) {
    this->table(table_at(follow(table.GetAddressOf(field.offset))), *member->object);
  } else {
    open('{');
    close('}');
  }
  close('}');
}

const Object& table_object(std::string_view name) {
  const Object* object = Model::get().find_object(name);
  O2C_ASSERT(object && !object->is_structure);
  return *object;
}

template <class Body> std::string_view member_name(const Enumeration& members, Body body) {
  const Enumerator* member = members.find(static_cast<std::int64_t>(body));
  return member ? std::string_view{member->name} : std::string_view{};
}

}  // namespace
}  // namespace o2c::json

namespace o2c {

void append_json(fmt::memory_buffer& out, const void* table, std::string_view table_name, Layout layout) {
  json::Writer{out, layout}.table(*static_cast<const flatbuffers::Table*>(table), json::table_object(table_name));
}

void append_json(fmt::memory_buffer& out, const FrameView& frame, Layout layout) {
  static const json::Object& entry = json::table_object("Entry");
  static const json::Object& command = json::table_object("Command");
  json::Writer writer{out, layout};
  writer.open('{');
  writer.members(*reinterpret_cast<const flatbuffers::Table*>(frame.entry), entry, &frame);
  if (frame.command) {
    writer.name("command");
    writer.table(*reinterpret_cast<const flatbuffers::Table*>(frame.command), command);
  }
  writer.close('}');
}

std::string to_json(const FrameView& frame, Layout layout) {
  fmt::memory_buffer out;
  append_json(out, frame, layout);
  return fmt::to_string(out);
}

std::string_view command_name(fb::CommandBody body) {
  static const json::Enumeration& members = *json::Model::get().find_enumeration("CommandBody");
  return json::member_name(members, body);
}

std::string_view event_name(fb::EventBody body) {
  static const json::Enumeration& members = *json::Model::get().find_enumeration("EventBody");
  return json::member_name(members, body);
}

}  // namespace o2c
