#pragma once
#include "tools/bench/o2c1_bench.hpp"
#include "tools/host/settings.hpp"

namespace o2c {

/// A topic of one lane for each directory, made when it is asked for the first time: NAME.<last part of the directory>.journal.v1.
OpenJournal journals_on_kafka(const KafkaSettings& settings, const std::string& name);

/// What the broker and librdkafka can do at best: one idempotent producer, acks=all, records of one size to one partition of a new topic.
/// returns  records per second, from the first to the last report.
Result<std::uint64_t> run_raw_produce(const KafkaSettings& settings, const std::string& name, std::size_t record_bytes,
                                      std::uint64_t records);

/// Deletes the topics of a bench.
Result<void> remove_bench_topics(const KafkaSettings& settings, const std::string& name);

}  // namespace o2c
