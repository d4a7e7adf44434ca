#include "projections/runtime/follower.hpp"

namespace o2c {
namespace {

/// Folds every durable entry of every lane that the models have not seen.
/// until  if given, no further than these models are.
Result<std::uint64_t> fold_rest(Journal& journal, ReadModels& models, std::uint32_t lanes,
                                const std::function<void(std::uint64_t)>& progress, const ReadModels* until = nullptr) {
  std::uint64_t entries = 0;
  for (LaneIndex lane = 0; lane < lanes; ++lane) {
    const auto read = journal.read(lane, models.position(lane) + 1, [&](const FrameView& frame) {
      if (until && frame.entry->seq() > until->position(lane)) return false;
      models.fold(frame);
      if (++entries % 10'000 == 0 && progress) progress(entries);
      return true;
    });
    if (!read) return read.error();
  }
  return entries;
}

}  // namespace

Result<void> Follower::catch_up(Journal& journal) {
  const std::lock_guard folding(folding_mutex_);
  Result<void> result;
  for (LaneIndex lane = 0; lane < lanes_; ++lane) {
    const auto fold_each = [this](const FrameView& frame) { return fold_next(frame), true; };
    if (auto read = journal.read(lane, models_->position(lane) + 1, fold_each); !read) result = read;  // others go on
  }
  tell_folded();
  return result;
}

void Follower::start(Journal& journal) {
  journal_ = &journal;
  thread_ = std::thread([this] { run(); });
}

void Follower::push(const SharedBatch& batch) {
  constexpr std::size_t batches_max = 256;
  const std::lock_guard lock(queue_mutex_);
  if (queue_.size() >= batches_max) {
    queue_.clear();
    behind_ = true;
  }
  queue_.push_back(batch);
  arrived_.notify_one();
}

void Follower::stop() {
  {
    const std::lock_guard lock(queue_mutex_);
    stop_ = true;
    arrived_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Follower::run() {
  std::deque<SharedBatch> taken;
  for (bool behind = false;;) {
    {
      std::unique_lock lock(queue_mutex_);
      arrived_.wait(lock, [&] { return stop_ || !queue_.empty(); });
      if (queue_.empty()) return;  // stopped and everything folded
      taken.swap(queue_);
      behind = std::exchange(behind_, false);
    }
    {
      const std::lock_guard folding(folding_mutex_);
      if (behind) read_back();
      for (const SharedBatch& batch : taken) fold(batch);
      tell_folded();
    }
    taken.clear();
  }
}

/// Under the lock: what is folded already, by a rebuild or by reading back, is passed over.
void Follower::fold_next(const FrameView& frame) {
  if (frame.entry->seq() == models_->position(frame.entry->lane()) + 1) models_->fold(frame);
}

void Follower::fold(const SharedBatch& batch) {
  // What a lost lane turned out to hold when it was taken again comes in no batch, nor does the entry that took it.
  if (batch->first_seq() > models_->position(batch->lane()) + 1) read_back();
  const std::unique_lock lock(models_mutex_);
  for (std::size_t i = 0; i < batch->size(); ++i) fold_next(batch->at(i));
}

/// Folds what is durable and was let go. What cannot be read now is asked for again with the next batch.
void Follower::read_back() {
  if (read_on(*journal_)) return;
  const std::lock_guard lock(queue_mutex_);
  behind_ = true;
}

/// From where the models stand to the journal's end, a portion at a time: nothing is folded while the journal reads, because whoever looks at
/// the models may read the journal as well. Needs folding_mutex_.
Result<void> Follower::read_on(Journal& journal) {
  constexpr std::size_t portion = 32 << 20;  // to begin a reading costs a topic as much as some 10,000 entries
  Result<void> result;
  for (LaneIndex lane = 0; lane < lanes_; ++lane) {
    for (bool more = true; more;) {
      FrameBatch batch(lane);
      const auto keep = [&](const FrameView& frame) {
        batch.add_sealed(frame.frame);
        return batch.bytes().size() < portion;
      };
      if (auto read = journal.read(lane, models_->position(lane) + 1, keep); !read) result = read;  // others go on
      more = batch.bytes().size() >= portion;
      const std::unique_lock lock(models_mutex_);
      for (std::size_t i = 0; i < batch.size(); ++i) fold_next(batch.at(i));
    }
  }
  tell_folded();
  return result;
}

/// Needs folding_mutex_.
void Follower::tell_folded() {
  const std::lock_guard lock(queue_mutex_);
  for (LaneIndex lane = 0; lane < lanes_; ++lane) folded_to_[lane] = models_->position(lane);
  folded_.notify_all();
}

bool Follower::wait_for(LaneIndex lane, std::uint64_t seq, std::chrono::milliseconds patience) {
  std::unique_lock lock(queue_mutex_);
  return folded_.wait_for(lock, patience, [&] { return folded_to_[lane] >= seq; });
}

void Follower::with(const std::function<void(const ReadModels&)>& f) const {
  const std::shared_lock lock(models_mutex_);
  f(*models_);
}

Result<Follower::Rebuilt> Follower::rebuild(Journal& journal, const std::function<void(std::uint64_t)>& progress) {
  auto fresh = std::make_unique<ReadModels>(lanes_);
  // Most of it beside the live ones; only the last few entries while they stand still.
  if (auto most = fold_rest(journal, *fresh, lanes_, progress); !most) return most.error();
  const std::lock_guard folding(folding_mutex_);
  if (auto rest = read_on(journal); !rest) return rest.error();
  if (auto rest = fold_rest(journal, *fresh, lanes_, {}, models_.get()); !rest) return rest.error();
  const std::unique_lock lock(models_mutex_);
  Rebuilt result{models_->content_hash(), fresh->content_hash(), 0};
  for (LaneIndex lane = 0; lane < lanes_; ++lane) result.entries += fresh->position(lane);
  if (result.live == result.rebuilt) models_ = std::move(fresh);
  return result;
}

}  // namespace o2c
