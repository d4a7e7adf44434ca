#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "connectors/kafka/client/client_config.hpp"
#include "engine/ports/journal.hpp"
#include "events/base/date.hpp"

namespace o2c::kafka {

struct KafkaJournalOptions {
  ClientConfig client;
  std::string topic = "o2c.journal.v1";  // its partitions are the lanes
  std::uint32_t lanes = 0;               // 0: as many as the topic has; else they must agree
  std::function<Instant()> now;          // recorded times of LaneOpened
  /// Whether the group names this process for the lane; asked before each LaneOpened and after each foreign one. Absent: always, for an
  /// instance of one process.
  std::function<bool(LaneId)> named;
  /// Where places of the log are noted, so that a start reads only what is new. Empty: nowhere, every start reads from the first record. What
  /// is noted there is also what a truncated log is held against.
  std::filesystem::path places;
  std::chrono::milliseconds open_patience =
      std::chrono::seconds{30};  // for taking a lane, and before a log that ends early is called truncated
};

/// What a lane's log looks like from here, for metrics.
struct LaneStatus {
  Tip tip;                    // last entry that counts, as far as known here
  std::int64_t offset = -1;   // of its record
  std::uint64_t ignored = 0;  // records read here that do not count
  std::size_t in_flight = 0;  // own entries on their way
  bool serving = false;       // this process has the lane, as far as it knows
  std::string trouble;  // what ended a tenure last: "o2c.journal.v1 lane 0: entry 7 failed: …"; empty: nothing did
};

/// A journal in one Kafka topic, one lane a partition, one entry a record. Who may append is settled by the log alone: a LaneOpened of one's
/// own, read back, and the hash chain; neither transactions nor the consumer group take part in it.
///
/// An entry is acknowledged when its delivery report names exactly the next offset and the reader's rule counts it there; anything else is
/// read back first. A failed or late report is `unknown`, settled by the next open(). A producer that can do nothing any more is replaced there.
///
/// errors   of open: unavailable (brokers, or the lane stays with another writer), not_allowed (the group names another process), integrity
///          (the log was truncated, or holds what cannot be). of read, tip: unavailable, integrity.
/// What was appended when no tenure serves is answered `unknown` and never sent.
/// The destructor waits for what was appended, at most message.timeout.ms and as long again as a gap is read (open_patience), and answers it.
/// Whoever is answered may call tip(), read() and status(), but not open().
class KafkaJournal : public Journal {
 public:
  virtual LaneStatus status(LaneId lane) = 0;
  /// Derived from the cluster's id and the topic's name.
  virtual Id16 id() const = 0;
};

/// errors  unavailable: no broker answers; not_found: no such topic; invalid_input: another number of lanes.
Result<std::unique_ptr<KafkaJournal>> open_kafka_journal(KafkaJournalOptions options);

}  // namespace o2c::kafka
