#include "tests/events/schema/compare.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tests/events/json/find_named.hpp"

namespace o2c::gate {
namespace {

using flatbuffers::uoffset_t;

std::string text(const flatbuffers::String* name) { return name ? name->str() : std::string{}; }

/// A type in words that do not depend on where in the schema its parts are listed: "[o2c.fb.Money]", "uint".
std::string describe(const reflection::Schema& schema, const reflection::Type& type) {
  const auto one = [&](reflection::BaseType base) -> std::string {
    const std::int32_t index = type.index();
    if (base == reflection::Obj) return text(schema.objects()->Get(static_cast<uoffset_t>(index))->name());
    const std::string plain = reflection::EnumNameBaseType(base);
    return index < 0 ? plain
                     : fmt::format("{} {}", plain, text(schema.enums()->Get(static_cast<uoffset_t>(index))->name()));
  };
  if (type.base_type() == reflection::Vector) return fmt::format("[{}]", one(type.element()));
  if (type.base_type() == reflection::Array) return fmt::format("[{}:{}]", one(type.element()), type.fixed_length());
  return one(type.base_type());
}

bool is_scalar(const reflection::Field& field) {
  return field.type()->base_type() >= reflection::UType && field.type()->base_type() <= reflection::Double;
}

class Comparison {
 public:
  Comparison(const reflection::Schema& released, const reflection::Schema& current)
      : released_(released), current_(current) {}

  std::vector<std::string> run() {
    for (const reflection::Object* old : *released_.objects()) {
      const reflection::Object* now = find_named(*current_.objects(), old->name()->string_view());
      if (!now) report("{} {}: removed", old->is_struct() ? "struct" : "table", text(old->name()));
      else compare_objects(*old, *now);
    }
    for (const reflection::Enum* old : *released_.enums()) {
      const reflection::Enum* now = find_named(*current_.enums(), old->name()->string_view());
      if (!now) report("{} {}: removed", old->is_union() ? "union" : "enum", text(old->name()));
      else compare_enums(*old, *now);
    }
    return std::move(breaks_);
  }

 private:
  template <class... Args> void report(fmt::format_string<Args...> format, Args&&... args) {
    breaks_.push_back(fmt::format(format, std::forward<Args>(args)...));
  }

  void compare_objects(const reflection::Object& old, const reflection::Object& now) {
    const std::string name = text(old.name());
    if (old.is_struct() != now.is_struct()) return report("{}: was a {}", name, old.is_struct() ? "struct" : "table");
    if (old.is_struct() && (old.bytesize() != now.bytesize() || old.minalign() != now.minalign() ||
                            old.fields()->size() != now.fields()->size())) {
      report("struct {}: another layout, {} bytes instead of {}", name, now.bytesize(), old.bytesize());
    }
    for (const reflection::Field* field : *old.fields()) compare_field(name + "." + text(field->name()), *field, now);
    for (const reflection::Field* field : *now.fields()) {
      const bool released = std::any_of(old.fields()->begin(), old.fields()->end(),
                                        [field](const auto* f) { return f->id() == field->id(); });
      if (!released && !old.is_struct()) check_new_field(name + "." + text(field->name()), *field);
    }
  }

  void compare_field(const std::string& place, const reflection::Field& old, const reflection::Object& owner) {
    const reflection::Field* now = find_named(*owner.fields(), old.name()->string_view());
    if (!now) {
      const auto heir = std::find_if(owner.fields()->begin(), owner.fields()->end(),
                                     [&old](const auto* f) { return f->id() == old.id(); });
      if (heir == owner.fields()->end()) return report("field {}: removed", place);
      return report("field {}: renamed to {}", place, text((*heir)->name()));
    }
    const std::string was = describe(released_, *old.type()), is = describe(current_, *now->type());
    if (was != is) report("field {}: type {} instead of {}", place, is, was);
    if (old.id() != now->id()) report("field {}: id {} instead of {}", place, now->id(), old.id());
    if (old.offset() != now->offset()) report("field {}: offset {} instead of {}", place, now->offset(), old.offset());
    if (old.default_integer() != now->default_integer())
      report("field {}: default {} instead of {}", place, now->default_integer(), old.default_integer());
    if (old.required() != now->required())
      report("field {}: {}", place, now->required() ? "now required" : "no longer required");
    if (is_scalar(old) && old.optional() != now->optional())
      report("field {}: {}", place, now->optional() ? "now = null" : "no longer = null");
    if (!old.deprecated() && now->deprecated()) report("field {}: deprecated, but old records hold it", place);
  }

  void check_new_field(const std::string& place, const reflection::Field& field) {
    if (field.required()) return report("field {}: new and required, old records do not have it", place);
    const bool flag = field.type()->base_type() == reflection::Bool;
    const bool selector = field.type()->base_type() == reflection::UType;
    if (is_scalar(field) && !flag && !selector && !field.optional()) {
      report("field {}: new scalar without = null, old records would say {}", place, field.default_integer());
    }
    if (flag && !field.optional() && field.default_integer() != 0)
      report("field {}: new flag that is true where old records say nothing", place);
  }

  void compare_enums(const reflection::Enum& old, const reflection::Enum& now) {
    const std::string name = text(old.name());
    if (old.is_union() != now.is_union()) return report("{}: was {}", name, old.is_union() ? "a union" : "an enum");
    if (old.underlying_type()->base_type() != now.underlying_type()->base_type())
      report("enum {}: another width", name);
    for (const reflection::EnumVal* value : *old.values()) {
      const reflection::EnumVal* heir = now.values()->LookupByKey(value->value());
      const std::string place = fmt::format("{}.{} = {}", name, text(value->name()), value->value());
      if (!heir) report("value {}: removed", place);
      else if (text(heir->name()) != text(value->name())) report("value {}: renamed to {}", place, text(heir->name()));
      else if (describe(released_, *value->union_type()) != describe(current_, *heir->union_type()))
        report("value {}: another type", place);
    }
  }

  const reflection::Schema& released_;
  const reflection::Schema& current_;
  std::vector<std::string> breaks_;
};

}  // namespace

std::vector<std::string> compare(const reflection::Schema& released, const reflection::Schema& current) {
  return Comparison{released, current}.run();
}

}  // namespace o2c::gate
