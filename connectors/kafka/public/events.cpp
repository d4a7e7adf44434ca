#include "connectors/kafka/public/events.hpp"

#include <algorithm>

#include "connectors/kafka/public/keys.hpp"
#include "connectors/kafka/public/schemas.hpp"
#include "connectors/kafka/public/withhold.hpp"
#include "events/base/flat.hpp"
#include "events/base/money.hpp"
#include "events/json/json.hpp"
#include "events/json/text.hpp"

namespace o2c::kafka {
namespace {

constexpr std::string_view attribute_prefix = "ce_";
constexpr std::string_view binary_type = "application/x-flatbuffers";
constexpr std::string_view structured_type = "application/cloudevents+json; charset=UTF-8";

/// One event and where it lies.
struct Place {
  const fb::Entry& entry;
  const fb::Command& command;
  const fb::Event& event;
  std::uint32_t index;
  std::uint64_t sequence;

  Id16 id() const { return event_id(Id16::from(*command.command_id()), index); }
  /// A user is a person; their id is one of the things that are withheld.
  bool is_of_person() const { return event.stream_type() == fb::StreamType::user; }
  std::string_view stream_name() const { return fb::EnumNameStreamType(event.stream_type()); }
  fb::ActorKind actor() const {
    const auto source = entry.source() ? entry.source()->kind() : fb::SourceKind::api;
    return source == fb::SourceKind::timer || source == fb::SourceKind::message ? fb::ActorKind::system
                                                                                : fb::ActorKind::app_user;
  }
};

std::string record_key(const Place& place) {
  const std::string_view company = view(place.command.company());
  if (place.is_of_person()) return key_of({company, place.stream_name()});
  return key_of({company, place.stream_name(), view(place.event.stream_id())});
}

std::string subject_of(const Place& place) {
  if (place.is_of_person()) return std::string(place.stream_name());
  return key_of({place.stream_name(), view(place.event.stream_id())});
}

Headers headers_of(const Place& place) {
  const fb::Command& command = place.command;
  Headers headers{
      {"content-type", std::string(binary_type)},
      {"ce_specversion", "1.0"},
      {"ce_id", to_hex(place.id())},
      {"ce_type", fmt::format("o2c.{}.v{}", event_name(place.event.body_type()), place.event.schema_version())},
      {"ce_source", source_of(view(command.company()))},
      {"ce_subject", subject_of(place)},
      {"ce_time", format_instant(from_fb(*place.entry.recorded_at()))},
      {"ce_dataschema", public_schema_uri()},
      {"ce_sequence", fmt::format("{:020}", place.sequence)},
      {"ce_company", std::string(view(command.company()))},
      {"ce_authtype", fb::EnumNameActorKind(place.actor())},
      {"ce_entryseq", fmt::to_string(place.entry.seq())},
      {"ce_eventindex", fmt::to_string(place.index)}};
  if (command.correlation_id()) headers.emplace_back("ce_correlationid", to_hex(Id16::from(*command.correlation_id())));
  if (command.causation_id()) headers.emplace_back("ce_causationid", to_hex(Id16::from(*command.causation_id())));
  return headers;
}

Result<std::string> value_of(const Place& place) {
  static const json::Enumeration& bodies = *json::Model::get().find_enumeration("EventBody");
  const fb::Event& event = place.event;
  const json::Enumerator* member = bodies.find(static_cast<std::int64_t>(event.body_type()));
  if (!member)
    return integrity(fmt::format("entry {}: event {} is of type {}, which this program does not know",
                                 place.entry.seq(), place.index, static_cast<int>(event.body_type())));
  flatbuffers::FlatBufferBuilder builder;
  const auto body = copy_withheld(builder, *static_cast<const flatbuffers::Table*>(event.body()), *member->object);
  if (!body) return integrity(fmt::format("entry {}: {}", place.entry.seq(), body.error().message));
  const auto company = builder.CreateString(place.command.company());
  flatbuffers::Offset<flatbuffers::String> stream_id;
  if (!place.is_of_person()) stream_id = builder.CreateString(event.stream_id());
  const fb::Id16 id = place.id().to_fb();

  fb::PublicEventBuilder out(builder);
  out.add_id(&id), out.add_company(company), out.add_sequence(place.sequence);
  out.add_lane(place.entry.lane()), out.add_entry_seq(place.entry.seq()), out.add_event_index(place.index);
  out.add_recorded_at(place.entry.recorded_at()), out.add_actor_kind(place.actor());
  out.add_command_id(place.command.command_id());
  out.add_correlation_id(place.command.correlation_id()), out.add_causation_id(place.command.causation_id());
  out.add_stream_type(event.stream_type()), out.add_stream_id(stream_id);
  out.add_stream_version(event.stream_version()), out.add_schema_version(event.schema_version());
  out.add_occurred_on(event.occurred_on()), out.add_posted_on(event.posted_on());
  out.add_body_type(event.body_type()), out.add_body(*body);
  builder.Finish(out.Finish());
  return std::string{reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize()};
}

/// The attributes are the headers without their prefix.
std::string structured(const PublicRecord& event) {
  fmt::memory_buffer out;
  out.push_back('{');
  const auto member = [&out](std::string_view name) {
    json::append_string(out, name);
    out.push_back(':');
  };
  for (const auto& [name, value] : event.headers) {
    if (!name.starts_with(attribute_prefix)) continue;
    member(std::string_view{name}.substr(attribute_prefix.size()));
    json::append_string(out, value);
    out.push_back(',');
  }
  member("datacontenttype");
  json::append_string(out, "application/json");
  out.push_back(',');
  member("data");
  append_json(out, flatbuffers::GetRoot<fb::PublicEvent>(event.value->data()), "PublicEvent");
  out.push_back('}');
  return fmt::to_string(out);
}

}  // namespace

std::uint64_t event_count(const FrameView& entry) {
  return entry.command && entry.entry->events() ? entry.entry->events()->size() : 0;
}

Result<std::vector<PublicRecord>> events_records(const FrameView& entry, std::uint64_t first_sequence) {
  std::vector<PublicRecord> records;
  for (std::uint32_t i = 0; i < event_count(entry); ++i) {
    const Place place{*entry.entry, *entry.command, *entry.entry->events()->Get(i), i, first_sequence + i};
    auto value = value_of(place);
    if (!value) return value.error();
    records.push_back({record_key(place), headers_of(place), *std::move(value)});
  }
  return records;
}

std::vector<PublicRecord> events_json_records(std::span<const PublicRecord> events) {
  std::vector<PublicRecord> records;
  for (const PublicRecord& event : events) {
    O2C_ASSERT(event.value && find_header(event.headers, "content-type") == binary_type);
    PublicRecord& record = records.emplace_back(PublicRecord{event.key, event.headers, structured(event)});
    record.headers.front().second = structured_type;
  }
  return records;
}

}  // namespace o2c::kafka
