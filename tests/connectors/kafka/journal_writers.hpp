#pragma once
#include "connectors/kafka/journal/kafka_journal.hpp"
#include "tests/connectors/kafka/collector.hpp"
#include "tests/support/journal_oracle.hpp"

namespace o2c::test {

struct JournalStart {
  kafka::ClientConfig::Settings client{};
  std::function<bool(LaneId)> named{};
  std::filesystem::path places{};
  std::chrono::milliseconds open_patience = std::chrono::seconds{20};
};

inline std::unique_ptr<kafka::KafkaJournal> start_journal(const std::string& topic, const JournalStart& start = {}) {
  auto opened = kafka::open_kafka_journal({.client = TestBroker::config(start.client),
                                           .topic = topic,
                                           .now = [] { return Instant{1'000}; },
                                           .named = start.named,
                                           .places = start.places,
                                           .open_patience = start.open_patience});
  EXPECT_TRUE(opened) << opened.error().message;
  return std::move(*opened);
}

/// Two readers that know nothing of each other or of a writer, and agree.
inline std::vector<ReadEntry> read_by_two(const std::string& topic, const JournalStart& start = {}) {
  const auto first = start_journal(topic, start), second = start_journal(topic, start);
  const auto log = read_all(*first, 0), again = read_all(*second, 0);
  if (!log || !again) {
    ADD_FAILURE() << (log ? again : log).error().message;
    return {};
  }
  EXPECT_TRUE(*log == *again);
  EXPECT_EQ(*first->tip(0), *second->tip(0));
  EXPECT_EQ(first->status(0).ignored, second->status(0).ignored);
  return *log;
}

/// A writer of lane 0 whose every entry and answer the oracle knows.
class Writer {
 public:
  Writer(kafka::KafkaJournal& journal, JournalOracle& oracle, std::string name)
      : journal_(journal), oracle_(oracle), name_(std::move(name)) {}

  void open() {
    const Result<Tip> opened = journal_.open(0);
    ASSERT_TRUE(opened) << opened.error().message;
    tip_ = *opened;
  }
  std::future<AppendStatus> send(std::size_t count = 1, std::size_t padding = 0) {
    const SentEntries entries{name_, next_, count};
    next_ += count;
    oracle_.sent(entries);
    auto outcome = std::make_shared<std::promise<AppendStatus>>();
    journal_.append(draft_batch(0, tip_, entries, padding), [=, this](const SharedBatch&, AppendStatus status) {
      oracle_.answered(entries, status);
      outcome->set_value(status);
    });
    return outcome->get_future();
  }
  /// Sends and waits; an answer that does not come in 20 s ends the test program, which nothing could end otherwise.
  AppendStatus append(std::size_t count = 1, std::size_t padding = 0) { return answer_of(send(count, padding)); }
  static AppendStatus answer_of(std::future<AppendStatus> outcome) {
    if (outcome.wait_for(std::chrono::seconds{20}) != std::future_status::ready) {
      ADD_FAILURE() << "a batch was never answered";
      std::abort();
    }
    return outcome.get();
  }

 private:
  kafka::KafkaJournal& journal_;
  JournalOracle& oracle_;
  const std::string name_;
  std::uint64_t next_ = 1;
  Tip tip_;
};

}  // namespace o2c::test
