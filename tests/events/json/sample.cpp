#include "tests/events/json/sample.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <map>

#include <fmt/format.h>

#include "events/json/json.hpp"
#include "tests/events/json/find_named.hpp"

namespace o2c {
std::span<const unsigned char> schema_bytes();
}

namespace o2c::sample {
namespace {

using flatbuffers::uoffset_t;

std::string short_name(const flatbuffers::String* name) {
  const std::string full = name->str();
  return full.substr(full.rfind('.') + 1);
}

std::string snake(const std::string& pascal) {
  std::string text;
  for (const char c : pascal) {
    if (std::isupper(static_cast<unsigned char>(c)) && !text.empty()) text += '_';
    text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return text;
}

std::string in_quotes(std::string_view text) { return fmt::format("\"{}\"", text); }

std::vector<const reflection::Field*> by_id(const reflection::Object& object) {
  std::vector<const reflection::Field*> fields{object.fields()->begin(), object.fields()->end()};
  std::sort(fields.begin(), fields.end(), [](const auto* a, const auto* b) { return a->id() < b->id(); });
  return fields;
}

/// Writes one document. Each value differs from its neighbours, so that exchanged fields show.
class Sampler {
 public:
  /// choice: which member each union takes, by the union's name; 0 is the first after NONE.
  explicit Sampler(std::map<std::string, uoffset_t> choice) : choice_(std::move(choice)) {}

  std::string object(const reflection::Object& object) {
    std::string text;
    for (const reflection::Field* field : by_id(object)) {
      if (field->type()->base_type() == reflection::UType) continue;
      text += text.empty() ? "{" : ",";
      text += in_quotes(field->name()->str()) + ":" + value(*field);
    }
    return text + "}";
  }

 private:
  std::string value(const reflection::Field& field) {
    const reflection::Type& type = *field.type();
    if (type.base_type() != reflection::Vector) return one(field, type.base_type());
    const std::string first = one(field, type.element());
    return "[" + first + "," + one(field, type.element()) + "]";
  }

  std::string one(const reflection::Field& field, reflection::BaseType base) {
    const std::int32_t index = field.type()->index();
    ++count_;
    if (base == reflection::String) return text(field.name()->str());
    if (base == reflection::Union) return union_member(*schema().enums()->Get(static_cast<uoffset_t>(index)));
    if (base == reflection::Obj) return structured(*schema().objects()->Get(static_cast<uoffset_t>(index)));
    if (base == reflection::Bool) return "true";
    if (index >= 0) return enumerator(*schema().enums()->Get(static_cast<uoffset_t>(index)));
    return number(base);
  }

  std::string text(const std::string& field) {
    if (field.ends_with("reason") || field.ends_with("name") || field.ends_with("comment")) {
      return fmt::format(R"("客户 №{} \"é\" \\ <b>=1+1</b> 😀")", count_);
    }
    return fmt::format("\"{}-{}\"", field, count_);
  }

  std::string number(reflection::BaseType base) const {
    const bool extreme = count_ % 3 == 0;
    switch (base) {
      case reflection::Byte: return extreme ? "-128" : "7";
      case reflection::UByte: return extreme ? "255" : "7";
      case reflection::Short: return extreme ? "-32768" : fmt::format("{}", count_);
      case reflection::UShort: return extreme ? "65535" : fmt::format("{}", count_);
      case reflection::Int: return extreme ? "-2147483648" : fmt::format("{}", count_);
      case reflection::UInt: return extreme ? "4294967295" : fmt::format("{}", count_);
      case reflection::Long:
        return extreme ? in_quotes("-9223372036854775808") : fmt::format("\"{}\"", 9007199254740993 + count_);
      case reflection::ULong: return extreme ? in_quotes("18446744073709551615") : fmt::format("\"{}\"", count_);
      default: return "a type without a sample";
    }
  }

  std::string enumerator(const reflection::Enum& enumeration) const {
    const auto& values = *enumeration.values();
    const auto last = static_cast<uoffset_t>(values.size() - 1);
    return in_quotes(values.Get(1 + static_cast<uoffset_t>(count_) % last)->name()->str());  // not the first: XXX, none
  }

  std::string structured(const reflection::Object& object) {
    const std::string name = short_name(object.name());
    const int n = count_ % 90 + 10;
    if (name == "Money") return money();
    if (name == "Quantity")
      return fmt::format("\"{}\"",
                         std::array{"2.5", "-0.000001", "9223372036854.775807"}[static_cast<std::size_t>(count_ % 3)]);
    if (name == "UnitPrice")
      return fmt::format("\"{}.{}\"", n, std::array{"00", "125", "999999"}[static_cast<std::size_t>(count_ % 3)]);
    if (name == "Percent")
      return fmt::format("\"{}\"", std::array{"13", "2.5", "0.0001"}[static_cast<std::size_t>(count_ % 3)]);
    if (name == "Rate") return fmt::format("\"7.0000000{}1\"", n);
    if (name == "Date") return fmt::format("\"20{}-02-28\"", n);
    if (name == "Instant") return fmt::format("\"2026-11-22T08:00:{}.0000{}Z\"", n % 50 + 10, n);
    if (name == "Id16") return fmt::format("\"{:032x}\"", count_);
    if (name == "Hash32") return fmt::format("\"{:064x}\"", count_);
    return this->object(object);
  }

  std::string money() const {
    static constexpr std::array amounts = {"113000.00\",\"currency\":\"CNY",
                                           "-92233720368547758.08\",\"currency\":\"EUR", "4711\",\"currency\":\"JPY",
                                           "1.234\",\"currency\":\"KWD"};
    return fmt::format("{{\"amount\":\"{}\"}}", amounts[static_cast<std::size_t>(count_) % amounts.size()]);
  }

  std::string union_member(const reflection::Enum& members) {
    const auto at = choice_.find(short_name(members.name()));
    const reflection::EnumVal& member = *members.values()->Get(1 + (at == choice_.end() ? 0 : at->second));
    const auto& table = *schema().objects()->Get(static_cast<uoffset_t>(member.union_type()->index()));
    return "{" + in_quotes(snake(short_name(table.name()))) + ":" + object(table) + "}";
  }

  std::map<std::string, uoffset_t> choice_;
  int count_ = 0;
};

const reflection::Object& find_table(std::string_view name) {
  return *find_named(*schema().objects(), "o2c.fb." + std::string(name));
}

/// The union of a table, if it has one.
const reflection::Enum* find_union(const reflection::Object& table) {
  for (const reflection::Field* field : *table.fields()) {
    if (field->type()->base_type() == reflection::Union)
      return schema().enums()->Get(static_cast<uoffset_t>(field->type()->index()));
  }
  return nullptr;
}

}  // namespace

const reflection::Schema& schema() { return *reflection::GetSchema(schema_bytes().data()); }

std::vector<Sample> samples(std::string_view name) {
  const reflection::Object& table = find_table(name);
  const reflection::Enum* outer = find_union(table);
  if (!outer) return {{snake(std::string(name)), Sampler{{}}.object(table)}};
  std::vector<Sample> all;
  for (uoffset_t i = 0; i + 1 < outer->values()->size(); ++i) {
    const auto& member =
        *schema().objects()->Get(static_cast<uoffset_t>(outer->values()->Get(i + 1)->union_type()->index()));
    const std::string member_name = snake(short_name(member.name()));
    const reflection::Enum* inner = find_union(member);
    for (uoffset_t j = 0; j + 1 < (inner ? inner->values()->size() : 2); ++j) {
      std::map<std::string, uoffset_t> choice{{short_name(outer->name()), i}};
      if (inner) choice[short_name(inner->name())] = j;
      const std::string suffix = inner ? "." + snake(short_name(inner->values()->Get(j + 1)->name())) : "";
      all.push_back({member_name + suffix, Sampler{choice}.object(table)});
    }
  }
  return all;
}

std::vector<std::string> tables() {
  std::vector<std::string> names;
  for (const reflection::Object* object : *schema().objects()) {
    if (!object->is_struct()) names.push_back(short_name(object->name()));
  }
  return names;
}

}  // namespace o2c::sample
