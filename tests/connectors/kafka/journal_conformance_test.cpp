#include "tests/support/journal_conformance.hpp"
#include "connectors/kafka/journal/kafka_journal.hpp"
#include "tests/connectors/kafka/broker.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::test {
namespace {

class KafkaRig final : public JournalRig {
 public:
  explicit KafkaRig(std::uint32_t lanes) : topic_(TestBroker::new_topic(static_cast<int>(lanes))) { open(); }
  Journal& journal() override { return *journal_; }
  void reopen() override {
    journal_.reset();
    open();
  }
  void set_clock(Instant now) override { now_ = now; }

 private:
  void open() {
    auto opened = kafka::open_kafka_journal(
        {.client = TestBroker::config(), .topic = topic_, .now = [this] { return now_; }, .places = places_.path()});
    if (!opened) throw std::runtime_error(opened.error().message);
    journal_ = std::move(*opened);
  }
  TemporaryDirectory places_;
  const std::string topic_;
  Instant now_{1'000};
  std::unique_ptr<kafka::KafkaJournal> journal_;
};

INSTANTIATE_TEST_SUITE_P(Kafka, GivenJournal,
                         testing::Values(JournalKind{
                             "kafka", [](std::uint32_t lanes) { return std::make_unique<KafkaRig>(lanes); }}),
                         kind_name);

}  // namespace
}  // namespace o2c::test
