#include "engine/copy/lane_stream.hpp"

namespace o2c {
namespace {

constexpr std::size_t chunk_bytes = 256 << 10, chunks_ahead = 4;

}  // namespace

LaneStream::LaneStream(Journal& journal, LaneId lane) : lane_(lane) {
  thread_ = std::thread([this, &journal] {
    auto read = journal.read(lane_, 1, [this](const FrameView& frame) { return keep(frame); });
    if (filling_) hand_over();
    const std::lock_guard lock(mutex_);
    end_ = std::move(read);
    ended_ = true;
    moved_.notify_all();
  });
}

LaneStream::~LaneStream() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    moved_.notify_all();
  }
  thread_.join();
}

bool LaneStream::keep(const FrameView& frame) {
  if (!filling_) filling_ = std::make_unique<FrameBatch>(lane_, chunk_bytes);
  filling_->add_sealed(frame.frame);
  return filling_->bytes().size() < chunk_bytes || hand_over();
}

/// Waits for room. False: nobody wants more.
bool LaneStream::hand_over() {
  std::unique_lock lock(mutex_);
  moved_.wait(lock, [&] { return stop_ || ready_.size() < chunks_ahead; });
  ready_.push_back(std::move(filling_));
  moved_.notify_all();
  return !stop_;
}

Result<bool> LaneStream::next() {
  if (at_ && ++index_ < at_->size()) return true;
  std::unique_lock lock(mutex_);
  moved_.wait(lock, [&] { return ended_ || !ready_.empty(); });
  at_.reset();
  index_ = 0;
  if (ready_.empty()) {
    if (!end_) return end_.error();
    return false;
  }
  at_ = std::move(ready_.front());
  ready_.pop_front();
  moved_.notify_all();
  return true;
}

}  // namespace o2c
