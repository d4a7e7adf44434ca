#include "tests/model/world.hpp"

#include <algorithm>

namespace o2c::model {
namespace {

class Packer {
 public:
  void byte(std::uint64_t value) { bytes.push_back(static_cast<char>(value)); }
  void entry(EntryId id) { byte(id), byte(id >> 8); }
  std::string bytes;
};

class Unpacker {
 public:
  explicit Unpacker(const std::string& bytes) : bytes_(bytes) {}
  std::uint8_t byte() { return static_cast<std::uint8_t>(bytes_[at_++]); }
  EntryId entry() {
    const std::uint8_t low = byte();
    return static_cast<EntryId>(low | byte() << 8);
  }

 private:
  const std::string& bytes_;
  std::size_t at_ = 0;
};

/// Two numbers below 16 in one byte.
std::uint64_t pair(std::uint64_t low, std::uint64_t high) { return low | high << 4; }

void pack_engine(Packer& out, const Engine& engine) {
  const LaneWriter::State& s = engine.writer.state();
  out.byte(pair(static_cast<std::uint64_t>(s.phase), static_cast<std::uint64_t>(s.loss)));
  out.byte(static_cast<std::uint64_t>(s.named | s.asks << 1 | s.other_owner << 2 | s.log.resumed() << 3));
  out.entry(Entries::id_of(s.log.place().tip.hash));
  out.byte(static_cast<std::uint64_t>(s.log.place().offset + 1));
  out.byte(pair(static_cast<std::uint64_t>(s.log.next()), s.tenure));
  out.entry(Entries::id_of(s.lane_opened.hash));
  out.byte(pair(s.overlay.size(), engine.source));
  for (const EntryHead& head : s.overlay) out.entry(Entries::id_of(head.hash));
  out.byte(engine.held);
}

Engine unpack_engine(Unpacker& in, const Entries& entries) {
  const std::uint8_t phase = in.byte(), flags = in.byte();
  const EntryId tip = in.entry();
  const Place place{entries.tip(tip), in.byte() - 1};
  const std::uint8_t next = in.byte();
  const EntryId opened = in.entry();
  const std::uint8_t sizes = in.byte();
  LaneWriter::State s{.log = LogPosition(place, next & 15, flags >> 3 & 1),
                      .phase = static_cast<LaneWriter::Phase>(phase & 15),
                      .loss = static_cast<LaneWriter::Loss>(phase >> 4),
                      .named = (flags & 1) != 0,
                      .asks = (flags >> 1 & 1) != 0,
                      .other_owner = (flags >> 2 & 1) != 0,
                      .tenure = static_cast<std::uint64_t>(next >> 4)};
  if (opened != 0) s.lane_opened = entries.head(opened);
  for (int i = 0; i < (sizes & 15); ++i) s.overlay.push_back(entries.head(in.entry()));
  Engine engine{.writer = LaneWriter(std::move(s)), .source = static_cast<std::uint8_t>(sizes >> 4)};
  engine.held = in.byte();
  return engine;
}

void pack_request(Packer& out, const Request& r) {
  out.entry(r.entry);
  out.byte(static_cast<std::uint64_t>(r.writer | r.copies << 2 | static_cast<int>(r.report) << 4));
  out.byte(pair(r.tenure, r.in_batch));
  out.byte(r.offset);
}

Request unpack_request(Unpacker& in) {
  Request r;
  r.entry = in.entry();
  const std::uint8_t flags = in.byte(), numbers = in.byte();
  r.writer = flags & 3;
  r.copies = flags >> 2 & 3;
  r.report = static_cast<Request::Report>(flags >> 4);
  r.tenure = numbers & 15;
  r.in_batch = static_cast<std::uint8_t>(numbers >> 4);
  r.offset = in.byte();
  return r;
}

}  // namespace

World first_world(const Bounds& bounds) {
  World world;
  world.group = static_cast<std::uint8_t>((1 << bounds.writers) - 1);
  for (int i = 0; i < bounds.writers; ++i) world.engines.emplace_back().writer.named(true);
  return world;
}

std::string pack(const World& world) {
  Packer out;
  out.byte(pair(world.log.size(), world.requests.size()));
  for (const EntryId id : world.log) out.entry(id);
  std::vector<Request> requests = world.requests;
  std::ranges::sort(requests);
  for (const Request& request : requests) pack_request(out, request);
  for (const Engine& engine : world.engines) pack_engine(out, engine);
  for (const EntryId id : world.acknowledged) out.entry(id);
  const Question& q = world.question;
  out.byte(q.engine);
  out.byte(pair(q.command, q.acknowledged));
  out.entry(q.barrier);
  out.byte(pair(world.seen, world.denied));
  out.byte(pair(world.group, world.cuts));
  out.byte(pair(world.written, world.openings));
  out.byte(world.faults);
  return out.bytes;
}

World unpack(const std::string& bytes, const Entries& entries, const Bounds& bounds) {
  Unpacker in(bytes);
  World world;
  const std::uint8_t sizes = in.byte();
  for (int i = 0; i < (sizes & 15); ++i) world.log.push_back(in.entry());
  for (int i = 0; i < sizes >> 4; ++i) world.requests.push_back(unpack_request(in));
  for (int i = 0; i < bounds.writers; ++i) world.engines.push_back(unpack_engine(in, entries));
  for (EntryId& id : world.acknowledged) id = in.entry();
  Question& q = world.question;
  q.engine = in.byte();
  const std::uint8_t asked = in.byte();
  q.command = asked & 15;
  q.acknowledged = static_cast<std::uint8_t>(asked >> 4);
  q.barrier = in.entry();
  const std::uint8_t commands = in.byte(), group = in.byte(), counts = in.byte();
  world.seen = commands & 15;
  world.denied = static_cast<std::uint8_t>(commands >> 4);
  world.group = group & 15;
  world.cuts = static_cast<std::uint8_t>(group >> 4);
  world.written = counts & 15;
  world.openings = static_cast<std::uint8_t>(counts >> 4);
  world.faults = in.byte();
  return world;
}

}  // namespace o2c::model
