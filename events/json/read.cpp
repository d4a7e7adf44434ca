#include <charconv>
#include <cstring>
#include <iterator>
#include <limits>
#include <vector>

#include <simdjson.h>

#include "events/json/json.hpp"
#include "events/json/lay_down.hpp"
#include "events/json/model.hpp"
#include "events/json/text.hpp"
#include "events/json/values.hpp"

namespace o2c::json {
namespace {

namespace ondemand = simdjson::ondemand;

std::string_view name_of(ondemand::json_type type) {
  switch (type) {
    case ondemand::json_type::array: return "an array";
    case ondemand::json_type::object: return "an object";
    case ondemand::json_type::number: return "a number";
    case ondemand::json_type::string: return "a string";
    case ondemand::json_type::boolean: return "true or false";
    case ondemand::json_type::null: return "null";
  }
  return "nothing";
}

std::vector<std::string_view> names(const Enumeration& enumeration) {
  std::vector<std::string_view> names;
  names.reserve(enumeration.by_name.size());
  for (const Enumerator& enumerator : enumeration.by_name) names.push_back(enumerator.name);
  return names;
}

/// Reads one document after another; one per thread, so that parser and buffers are used again.
class Reader {
 public:
  Result<flatbuffers::DetachedBuffer> read(std::string_view json, const Object& table, const JsonLimits& limits);

 private:
  using Value = ondemand::value;

  struct Segment {
    std::string_view name;
    std::size_t index = 0;  // if name is empty
  };
  /// The place in the document, for as long as it lives.
  struct Step {
    Step(std::vector<Segment>& path, Segment segment) : path_(path) { path_.push_back(segment); }
    ~Step() { path_.pop_back(); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
    std::vector<Segment>& path_;
  };

  bool read_document(const Object& table);
  bool read_table(Value value, const Object& table, Offset& offset);
  bool read_members(Value value, const Object& object, Slots& slots);
  bool read_vector(Value value, const Field& field, Slot& slot);
  bool read_one(Value value, const Field& field, Slot& slot);
  bool read_flag(Value value, Slot& slot);
  bool read_integer(Value value, const Type& type, Slot& slot);
  bool read_long(Value value, const Type& type, Slot& slot);
  bool read_enumerator(Value value, const Enumeration& enumeration, const Type& type, Slot& slot);
  bool read_string(Value value, const Field& field, Slot& slot);
  bool read_structure(Value value, const Object& object, std::uint8_t* place);
  bool read_money(Value value, std::uint8_t* place);
  bool read_union(Value value, const Enumeration& members, Slot& slot);

  bool expect(Value& value, ondemand::json_type wanted);
  bool get_text(Value& value, std::string_view& text);
  bool find_currency(std::string_view code, Currency& currency);

  bool fail(std::string_view rule);
  bool fail_unknown(std::string_view key, std::string_view what, const std::vector<std::string_view>& known);
  bool fail_syntax(simdjson::error_code code);
  bool fail_at(std::size_t offset, std::string_view rule);

