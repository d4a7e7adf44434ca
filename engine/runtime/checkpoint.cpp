// Checkpoint and recovery of a lane: the state store is a cache of the journal's fold, and this is the only code that fills or reads it.
#include <cstring>

#include <fmt/format.h>

#include "engine/domain/company/rows.hpp"
#include "engine/journal/copy_marks.hpp"
#include "engine/runtime/lane.hpp"
#include "events/base/seeded_bug.hpp"

namespace o2c {
namespace {

/// Raised whenever an archived type changes: an older checkpoint is then thrown away and the journal replayed.
constexpr std::uint32_t state_version = 3;

struct Position {
  std::uint32_t version = state_version;
  std::uint64_t seq = 0, epoch = 0;
  Hash32 hash;
  Instant recorded_at;
  template <class A> friend void archive(A& a, Position& x) { a(x.version, x.seq, x.epoch, x.hash, x.recorded_at); }
};

std::string big_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(value >> (8 * i)));
  return out;
}

// Keys: "p" position; "k" + seq: known commands of one checkpoint; "s" source positions; "r" + company \0 kind \0 row: one aggregate.
std::string row_key(std::string_view company, std::string_view kind, std::uint32_t row) {
  return fmt::format("r{}{}{}{}", company, '\0', kind, '\0') + big_endian(row, 4);
}

}  // namespace

Lane::Checkpoint Lane::take_checkpoint() {
  Checkpoint checkpoint{seq_, std::exchange(unwritten_, {})};  // rows of a checkpoint that failed go in front
  for (auto& [company, state] : companies_) {
    take_changed_rows(state, [&](std::string_view kind, std::uint32_t row, std::string_view bytes) {
      checkpoint.writes.push_back({row_key(company, kind, row), std::string(bytes)});
    });
  }
  if (std::string packed = known_.take_new(); !packed.empty() && !O2C_BUG(checkpoint_forgets_commands))
    checkpoint.writes.push_back({"k" + big_endian(seq_, 8), std::move(packed)});
  if (!sources_.all().empty()) {
    ArchiveWriter writer;
    writer(sources_.all());
    checkpoint.writes.push_back({"s", writer.take()});
  }
  checkpoint_seq_ = seq_;
  return checkpoint;
}

Result<void> Lane::commit_checkpoint(Checkpoint checkpoint) {
  if (checkpoint.seq == 0) return {};
  // Whatever goes wrong, the rows are kept: they are marked as unchanged already.
  const auto keep_rows = [&](auto error) -> Result<void> {
    unwritten_ = std::move(checkpoint.writes);
    return error;
  };
  Position position;
  const auto found = journal_.read(id_, checkpoint.seq, [&](const FrameView& frame) {
    position = {state_version, frame.entry->seq(), frame.entry->epoch(), frame.hash(),
                from_fb(*frame.entry->recorded_at())};
    return false;
  });
  if (!found) return keep_rows(found.error());
  if (position.seq != checkpoint.seq)
    return keep_rows(
        integrity(fmt::format("lane {}: entry {} of the checkpoint is not in the journal", id_, checkpoint.seq)));
  ArchiveWriter writer;
  writer(position);
  checkpoint.writes.push_back({"p", writer.take()});
  if (auto committed = store_.commit(checkpoint.writes); !committed) {
    checkpoint.writes.pop_back();  // the position is the next checkpoint's own
    return keep_rows(committed.error());
  }
  return {};
}

Result<void> Lane::load_checkpoint() {
  auto stored = store_.get("p");
  if (!stored) return stored.error();
  if (!stored->has_value()) return {};
  Position position;
  try {
    ArchiveReader reader(**stored);
    reader(position);
  } catch (const BrokenHistory&) {
    position.version = 0;
  }
  if (position.version != state_version) return store_.clear();
  seq_ = checkpoint_seq_ = position.seq;
  epoch_ = position.epoch;
  folded_hash_ = position.hash;
  last_recorded_ = position.recorded_at;
  if (auto ids = store_.scan(
          "k", [&](std::string_view, std::string_view value) { return known_.load(value, last_recorded_), true; });
      !ids)
    return ids;
  try {
    const auto load = [&](std::string_view key, std::string_view value) {
      const std::size_t end = key.find('\0'), kind_end = key.find('\0', end + 1);
      const std::string_view kind = key.substr(end + 1, kind_end - end - 1);
      load_row(companies_[std::string(key.substr(1, end - 1))], kind, value);
      return true;
    };
    if (auto rows = store_.scan("r", load); !rows) return rows;
    auto sources = store_.get("s");
    if (!sources) return sources.error();
    if (*sources) {
      ArchiveReader reader(**sources);
      reader(sources_.all());
    }
  } catch (const BrokenHistory& broken) {
    return integrity(
        fmt::format("lane {}: {}; remove the state folder, it is rebuilt from the journal", id_, broken.what()));
  }
  for (auto& [company, state] : companies_) rebuild_derived(state);
  return {};
}

void Lane::fold(const FrameView& frame) {
  const fb::Entry& entry = *frame.entry;
  seq_ = entry.seq();
  epoch_ = entry.epoch();
  last_recorded_ = from_fb(*entry.recorded_at());
  sources_.fold(entry);
  if (entry.kind() != fb::EntryKind::command || (O2C_BUG(recovery_skips_tail) && checkpoint_seq_ > 0)) return;
  const std::string_view company = view(frame.command->company());
  auto state = companies_.find(company);
  if (state == companies_.end()) state = companies_.emplace(std::string(company), CompanyState{}).first;
  if (entry.events()) {
    for (const fb::Event* event : *entry.events()) {
      try {
        evolve(state->second, *event);
      } catch (const BrokenHistory& broken) {
        throw BrokenHistory(fmt::format("{} {} v{} (lane {} entry {}): {} {}",
                                        fb::EnumNameStreamType(event->stream_type()), view(event->stream_id()),
                                        event->stream_version(), id_, entry.seq(),
                                        fb::EnumNameEventBody(event->body_type()), broken.what()));
      }
    }
  }
  if (!state->second.opened()) companies_.erase(state);
  remember(company, *frame.command, Hash32::from(*entry.command_hash()), seq_, last_recorded_);
}

