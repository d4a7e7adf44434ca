#pragma once
#include "engine/domain/company/company.hpp"
#include "events/codec/frame.hpp"

namespace o2c {

/// The content of a message as it was sent, whatever its kind, laid down in another buffer: the receiver decides on the sender's words.
flatbuffers::Offset<void> copy_content(flatbuffers::FlatBufferBuilder& b, const fb::MessageSent& message);

/// The command that brings a message to its receiver. Its id and its source key come from the event, so however often it is sent it is taken once.
/// sent   an entry whose event `index` is a MessageSent.
/// threads: pure.
flatbuffers::DetachedBuffer message_command(const FrameView& sent, std::uint32_t index);

/// Whether a command is a message that cannot be taken yet: ones before it are missing, or its receiver has not been opened. It is left alone
/// and comes again; a refusal would be remembered for ever.
bool comes_too_early(const CompanyState& receiver, const fb::Command& command);

}  // namespace o2c
