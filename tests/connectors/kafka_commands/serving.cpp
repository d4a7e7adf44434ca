#include "tests/connectors/kafka_commands/serving.hpp"

#include "engine/storage/rocks_state_store.hpp"
#include "tests/connectors/kafka_publisher/topic_log.hpp"

namespace o2c::test {
namespace {

template <class T> T opened(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

}  // namespace

CommandTopics::CommandTopics()
    : plan_{.prefix = TestBroker::random_prefix(), .lanes = lanes, .replication = 1},
      sender_(std::make_unique<Collector>(TestBroker::config({{"message.timeout.ms", "60000"}}))) {
  opened(kafka::create_topics(*TestBroker::admin(), plan_));
}

std::vector<kafka::PublicRecord> CommandTopics::read(kafka::TopicKind kind, LaneId lane) const {
  return read_partition(name(kind), static_cast<std::int32_t>(lane));
}

std::map<std::string, std::vector<kafka::PublicRecord>> CommandTopics::answers() const {
  std::map<std::string, std::vector<kafka::PublicRecord>> answers;
  for (LaneId lane = 0; lane < lanes; ++lane) {
    for (kafka::PublicRecord& answer : read(kafka::TopicKind::answers, lane))
      answers[answer.key].push_back(std::move(answer));
  }
  return answers;
}

std::unique_ptr<kafka::KafkaJournal> CommandTopics::journal(const std::filesystem::path& places) const {
  return opened(kafka::open_kafka_journal({.client = TestBroker::config(),
                                           .topic = name(kafka::TopicKind::journal),
                                           .lanes = lanes,
                                           .now = [] { return SystemClock{}.now(); },
                                           .places = places}));
}

void CommandTopics::send_json(const std::string& company, const std::string& json) {
  send(lane_of(company, lanes), {company, json, json_type});
}

void CommandTopics::send(LaneId lane, const SentRecord& record) {
  std::vector<kafka::Header> headers;
  if (record.content_type) headers.push_back({"content-type", bytes_of(*record.content_type)});
  sender_->produce(name(kafka::TopicKind::commands), {.partition = static_cast<std::int32_t>(lane),
                                                      .key = record.key ? bytes_of(*record.key) : Bytes{},
                                                      .value = record.value ? bytes_of(*record.value) : Bytes{},
                                                      .tombstone = !record.value,
                                                      .headers = headers});
}

void CommandTopics::sync() {
  ASSERT_TRUE(sender_->producer().flush(std::chrono::seconds{60}));
  for (const auto& report : sender_->reports()) ASSERT_TRUE(report.delivered()) << report.reason;
}

ServingEngine::ServingEngine(const CommandTopics& topics, const std::filesystem::path& directory) {
  journal_ = topics.journal(directory / "places");
  std::vector<std::unique_ptr<StateStore>> stores;
  for (LaneId lane = 0; lane < lanes; ++lane)
    stores.push_back(opened(open_rocks_state_store(directory / "state" / std::to_string(lane))));
  EngineOptions options;
  options.lane.skipped_time = std::chrono::seconds{1};
  options.regain_every = std::chrono::milliseconds{20};
  engine_ = std::make_unique<Engine>(*journal_, std::move(stores), clock_, options);
  opened(engine_->recover());
  if (auto started = engine_->start(); !started) throw std::runtime_error(started.error().message);
  commands_ = std::make_unique<kafka::Commands>(kafka::CommandsOptions{TestBroker::config(), topics.plan()}, *engine_,
                                                *journal_);
  for (LaneId lane = 0; lane < lanes; ++lane) commands_->take(lane);
}

ServingEngine::~ServingEngine() {
  commands_.reset();
  std::ignore = engine_->close();
}

}  // namespace o2c::test
