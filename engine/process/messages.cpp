#include "engine/process/messages.hpp"

#include <flatbuffers/reflection.h>
#include <fmt/format.h>

#include "events/base/flat.hpp"
#include "events/base/schema.hpp"

namespace o2c {

flatbuffers::Offset<void> copy_content(flatbuffers::FlatBufferBuilder& b, const fb::MessageSent& message) {
  static const reflection::Schema& schema = *reflection::GetSchema(schema_bytes().data());
  const std::string type = fmt::format("o2c.fb.{}", fb::EnumNameMessageBody(message.body_type()));
  const reflection::Object* object = schema.objects()->LookupByKey(type.c_str());
  O2C_ASSERT(object != nullptr);
  return flatbuffers::CopyTable(b, schema, *object, *static_cast<const flatbuffers::Table*>(message.body())).o;
}

flatbuffers::DetachedBuffer message_command(const FrameView& sent, std::uint32_t index) {
  const fb::Command& cause = *sent.command;
  const fb::MessageSent& message = *sent.entry->events()->Get(index)->body_as_MessageSent();
  const Id16 cause_id = Id16::from(*cause.command_id());
  const fb::Id16 id = event_id(cause_id, index).to_fb(),
                 correlation = cause.correlation_id() ? *cause.correlation_id() : cause_id.to_fb();
  flatbuffers::FlatBufferBuilder b;
  const auto content = copy_content(b, message);
  const auto from = b.CreateString(cause.company());
  const auto body = fb::CreateTakeMessage(b, from, message.number(), message.body_type(), content).Union();
  const auto company = b.CreateString(message.to()), actor = b.CreateString("message"),
             key = b.CreateString(fmt::format("message:{}:{}", view(cause.company()), message.number()));
  fb::CommandBuilder command(b);
  command.add_company(company);
  command.add_command_id(&id);  // ids are a company's own, so the event's is free in the receiver's books
  command.add_actor(actor);
  command.add_source_key(key);
  command.add_correlation_id(&correlation);
  command.add_causation_id(&id);
  command.add_body_type(fb::CommandBody::TakeMessage);
  command.add_body(body);
  b.Finish(command.Finish());
  return b.Release();
}

bool comes_too_early(const CompanyState& receiver, const fb::Command& command) {
  const fb::TakeMessage* message = command.body_as_TakeMessage();
  if (!message) return false;
  if (!receiver.opened()) return true;
  const Partner* sender = receiver.partners.find(view(message->from()));
  return message->number() > (sender ? sender->taken : 0) + 1;
}

}  // namespace o2c
