#pragma once
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>

#include "connectors/kafka/client/client_config.hpp"
#include "connectors/kafka/client/record.hpp"

namespace o2c::kafka {

struct ClientContext;

/// What is known of a record whose produce failed. Only `no` is an answer; whoever needs to know the rest reads the log.
enum class Persisted { no, possibly, yes };

/// What became of one record.
struct DeliveryReport {
  void* opaque = nullptr;  // as given to produce
  std::int64_t offset =
      -1;  // where it lies, if delivered. May be wrong when librdkafka inferred the success (negative, or small): the
           // journal's rule of the exactly next offset notices.
  std::int32_t partition = 0;
  Persisted persisted = Persisted::no;
  int code = 0;             // 0: delivered; else librdkafka's rd_kafka_resp_err_t
  std::string_view reason;  // of the code, for people; lives for ever
  bool delivered() const { return code == 0; }
};

/// Whether produce keeps the value's bytes or only their address.
enum class ValueBytes {
  copied,
  borrowed,  // stay in place, unchanged, until the record's report was served
};

/// An idempotent producer with acks=all and a thread of its own that serves delivery reports.
///
/// Each record that produce took gets exactly one report, also when it is purged or the producer ends. Reports of a partition come in the
/// order of produce as long as all succeed.
/// threads  produce, flush, purge, fatal_error: any, at the same time. The destructor: once, after all of them.
class Producer {
 public:
  /// Called on the producer's thread with the reports that are there, in order; must not call flush and must return soon, as no other
  /// report is served meanwhile. The span is gone afterwards.
  using OnReports = std::function<void(std::span<const DeliveryReport>)>;

  /// Connects in the background: a broker that is not there is no error here, records wait for it until message.timeout.ms.
  /// more    settings that belong to the caller's duty, over those of the file (ClientConfig::make).
  /// errors  invalid_input: the configuration.
  static Result<std::unique_ptr<Producer>> open(const ClientConfig& config, OnReports on_reports,
                                                const ClientConfig::Settings& more = {});

  /// Purges what is outstanding, serves the reports of all of it, ends: soon, whatever the brokers do.
  ~Producer();
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  /// A topic to produce to; lives as long as the producer. It is made known once, so that produce need not look for it by name.
  class Topic {
    friend class Producer;
    explicit Topic(rd_kafka_topic_s* handle) : handle_(handle) {}
    rd_kafka_topic_s* handle_;
  };
  Result<Topic> topic(const std::string& name);

  struct Outgoing {
    std::int32_t partition = 0;
    Bytes key{};  // copied; empty: none
    Bytes value{};
    bool tombstone = false;  // a null value
    std::span<const Header> headers{};
    std::int64_t timestamp_ms = 0;  // 0: now
    void* opaque = nullptr;
  };
  /// Hands one record to the send queue; returns at once.
  /// errors  nothing was taken and no report will come. unavailable + retry: the queue is full, try again in the same order after a report;
  ///         invalid_input: larger than message.max.bytes; not_found: no such topic or partition; unavailable + fix_first: fatal_error()
  ///         says why, a new producer is needed.
  Result<void> produce(Topic topic, const Outgoing& record, ValueBytes bytes = ValueBytes::copied);

  /// Waits until every record taken so far has its report.
  /// errors  unavailable: some have not in time; they stay outstanding.
  Result<void> flush(std::chrono::milliseconds timeout);

  /// Gives up all that is outstanding; the reports follow at once, `possibly` for what was on its way.
  void purge();

  /// Set once the producer can do nothing any more (a lost sequence, a revoked right).
  std::optional<Error> fatal_error() const;

 private:
  Producer();
  void serve();
  void serve_once(int timeout_ms);

  std::unique_ptr<ClientContext> context_;
  ClientHandle client_;
  QueueHandle queue_;
  std::mutex topics_guard_;
  std::vector<TopicHandle> topics_;
  OnReports on_reports_;
  std::vector<DeliveryReport> reports_;  // of the serving thread
  std::atomic<bool> ending_{false};
  std::thread server_;
};

}  // namespace o2c::kafka
