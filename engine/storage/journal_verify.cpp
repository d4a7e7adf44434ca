#include "engine/storage/journal_verify.hpp"

#include <fmt/format.h>

#include "engine/storage/directory_lock.hpp"
#include "engine/storage/lane_reader.hpp"

namespace o2c::storage {
namespace {

constexpr std::string_view advice = "restore the newest backup of the data directory";

Error behind_witness(LaneId lane, std::uint64_t ends_at, std::uint64_t acknowledged) {
  return integrity(fmt::format("journal lane {} ends at seq {}, but seq {} was acknowledged: {} entries are lost; {}",
                               lane, ends_at, acknowledged, acknowledged - ends_at, advice));
}

Error other_than_witness(LaneId lane, std::uint64_t seq) {
  return integrity(
      fmt::format("journal lane {} seq {}: is not the entry that was acknowledged (hash differs from journal.tip); {}",
                  lane, seq, advice));
}

Error unusable_witness(const Error& reason) {
  return integrity(
      fmt::format("{}; without it nobody can say whether the journal is complete; {}", reason.message, advice));
}

/// One walk over all groups. Each lane names the run that must come next, so every byte of a group belongs to exactly one lane, and every
/// row of the index is met exactly once.
class Verification {
 public:
  Verification(const GroupStore& store, const TipRecord* witness) : store_(store), witness_(witness) {}

  Result<void> start() {
    for (LaneId lane = 0; lane < store_.meta().lanes; ++lane) {
      lanes_.push_back({LaneCheck(lane, Tip{0, 0, genesis_hash(store_.meta().journal_id, lane)}), {}});
      if (auto found = find_next(lanes_.back()); !found) return found;
    }
    return {};
  }

  Result<void> take_group(std::uint64_t group, Bytes frames) {
    if (group != info_.groups + 1)
      return integrity(fmt::format("journal group {}: missing, group {} stands in its place", info_.groups + 1, group));
    for (std::size_t offset = 0; offset < frames.size();) {
      Lane* lane = lane_at(group, offset);
      if (lane == nullptr || offset + lane->next->size > frames.size()) {
        return integrity(fmt::format("journal group {} byte {}: no lane goes on here by the index", group, offset));
      }
      const Run run = *lane->next;
      if (auto read = read_run(run, frames.subspan(offset, run.size), lane->check,
                               [&](const FrameView& frame) { return take(run.lane, frame); });
          !read)
        return read;
      if (diverged_) return other_than_witness(run.lane, witness_->tips[run.lane].seq);
      if (auto found = find_next(*lane); !found) return found;
      offset += run.size;
      ++runs_;
    }
    ++info_.groups;
    return {};
  }

  Result<JournalInfo> finish() {
    for (const Lane& lane : lanes_) {
      const Tip& tip = *lane.check.tip();
      const LaneId id = lane.check.lane();
      if (witness_ != nullptr && tip.seq < witness_->tips[id].seq)
        return behind_witness(id, tip.seq, witness_->tips[id].seq);
      info_.tips.push_back(tip);
    }
    const Result<std::uint64_t> rows = store_.count_runs(info_.groups);
    if (!rows) return rows.error();
    if (*rows != runs_)
      return integrity(fmt::format("journal index: {} rows where the groups hold {} runs", *rows, runs_));
    info_.journal_id = store_.meta().journal_id;
    return info_;
  }

  std::uint64_t groups() const { return info_.groups; }

 private:
  struct Lane {
    LaneCheck check;
    std::optional<Run> next;
  };

  Result<void> find_next(Lane& lane) {
    Result<std::optional<Run>> found = store_.find_run(lane.check.lane(), lane.check.tip()->seq + 1);
    if (!found) return found.error();
    lane.next = *found;
    return {};
  }

  Lane* lane_at(std::uint64_t group, std::size_t offset) {
    const auto stands_here = [&](const Lane& lane) {
      return lane.next && lane.next->group == group && lane.next->offset == offset && lane.next->size > 0;
    };
    const auto found = std::find_if(lanes_.begin(), lanes_.end(), stands_here);
    return found == lanes_.end() ? nullptr : &*found;
  }

  bool take(LaneId lane, const FrameView& frame) {
    ++info_.entries;
    diverged_ = witness_ != nullptr && witness_->tips[lane].seq == frame.entry->seq() &&
                witness_->tips[lane].hash != lanes_[lane].check.tip()->hash;
    return !diverged_;
  }

