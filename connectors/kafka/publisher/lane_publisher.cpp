#include "connectors/kafka/publisher/lane_publisher.hpp"

#include <fmt/format.h>

#include "connectors/kafka/publisher/read_to_end.hpp"

namespace o2c::kafka {
namespace {

constexpr std::size_t pushed_bytes_max = std::size_t{8} << 20, chunk_bytes = std::size_t{4} << 20;
using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds news_time{100}, idle_time{1'000}, first_pause{100}, longest_pause{5'000},
    parting_time{1'000};
constexpr std::chrono::milliseconds silence_worth_saying{3'000};

/// Some megabytes of the journal from an entry on. Copied, so that nothing of the journal is held while brokers are waited for.
Result<FrameBatch> read_chunk(Journal& journal, LaneId lane, std::uint64_t from) {
  FrameBatch chunk(lane);
  const auto read = journal.read(lane, from, [&chunk](const FrameView& entry) {
    chunk.add_sealed(entry.frame);
    return chunk.bytes().size() < chunk_bytes;
  });
  if (!read) return read.error();
  return chunk;
}

}  // namespace

LanePublisher::LanePublisher(const PublisherOptions& options, Journal& journal, Follower& models, LaneId lane)
    : options_(options), journal_(journal), models_(models), lane_(lane) {
  status_.lane = lane;
  thread_ = std::thread([this] { run(); });
}

LanePublisher::~LanePublisher() {
  stop();
  wait();
}

void LanePublisher::stop() {
  stopping_ = true;
  const std::lock_guard lock(mutex_);
  news_.notify_all();
}

void LanePublisher::wait() {
  if (thread_.joinable()) thread_.join();
}

void LanePublisher::push(const SharedBatch& batch) {
  if (batch->empty()) return;
  const std::lock_guard lock(mutex_);
  status_.durable = std::max(status_.durable, batch->last_seq());
  if (!behind_) pushed_.push_back(batch), pushed_bytes_ += batch->bytes().size();
  if (pushed_bytes_ > pushed_bytes_max) {
    pushed_.clear();
    pushed_bytes_ = 0;
    behind_ = true;
  }
  news_.notify_one();
}

void LanePublisher::run() {
  for (auto time = first_pause; !stopping_; time = std::min(time * 2, longest_pause)) {
    const auto held = hold_tenure();
    if (stopping_) return;
    if (status().phase == PublishedLane::Phase::live) time = first_pause;
    {
      const std::lock_guard lock(mutex_);
      status_.error = held.error().message;
      ++status_.failures;
    }
    pause(time);
  }
}

Result<void> LanePublisher::hold_tenure() {
  enter(PublishedLane::Phase::resuming);
  auto opened = Outbox::open(options_.client, stopping_);
  if (!opened) return opened.error();
  const std::shared_ptr<Outbox> outbox{std::move(*opened)};
  {
    const std::lock_guard lock(mutex_);
    walked_ = 0;
    outbox_ = outbox;
  }
  const auto failed = [&]() -> Result<void> {
    const auto tenure = Tenure::open(options_, lane_, *outbox, models_, stopping_);
    if (!tenure) return tenure.error();
    enter(PublishedLane::Phase::catching_up);
    if (auto caught_up = catch_up(**tenure); !caught_up) return caught_up;
    if (auto settled = (*tenure)->settle(); !settled) return settled;
    enter(PublishedLane::Phase::live);
    for (;;) {
      if (auto published = publish_pushed(**tenure); !published) return published;
      const auto repaired = (*tenure)->watch();
      if (!repaired) return repaired.error();
      if (const auto refused = outbox->failure()) return *refused;
      const std::lock_guard lock(mutex_);
      status_.rows_repaired += *repaired;
    }
  }();
  if (stopping_) std::ignore = outbox->flush(parting_time);
  const std::lock_guard lock(mutex_);
  arrived_before_ += outbox->arrived();
  outbox_.reset();
  return failed;
}

/// From where the tenure stands to what is the end of the journal now.
Result<void> LanePublisher::catch_up(Tenure& tenure) {
  looked_at_ = Clock::now();
  const auto tip = journal_.tip(lane_);
  if (!tip) return tip.error();
  while (tenure.position() < tip->seq) {
    const auto chunk = read_chunk(journal_, lane_, tenure.position() + 1);
    if (!chunk) return chunk.error();
    if (chunk->empty()) break;
    if (auto published = publish(tenure, *chunk); !published) return published;
  }
  return {};
}

/// Waits a moment for batches and publishes them. An idle lane is looked at now and then: the entry that opens it, and what a lost lane turns out
/// to hold, come in no batch.
Result<void> LanePublisher::publish_pushed(Tenure& tenure) {
  std::deque<SharedBatch> pushed;
  bool behind = false;
  {
    std::unique_lock lock(mutex_);
    news_.wait_for(lock, news_time, [this] { return stopping_ || behind_ || !pushed_.empty(); });
    pushed.swap(pushed_);
    pushed_bytes_ = 0;
    behind = std::exchange(behind_, false);
  }
  for (const SharedBatch& batch : pushed) {
    behind |= batch->first_seq() > tenure.position() + 1;
    if (behind) break;
    if (auto published = publish(tenure, *batch); !published) return published;
  }
  if (stopping_) return stopped();
  behind |= pushed.empty() && Clock::now() - looked_at_ > idle_time;
  return behind ? catch_up(tenure) : Result<void>{};
}

/// The entries that the tenure has not seen.
Result<void> LanePublisher::publish(Tenure& tenure, const FrameBatch& batch) {
  for (std::size_t i = 0; i < batch.size() && !stopping_; ++i) {
    const FrameView entry = batch.at(i);
    if (entry.entry->seq() <= tenure.position()) continue;
    if (auto published = tenure.publish(entry); !published) return published;
  }
  if (stopping_) return stopped();
  const std::lock_guard lock(mutex_);
  walked_ = tenure.position();
  status_.durable = std::max(status_.durable, walked_);
  return {};
}

PublishedLane LanePublisher::status() const {
  const std::lock_guard lock(mutex_);
  PublishedLane status = status_;
  status.records = arrived_before_;
  if (!outbox_) return status;
  status.records += outbox_->arrived();
  status.records_waiting = outbox_->waiting();
  if (status.phase == PublishedLane::Phase::live) {
    const auto first = outbox_->first_waiting();
    status.published = std::max(status.published, first ? std::min(*first - 1, walked_) : walked_);
  }
  if (const auto silence = outbox_->silence(); silence > silence_worth_saying)
    status.error =
        fmt::format("kafka: the brokers have taken nothing for {} s; {} records wait",
                    std::chrono::duration_cast<std::chrono::seconds>(silence).count(), status.records_waiting);
  return status;
}

void LanePublisher::enter(PublishedLane::Phase phase) {
  const std::lock_guard lock(mutex_);
  status_.phase = phase;
  if (phase == PublishedLane::Phase::live) status_.error.clear();
}

void LanePublisher::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  news_.wait_for(lock, time, [this] { return stopping_.load(); });
}

}  // namespace o2c::kafka
