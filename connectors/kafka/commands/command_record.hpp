#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "engine/runtime/request.hpp"

namespace o2c::kafka {

/// How a sender wrote its command, and how it is answered.
enum class CommandForm { json, flatbuffers };
/// "application/json", "application/x-flatbuffers".
std::string_view content_type_of(CommandForm form);

/// A record of o2c.commands.v1, as far as it matters here. Views.
struct CommandRecord {
  Bytes key;
  std::optional<Bytes> value;  // nothing: a tombstone
  std::optional<std::string_view> content_type, correlation_id;
};

/// What a sender calls this one record by, when it cares which of several with the same command is answered; the answer repeats it.
inline constexpr std::string_view correlation_header = "correlation-id";
inline constexpr std::size_t correlation_bytes_max = 256;

/// Why a record is no command of its partition.
struct Poison {
  /// Public: no_key, no_value, no_content_type, unknown_content_type, invalid_json, invalid_command, other_company, wrong_lane.
  std::string_view reason;
  std::string detail;  // the place and the rule, for people
  Skip skip = Skip::malformed;
};

struct ReadCommand {
  Request request;  // owns its command; source, record, sink and tag are the caller's to set
  CommandForm form = CommandForm::json;
  std::string correlation_id;  // empty: none
};

/// What a record asks for. The key is the company's id in UTF-8, the same as in the command, and the partition is the company's lane; the
/// value is what the content type says: JSON by the one mapping, strictly, or a FlatBuffer of type Command at any alignment. A correlation id of more than 256 bytes is passed over.
/// cost     linear; hashes the command.
/// threads  call from anywhere.
Result<ReadCommand, Poison> read_command(const CommandRecord& record, LaneId lane, std::uint32_t lanes);

}  // namespace o2c::kafka
