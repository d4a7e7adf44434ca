#pragma once
#include <gtest/gtest.h>

#include "tests/connectors/kafka/broker.hpp"
#include "tests/connectors/kafka_publisher/living_books.hpp"
#include "tests/connectors/kafka_publisher/topic_log.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::test {

/// Topics of an instance of its own, and what must hold of them.
class PublicTopics {
 public:
  PublicTopics();
  const kafka::TopicPlan& plan() const { return plan_; }
  std::string name(kafka::TopicKind kind) const { return kafka::topic_name(plan_, kind); }
  kafka::PublisherOptions options() const { return {.client = TestBroker::config(), .topics = plan_}; }

  std::vector<kafka::PublicRecord> read(kafka::TopicKind kind, LaneId lane) const {
    return read_partition(name(kind), static_cast<std::int32_t>(lane));
  }
  /// Every event of the journal once and in order, in both forms.  returns  repeats that a subscriber dropped.
  std::size_t expect_events(Journal& journal) const;
  /// Last rows of all state topics are what the read models say now.
  void expect_rows(LivingBooks& books) const;
  /// Last rows of the aging and of the open items sum to what the receivables' report says.
  void expect_sums(LivingBooks& books) const;

 private:
  kafka::TopicPlan plan_;
};

/// All lanes of some books on their topics, taken by a publisher of this process.
void take_all(kafka::Publisher& publisher);
/// Everything that is durable has been published.
bool published(kafka::Publisher& publisher, Journal& journal,
               std::chrono::milliseconds patience = std::chrono::seconds{60});

}  // namespace o2c::test
