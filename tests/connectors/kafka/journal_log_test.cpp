#include <fmt/format.h>
#include <librdkafka/rdkafka.h>
#include <array>

#include "tests/connectors/kafka/journal_writers.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::test {
namespace {

using namespace std::chrono_literals;

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

// --- a log that was truncated behind the writer's back -------------------------------------------------------------------------------------

std::int64_t end_of(const std::string& topic) {
  const auto admin = TestBroker::admin();
  std::int64_t end = -1;
  EXPECT_TRUE(eventually([&] {
    const auto info = admin->describe_topic(topic);
    if (info && !info->partitions.empty() && info->partitions[0].offsets) end = info->partitions[0].offsets->until;
    return end >= 0;
  }));
  return end;
}

/// The topic again, empty.
void recreate(const std::string& topic) {
  const auto admin = TestBroker::admin();
  ASSERT_TRUE(admin->delete_topic(topic));
  ASSERT_TRUE(eventually([&] { return admin->create_topic({topic, 1, 1, {}}).has_value(); }));
  ASSERT_TRUE(eventually([&] {
    const auto info = admin->describe_topic(topic);
    return info && info->partitions.size() == 1 && info->partitions[0].offsets &&
           info->partitions[0].offsets->until == 0;
  }));
}

/// A writer's places, of a topic that holds 12 entries.
class GivenPlacesOfALog : public testing::Test {
 protected:
  void SetUp() override {
    const auto journal = start_journal(topic_, {.places = places_.path()});
    Writer writer(*journal, oracle_, "a");
    writer.open();
    EXPECT_EQ(writer.append(11), AppendStatus::durable);
  }
  /// The writer that starts again notices, says what to do, and appends nothing, however often it tries.
  void expect_refused() {
    const std::int64_t end = end_of(topic_);
    const auto journal = start_journal(topic_, {.places = places_.path(), .open_patience = 2s});
    for (int i = 0; i < 2; ++i) {
      const Result<Tip> opened = journal->open(0);
      ASSERT_FALSE(opened);
      EXPECT_EQ(opened.error().code, ErrorCode::integrity);
      EXPECT_EQ(opened.error().remedy, Remedy::fix_first);
      EXPECT_NE(opened.error().message.find(topic_ + " lane 0: "), std::string::npos) << opened.error().message;
      EXPECT_NE(opened.error().message.find("Restore it, or accept the loss by hand"), std::string::npos)
          << opened.error().message;
    }
    EXPECT_FALSE(journal->tip(0));
    EXPECT_EQ(end_of(topic_), end);
  }
  const std::string topic_ = TestBroker::new_topic();
  TemporaryDirectory places_;
  JournalOracle oracle_;
};

TEST_F(GivenPlacesOfALog, WhenTheLogIsEmptyThenRefused) {
  recreate(topic_);
  expect_refused();
}

TEST_F(GivenPlacesOfALog, WhenTheLogIsShorterThenRefused) {
  recreate(topic_);
  const auto other = start_journal(topic_);
  ASSERT_TRUE(other->open(0));
  expect_refused();
}

TEST_F(GivenPlacesOfALog, WhenTheLogHasGrownAgainWithOtherEntriesThenRefused) {
  recreate(topic_);
  const auto other = start_journal(topic_);
  Writer writer(*other, oracle_, "b");
  writer.open();
  EXPECT_EQ(writer.append(30), AppendStatus::durable);
  expect_refused();
}

TEST_F(GivenPlacesOfALog, WhenTheLogHasGrownAgainWithNoEntryThenRefused) {
  recreate(topic_);
  Collector garbage;
  produce_all(garbage, topic_, 12);
  expect_refused();
}

// An older copy of the broker's data comes back: all that is left is what was written, but not all that was acknowledged.
TEST_F(GivenPlacesOfALog, WhenTheBrokerIsRestoredFromAnOlderCopyThenRefused) {
  TemporaryDirectory copies;
  const auto copy = copies.path() / "data";
  auto journal = start_journal(topic_, {.places = places_.path()});
  Writer writer(*journal, oracle_, "b");
  writer.open();
  EXPECT_EQ(writer.append(1), AppendStatus::durable);
  TestBroker::kill();
  std::filesystem::copy(TestBroker::data(), copy, std::filesystem::copy_options::recursive);
  TestBroker::start();
  EXPECT_EQ(writer.append(1), AppendStatus::durable);  // of the same tenure
  journal.reset();
  TestBroker::kill();
  std::filesystem::remove_all(TestBroker::data());
  std::filesystem::copy(copy, TestBroker::data(), std::filesystem::copy_options::recursive);
  TestBroker::start();
  expect_refused();
}

TEST(GivenLogTruncatedUnderItsWriter, WhenItAppendsThenNotAcknowledgedAndOpeningIsRefused) {
  const std::string topic = TestBroker::new_topic();
  const auto journal = start_journal(topic, {.client = {{"message.timeout.ms", "3000"}}, .open_patience = 5s});
  JournalOracle oracle;
  Writer writer(*journal, oracle, "a");
  writer.open();
  EXPECT_EQ(writer.append(11), AppendStatus::durable);
  recreate(topic);
  EXPECT_EQ(writer.append(1), AppendStatus::unknown);
  const Result<Tip> opened = journal->open(0);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::integrity) << opened.error().message;
}