Result<std::uint64_t> Lane::replay() {
  std::uint64_t replayed = 0;
  std::optional<Error> broken;
  folded_only_ = false;  // until all of it is folded
  UnfinishedCopy copy;
  // The entry at the checkpoint is read again, not the one after it: when it is gone or another one, the log was cut.
  const std::uint64_t from = seq_ == 0 ? 1 : seq_;
  bool anchored = seq_ == 0;
  const auto read = journal_.read(id_, from, [&](const FrameView& frame) {
    if (!anchored) {
      anchored = true;
      if (frame.entry->seq() == seq_ && frame.hash() == folded_hash_) return true;
      broken = integrity(fmt::format(
          "lane {}: entry {} is not the one that the checkpoint was made of: the journal was cut or exchanged", id_,
          seq_));
      return false;
    }
    try {
      fold(frame);
    } catch (const BrokenHistory& history) {
      broken = integrity(history.what());
      return false;
    }
    ++replayed;
    copy.see(*frame.entry);
    folded_hash_ = frame.hash();
    return true;
  });
  if (!read) return read.error();
  if (broken) return *broken;
  if (copy) return UnfinishedCopy::error(id_);
  if (!anchored)
    return integrity(
        fmt::format("lane {}: the checkpoint stands at entry {}, but the journal ends before it", id_, seq_));
  durable_.store(seq_, std::memory_order_release);
  folded_only_ = true;
  return replayed;
}

Result<std::uint64_t> Lane::recover() {
  if (auto loaded = load_checkpoint(); !loaded) return loaded.error();
  return replay();
}

Result<void> Lane::open() {
  const auto tip = claim();
  return tip ? fold_to(*tip) : Result<void>{tip.error()};
}

Result<void> Lane::fold_to(const Tip& claimed) {
  if (auto rest = replay(); !rest) return rest.error();
  if (seq_ != claimed.seq || epoch_ != claimed.epoch)
    return integrity(fmt::format("lane {}: opened at entry {}, but the fold stands at {}", id_, claimed.seq, seq_));
  folded_only_ = false;
  return {};
}

void Lane::stand_down() {
  O2C_ASSERT(!has_batch() && in_flight() == 0);
  if (!folded_only_) {
    const auto tip = journal_.tip(id_);
    folded_only_ = tip && tip->seq == seq_;
    if (folded_only_) folded_hash_ = tip->hash;
  }
  journal_.release(id_);
  lost_.store(true, std::memory_order_release);
}

Result<void> Lane::follow(const std::function<void(const SharedBatch&)>& f) {
  O2C_ASSERT(lost() && in_flight() == 0);
  if (folded_only_) return fold_tail(f);
  forget();
  if (auto replayed = recover(); !replayed) return replayed.error();
  return tell_last(f);
}

Result<void> Lane::tell_last(const std::function<void(const SharedBatch&)>& f) const {
  if (seq_ == 0) return {};
  return journal_.read(id_, seq_, [&](const FrameView& frame) {
    auto last = std::make_shared<FrameBatch>(id_);
    last->add_sealed(frame.frame);
    f(last);
    return false;
  });
}

/// Entries behind those that were folded. The chain says that they are of the same history.
Result<void> Lane::fold_tail(const std::function<void(const SharedBatch&)>& f) {
  constexpr std::size_t bytes_at_once = 256 * 1024;
  SharedBatch batch;
  std::optional<Error> broken;
  const auto hand_over = [&] {
    durable_.store(seq_, std::memory_order_release);
    if (batch) f(std::exchange(batch, nullptr));
  };
  const auto read = journal_.read(id_, seq_ + 1, [&](const FrameView& frame) {
    if (seq_ > 0 && Hash32::from(*frame.entry->prev_hash()) != folded_hash_) {
      broken = integrity(
          fmt::format("lane {}: entry {} does not follow the one folded before it: the journal was cut or exchanged",
                      id_, frame.entry->seq()));
      return false;
    }
    try {
      fold(frame);
    } catch (const BrokenHistory& history) {
      broken = integrity(history.what());
      folded_only_ = false;  // half an entry
      return false;
    }
    folded_hash_ = frame.hash();
    if (!batch) batch = std::make_shared<FrameBatch>(id_);
    batch->add_sealed(frame.frame);
    if (batch->bytes().size() >= bytes_at_once) hand_over();
    return true;
  });
  if (!broken) hand_over();
  return broken ? Result<void>{*broken} : read;
}

/// Everything that was decided or folded; what is stored stays.
void Lane::forget() {
  current_.reset();
  companies_.clear();
  days_.clear();
  known_ = {};
  sources_ = {};
  unwritten_.clear();
  seq_ = epoch_ = checkpoint_seq_ = 0;
  folded_hash_ = {};
  last_recorded_ = {};
}

Result<void> Lane::take(const Tip& claimed) {
  O2C_ASSERT(lost() && in_flight() == 0);
  if (!folded_only_) {
    forget();
    if (auto replayed = recover(); !replayed) return replayed.error();
  }
  if (auto folded = fold_to(claimed); !folded) return folded;
  lost_.store(false, std::memory_order_release);
  return {};
}

}  // namespace o2c
