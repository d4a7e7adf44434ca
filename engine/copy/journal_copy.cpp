#include "engine/copy/journal_copy.hpp"

#include <fmt/format.h>

#include <queue>

#include "engine/copy/appender.hpp"
#include "engine/copy/lane_stream.hpp"
#include "engine/copy/reframe.hpp"
#include "engine/journal/copy_marks.hpp"
#include "engine/runtime/request.hpp"
#include "events/base/money.hpp"

namespace o2c {
namespace {

constexpr std::size_t batch_bytes = 1 << 20;
constexpr std::uint64_t progress_every = 4096;  // entries

Instant recorded_at(const FrameView& frame) { return from_fb(*frame.entry->recorded_at()); }

Error grown(LaneId lane) {
  return {ErrorCode::conflict,
          fmt::format("lane {} of the source grew while it was copied: stop whoever writes it", lane),
          Remedy::fix_first};
}

class Copier {
 public:
  Copier(Journal& source, Journal& target, const JournalCopyOptions& options)
      : source_(source), target_(target), options_(options), old_(source.lanes()), appender_(target) {}

  Result<void> find_tips();
  Result<void> open_target();
  Result<void> copy_entries();
  Result<void> seal();
  JournalCopied result() { return std::move(copied_); }

 private:
  struct OldLane {
    std::uint64_t seq = 0;  // read so far
    UnfinishedCopy copy;
  };
  struct NewLane {
    Tip tip;  // of what was handed over or waits in `batch`; its hash is known to the journal only
    Instant last;
    SharedBatch batch;
  };
  /// The entry at hand of one old lane.
  struct Head {
    Instant recorded_at;
    LaneId lane = 0;
    auto operator<=>(const Head&) const = default;
  };

  Result<void> check_source();
  Result<void> take(const FrameView& frame);
  Result<void> check_place(const FrameView& frame) const;
  Result<void> append_command(const FrameView& frame);
  Result<void> hand_over(NewLane& lane);
  Result<void> append_mark(NewLane& lane, SharedBatch mark);

