#include "connectors/kafka/publisher/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/kafka/publisher/read_to_end.hpp"

namespace o2c::kafka {
namespace {

constexpr std::chrono::milliseconds room_time{50};

std::int64_t milliseconds_of(Instant recorded_at) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::min<std::int64_t>(recorded_at.micros / 1'000,
                                std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

/// librdkafka hands it back and never looks into it.  NOLINTNEXTLINE(performance-no-int-to-ptr)
void* opaque_of(std::uint64_t entry_seq) { return reinterpret_cast<void*>(static_cast<std::uintptr_t>(entry_seq)); }
std::uint64_t entry_of(const DeliveryReport& report) { return reinterpret_cast<std::uintptr_t>(report.opaque); }

}  // namespace

Result<std::unique_ptr<Outbox>> Outbox::open(const ClientConfig& config, const std::atomic<bool>& stopping) {
  std::unique_ptr<Outbox> out{new Outbox{stopping}};
  auto producer =
      Producer::open(config, [outbox = out.get()](std::span<const DeliveryReport> reports) { outbox->take(reports); },
                     {{"enable.gapless.guarantee", "true"}, {"message.timeout.ms", "0"}});
  if (!producer) return producer.error();
  out->producer_ = std::move(*producer);
  return out;
}

Result<Outbox::Partition> Outbox::partition(const std::string& topic, std::int32_t number) {
  const auto known = producer_->topic(topic);
  if (!known) return known.error();
  return Partition{*known, number};
}

Result<void> Outbox::send(const Partition& to, const PublicRecord& record, std::uint64_t entry_seq,
                          Instant recorded_at) {
  std::vector<Header> headers;
  headers.reserve(record.headers.size());
  for (const auto& [name, value] : record.headers) headers.push_back({name, bytes_of(value)});
  const Producer::Outgoing outgoing{.partition = to.number,
                                    .key = bytes_of(record.key),
                                    .value = record.value ? bytes_of(*record.value) : Bytes{},
                                    .tombstone = !record.value,
                                    .headers = headers,
                                    .timestamp_ms = milliseconds_of(recorded_at),
                                    .opaque = opaque_of(entry_seq)};
  expect(entry_seq);
  while (!stopping_ && !failure()) {
    const auto taken = producer_->produce(to.topic, outgoing);
    if (taken) return {};
    std::unique_lock lock(mutex_);
    if (taken.error().remedy == Remedy::retry) {  // the queue is full
      reported_.wait_for(lock, room_time);
      continue;
    }
    settle(entry_seq);
    Error why = producer_->fatal_error().value_or(taken.error());
    why.message += fmt::format(" (key {})", record.key);
    return why;
  }
  const std::lock_guard lock(mutex_);
  settle(entry_seq);
  return failure_.value_or(stopped());
}

void Outbox::expect(std::uint64_t entry_seq) {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) last_news_ = Clock::now();
  if (waiting_.empty() || waiting_.back().entry_seq != entry_seq) waiting_.push_back({entry_seq, 0});
  ++waiting_.back().records;
  ++waiting_count_;
}

/// Under the lock: one record less is on its way.
void Outbox::settle(std::uint64_t entry_seq) {
  const auto at = std::lower_bound(waiting_.begin(), waiting_.end(), entry_seq,
                                   [](const Waiting& each, std::uint64_t seq) { return each.entry_seq < seq; });
  O2C_ASSERT(at != waiting_.end() && at->entry_seq == entry_seq && at->records > 0);
  --at->records;
  --waiting_count_;
  while (!waiting_.empty() && waiting_.front().records == 0) waiting_.pop_front();
}

void Outbox::take(std::span<const DeliveryReport> reports) {
  const std::lock_guard lock(mutex_);
  for (const DeliveryReport& report : reports) {
    settle(entry_of(report));
    if (report.delivered()) ++arrived_;
    else if (!failure_)
      failure_ = Error{ErrorCode::unavailable,
                       fmt::format("kafka: a record of entry {} was refused: {}", entry_of(report), report.reason),
                       Remedy::retry};
  }
  last_news_ = Clock::now();
  reported_.notify_all();
}

std::optional<Error> Outbox::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

std::optional<std::uint64_t> Outbox::first_waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.empty() ? std::nullopt : std::optional{waiting_.front().entry_seq};
}

std::uint64_t Outbox::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_count_;
}

std::uint64_t Outbox::arrived() const {
  const std::lock_guard lock(mutex_);
  return arrived_;
}

std::chrono::milliseconds Outbox::silence() const {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) return {};
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - last_news_);
}

}  // namespace o2c::kafka
