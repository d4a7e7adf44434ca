#include "engine/storage/lane_reader.hpp"

#include <fmt/format.h>

namespace o2c::storage {
namespace {

/// Which part of the reader's rule the entry breaks, for people.
std::string broken_rule(const Tip& tip, const fb::Entry& entry) {
  if (entry.seq() != tip.seq + 1)
    return fmt::format("seq {} stands where {} must follow: entries are missing, doubled or swapped", entry.seq(),
                       tip.seq + 1);
  if (Hash32::from(*entry.prev_hash()) != tip.hash)
    return "prev_hash is not the hash of the entry before it: one of the two was exchanged";
  return fmt::format("epoch {} does not fit into the tenure of epoch {}", entry.epoch(), tip.epoch);
}

Tip just_before(const fb::Entry& entry) {
  const std::uint64_t epoch = entry.kind() == fb::EntryKind::lane_opened ? entry.epoch() - 1 : entry.epoch();
  return {epoch, entry.seq() - 1, Hash32::from(*entry.prev_hash())};
}

Error missing(LaneId lane, std::uint64_t seq, std::uint64_t until) {
  return integrity(
      fmt::format("journal lane {} seq {}: entries are missing ({} up to seq {})", lane, seq, until - seq + 1, until));
}

}  // namespace

Result<void> LaneCheck::take(const FrameView& frame) {
  const fb::Entry& entry = *frame.entry;
  if (entry.lane() != lane_)
    return integrity(fmt::format("seq {} of lane {} stands in its place", entry.seq(), entry.lane()));
  if (entry.seq() == 0 || entry.epoch() == 0) return integrity("an entry without seq or epoch");
  Chain chain(tip_ ? *tip_ : just_before(entry));
  const Tip before = chain.tip();
  if (chain.judge(frame) != Judgement::counts) return integrity(broken_rule(before, entry));
  tip_ = chain.tip();
  return {};
}

Result<void> read_run(const Run& run, Bytes frames, LaneCheck& check, const FrameSink& sink) {
  std::uint64_t seq = run.first_seq;
  const auto damaged = [&](const Error& error) {
    return integrity(fmt::format("journal lane {} seq {} (group {}): {}", run.lane, seq, run.group, error.message));
  };
  for (; !frames.empty(); ++seq) {
    const Result<FrameView> frame = read_frame(frames, Check::full);
    if (!frame) return damaged(frame.error());
    if (frame->entry->seq() != seq)
      return damaged(integrity(fmt::format("seq {} stands in its place", frame->entry->seq())));
    if (auto counts = check.take(*frame); !counts) return damaged(counts.error());
    if (!sink(*frame)) return {};
    frames = frames.subspan(frame->frame.size());
  }
  return {};
}

Result<std::optional<Tip>> walk_lane(const GroupStore& store, LaneId lane, std::uint64_t from, std::uint64_t until,
                                     const FrameSink& sink) {
  std::optional<LaneCheck> check;
  bool stopped = false;
  const auto take = [&](const FrameView& frame) {
    if (frame.entry->seq() >= from) stopped = !sink(frame);
    return !stopped && frame.entry->seq() < until;
  };
  const auto take_run = [&](const Run& run) -> Result<bool> {
    const std::uint64_t expected = check ? check->tip()->seq + 1 : std::min(from, run.first_seq);
    if (run.first_seq != expected) return missing(lane, expected, run.first_seq - 1);
    if (!check)
      check.emplace(lane, run.first_seq == 1 ? std::optional(Tip{0, 0, genesis_hash(store.meta().journal_id, lane)})
                                             : std::nullopt);
    const Result<GroupBytes> frames = store.load(run);
    if (!frames) return frames.error();
    if (auto read = read_run(run, frames->bytes(), *check, take); !read) return read.error();
    return !stopped && check->tip()->seq < until;
  };
  if (auto read = store.runs(lane, from, take_run); !read) return read.error();
  return check ? check->tip() : std::nullopt;
}

Result<void> read_lane(const GroupStore& store, LaneId lane, std::uint64_t from, const Tip& until,
                       const FrameSink& sink) {
  if (from > until.seq) return {};
  bool stopped = false;
  const auto pass_on = [&](const FrameView& frame) {
    stopped = !sink(frame);
    return !stopped;
  };
  const Result<std::optional<Tip>> reached = walk_lane(store, lane, from, until.seq, pass_on);
  if (!reached) return reached.error();
  if (stopped) return {};
  if (!*reached || (*reached)->seq < until.seq) return missing(lane, *reached ? (*reached)->seq + 1 : from, until.seq);
  if (**reached != until)
    return integrity(fmt::format("journal lane {} seq {}: is not the entry that was acknowledged", lane, until.seq));
  return {};
}

}  // namespace o2c::storage
