#pragma once
#include <memory>
#include <vector>

#include "tools/sim/auditor.hpp"
#include "tools/sim/history.hpp"
#include "tools/sim/sim_log.hpp"

namespace o2c::sim {

/// The clients and what they were told: the client model. It lies outside the engine and outlives it.
///
/// rules  S3, S4: an answer is given only when its entry is durable, and is that entry; every later answer to the same command is the same;
///        refused stays refused; what was not answered becomes exactly one of the two and stays so; another content under a known id is a
///        conflict and leaves nothing.
class Clients final : public ReplySink {
 public:
  Clients(const SimLog& log, const Auditor& auditor, const SimClock& clock, Counters& counters)
      : log_(log), auditor_(auditor), clock_(clock), counters_(counters) {}

  struct Envelope {
    std::string company;
    Id16 id;
    Instant issued_at;
    std::string source_key;
    bool with_version = false;
    fb::SourceKind source = fb::SourceKind::api;
    bool of_engine() const { return source != fb::SourceKind::api; }
  };
  /// Keeps a new command, which is not sent yet.  returns  its number.
  std::size_t add(const Envelope& envelope, Builder& b, const Body& body);
  std::size_t add(const Envelope& envelope, Bytes bytes);
  /// The same id with a body that another command has; nothing when both are equal.
  std::optional<std::size_t> add_other_content(std::size_t command, std::size_t other);
  /// Sends it to a process, for the first time or again.
  Request request(std::size_t command, std::size_t process);

  void reply(std::uint64_t tag, const Reply& reply) override;
  /// Nobody will answer what is on its way to that process.
  void engine_gone(std::size_t process);

  std::size_t size() const { return commands_.size(); }
  const Envelope& envelope(std::size_t command) const { return commands_[command].envelope; }
  /// Of a command of that company; another one that bears it too is a conflict.
  std::string source_key_of(std::size_t command, std::string_view company) const {
    const Envelope& of = commands_[command].envelope;
    return of.company == company ? of.source_key : std::string{};
  }
  /// Sent, not on its way, and never answered.
  std::vector<std::size_t> unsettled() const;
  std::size_t on_their_way() const { return waiting_; }
  /// Every answer once more against what counts.
  void check_all() const;

 private:
  enum class Told { nothing, decided, conflict, too_old };
  struct Command {
    Envelope envelope;
    std::shared_ptr<const std::vector<std::uint64_t>> words;  // 8-byte aligned
    std::size_t size = 0;
    Hash32 hash;
    std::uint32_t on_its_way = 0;
    bool sent = false;
    Told told = Told::nothing;
    std::uint64_t seq = 0;  // decided: its entry
    Bytes bytes() const { return {reinterpret_cast<const std::uint8_t*>(words->data()), size}; }
  };
  struct Attempt {
    std::size_t command = 0, process = 0;
    bool open = false;
  };

  void decided(Command& command, const Reply& reply);
  void conflict(Command& command, const Reply& reply);
  void too_old(Command& command);
  void left(Command& command);

  const SimLog& log_;
  const Auditor& auditor_;
  const SimClock& clock_;
  Counters& counters_;
  std::vector<Command> commands_;
  std::vector<Attempt> attempts_;  // by tag
  std::size_t waiting_ = 0;
};

}  // namespace o2c::sim
