#include <fmt/format.h>

#include "connectors/kafka/journal/kafka_journal.hpp"
#include "tests/connectors/kafka/collector.hpp"
#include "tests/support/journal_oracle.hpp"
#include "tests/support/tcp_proxy.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::test {
namespace {

using namespace std::chrono_literals;
using Direction = TcpProxy::Direction;
using Settings = kafka::ClientConfig::Settings;

struct Start {
  Settings client{};
  std::filesystem::path places{};
  std::chrono::milliseconds open_patience = 20s;
};

std::unique_ptr<kafka::KafkaJournal> start_journal(const std::string& topic, const Start& start = {}) {
  auto opened = kafka::open_kafka_journal({.client = TestBroker::config(start.client),
                                           .topic = topic,
                                           .now = [] { return Instant{1'000}; },
                                           .places = start.places,
                                           .open_patience = start.open_patience});
  EXPECT_TRUE(opened) << opened.error().message;
  return std::move(*opened);
}

/// Two readers that know nothing of each other or of a writer, and agree.
std::vector<ReadEntry> read_by_two(const std::string& topic) {
  const auto first = start_journal(topic), second = start_journal(topic);
  const auto log = read_all(*first, 0), again = read_all(*second, 0);
  EXPECT_TRUE(log) << log.error().message;
  EXPECT_EQ(*log, *again);
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
    if (outcome.wait_for(20s) != std::future_status::ready) {
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

// --- one lane, two writers -----------------------------------------------------------------------------------------------------------------

TEST(GivenLaneTakenByAnother, WhenFormerWriterAppendsOneEntryThenFenced) {
  const std::string topic = TestBroker::new_topic();
  const auto former = start_journal(topic), next = start_journal(topic);
  JournalOracle oracle;
  Writer a(*former, oracle, "a"), b(*next, oracle, "b");
  a.open();
  EXPECT_EQ(a.append(3), AppendStatus::durable);
  b.open();
  EXPECT_EQ(a.append(1), AppendStatus::fenced);  // the LaneOpened of b has the seq that this entry was to have
  EXPECT_EQ(b.append(1), AppendStatus::durable);
  oracle.check(read_by_two(topic), true);
}

// --- reading -------------------------------------------------------------------------------------------------------------------------------

TEST(GivenReaderWhoseSinkWantsNoMore, WhenItGoesOnThenNothingWasSkipped) {
  const std::string topic = TestBroker::new_topic();
  const auto journal = start_journal(topic);
  JournalOracle oracle;
  Writer writer(*journal, oracle, "a");
  writer.open();
  EXPECT_EQ(writer.append(50), AppendStatus::durable);
  const auto reader = start_journal(topic);
  ASSERT_TRUE(reader->read(0, 1, [](const FrameView& frame) { return frame.entry->seq() < 5; }));
  EXPECT_EQ(*reader->tip(0), *journal->tip(0));
  EXPECT_EQ(*read_all(*reader, 0), *read_all(*journal, 0));
}

TEST(GivenBatchThatNoTenureCanSend, WhenAppendedThenAnswered) {
  const std::string topic = TestBroker::new_topic();
  const auto journal = start_journal(topic);
  JournalOracle oracle;
  Writer writer(*journal, oracle, "a");
  EXPECT_EQ(writer.append(1), AppendStatus::unknown);  // nobody opened the lane
  writer.open();
  EXPECT_EQ(writer.append(1), AppendStatus::durable);
  oracle.check(read_by_two(topic), true);
}

}  // namespace
}  // namespace o2c::test