  Journal& source_;
  Journal& target_;
  const JournalCopyOptions& options_;
  JournalCopied copied_;
  std::vector<OldLane> old_;
  std::vector<NewLane> lanes_;
  std::uint64_t entries_ = 0;
  flatbuffers::FlatBufferBuilder builder_{4096};
  Appender appender_;
};

Result<void> Copier::find_tips() {
  for (LaneId lane = 0; lane < target_.lanes(); ++lane) {
    const auto tip = target_.tip(lane);
    if (!tip) return tip.error();
    if (tip->seq > 0)
      return Error{ErrorCode::conflict,
                   fmt::format("lane {} of the target holds {} entries: copy into an empty one", lane, tip->seq),
                   Remedy::fix_first};
  }
  for (LaneId lane = 0; lane < source_.lanes(); ++lane) {
    const auto tip = source_.tip(lane);
    if (!tip) return tip.error();
    copied_.old_tips.push_back(*tip);
  }
  return {};
}

/// Every lane is marked as a copy before the first entry is written to any.
Result<void> Copier::open_target() {
  for (LaneId lane = 0; lane < target_.lanes(); ++lane) {
    const auto tip = target_.open(lane);
    if (!tip) return tip.error();
    const Instant at{options_.begins_at.micros + 1};
    lanes_.push_back({*tip, at, nullptr});
    auto mark = copied_from(lane, *tip, options_.source_id, copied_.old_tips, at);
    if (auto marked = append_mark(lanes_.back(), std::move(mark)); !marked) return marked;
  }
  return appender_.finish();
}

Result<void> Copier::copy_entries() {
  std::vector<std::unique_ptr<LaneStream>> streams;
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
  const auto advance = [&](LaneId lane) -> Result<void> {
    const auto more = streams[lane]->next();
    if (!more) return more.error();
    if (*more) heads.push({recorded_at(streams[lane]->frame()), lane});
    return {};
  };
  for (LaneId lane = 0; lane < source_.lanes(); ++lane) streams.push_back(std::make_unique<LaneStream>(source_, lane));
  for (LaneId lane = 0; lane < source_.lanes(); ++lane) {
    if (auto first = advance(lane); !first) return first;
  }
  while (!heads.empty()) {
    const LaneId lane = heads.top().lane;
    heads.pop();
    if (auto taken = take(streams[lane]->frame()); !taken) return taken;
    if (auto next = advance(lane); !next) return next;
  }
  if (auto whole = check_source(); !whole) return whole;
  for (NewLane& lane : lanes_) {
    if (auto handed = hand_over(lane); !handed) return handed;
  }
  return appender_.finish();
}

/// All that the source held at the beginning was read, and nobody has written since.
Result<void> Copier::check_source() {
  for (LaneId lane = 0; lane < source_.lanes(); ++lane) {
    const Tip& end = copied_.old_tips[lane];
    if (old_[lane].seq < end.seq)
      return integrity(
          fmt::format("journal lane {} ends at seq {}, but seq {} was there", lane, old_[lane].seq, end.seq));
    if (old_[lane].copy) return UnfinishedCopy::error(lane);
    const auto now = source_.tip(lane);
    if (!now) return now.error();
    if (*now != end) return grown(lane);
  }
  return {};
}

Result<void> Copier::take(const FrameView& frame) {
  if (options_.progress && ++entries_ % progress_every == 0) options_.progress(entries_);
  if (auto fits = check_place(frame); !fits) return fits;
  OldLane& old = old_[frame.entry->lane()];
  old.seq = frame.entry->seq();
  old.copy.see(*frame.entry);
  return frame.entry->kind() == fb::EntryKind::command ? append_command(frame) : Result<void>{};
}

/// What is copied ends where the first entry of the copy says that the source ends.
Result<void> Copier::check_place(const FrameView& frame) const {
  const fb::Entry& entry = *frame.entry;
  const Tip& end = copied_.old_tips[entry.lane()];
  if (entry.seq() > end.seq) return grown(entry.lane());
  if (entry.kind() > fb::EntryKind::MAX)
    return integrity(fmt::format("journal lane {} seq {}: an entry of a kind that a newer program wrote", entry.lane(),
                                 entry.seq()));
  if (entry.seq() == end.seq && frame.hash() != end.hash)
    return integrity(
        fmt::format("journal lane {} seq {}: is not the entry that the lane ended with", entry.lane(), entry.seq()));
  return {};
}

Result<void> Copier::append_command(const FrameView& frame) {
  const LaneId id = lane_of(frame.command->company()->string_view(), target_.lanes());
  NewLane& lane = lanes_[id];
  ++lane.tip.seq;
  const auto entry = reframe(builder_, frame, id, lane.tip);
  if (!entry) return entry.error();
  if (frame_bytes(entry->size(), frame.command_bytes.size()) > frame_limit)
    return invalid(fmt::format("journal lane {} seq {}: the entry is too large for another place", frame.entry->lane(),
                               frame.entry->seq()));
  if (!lane.batch) lane.batch = std::make_shared<FrameBatch>(id, batch_bytes);
  lane.batch->add(*entry, frame.command_bytes);
  lane.last = recorded_at(frame);
  ++copied_.commands;
  return lane.batch->bytes().size() < batch_bytes ? Result<void>{} : hand_over(lane);
}

Result<void> Copier::hand_over(NewLane& lane) {
  return lane.batch ? appender_.append(std::exchange(lane.batch, nullptr)) : Result<void>{};
}

Result<void> Copier::append_mark(NewLane& lane, SharedBatch mark) {
  ++lane.tip.seq;
  return appender_.append(std::move(mark));
}

Result<void> Copier::seal() {
  const Instant now = options_.now();
  for (LaneId id = 0; id < target_.lanes(); ++id) {
    NewLane& lane = lanes_[id];
    const Instant at{std::max(lane.last.micros + 1, now.micros)};
    if (auto sealed = append_mark(lane, copy_seal(id, lane.tip, at)); !sealed) return sealed;
  }
  if (auto durable = appender_.finish(); !durable) return durable;
  for (LaneId id = 0; id < target_.lanes(); ++id) {
    const auto tip = target_.tip(id);
    if (!tip) return tip.error();
    copied_.new_tips.push_back(*tip);
  }
  return {};
}

}  // namespace

Result<Instant> copy_begins_at(Journal& source, Instant otherwise) {
  std::optional<Instant> oldest;
  for (LaneId lane = 0; lane < source.lanes(); ++lane) {
    const auto read = source.read(lane, 1, [&](const FrameView& frame) {
      oldest = std::min(oldest.value_or(recorded_at(frame)), recorded_at(frame));
      return false;
    });
    if (!read) return read.error();
  }
  return oldest ? Instant{oldest->micros - 1} : otherwise;
}

Result<JournalCopied> copy_journal(Journal& source, Journal& target, const JournalCopyOptions& options) {
  Copier copier(source, target, options);
  if (auto found = copier.find_tips(); !found) return found.error();
  if (auto opened = copier.open_target(); !opened) return opened.error();
  if (auto copied = copier.copy_entries(); !copied) return copied.error();
  if (auto sealed = copier.seal(); !sealed) return sealed.error();
  return copier.result();
}

}  // namespace o2c
