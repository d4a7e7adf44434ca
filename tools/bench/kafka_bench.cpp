#include "tools/bench/kafka_bench.hpp"

#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "connectors/kafka/client/producer.hpp"
#include "connectors/kafka/journal/kafka_journal.hpp"
#include "engine/runtime/system_clock.hpp"

namespace o2c {
namespace {

/// Made with the settings of a journal's topic, unless it is there.
Result<void> make_journal_topic(const KafkaSettings& settings, const std::string& topic) {
  auto admin = kafka::Admin::open(settings.client);
  if (!admin) return admin.error();
  kafka::TopicPlan plan = settings.topics;
  plan.lanes = 1;
  kafka::TopicSpec spec = kafka::topic_rules(plan).front().spec;
  spec.name = topic;
  auto made = (*admin)->create_topic(spec);
  if (!made && made.error().code != ErrorCode::conflict) return made;
  return {};
}

}  // namespace

OpenJournal journals_on_kafka(const KafkaSettings& settings, const std::string& name) {
  return [settings, name](const std::filesystem::path& directory) -> Result<std::unique_ptr<Journal>> {
    const std::string topic = fmt::format("{}.{}.journal.v1", name, directory.filename().string());
    if (auto made = make_journal_topic(settings, topic); !made) return made.error();
    auto journal = kafka::open_kafka_journal({.client = settings.client,
                                              .topic = topic,
                                              .now = [] { return SystemClock{}.now(); },
                                              .places = directory / "places"});
    if (!journal) return journal.error();
    return std::unique_ptr<Journal>(std::move(*journal));
  };
}

Result<std::uint64_t> run_raw_produce(const KafkaSettings& settings, const std::string& name, std::size_t record_bytes,
                                      std::uint64_t records) {
  const std::string topic = name + ".raw";
  if (auto made = make_journal_topic(settings, topic); !made) return made.error();
  std::atomic<std::uint64_t> delivered{0}, failed{0};
  auto producer = kafka::Producer::open(settings.client, [&](std::span<const kafka::DeliveryReport> reports) {
    for (const kafka::DeliveryReport& report : reports) (report.delivered() ? delivered : failed).fetch_add(1);
  });
  if (!producer) return producer.error();
  auto handle = (*producer)->topic(topic);
  if (!handle) return handle.error();
  const std::vector<std::uint8_t> value(record_bytes, 0x5A);
  kafka::Producer::Outgoing record;
  record.value = value;
  const auto started = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < records;) {
    auto taken = (*producer)->produce(*handle, record, kafka::ValueBytes::borrowed);
    if (taken) ++i;
    else if (taken.error().remedy == Remedy::retry) std::this_thread::sleep_for(std::chrono::microseconds{200});
    else return taken.error();
  }
  if (auto flushed = (*producer)->flush(std::chrono::seconds{60}); !flushed) return flushed.error();
  const auto elapsed =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started).count();
  if (failed > 0) return Error{ErrorCode::unavailable, fmt::format("{} records were not delivered", failed.load())};
  return delivered * 1'000'000 / static_cast<std::uint64_t>(std::max<std::int64_t>(elapsed, 1));
}

Result<void> remove_bench_topics(const KafkaSettings& settings, const std::string& name) {
  auto admin = kafka::Admin::open(settings.client);
  if (!admin) return admin.error();
  const auto topics = (*admin)->topics();
  if (!topics) return topics.error();
  for (const std::string& topic : *topics) {
    if (!topic.starts_with(name + ".")) continue;
    if (auto deleted = (*admin)->delete_topic(topic); !deleted) return deleted;
  }
  return {};
}

}  // namespace o2c
