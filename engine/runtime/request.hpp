#pragma once
#include <memory>

#include "engine/ports/journal.hpp"
#include "engine/runtime/source_positions.hpp"
#include "events/base/hash.hpp"
#include "events/base/refusal.hpp"

namespace o2c {

/// What a caller is told of one command.
struct Reply {
  enum class Status {
    decided,      // `frame` holds the entry: accepted or refused, durable
    conflict,     // the id or source key stands for another command; nothing happened
    too_old,      // issued before the window in which repeats are remembered, or by a clock far ahead; nothing happened
    busy,         // the mailbox is full; nothing happened, try again later
    unknown,      // may or may not have happened: ask again with the same id
    unavailable,  // the lane is closed, or a record of a topic is not the next one; nothing happened
    skipped,      // the record of a topic holds no command: it is passed over. For such requests only
  };
  Status status = Status::unavailable;
  bool repeat = false;  // decided before: this is the first answer again
  LaneId lane = 0;
  std::uint64_t seq = 0;  // of the entry, 0 without one
  FrameView frame;        // valid during the call; empty for a repeat whose entry has to be read from the journal
};

/// Takes replies. Called once for each request, from a thread of the journal or of the lane: be quick, do not call the engine.
class ReplySink {
 public:
  virtual ~ReplySink() = default;
  virtual void reply(std::uint64_t tag, const Reply& reply) = 0;
};

/// A checked command on its way to a lane.
struct Request {
  Bytes command;                      // 8-byte aligned, verified by check_command
  Hash32 hash;                        // SHA-256 of `command`
  std::shared_ptr<const void> owner;  // keeps `command` alive; empty when the caller does until the reply
  fb::SourceKind source = fb::SourceKind::api;
  const SourceRecord* record =
      nullptr;  // of a topic; the caller keeps it until the reply. `command` is empty when it is to be skipped
  ReplySink* sink = nullptr;  // may be null: nobody waits
  std::uint64_t tag = 0;
  const fb::Command& view() const { return *flatbuffers::GetRoot<fb::Command>(command.data()); }
};

/// Front thread's work: verifies the FlatBuffer (depth, tables), the lengths and characters of its texts, the envelope, and hashes it.
/// command  8-byte aligned; kept by reference.
/// errors   invalid_input, naming the place.
Result<Request> check_command(Bytes command);

/// The same for bytes of any alignment, of which the request keeps a copy.
Result<Request> own_command(Bytes command);

/// What only the engine itself may bring: a message of another company. For the doors through which people's commands come.
/// errors  invalid_input.
Result<void> check_is_of_people(const fb::Command& command);

/// Lane of a company: Kafka's default partitioner (murmur2 of the UTF-8 id), so that any client that keys by company id agrees.
LaneId lane_of(std::string_view company, std::uint32_t lanes);
LaneId lane_of(const Request& request, std::uint32_t lanes);
/// How many of the first requests (at least one) are for the same lane.
std::size_t run_of_lane(std::span<const Request> requests, std::uint32_t lanes);

}  // namespace o2c
