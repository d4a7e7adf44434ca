#include "projections/runtime/follower.hpp"

namespace o2c {
namespace {

/// Folds every durable entry of every lane that the models have not seen.
Result<std::uint64_t> fold_rest(Journal& journal, ReadModels& models, std::uint32_t lanes,
                                const std::function<void(std::uint64_t)>& progress) {
  std::uint64_t entries = 0;
  for (LaneIndex lane = 0; lane < lanes; ++lane) {
    const auto read = journal.read(lane, models.position(lane) + 1, [&](const FrameView& frame) {
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
  const std::unique_lock lock(models_mutex_);
  const auto entries = fold_rest(journal, *models_, lanes_, {});
  if (!entries) return entries.error();
  return {};
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
    if (behind) read_back();
    for (const SharedBatch& batch : taken) fold(batch);
    taken.clear();
    const std::lock_guard lock(queue_mutex_);
    folded_.notify_all();
  }
}

/// Under the lock: what is folded already, by a rebuild or by reading back, is passed over.
void Follower::fold_next(const FrameView& frame) {
  if (frame.entry->seq() == models_->position(frame.entry->lane()) + 1) models_->fold(frame);
}

void Follower::fold(const SharedBatch& batch) {
  std::uint64_t folded = 0;
  with([&](const ReadModels& models) { folded = models.position(batch->lane()); });
  // What a lost lane turned out to hold when it was taken again comes in no batch, nor does the entry that took it.
  if (batch->first_seq() > folded + 1) read_back();
  const std::unique_lock lock(models_mutex_);
  for (std::size_t i = 0; i < batch->size(); ++i) fold_next(batch->at(i));
}

/// Folds what is durable and was let go. Readers get in between two entries. What cannot be read now is asked for again with the next batch.
void Follower::read_back() {
  for (LaneIndex lane = 0; lane < lanes_; ++lane) {
    std::uint64_t folded = 0;
    with([&](const ReadModels& models) { folded = models.position(lane); });
    const auto read = journal_->read(lane, folded + 1, [&](const FrameView& frame) {
      const std::unique_lock lock(models_mutex_);
      fold_next(frame);
      return true;
    });
    if (read) continue;
    const std::lock_guard lock(queue_mutex_);
    behind_ = true;
  }
}

bool Follower::wait_for(LaneIndex lane, std::uint64_t seq, std::chrono::milliseconds patience) {
  std::unique_lock lock(queue_mutex_);
  return folded_.wait_for(lock, patience, [&] {
    const std::shared_lock models(models_mutex_);
    return models_->position(lane) >= seq;
  });
}

void Follower::with(const std::function<void(const ReadModels&)>& f) const {
  const std::shared_lock lock(models_mutex_);
  f(*models_);
}

Result<Follower::Rebuilt> Follower::rebuild(Journal& journal, const std::function<void(std::uint64_t)>& progress) {
  auto fresh = std::make_unique<ReadModels>(lanes_);
  // Most of it beside the live ones; only the last few entries while they stand still.
  if (auto most = fold_rest(journal, *fresh, lanes_, progress); !most) return most.error();
  const std::unique_lock lock(models_mutex_);
  if (auto rest = fold_rest(journal, *fresh, lanes_, {}); !rest) return rest.error();
  if (auto rest = fold_rest(journal, *models_, lanes_, {}); !rest) return rest.error();
  Rebuilt result{models_->content_hash(), fresh->content_hash(), 0};
  for (LaneIndex lane = 0; lane < lanes_; ++lane) result.entries += fresh->position(lane);
  if (result.live == result.rebuilt) models_ = std::move(fresh);
  return result;
}

}  // namespace o2c