  const GroupStore& store_;
  const TipRecord* witness_;
  std::vector<Lane> lanes_;
  JournalInfo info_;
  std::uint64_t runs_ = 0;
  bool diverged_ = false;
};

}  // namespace

std::filesystem::path database_path(const std::filesystem::path& data) { return data / "journal"; }
std::filesystem::path tip_path(const std::filesystem::path& data) { return data / "journal.tip"; }

Result<void> require_database(const std::filesystem::path& data) {
  if (std::filesystem::exists(database_path(data))) return {};
  if (std::filesystem::exists(tip_path(data))) {
    return integrity(fmt::format("journal {} is gone, journal.tip is there; {}", database_path(data).string(), advice));
  }
  return Error{ErrorCode::not_found, fmt::format("{} has no journal", data.string()), Remedy::fix_first};
}

Result<TipFile> open_tip_file(const std::filesystem::path& data, const GroupStore& store) {
  Result<TipFile> file = TipFile::open(tip_path(data), store.meta().journal_id, store.meta().lanes);
  if (file) return file;
  const Result<std::uint64_t> last_group = store.last_group();
  if (!last_group) return last_group.error();
  if (*last_group > 0) return unusable_witness(file.error());
  TipRecord empty{store.meta().journal_id, 0, {}};
  for (LaneId lane = 0; lane < store.meta().lanes; ++lane)
    empty.tips.push_back({0, 0, genesis_hash(empty.journal_id, lane)});
  return TipFile::create(tip_path(data), empty);
}

Result<std::vector<Tip>> find_tips(const GroupStore& store, const TipRecord& witness) {
  std::vector<Tip> tips;
  for (LaneId lane = 0; lane < store.meta().lanes; ++lane) {
    const Tip& acknowledged = witness.tips[lane];
    bool diverged = false;
    const auto compare = [&](const FrameView& frame) {
      diverged = frame.entry->seq() == acknowledged.seq && frame.hash() != acknowledged.hash;
      return !diverged;
    };
    const auto end = walk_lane(store, lane, std::max<std::uint64_t>(acknowledged.seq, 1), UINT64_MAX, compare);
    if (!end) return end.error();
    if (diverged) return other_than_witness(lane, acknowledged.seq);
    const Tip tip = end->value_or(Tip{0, 0, genesis_hash(store.meta().journal_id, lane)});
    if (tip.seq < acknowledged.seq) return behind_witness(lane, tip.seq, acknowledged.seq);
    tips.push_back(tip);
  }
  return tips;
}

Result<JournalInfo> verify_groups(const GroupStore& store, std::uint64_t last_group, const TipRecord* witness,
                                  const VerifyProgress& progress) {
  Verification verification(store, witness);
  if (auto started = verification.start(); !started) return started.error();
  const auto take = [&](std::uint64_t group, const GroupBytes& frames) -> Result<bool> {
    if (auto taken = verification.take_group(group, frames.bytes()); !taken) return taken.error();
    if (progress && (group % 64 == 0 || group == last_group)) progress(group, last_group);
    return true;
  };
  if (auto read = store.groups(last_group, take); !read) return read.error();
  if (verification.groups() < last_group)
    return integrity(fmt::format("journal group {}: missing", verification.groups() + 1));
  return verification.finish();
}

std::uint64_t disk_bytes(const std::filesystem::path& data) {
  std::uint64_t bytes = 0;
  std::error_code failed;
  for (const auto& file : std::filesystem::directory_iterator(database_path(data), failed)) {
    const std::uint64_t size = file.file_size(failed);  // a file may vanish while we look: tables are replaced
    bytes += failed ? 0 : size;
  }
  return bytes;
}

}  // namespace o2c::storage

namespace o2c {

Result<JournalInfo> verify_embedded_journal(const std::filesystem::path& path, const VerifyProgress& progress) {
  using namespace storage;
  if (auto present = require_database(path); !present) return present.error();
  const Result<DirectoryLock> lock = DirectoryLock::acquire(path);
  if (!lock) return lock.error();
  const auto store = GroupStore::open(database_path(path), GroupStore::Access::read, nullptr);
  if (!store) return store.error();
  const Result<std::uint64_t> last_group = (*store)->last_group();
  if (!last_group) return last_group.error();
  const Result<TipFile> witness = TipFile::open(tip_path(path), (*store)->meta().journal_id, (*store)->meta().lanes);
  Result<JournalInfo> info = verify_groups(**store, *last_group, witness ? &witness->current() : nullptr, progress);
  if (!info) return info;
  if (!witness && *last_group > 0) return unusable_witness(witness.error());
  info->disk_bytes = disk_bytes(path);
  return info;
}

}  // namespace o2c
