#pragma once
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "connectors/kafka/client/producer.hpp"
#include "connectors/kafka/public/record.hpp"
#include "events/base/date.hpp"

namespace o2c::kafka {

/// The way to the partitions of one lane's public topics: sends in order, waits while the client's queue is full, and knows which entries have arrived.
///
/// No record is given up: it stays until the brokers have it (message.timeout.ms = 0). One that they refuse takes all behind it with it
/// (enable.gapless.guarantee), so what has arrived in a partition is always the beginning of what was sent.
///
/// threads  send: one. All else: any.
class Outbox {
 public:
  /// errors  invalid_input: the configuration.
  static Result<std::unique_ptr<Outbox>> open(const ClientConfig& config, const std::atomic<bool>& stopping);

  struct Partition {
    Producer::Topic topic;
    std::int32_t number;
  };
  Result<Partition> partition(const std::string& topic, std::int32_t number);

  /// entry_seq    what the record tells of; never less than at the call before.
  /// recorded_at  of that entry: the record's time, unless it lies in the future, where brokers refuse it.
  /// errors       that of a record which was refused, now or before: nothing can be sent any more. unavailable: stopping.
  Result<void> send(const Partition& to, const PublicRecord& record, std::uint64_t entry_seq, Instant recorded_at);

  /// Why a record was refused for good.
  std::optional<Error> failure() const;
  /// The first entry of which a record is on its way.
  std::optional<std::uint64_t> first_waiting() const;
  std::uint64_t waiting() const;
  std::uint64_t arrived() const;
  /// For how long something waits and nothing has arrived; zero when nothing waits.
  std::chrono::milliseconds silence() const;
  /// Waits until all has arrived.
  Result<void> flush(std::chrono::milliseconds timeout) { return producer_->flush(timeout); }

 private:
  struct Waiting {
    std::uint64_t entry_seq, records;
  };
  using Clock = std::chrono::steady_clock;

  explicit Outbox(const std::atomic<bool>& stopping) : stopping_(stopping) {}
  void expect(std::uint64_t entry_seq);
  void settle(std::uint64_t entry_seq);
  void take(std::span<const DeliveryReport> reports);

  const std::atomic<bool>& stopping_;
  mutable std::mutex mutex_;
  std::condition_variable reported_;
  std::deque<Waiting> waiting_;  // by entry; this and the next four under mutex_
  std::uint64_t waiting_count_ = 0, arrived_ = 0;
  Clock::time_point last_news_ = Clock::now();
  std::optional<Error> failure_;
  std::unique_ptr<Producer> producer_;  // last: its end reports to the members above
};

}  // namespace o2c::kafka