// --- records of others ---------------------------------------------------------------------------------------------------------------------

/// One record, in a transaction that is committed: the mark of its end takes an offset too and is given to no reader.
void produce_in_transaction(const std::string& topic) {
  rd_kafka_conf_t* config = rd_kafka_conf_new();
  rd_kafka_conf_set(config, "bootstrap.servers", TestBroker::servers().c_str(), nullptr, 0);
  rd_kafka_conf_set(config, "transactional.id", topic.c_str(), nullptr, 0);
  const std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)> producer(
      rd_kafka_new(RD_KAFKA_PRODUCER, config, nullptr, 0), &rd_kafka_destroy);
  const auto done = [](rd_kafka_error_t* error) {
    EXPECT_EQ(error, nullptr) << rd_kafka_error_string(error);
    if (error) rd_kafka_error_destroy(error);
  };
  done(rd_kafka_init_transactions(producer.get(), 20'000));
  done(rd_kafka_begin_transaction(producer.get()));
  std::array<rd_kafka_vu_t, 3> record{};
  record[0].vtype = RD_KAFKA_VTYPE_TOPIC, record[0].u.cstr = topic.c_str();
  record[1].vtype = RD_KAFKA_VTYPE_PARTITION, record[1].u.i32 = 0;
  record[2].vtype = RD_KAFKA_VTYPE_VALUE, record[2].u.mem = {const_cast<char*>("stray"), 5};
  done(rd_kafka_produceva(producer.get(), record.data(), record.size()));
  done(rd_kafka_commit_transaction(producer.get(), 20'000));
}

/// A sealed entry as its record's value.
SharedBatch foreign_entry(LaneId lane, Tip tip) {
  auto batch = draft_batch(lane, tip, 1);
  Tip before{tip.epoch, tip.seq - 1, {}};
  batch->seal(before);
  return batch;
}

TEST(GivenRecordsOfOthers, WhenReadThenIgnoredAndCountedByEveryReaderAlike) {
  const std::string topic = TestBroker::new_topic(2);
  const auto journal = start_journal(topic);
  JournalOracle oracle;
  Writer writer(*journal, oracle, "a");
  writer.open();
  EXPECT_EQ(writer.append(3), AppendStatus::durable);
  const Tip tip = *journal->tip(0);

  Collector others;
  const auto other_lane = foreign_entry(1, tip), other_chain = foreign_entry(0, tip);
  const std::string damaged(other_chain->bytes().begin() + 8, other_chain->bytes().end());
  for (const Bytes value : {bytes_of("garbage"), bytes_of(damaged), other_lane->bytes(), other_chain->bytes(), Bytes{}})
    others.produce(topic, {.value = value});
  ASSERT_TRUE(others.producer().flush(10s));
  EXPECT_EQ(writer.append(2), AppendStatus::durable);
  EXPECT_EQ(journal->status(0).ignored, 5u);
  EXPECT_EQ(writer.append(2), AppendStatus::durable);
  writer.open();
  EXPECT_EQ(journal->status(0).ignored, 5u);  // read again, not counted again
  const auto reader = start_journal(topic);
  ASSERT_TRUE(reader->tip(0));
  EXPECT_EQ(reader->status(0).ignored, 5u);
  oracle.check(read_by_two(topic), true);
}

TEST(GivenTopicThatTakesNoRecord, WhenOpenedThenRefusedWithTheReasonAndOnceItDoesThenServed) {
  const std::string topic = TestBroker::new_topic();
  Collector others;
  produce_all(others, topic, 3);
  const auto admin = TestBroker::admin();
  ASSERT_TRUE(admin->alter_config(topic, {{"max.message.bytes", "100"}}));
  const auto journal = start_journal(topic, {.open_patience = 2s});
  const Result<Tip> opened = journal->open(0);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
  EXPECT_NE(opened.error().message.find("entry 1 failed: Broker: Message size too large"), std::string::npos)
      << opened.error().message;
  ASSERT_TRUE(admin->alter_config(topic, {{"max.message.bytes", "1000000"}}));
  EXPECT_TRUE(eventually([&] { return journal->open(0).has_value(); }));
  EXPECT_EQ(journal->status(0).ignored, 3u);  // however often they were read
}

TEST(GivenStrayTransactionAtTheEndOfTheLog, WhenReadAndOpenedThenItHoldsNobodyUp) {
  const std::string topic = TestBroker::new_topic();
  const auto journal = start_journal(topic);
  JournalOracle oracle;
  Writer writer(*journal, oracle, "a");
  writer.open();
  EXPECT_EQ(writer.append(3), AppendStatus::durable);
  produce_in_transaction(topic);
  ASSERT_TRUE(eventually([&] { return end_of(topic) == 6; }));  // the record and the mark
  const auto from = std::chrono::steady_clock::now();
  const auto log = read_by_two(topic);
  EXPECT_EQ(log.size(), 4u);
  EXPECT_EQ(writer.append(3), AppendStatus::durable);
  produce_in_transaction(topic);
  writer.open();
  EXPECT_LT(std::chrono::steady_clock::now() - from, 10s);
  EXPECT_EQ(writer.append(1), AppendStatus::durable);
  oracle.check(read_by_two(topic), true);
}

}  // namespace
}  // namespace o2c::test
