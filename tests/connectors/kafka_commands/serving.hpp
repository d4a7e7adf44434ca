#pragma once
#include <filesystem>
#include <map>
#include <set>

#include "connectors/kafka/commands/commands.hpp"
#include "connectors/kafka/journal/kafka_journal.hpp"
#include "connectors/kafka/public/record.hpp"
#include "engine/runtime/system_clock.hpp"
#include "tests/connectors/kafka/collector.hpp"
#include "tests/connectors/kafka_commands/samples.hpp"

namespace o2c::test {

/// Topics of an instance of its own, and a sender to its commands.
class CommandTopics {
 public:
  CommandTopics();
  const kafka::TopicPlan& plan() const { return plan_; }
  std::string name(kafka::TopicKind kind) const { return kafka::topic_name(plan_, kind); }
  std::vector<kafka::PublicRecord> read(kafka::TopicKind kind, LaneId lane) const;
  /// Answers of all lanes by command id, in their order.
  std::map<std::string, std::vector<kafka::PublicRecord>> answers() const;
  std::unique_ptr<kafka::KafkaJournal> journal(const std::filesystem::path& places = {}) const;

  /// To the company's partition; `sync` waits until it lies there.
  void send_json(const std::string& company, const std::string& json);
  void send(LaneId lane, const SentRecord& record);
  void sync();

 private:
  kafka::TopicPlan plan_;
  std::unique_ptr<Collector> sender_;
};

/// An engine with its journal on the broker that takes commands from the topic. A few skipped records are covered after a second.
class ServingEngine {
 public:
  ServingEngine(const CommandTopics& topics, const std::filesystem::path& directory);
  ~ServingEngine();

  kafka::KafkaJournal& journal() { return *journal_; }
  std::vector<kafka::TakenCommands> status() const { return commands_->status(); }

 private:
  SystemClock clock_;
  std::unique_ptr<kafka::KafkaJournal> journal_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<kafka::Commands> commands_;
};

}  // namespace o2c::test
