#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "connectors/kafka/public/events.hpp"
#include "events/base/flat.hpp"
#include "tests/connectors/kafka_public/samples.hpp"
#include "tests/events/json/find_named.hpp"
#include "tests/events/json/sample.hpp"

namespace o2c::test {
namespace {

using flatbuffers::uoffset_t;

/// Walks a table by the binary schema, apart from the code that withholds: f(field, text) for each text below, and whether the field or
/// one around it is marked personal.
class Walk {
 public:
  using Visit = std::function<void(const std::string& field, std::string_view text, bool personal)>;
  explicit Walk(Visit visit) : visit_(std::move(visit)) {}

  void table(const flatbuffers::Table& table, const reflection::Object& object, bool personal = false) {
    for (const reflection::Field* field : *object.fields()) {
      const std::uint8_t* place = table.GetAddressOf(field->offset());
      if (!place) continue;
      const bool marked = personal || is_personal(*field);
      const std::string name = object.name()->str() + "." + field->name()->str();
      const auto base = field->type()->base_type();
      if (base == reflection::Vector) vector(follow(place), *field, name, marked);
      else if (base == reflection::Union) union_member(table, object, *field, place, marked);
      else one(place, *field, base, name, marked);
    }
  }
  static bool is_personal(const reflection::Field& field) {
    if (!field.attributes()) return false;
    for (const reflection::KeyValue* attribute : *field.attributes()) {
      if (view(attribute->key()) == "personal") return true;
    }
    return false;
  }
  static const reflection::Object& object(std::int32_t index) {
    return *sample::schema().objects()->Get(static_cast<uoffset_t>(index));
  }

