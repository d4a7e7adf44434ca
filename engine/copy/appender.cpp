#include "engine/copy/appender.hpp"

#include <fmt/format.h>

namespace o2c {
namespace {

constexpr std::size_t in_flight_max = 8;

}  // namespace

Result<void> Appender::append(SharedBatch batch) {
  wait_for_at_most(in_flight_max - 1);
  if (auto good = outcome(); !good) return good;
  {
    const std::lock_guard lock(mutex_);
    ++in_flight_;
  }
  journal_.append(std::move(batch), [this](const SharedBatch& answered, AppendStatus status) {
    const std::lock_guard lock(mutex_);
    --in_flight_;
    if (status != AppendStatus::durable && !failed_) failed_ = answered->lane();
    answered_.notify_all();
  });
  return {};
}

Result<void> Appender::finish() {
  wait_for_at_most(0);
  return outcome();
}

void Appender::wait_for_at_most(std::size_t in_flight) {
  std::unique_lock lock(mutex_);
  answered_.wait(lock, [&] { return in_flight_ <= in_flight; });
}

Result<void> Appender::outcome() const {
  const std::lock_guard lock(mutex_);
  if (!failed_) return {};
  return Error{ErrorCode::outcome_unknown,
               fmt::format("lane {} of the target could not be written; copy again into an empty target", *failed_),
               Remedy::fix_first};
}

}  // namespace o2c
