#pragma once
#include <string>

#include "engine/ports/journal.hpp"

namespace o2c::test {

/// An entry as a lane thread hands it over: sealed later, by the journal.
struct DraftEntry {
  flatbuffers::DetachedBuffer entry, command;
  Bytes entry_bytes() const { return {entry.data(), entry.size()}; }
  Bytes command_bytes() const { return {command.data(), command.size()}; }
};

inline flatbuffers::DetachedBuffer draft_command(const std::string& mark, std::uint64_t number) {
  flatbuffers::FlatBufferBuilder builder;
  Id16 id;
  for (std::size_t i = 0; i < 8; ++i) id.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
  const fb::Id16 command_id = id.to_fb();
  const auto company = builder.CreateString("ACME"), actor = builder.CreateString("tester");
  const auto body = fb::CreateCreateMark(builder, builder.CreateString(mark));
  builder.Finish(fb::CreateCommand(builder, company, &command_id, nullptr, actor, 0, nullptr, nullptr,
                                   flatbuffers::nullopt, fb::CommandBody::CreateMark, body.Union()));
  return builder.Release();
}

/// A command that makes a mark of that name, and its entry without events. The command id follows from lane and seq.
inline DraftEntry draft_entry(LaneId lane, std::uint64_t epoch, std::uint64_t seq, const std::string& mark) {
  DraftEntry draft;
  draft.command = draft_command(mark, seq << 8 | lane);
  const fb::Hash32 command_hash = sha256(draft.command_bytes()).to_fb(), prev_hash{};
  const fb::Instant recorded_at(static_cast<std::int64_t>(seq));
  flatbuffers::FlatBufferBuilder builder;
  fb::EntryBuilder entry(builder);
  entry.add_lane(lane);
  entry.add_seq(seq);
  entry.add_epoch(epoch);
  entry.add_prev_hash(&prev_hash);
  entry.add_recorded_at(&recorded_at);
  entry.add_command_hash(&command_hash);
  entry.add_outcome(fb::Outcome::accepted);
  builder.Finish(entry.Finish());
  draft.entry = builder.Release();
  return draft;
}

inline DraftEntry draft_lane_opened(LaneId lane, std::uint64_t epoch, std::uint64_t seq, std::uint8_t open_id) {
  DraftEntry draft;
  const fb::Hash32 prev_hash{};
  const fb::Instant recorded_at(static_cast<std::int64_t>(seq));
  Id16 id;
  id.bytes.fill(open_id);
  const fb::Id16 opened = id.to_fb();
  flatbuffers::FlatBufferBuilder builder;
  fb::EntryBuilder entry(builder);
  entry.add_lane(lane);
  entry.add_seq(seq);
  entry.add_epoch(epoch);
  entry.add_prev_hash(&prev_hash);
  entry.add_recorded_at(&recorded_at);
  entry.add_kind(fb::EntryKind::lane_opened);
  entry.add_open_id(&opened);
  builder.Finish(entry.Finish());
  draft.entry = builder.Release();
  return draft;
}

inline std::string mark_name(LaneId lane, std::uint64_t seq, std::size_t padding = 0) {
  return "mark " + std::to_string(lane) + "/" + std::to_string(seq) + std::string(padding, 'x');
}

/// `count` entries behind `tip`; moves its seq, leaves its hash to the journal.
inline SharedBatch draft_batch(LaneId lane, Tip& tip, std::size_t count, std::size_t padding = 0) {
  auto batch = std::make_shared<FrameBatch>(lane);
  for (std::size_t i = 0; i < count; ++i) {
    ++tip.seq;
    const DraftEntry draft = draft_entry(lane, tip.epoch, tip.seq, mark_name(lane, tip.seq, padding));
    batch->add(draft.entry_bytes(), draft.command_bytes());
  }
  return batch;
}

}  // namespace o2c::test
