#include "engine/journal/copy_marks.hpp"

#include <fmt/format.h>

namespace o2c {
namespace {

using LaneHeads = flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::LaneHead>>>;

std::shared_ptr<FrameBatch> mark(flatbuffers::FlatBufferBuilder& builder, fb::EntryKind kind, std::uint32_t lane,
                                 const Tip& tip, Instant recorded_at, LaneHeads copied_from) {
  const fb::Hash32 prev_hash = tip.hash.to_fb();
  const fb::Instant at(recorded_at.micros);
  fb::EntryBuilder entry(builder);
  entry.add_lane(lane);
  entry.add_seq(tip.seq + 1);
  entry.add_epoch(tip.epoch);
  entry.add_prev_hash(&prev_hash);
  entry.add_recorded_at(&at);
  entry.add_kind(kind);
  if (!copied_from.IsNull()) entry.add_copied_from(copied_from);
  builder.Finish(entry.Finish());
  auto batch = std::make_shared<FrameBatch>(lane);
  batch->add({builder.GetBufferPointer(), builder.GetSize()}, {});
  return batch;
}

}  // namespace

std::shared_ptr<FrameBatch> copied_from(std::uint32_t lane, const Tip& tip, const Id16& old_journal,
                                        std::span<const Tip> old_tips, Instant recorded_at) {
  flatbuffers::FlatBufferBuilder builder;
  const fb::Id16 journal = old_journal.to_fb();
  std::vector<flatbuffers::Offset<fb::LaneHead>> heads;
  for (const Tip& old : old_tips) {
    const fb::Hash32 hash = old.hash.to_fb();
    heads.push_back(fb::CreateLaneHead(builder, &journal, static_cast<std::uint32_t>(heads.size()), old.seq, &hash));
  }
  return mark(builder, fb::EntryKind::copied, lane, tip, recorded_at, builder.CreateVector(heads));
}

std::shared_ptr<FrameBatch> copy_seal(std::uint32_t lane, const Tip& tip, Instant recorded_at) {
  flatbuffers::FlatBufferBuilder builder;
  return mark(builder, fb::EntryKind::seal, lane, tip, recorded_at, {});
}

Error UnfinishedCopy::error(std::uint32_t lane) {
  return integrity(fmt::format(
      "lane {} is a copy of another journal that was broken off before its end: copy again into an empty target",
      lane));
}

}  // namespace o2c