  ondemand::parser parser_;
  std::string padded_;
  std::size_t size_ = 0;
  ondemand::document document_;
  bool has_document_ = false;
  JsonLimits limits_;
  std::vector<Segment> path_;
  flatbuffers::FlatBufferBuilder builder_;
  std::string fault_;
};

Result<flatbuffers::DetachedBuffer> Reader::read(std::string_view json, const Object& table, const JsonLimits& limits) {
  if (json.size() > limits.bytes_max)
    return invalid(fmt::format("the document has {} bytes, more than {}", json.size(), limits.bytes_max));
  limits_ = limits;
  path_.clear();
  fault_.clear();
  has_document_ = false;
  size_ = json.size();
  padded_.assign(json);
  padded_.append(simdjson::SIMDJSON_PADDING, ' ');
  builder_.Clear();
  builder_.TrackMinAlign(8);
  if (!read_document(table)) return invalid(std::move(fault_));
  return builder_.Release();
}

bool Reader::read_document(const Object& table) {
  if (std::string_view{padded_}.starts_with("\xef\xbb\xbf")) return fail_at(0, "a byte order mark is not allowed");
  if (const auto code = parser_.iterate(padded_.data(), size_, padded_.size()).get(document_)) return fail_syntax(code);
  has_document_ = true;
  ondemand::json_type type{};
  if (const auto code = document_.type().get(type)) return fail_syntax(code);
  if (type != ondemand::json_type::object) return fail(fmt::format("an object is expected, not {}", name_of(type)));
  Value root;
  if (const auto code = document_.get_value().get(root)) return fail_syntax(code);
  Offset offset;
  if (!read_table(root, table, offset)) return false;
  // The parser stands behind the last bracket; only at the end of the text it has no location.
  if (document_.current_location().error() != simdjson::OUT_OF_BOUNDS) return fail_syntax(simdjson::TRAILING_CONTENT);
  builder_.Finish(flatbuffers::Offset<flatbuffers::Table>{offset.o});
  return true;
}

bool Reader::read_table(Value value, const Object& table, Offset& offset) {
  Slots slots;
  if (!read_members(value, table, slots)) return false;
  for (std::size_t i = 0; i < table.fields.size(); ++i) {
    if (!table.fields[i].is_required || slots.has(i)) continue;
    const Step step{path_, {table.fields[i].name}};
    return fail("required, but missing");
  }
  offset = lay_down_table(builder_, table, slots);
  return true;
}

bool Reader::read_members(Value value, const Object& object, Slots& slots) {
  if (!expect(value, ondemand::json_type::object)) return false;
  ondemand::object members;
  if (const auto code = value.get_object().get(members)) return fail_syntax(code);
  std::size_t next = 0;
  for (auto member : members) {
    ondemand::field field;
    std::string_view key;
    if (const auto code = std::move(member).get(field)) return fail_syntax(code);
    if (const auto code = field.unescaped_key().get(key)) return fail_syntax(code);
    const int index = object.find(key, next);
    if (index < 0) {
      std::vector<std::string_view> known;
      known.reserve(object.fields.size());
      for (const Field& f : object.fields) known.push_back(f.name);
      return fail_unknown(key, "field", known);
    }
    const auto at = static_cast<std::size_t>(index);
    const Field& known = object.fields[at];
    const Step step{path_, {known.name}};
    if (slots.has(at)) return fail("given twice");
    if (!(known.is_vector ? read_vector(field.value(), known, slots.at[at])
                          : read_one(field.value(), known, slots.at[at])))
      return false;
    slots.present |= std::uint64_t{1} << at;
    next = at + 1;
  }
  return true;
}

bool Reader::read_vector(Value value, const Field& field, Slot& slot) {
  if (!expect(value, ondemand::json_type::array)) return false;
  ondemand::array array;
  if (const auto code = value.get_array().get(array)) return fail_syntax(code);
  std::vector<Slot> elements;
  for (auto item : array) {
    const Step step{path_, {{}, elements.size()}};
    Value element;
    if (const auto code = std::move(item).get(element)) return fail_syntax(code);
    if (!read_one(element, field, elements.emplace_back())) return false;
  }
  slot.set(lay_down_vector(builder_, field.type, elements).o);
  return true;
}

bool Reader::read_one(Value value, const Field& field, Slot& slot) {
  const Type& type = field.type;
  switch (type.kind) {
    case Kind::flag: return read_flag(value, slot);
    case Kind::integer: return read_integer(value, type, slot);
    case Kind::long_integer: return read_long(value, type, slot);
    case Kind::enumeration: return read_enumerator(value, *type.enumeration, type, slot);
    case Kind::string: return read_string(value, field, slot);
    case Kind::structure: return read_structure(value, *type.object, slot.bytes.data());
    case Kind::union_: return read_union(value, *type.enumeration, slot);
    case Kind::table: break;
  }
  Offset offset;
  if (!read_table(value, *type.object, offset)) return false;
  slot.set(offset.o);
  return true;
}

bool Reader::read_flag(Value value, Slot& slot) {
  if (!expect(value, ondemand::json_type::boolean)) return false;
  bool flag = false;
  if (const auto code = value.get_bool().get(flag)) return fail_syntax(code);
  slot.set(static_cast<std::uint8_t>(flag));
  return true;
}

bool Reader::read_integer(Value value, const Type& type, Slot& slot) {
  if (!expect(value, ondemand::json_type::number)) return false;
  std::string_view token = value.raw_json_token();
  token = token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
  const int bits = type.size * 8;
  const std::int64_t least = type.is_signed ? -(std::int64_t{1} << (bits - 1)) : 0;
  const std::int64_t most = (std::int64_t{1} << (type.is_signed ? bits - 1 : bits)) - 1;
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(token.data(), token.data() + token.size(), number);
  const std::string_view digits = token.substr(token.starts_with('-') ? 1 : 0);
  const bool whole = end == token.data() + token.size() && (digits == "0" ? token == "0" : !digits.starts_with('0'));
  if (!whole) return fail("not a whole number: digits without leading zeros, point or exponent, and no -0");
  if (fault != std::errc{} || number < least || number > most)
    return fail(fmt::format("out of range, {} to {}", least, most));
  slot.set(number);  // little endian: the lower bytes are the narrower number
  return true;
}

bool Reader::read_long(Value value, const Type& type, Slot& slot) {
  std::string_view text;
  if (!get_text(value, text)) return false;
  const auto parse = [text, &slot](auto number) {
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    slot.set(number);
    return end == text.data() + text.size() && fault == std::errc{};
  };
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  const bool plain = digits == "0" ? text == "0" : !digits.starts_with('0');
  if (plain && (type.is_signed ? parse(std::int64_t{0}) : parse(std::uint64_t{0}))) return true;
  return fail(
      fmt::format("no {}64-bit whole number as text, without leading zeros", type.is_signed ? "" : "unsigned "));
}

bool Reader::read_enumerator(Value value, const Enumeration& enumeration, const Type& type, Slot& slot) {
  std::string_view text;
  if (!get_text(value, text)) return false;
  if (enumeration.is_currency) {
    Currency currency{};
    if (!find_currency(text, currency)) return false;
    slot.set(static_cast<std::int64_t>(currency));
    return true;
  }
  const Enumerator* found = enumeration.find(text);
  if (!found) return fail_unknown(text, "value", names(enumeration));
  O2C_ASSERT(type.size <= 8);
  slot.set(found->value);
  return true;
}

bool Reader::find_currency(std::string_view code, Currency& currency) {
  static const Enumeration& currencies = *Model::get().find_enumeration("Currency");
  const Enumerator* found = currencies.find(code);
  if (!found || found->value == 0)
    return fail(fmt::format("\"{}\" is no currency of ISO 4217 (three capital letters)", shown(code)));
  currency = static_cast<Currency>(found->value);
  return true;
}

bool Reader::read_string(Value value, const Field& field, Slot& slot) {
  std::string_view text;
  if (!get_text(value, text)) return false;
  std::string fault = text_fault(text, field.is_free_text ? free_text_bytes_max : identifier_bytes_max);
  if (!fault.empty()) return fail(fault);
  slot.set(builder_.CreateString(text.data(), text.size()).o);
  return true;
}

bool Reader::read_structure(Value value, const Object& object, std::uint8_t* place) {
  if (!object.form) {
    Slots slots;
    if (!read_members(value, object, slots)) return false;
    std::memset(place, 0, object.size);  // padding too: same value, same bytes
    for (std::size_t i = 0; i < object.fields.size(); ++i) {
      const Field& field = object.fields[i];
      const Step step{path_, {field.name}};
      if (!slots.has(i)) return fail("required, but missing");
      std::memcpy(place + field.offset, slots.at[i].bytes.data(), field.type.size);
    }
    return true;
  }
  if (is_money(*object.form)) return read_money(value, place);
  std::string_view text;
  if (!get_text(value, text)) return false;
  std::string fault = object.form->read(text, place);
  return fault.empty() || fail(fault);
}

bool Reader::read_money(Value value, std::uint8_t* place) {
  static constexpr std::array<std::string_view, 2> parts = {"amount", "currency"};
  std::array<std::optional<std::string_view>, 2> texts;
  if (!expect(value, ondemand::json_type::object)) return false;
  ondemand::object members;
  if (const auto code = value.get_object().get(members)) return fail_syntax(code);
  for (auto member : members) {
    ondemand::field field;
    std::string_view key;
    if (const auto code = std::move(member).get(field)) return fail_syntax(code);
    if (const auto code = field.unescaped_key().get(key)) return fail_syntax(code);
    const std::size_t part = key == parts[0] ? 0 : 1;
    if (key != parts[part]) return fail_unknown(key, "field", {parts.begin(), parts.end()});
    const Step step{path_, {parts[part]}};
    if (texts[part]) return fail("given twice");
    if (!get_text(field.value(), texts[part].emplace())) return false;
  }
  for (const std::size_t part : {0U, 1U}) {
    const Step step{path_, {parts[part]}};
    if (!texts[part]) return fail("required, but missing");
  }
  Currency currency{};
  {
    const Step step{path_, {parts[1]}};
    if (!find_currency(*texts[1], currency)) return false;
  }
  const Step step{path_, {parts[0]}};
  std::string fault = read_amount(*texts[0], currency, place);
  return fault.empty() || fail(fault);
}

bool Reader::read_union(Value value, const Enumeration& members, Slot& slot) {
  if (!expect(value, ondemand::json_type::object)) return false;
  ondemand::object object;
  if (const auto code = value.get_object().get(object)) return fail_syntax(code);
  const Enumerator* chosen = nullptr;
  for (auto member : object) {
    ondemand::field field;
    std::string_view key;
    if (const auto code = std::move(member).get(field)) return fail_syntax(code);
    if (const auto code = field.unescaped_key().get(key)) return fail_syntax(code);
    if (chosen) return fail("more than one member, exactly one is expected");
    chosen = members.find(key);
    if (!chosen) return fail_unknown(key, "field", names(members));
    const Step step{path_, {chosen->name}};
    Offset offset;
    if (!read_table(field.value(), *chosen->object, offset)) return false;
    slot.set(offset.o);
    slot.set(static_cast<std::uint8_t>(chosen->value), sizeof offset.o);
  }
  return chosen || fail("empty, exactly one member is expected");
}

bool Reader::expect(Value& value, ondemand::json_type wanted) {
  ondemand::json_type type{};
  if (const auto code = value.type().get(type)) return fail_syntax(code);
  if (type == ondemand::json_type::null) {
    bool is_null = false;  // the type is told by the first letter only
    if (value.is_null().get(is_null) || !is_null) return fail_syntax(simdjson::N_ATOM_ERROR);
    return fail("null is not allowed; leave the field out");
  }
  if (type != wanted) return fail(fmt::format("{} is expected, not {}", name_of(wanted), name_of(type)));
  // The document's path is as long as its nesting; the document itself is one level.
  const bool opens = type == ondemand::json_type::object || type == ondemand::json_type::array;
  if (opens && path_.size() >= limits_.depth_max)
    return fail(fmt::format("nested deeper than {} levels", limits_.depth_max));
  return true;
}

bool Reader::get_text(Value& value, std::string_view& text) {
  if (!expect(value, ondemand::json_type::string)) return false;
  if (value.get_string().get(text)) return fail("contains an unknown escape or half of a surrogate pair");
  return true;
}

bool Reader::fail(std::string_view rule) {
  for (const Segment& segment : path_) {
    if (segment.name.empty()) fault_ += fmt::format("/{}", segment.index);
    else append_segment(fault_, segment.name);
  }
  if (!fault_.empty()) fault_ += ": ";
  fault_ += rule;
  return false;
}

bool Reader::fail_unknown(std::string_view key, std::string_view what, const std::vector<std::string_view>& known) {
  const std::size_t near = std::max<std::size_t>(2, key.size() / 3);
  std::string_view nearest;
  std::size_t least = near + 1;
  for (const std::string_view name : known) {
    const std::size_t d = key.size() <= identifier_bytes_max ? distance(key, name) : least;
    if (d < least) nearest = name, least = d;
  }
  std::string rule = fmt::format("unknown {} \"{}\"", what, shown(key));
  if (!nearest.empty()) rule += fmt::format(", did you mean \"{}\"?", nearest);
  return fail(rule);
}

bool Reader::fail_syntax(simdjson::error_code code) {
  const char* location = nullptr;
  std::size_t offset = size_;
  if (!has_document_) offset = find_broken_text(std::string_view{padded_}.substr(0, size_));
  else if (!document_.current_location().get(location))
    offset = std::min(size_, static_cast<std::size_t>(location - padded_.data()));
  switch (code) {
    case simdjson::UTF8_ERROR: return fail_at(offset, "not UTF-8");
    case simdjson::UNESCAPED_CHARS: return fail_at(offset, "a control character in a string");
    case simdjson::UNCLOSED_STRING: return fail_at(offset, "a string that is not closed");
    case simdjson::STRING_ERROR: return fail_at(offset, "an unknown escape or half of a surrogate pair");
    case simdjson::EMPTY: return fail_at(0, "nothing, where a JSON document is expected");
    case simdjson::TRAILING_CONTENT: return fail_at(offset, "more after the end of the document");
    default: return fail_at(offset, "not JSON: a comma, colon, bracket or value is missing, superfluous or misspelt");
  }
}

bool Reader::fail_at(std::size_t offset, std::string_view rule) {
  fault_ = fmt::format("byte {}: {}", offset, rule);
  return false;
}

}  // namespace
}  // namespace o2c::json

namespace o2c {

Result<flatbuffers::DetachedBuffer> parse_table(std::string_view json, std::string_view table_name, JsonLimits limits) {
  const json::Object* table = json::Model::get().find_object(table_name);
  O2C_ASSERT(table && !table->is_structure);
  thread_local json::Reader reader;
  return reader.read(json, *table, limits);
}

}  // namespace o2c
