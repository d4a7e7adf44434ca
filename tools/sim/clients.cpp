#include "tools/sim/clients.hpp"

namespace o2c::sim {
namespace {

std::string short_id(const Id16& id) { return to_hex(id).substr(0, 8); }

}  // namespace

std::size_t Clients::add(const Envelope& envelope, Builder& b, const Body& body) {
  const auto company = b.CreateString(envelope.company), actor = b.CreateString(body.actor),
             source = put(b, envelope.source_key);
  const fb::Id16 id = envelope.id.to_fb();
  const fb::Instant issued = to_fb(envelope.issued_at);
  fb::CommandBuilder command(b);
  command.add_company(company), command.add_command_id(&id), command.add_actor(actor), command.add_source_key(source);
  command.add_issued_at(&issued);
  if (envelope.with_version && body.version) command.add_expected_version(*body.version);
  command.add_body_type(body.type), command.add_body(body.offset);
  b.Finish(command.Finish());
  return add(envelope, Bytes{b.GetBufferPointer(), b.GetSize()});
}

std::size_t Clients::add(const Envelope& envelope, Bytes bytes) {
  Command command;
  command.envelope = envelope;
  command.hash = sha256(bytes);
  command.size = bytes.size();
  std::vector<std::uint64_t> words((bytes.size() + 7) / 8);
  std::memcpy(words.data(), bytes.data(), bytes.size());
  command.words = std::make_shared<const std::vector<std::uint64_t>>(std::move(words));
  commands_.push_back(std::move(command));
  return commands_.size() - 1;
}

std::optional<std::size_t> Clients::add_other_content(std::size_t command, std::size_t other) {
  const Command &of = commands_[command], &from = commands_[other];
  if (of.envelope.company != from.envelope.company) return std::nullopt;
  std::vector<std::uint64_t> words = *from.words;
  auto* start = reinterpret_cast<std::uint8_t*>(words.data());
  const auto* changed = flatbuffers::GetRoot<fb::Command>(start);
  const auto at =
      reinterpret_cast<const std::uint8_t*>(changed->command_id()) - start;  // a struct lies in place inside its table
  std::memcpy(start + at, of.envelope.id.bytes.data(), of.envelope.id.bytes.size());
  const Bytes bytes{reinterpret_cast<const std::uint8_t*>(words.data()), from.size};
  if (changed->source_key() || !changed->issued_at() || sha256(bytes) == of.hash) return std::nullopt;
  Envelope envelope = of.envelope;
  envelope.source_key.clear();
  envelope.issued_at = from.envelope.issued_at;
  return add(envelope, bytes);
}

Request Clients::request(std::size_t n, std::size_t process) {
  Command& command = commands_[n];
  auto checked = check_command(command.bytes());
  if (!checked) broken("a client's command is refused at the door: {}", checked.error().message);
  command.sent ? ++counters_.repeats : ++counters_.commands;
  command.sent = true;
  ++command.on_its_way;
  ++waiting_;
  attempts_.push_back({n, process, true});
  checked->owner = command.words;
  checked->sink = this;
  checked->tag = attempts_.size() - 1;
  checked->source = command.envelope.source;
  return std::move(*checked);
}

void Clients::reply(std::uint64_t tag, const Reply& reply) {
  Attempt& attempt = attempts_.at(tag);
  Command& command = commands_[attempt.command];
  require(attempt.open, "S3 command {} is answered twice", short_id(command.envelope.id));
  attempt.open = false;
  --command.on_its_way;
  --waiting_;
  switch (reply.status) {
    case Reply::Status::decided: return decided(command, reply);
    case Reply::Status::conflict: return conflict(command, reply);
    case Reply::Status::too_old: return too_old(command);
    case Reply::Status::unknown: ++counters_.unknown; return;
    case Reply::Status::busy: return left(command);
    case Reply::Status::unavailable:
    case Reply::Status::skipped:
      broken("command {}: a lane that takes commands answers that it does not", short_id(command.envelope.id));
  }
}

void Clients::decided(Command& command, const Reply& reply) {
  const std::string id = short_id(command.envelope.id);
  require(reply.seq >= 1 && reply.seq <= log_.durable_seq(),
          "S4 command {} is acknowledged at entry {}, durable are {}", id, reply.seq, log_.durable_seq());
  const FrameView stored = log_.at(reply.seq);
  if (reply.frame.entry) {
    const bool same =
        std::equal(reply.frame.frame.begin(), reply.frame.frame.end(), stored.frame.begin(), stored.frame.end());
    require(same, "S4 command {}: the answer is not entry {} of the journal", id, reply.seq);
  }
  require(stored.entry->command_hash() && Hash32::from(*stored.entry->command_hash()) == command.hash,
          "S3 command {}: entry {} is of another command", id, reply.seq);
  require(command.told != Told::decided || command.seq == reply.seq,
          "S4 command {}: answered with entry {}, now with entry {}", id, command.seq, reply.seq);
  command.told = Told::decided;
  command.seq = reply.seq;
}

/// It says that nothing happened, and that the id stands for another command.
void Clients::conflict(Command& command, const Reply& reply) {
  const std::string id = short_id(command.envelope.id);
  ++counters_.conflicts;
  // After the window the id may have begun anew with the other content.
  if (command.told == Told::decided) {
    const std::int64_t age = clock_.latest().micros - log_.at(command.seq).entry->recorded_at()->micros();
    require(age > KnownCommands::window_micros, "S4 command {}: answered with entry {}, now a conflict", id,
            command.seq);
    return;
  }
  require(reply.seq <= log_.durable_seq(), "S4 command {}: in conflict with entry {}, durable are {}", id, reply.seq,
          log_.durable_seq());
  const FrameView stored = log_.at(reply.seq);
  const bool same_id = Id16::from(*stored.command->command_id()) == command.envelope.id;
  const bool same_key =
      !command.envelope.source_key.empty() && view(stored.command->source_key()) == command.envelope.source_key;
  require((same_id || same_key) && Hash32::from(*stored.entry->command_hash()) != command.hash,
          "S3 command {}: no conflict with entry {}, which is {}", id, reply.seq, same_id ? "itself" : "of another id");
  command.told = Told::conflict;
  const Auditor::Decided* counts = auditor_.find(command.envelope.company, command.envelope.id);
  require(!counts || counts->command_hash != command.hash, "S3 command {}: counts at entry {}, answered as a conflict",
          id, counts ? counts->seq : 0);
}

/// It says that nothing happened now; whether it did before is forgotten, which may only be after the window. A client
/// whose clock runs ahead by more than what is tolerated is told the same.
void Clients::too_old(Command& command) {
  ++counters_.too_old;
  constexpr std::int64_t second = 1'000'000;  // entries of one instant follow each other by a microsecond
  const std::int64_t issued = command.envelope.issued_at.micros, age = clock_.latest().micros - issued;
  const bool ahead = issued > clock_.shown().micros + KnownCommands::ahead_micros;
  require(ahead || age + second > KnownCommands::window_micros, "S3 command {}: too old after {} µs",
          short_id(command.envelope.id), age);
  if (command.told == Told::nothing) command.told = Told::too_old;
}

/// A message that came before its turn: as if it had not been sent.
void Clients::left(Command& command) {
  require(command.envelope.source == fb::SourceKind::message, "command {}: a lane that takes commands answers busy",
          short_id(command.envelope.id));
  if (command.on_its_way == 0 && command.told == Told::nothing) command.sent = false;
}

void Clients::engine_gone(std::size_t process) {
  for (auto attempt = attempts_.rbegin(); attempt != attempts_.rend() && waiting_ > 0; ++attempt) {
    if (!attempt->open || attempt->process != process) continue;
    attempt->open = false;
    --commands_[attempt->command].on_its_way;
    --waiting_;
    ++counters_.unknown;
  }
}

std::vector<std::size_t> Clients::unsettled() const {
  std::vector<std::size_t> list;
  for (std::size_t i = 0; i < commands_.size(); ++i) {
    if (commands_[i].sent && commands_[i].on_its_way == 0 && commands_[i].told == Told::nothing) list.push_back(i);
  }
  return list;
}

void Clients::check_all() const {
  for (const Command& command : commands_) {
    if (command.told != Told::decided) continue;
    const Auditor::Decided* counts = auditor_.find(command.envelope.company, command.envelope.id);
    const Hash32 stored = Hash32::from(*log_.at(command.seq).entry->command_hash());
    require(counts && counts->seq >= command.seq && stored == command.hash,
            "S4 command {}: acknowledged at entry {}, {}", short_id(command.envelope.id), command.seq,
            counts ? fmt::format("counts at {}", counts->seq) : "does not count");
  }
}

}  // namespace o2c::sim
