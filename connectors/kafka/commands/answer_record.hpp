#pragma once
#include "connectors/kafka/commands/command_record.hpp"
#include "connectors/kafka/public/record.hpp"

namespace o2c::kafka {

/// The record of o2c.answers.v1 for one record of o2c.commands.v1.
///
/// Key      the command's id, 32 hexadecimal digits.
/// Headers  content-type as the command's; command-id; company; status: accepted, refused, conflict, too_old; source-offset of the record in
///          the same partition of commands; with an entry entry-seq, its number in the lane; repeat: true when it is the first answer again.
/// Value    the Entry without command and events, in the command's form: outcome, answer, the refusal with its reason, when and where it was
///          recorded. None (null) for conflict and too_old, which leave no entry.
///
/// command  as read from the record.
/// reply    decided, conflict or too_old; a decided one with its frame.
/// threads  pure.
PublicRecord answer_record(const ReadCommand& command, const Reply& reply, std::int64_t source_offset);

/// The header by which the next owner of a lane finds out how far answers have come.
inline constexpr std::string_view source_offset_header = "source-offset";

/// The record of o2c.dlq.commands.v1 for a record that is no command: the original value, unless it is larger than any command can be; then
/// its beginning and a header original-size.
///
/// Key      topic/partition/offset of the original: the same letter again has the same key.
/// Headers  reason and detail, see Poison; topic, partition, offset; of the original, if there: key, content-type. Texts of 4,096 bytes at most.
/// threads  pure.
PublicRecord dead_letter(const Poison& poison, const CommandRecord& original, const SourceRecord& place);

}  // namespace o2c::kafka
