// Logs that the simulation recorded, written record by record to a real topic: late, doubled and overtaken records, those of former owners. Whoever
// reads them there comes to the same journal. O2C_TRACES=N replays more of them.
#include <cstdlib>
#include <map>

#include "connectors/kafka/client/producer.hpp"
#include "tests/connectors/kafka/journal_writers.hpp"
#include "tools/sim/simulation.hpp"

namespace o2c::test {
namespace {

using namespace std::chrono_literals;

/// The records of a log as they would lie in a journal that begins elsewhere: each follows what it followed.
class Transplant {
 public:
  explicit Transplant(const Hash32& genesis) { moved_[sim::genesis_tip().hash] = genesis; }

  /// The frame with its predecessor's new hash. One whose predecessor never arrived, or arrives later, keeps the old one, which nothing has.
  FrameBatch move(const FrameView& frame) {
    FrameBatch batch(0);
    batch.add_sealed(frame.frame);
    const auto before = moved_.find(Hash32::from(*frame.entry->prev_hash()));
    Tip tip{frame.entry->epoch(), frame.entry->seq() - 1,
            before == moved_.end() ? Hash32::from(*frame.entry->prev_hash()) : before->second};
    batch.seal(tip);
    moved_[frame.hash()] = tip.hash;
    return batch;
  }
  const Hash32& of(const Hash32& hash) const { return moved_.at(hash); }

 private:
  std::map<Hash32, Hash32> moved_;
};

void write(const sim::SimLog& log, const std::string& topic, Transplant& transplant) {
  auto producer = kafka::Producer::open(TestBroker::config(), [](std::span<const kafka::DeliveryReport> reports) {
    for (const auto& report : reports) EXPECT_TRUE(report.delivered()) << report.reason;
  });
  ASSERT_TRUE(producer) << producer.error().message;
  const auto to = (*producer)->topic(topic);
  ASSERT_TRUE(to) << to.error().message;
  for (std::int64_t offset = 0; offset < log.end(); ++offset) {
    const FrameBatch moved = transplant.move(log.record(offset).record.view());
    kafka::Producer::Outgoing record;
    record.value = moved.bytes();
    while (!(*producer)->produce(*to, record)) std::this_thread::sleep_for(1ms);  // the queue is full
  }
  ASSERT_TRUE((*producer)->flush(30s));
}

/// Whether a reader has to say that entries that counted are gone: some of these logs lost their end while a writer went on.
bool shows_a_loss(const sim::SimLog& log) {
  Tip tip = sim::genesis_tip();
  for (std::int64_t offset = 0; offset < log.end(); ++offset)
    if (judge(tip, log.record(offset).head) == Judgement::alarm) return true;
  return false;
}

/// returns  whether it was a log without a loss.
bool replay(std::uint64_t seed) {
  SCOPED_TRACE(fmt::format("seed {}", seed));
  sim::Simulation simulation(seed, sim::JournalForm::kafka, false);
  simulation.run(std::numeric_limits<std::uint64_t>::max());
  const sim::SimLog& log = simulation.log();
  const std::string topic = TestBroker::new_topic();
  Transplant transplant(genesis_hash(start_journal(topic)->id(), 0));
  write(log, topic, transplant);

  const auto journal = start_journal(topic);
  std::uint64_t entries = 0;
  const auto read = journal->read(0, 1, [&](const FrameView& frame) {
    const FrameView expected = log.at(++entries);
    EXPECT_EQ(frame.hash(), transplant.of(expected.hash())) << "entry " << entries;
    return !testing::Test::HasFailure();
  });
  if (shows_a_loss(log)) {
    EXPECT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::integrity);
    return false;
  }
  EXPECT_TRUE(read) << read.error().message;
  EXPECT_EQ(entries, log.tip().seq);
  const auto tip = journal->tip(0);
  EXPECT_TRUE(tip) << tip.error().message;
  EXPECT_EQ(tip->epoch, log.tip().epoch);
  EXPECT_EQ(tip->hash, transplant.of(log.tip().hash));
  EXPECT_EQ(journal->status(0).ignored, log.ignored());
  return true;
}

TEST(GivenLogsOfTheSimulation, WhenWrittenToARealTopicThenTheSameEntriesCount) {
  const char* wanted = std::getenv("O2C_TRACES");
  const std::uint64_t traces = wanted ? std::strtoull(wanted, nullptr, 10) : 12;
  std::uint64_t whole = 0;
  for (std::uint64_t seed = 1; seed <= traces && !HasFailure(); ++seed) whole += replay(seed) ? 1U : 0U;
  EXPECT_GT(whole, 0u);
}

}  // namespace
}  // namespace o2c::test