 private:
  static const std::uint8_t* follow(const std::uint8_t* place) {
    return place + flatbuffers::ReadScalar<uoffset_t>(place);
  }
  void one(const std::uint8_t* place, const reflection::Field& field, reflection::BaseType base,
           const std::string& name, bool marked) {
    if (base == reflection::String)
      visit_(name, view(reinterpret_cast<const flatbuffers::String*>(follow(place))), marked);
    if (base == reflection::Obj && !object(field.type()->index()).is_struct())
      table(*reinterpret_cast<const flatbuffers::Table*>(follow(place)), object(field.type()->index()), marked);
  }
  void vector(const std::uint8_t* place, const reflection::Field& field, const std::string& name, bool marked) {
    const auto base = field.type()->element();
    if (base != reflection::String && base != reflection::Obj) return;
    if (base == reflection::Obj && object(field.type()->index()).is_struct()) return;
    const auto size = flatbuffers::ReadScalar<uoffset_t>(place);
    for (uoffset_t i = 0; i < size; ++i) one(place + sizeof(uoffset_t) * (i + 1), field, base, name, marked);
  }
  void union_member(const flatbuffers::Table& owner, const reflection::Object& object_of,
                    const reflection::Field& field, const std::uint8_t* place, bool marked) {
    const auto* selector = find_named(*object_of.fields(), field.name()->str() + "_type");
    const auto type = owner.GetField<std::uint8_t>(selector->offset(), 0);
    const auto& members = *sample::schema().enums()->Get(static_cast<uoffset_t>(field.type()->index()));
    table(*reinterpret_cast<const flatbuffers::Table*>(follow(place)),
          object(members.values()->LookupByKey(type)->union_type()->index()), marked);
  }
  Visit visit_;
};

const reflection::Object& table_named(const char* name) { return *find_named(*sample::schema().objects(), name); }

TEST(GivenEveryTypeOfEvent, WhenPublishedThenPersonalTextsAreNowhere) {
  Frames frames;
  std::size_t withheld = 0;
  for (const EntrySpec& spec : sample_entries()) {
    const FrameView frame = frames.add(spec);
    const fb::Event& stored = *frame.entry->events()->Get(0);
    SCOPED_TRACE(event_name(stored.body_type()));
    std::set<std::string> secret, open;
    Walk([&](const std::string&, std::string_view text, bool personal) {
      (personal ? secret : open).emplace(text);
    }).table(reinterpret_cast<const flatbuffers::Table&>(stored), table_named("o2c.fb.Event"));
    if (stored.stream_type() == fb::StreamType::user)
      secret.insert(stored.stream_id()->str()), open.erase(stored.stream_id()->str());
    secret.insert("zhang.san");  // who sent the command

    auto records = kafka::events_records(frame, 1);
    ASSERT_TRUE(records.has_value());
    const auto json = kafka::events_json_records(*records);
    for (const kafka::PublicRecord* record : {&std::as_const(*records).at(0), &json.at(0)}) {
      std::string all = record->key + *record->value;
      for (const auto& [name, value] : record->headers) all += value;
      for (const std::string& text : secret) EXPECT_EQ(all.find(text), std::string::npos) << text;
    }
    Walk([&](const std::string& field, std::string_view text, bool personal) {
      if (personal) EXPECT_EQ(text, "") << field;
      else EXPECT_NE(text, "") << field;
    })
        .table(*flatbuffers::GetRoot<flatbuffers::Table>(records->at(0).value->data()),
               table_named("o2c.fb.PublicEvent"));
    for (const std::string& text : open)
      EXPECT_NE(records->at(0).value->find(text), std::string::npos) << text << " is lost";
    withheld += secret.size();
  }
  EXPECT_GT(withheld, 100U);
}

/// Whoever adds a free text to an event decides here, in the open, that nobody will write of people in it.
TEST(GivenFreeTextInAnEvent, WhenNotMarkedPersonalThenOnTheListOfKnownOnes) {
  const std::set<std::string> harmless = {"Address.city",       "Attribute.name",   "Attribute.value",
                                          "CompanyOpened.name", "ProductData.name", "PolicyPublished.name",
                                          "MarkCreated.name"};
  const std::set<std::string> free = {"name",    "street", "city",      "reason", "description",
                                      "comment", "detail", "reference", "key",    "value"};
  std::set<std::string> seen;
  std::function<void(const reflection::Object&)> visit = [&](const reflection::Object& object) {
    if (object.is_struct() || !seen.insert(object.name()->str()).second) return;
    for (const reflection::Field* field : *object.fields()) {
      if (Walk::is_personal(*field)) {
        // What is required must have a form that says "withheld": the empty text.
        EXPECT_TRUE(!field->required() || field->type()->base_type() == reflection::String) << field->name()->str();
        continue;
      }
      const auto base =
          field->type()->base_type() == reflection::Vector ? field->type()->element() : field->type()->base_type();
      const std::string name = field->name()->str(), place = object.name()->str().substr(7) + "." + name;
      const bool is_free = base == reflection::String && free.contains(name.substr(name.rfind('_') + 1));
      EXPECT_TRUE(!is_free || harmless.contains(place)) << place << ": mark it personal, or put it on this list";
      EXPECT_FALSE(base == reflection::String && name.ends_with("_by"))
          << place << ": names who acted, mark it personal";
      if (base == reflection::Obj) visit(Walk::object(field->type()->index()));
      if (base == reflection::Union) {
        for (const reflection::EnumVal* member :
             *sample::schema().enums()->Get(static_cast<uoffset_t>(field->type()->index()))->values())
          if (member->value() != 0) visit(Walk::object(member->union_type()->index()));
      }
    }
  };
  visit(table_named("o2c.fb.PublicEvent"));
  EXPECT_GT(seen.size(), 60U);
}

TEST(GivenUser, WhenChangedThenNeitherKeyNorSubjectSaysWho) {
  Frames frames;
  const std::string user =
      R"({"stream_type":"user","stream_id":"li.si","stream_version":1,"schema_version":1,"occurred_on":"2026-01-05",)"
      R"("posted_on":"2026-01-05","body":{"user_registered":{"user":{"user":"li.si","name":"Li Si","roles":["sales"]}}}})";
  const auto records = kafka::events_records(frames.add({.events = {user}}), 1);
  ASSERT_TRUE(records.has_value());
  EXPECT_EQ(records->at(0).key, "ACME/user");
  EXPECT_EQ(kafka::find_header(records->at(0).headers, "ce_subject"), "user");
  const auto json = kafka::events_json_records(*records);
  EXPECT_NE(json.at(0).value->find(R"("body":{"user_registered":{"user":{"user":"","name":"","roles":["sales"]}}})"),
            std::string::npos)
      << *json.at(0).value;
}

}  // namespace
}  // namespace o2c::test
