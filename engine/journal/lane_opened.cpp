#include "engine/journal/lane_opened.hpp"

namespace o2c {

std::shared_ptr<FrameBatch> lane_opened(std::uint32_t lane, const Tip& tip, const Id16& open_id, Instant recorded_at) {
  flatbuffers::FlatBufferBuilder builder;
  const fb::Hash32 prev_hash = tip.hash.to_fb();
  const fb::Id16 id = open_id.to_fb();
  const fb::Instant at(recorded_at.micros);
  fb::EntryBuilder entry(builder);
  entry.add_lane(lane);
  entry.add_seq(tip.seq + 1);
  entry.add_epoch(tip.epoch + 1);
  entry.add_prev_hash(&prev_hash);
  entry.add_recorded_at(&at);
  entry.add_kind(fb::EntryKind::lane_opened);
  entry.add_open_id(&id);
  builder.Finish(entry.Finish());
  auto batch = std::make_shared<FrameBatch>(lane);
  batch->add({builder.GetBufferPointer(), builder.GetSize()}, {});
  return batch;
}

}  // namespace o2c
