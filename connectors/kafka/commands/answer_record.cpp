#include "connectors/kafka/commands/answer_record.hpp"

#include <fmt/format.h>

#include "events/base/flat.hpp"
#include "events/base/money.hpp"
#include "events/json/json.hpp"

namespace o2c::kafka {
namespace {

// Together they leave room in a record of 1,000,000 bytes, librdkafka's limit.
constexpr std::size_t letter_bytes_max = frame_limit, letter_text_max = 4'096;

std::string beginning_of(std::string_view text) { return std::string(text.substr(0, letter_text_max)); }

/// The entry as it lies in the journal, without the events.
flatbuffers::DetachedBuffer head_of_entry(const fb::Entry& entry) {
  flatbuffers::FlatBufferBuilder b;
  const auto text = [&b](const flatbuffers::String* s) {
    return s ? b.CreateString(s) : flatbuffers::Offset<flatbuffers::String>{};
  };
  flatbuffers::Offset<fb::Source> source;
  if (const fb::Source* s = entry.source())
    source = fb::CreateSource(b, s->kind(), text(s->name()), s->partition(), s->offset());
  flatbuffers::Offset<fb::Refused> refused;
  if (const fb::Refused* r = entry.refused())
    refused = fb::CreateRefused(b, r->code(), text(r->place()), text(r->detail()));
  flatbuffers::Offset<fb::Answer> answer;
  if (const fb::Answer* a = entry.answer())
    answer = fb::CreateAnswer(b, a->stream_type(), text(a->stream_id()), a->stream_version(), text(a->status()));
  fb::EntryBuilder out(b);
  out.add_lane(entry.lane()), out.add_seq(entry.seq()), out.add_epoch(entry.epoch());
  out.add_prev_hash(entry.prev_hash()), out.add_recorded_at(entry.recorded_at()), out.add_kind(entry.kind());
  out.add_business_date(entry.business_date()), out.add_command_hash(entry.command_hash());
  out.add_source(source), out.add_outcome(entry.outcome()), out.add_refused(refused), out.add_answer(answer);
  b.Finish(out.Finish());
  return b.Release();
}

std::string value_of(const fb::Entry& entry, CommandForm form) {
  const auto head = head_of_entry(entry);
  if (form == CommandForm::flatbuffers) return {reinterpret_cast<const char*>(head.data()), head.size()};
  fmt::memory_buffer out;
  append_json(out, flatbuffers::GetRoot<fb::Entry>(head.data()), "Entry");
  return fmt::to_string(out);
}

std::string_view status_of(const Reply& reply) {
  switch (reply.status) {
    case Reply::Status::conflict: return "conflict";
    case Reply::Status::too_old: return "too_old";
    default: break;
  }
  O2C_ASSERT(reply.status == Reply::Status::decided && reply.frame.entry);
  return fb::EnumNameOutcome(reply.frame.entry->outcome());
}

}  // namespace

PublicRecord answer_record(const ReadCommand& command, const Reply& reply, std::int64_t source_offset) {
  const fb::Command& wish = command.request.view();
  const std::string id = to_hex(Id16::from(*wish.command_id()));
  PublicRecord record{id,
                      {{"content-type", std::string(content_type_of(command.form))},
                       {"command-id", id},
                       {"company", text(wish.company())},
                       {"status", std::string(status_of(reply))},
                       {std::string(source_offset_header), fmt::to_string(source_offset)}},
                      std::nullopt};
  if (!command.correlation_id.empty())
    record.headers.emplace_back(std::string(correlation_header), command.correlation_id);
  if (reply.status != Reply::Status::decided) return record;
  record.headers.emplace_back("entry-seq", fmt::to_string(reply.frame.entry->seq()));
  if (reply.repeat) record.headers.emplace_back("repeat", "true");
  record.value = value_of(*reply.frame.entry, command.form);
  return record;
}

PublicRecord dead_letter(const Poison& poison, const CommandRecord& original, const SourceRecord& place) {
  PublicRecord record{fmt::format("{}/{}/{}", place.topic, place.partition, place.offset),
                      {{"reason", std::string(poison.reason)},
                       {"detail", beginning_of(poison.detail)},
                       {"topic", std::string(place.topic)},
                       {"partition", fmt::to_string(place.partition)},
                       {"offset", fmt::to_string(place.offset)}},
                      std::nullopt};
  if (!original.key.empty()) record.headers.emplace_back("key", beginning_of(text_of(original.key)));
  if (original.content_type) record.headers.emplace_back("content-type", beginning_of(*original.content_type));
  if (!original.value) return record;
  const std::size_t size = original.value->size();
  if (size > letter_bytes_max) record.headers.emplace_back("original-size", fmt::to_string(size));
  record.value = text_of(original.value->first(std::min(size, letter_bytes_max)));
  return record;
}

}  // namespace o2c::kafka
