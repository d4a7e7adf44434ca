#pragma once
#include <array>

#include "connectors/kafka/public/state.hpp"
#include "connectors/kafka/publisher/outbox.hpp"
#include "connectors/kafka/publisher/state_topic.hpp"
#include "connectors/kafka/topics/topics.hpp"
#include "projections/runtime/follower.hpp"

namespace o2c::kafka {

/// The state topics of one lane: rows of the read models that all of the process shares, as they were at an entry.
///
/// The models may be ahead; a view names the entry, so the answer is the same. They stand still for one entry's rows at a time.
/// threads  one.
class StateTopics {
 public:
  static Result<StateTopics> open(const ClientConfig& config, const TopicPlan& topics, LaneId lane, Outbox& outbox,
                                  Follower& models, const std::atomic<bool>& stopping);

  /// Compares all rows with what lies in the topics and writes what differs.
  Result<void> settle(const BusinessDays& days, const Standing& standing, Instant recorded_at);

  /// What the next entry behind that changed.
  Result<void> publish(const FrameView& entry, const BusinessDay& day, const Standing& standing);

  /// Reads what has landed, and at most once a second writes rows again that an older one has overtaken.
  /// returns  how many.
  Result<std::uint64_t> watch(const BusinessDays& days, const Standing& standing, Instant recorded_at);

 private:
  static constexpr std::size_t topics_count = 3;
  struct Topic {
    Outbox::Partition to;
    std::unique_ptr<StateTopic> partition;
  };
  using Rows = std::array<std::vector<PublicRecord>, topics_count>;  // order status, open items, aging
  static Rows rows_of(StateRecords records);

  StateTopics(LaneId lane, Outbox& outbox, Follower& models, const std::atomic<bool>& stopping)
      : lane_(lane), outbox_(&outbox), models_(&models), stopping_(&stopping) {}
  Result<void> wait_for_models(std::uint64_t entry_seq) const;
  void add_snapshot(const std::string& company, Date today, const Standing& standing, Rows& rows) const;
  Result<void> send(std::size_t topic, const std::vector<PublicRecord>& records, std::uint64_t entry_seq,
                    Instant recorded_at);

  LaneId lane_;
  Outbox* outbox_;
  Follower* models_;
  const std::atomic<bool>* stopping_;
  std::vector<Topic> topics_;
  std::chrono::steady_clock::time_point last_repair_{};
};

}  // namespace o2c::kafka
