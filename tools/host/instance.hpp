#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "connectors/kafka/commands/commands.hpp"
#include "connectors/kafka/commands/forwarder.hpp"
#include "connectors/kafka/journal/kafka_journal.hpp"
#include "connectors/kafka/publisher/publisher.hpp"
#include "engine/runtime/engine.hpp"
#include "engine/runtime/system_clock.hpp"
#include "engine/storage/directory_lock.hpp"
#include "engine/storage/embedded_journal.hpp"
#include "projections/runtime/follower.hpp"
#include "tools/host/courier.hpp"
#include "tools/host/lane_share.hpp"
#include "tools/host/settings.hpp"

namespace o2c {

struct InstanceOptions {
  std::filesystem::path data;
  std::uint32_t lanes = 0;             // of a new instance; 0: as it is, one when new
  bool create = false;                 // a missing directory is made; else not_found
  bool write = false;                  // take the lanes for writing; a reader appends nothing
  bool read_models = true;             // benches measure the write path alone
  std::optional<KafkaSettings> kafka;  // the journal lies in a topic; nothing: in the directory
  bool publish = false;                // what is decided goes to the public topics too; with a journal on Kafka
  bool commands = false;               // commands come from their topic too; with a journal on Kafka
  bool share_lanes = false;            // with the other processes of the group; with a journal on Kafka
  EngineOptions engine;
};

/// One instance on one machine: journal, state store, engine and read models of a data directory.
/// DIR/journal, DIR/journal.tip: the embedded journal. DIR/lock: who has the directory. DIR/state/lane-N: checkpoints, a cache that can be removed.
/// With a journal on Kafka, DIR/places: where entries lie in the topic, and what a truncated topic is held against.
///
/// threads  as of its parts; open and close from one thread.
class Instance {
 public:
  /// errors  not_found, conflict (another process has it), integrity.
  static Result<std::unique_ptr<Instance>> open(InstanceOptions options);
  ~Instance();

  /// The journal alone, not taken for writing, and what keeps others away from it.
  struct OpenedJournal {
    std::optional<storage::DirectoryLock> lock;  // an embedded journal has its own
    std::unique_ptr<Journal> journal;
    EmbeddedJournal* embedded = nullptr;  // as what it is; one of the two is null
    kafka::KafkaJournal* kafka = nullptr;
    std::shared_ptr<LaneShare> share;  // when the lanes are shared with other processes
  };
  /// errors  as of open.
  static Result<OpenedJournal> open_journal(const InstanceOptions& options);

  Journal& journal() { return *journal_; }
  /// The journal as what it is; one of the two is null.
  EmbeddedJournal* embedded() { return embedded_; }
  kafka::KafkaJournal* kafka() { return kafka_; }
  /// Null when this instance does not publish.
  const kafka::Publisher* publisher() const { return publisher_.get(); }
  /// Null when this instance takes no commands from a topic.
  const kafka::Commands* commands() const { return commands_.get(); }
  Engine& engine() { return *engine_; }
  Follower& follower() { return follower_; }
  Clock& clock() { return clock_; }
  const InstanceOptions& options() const { return options_; }
  std::uint64_t replayed() const { return replayed_; }

  /// Hands commands to whoever has their lanes, this process or another one of the group; each is answered through its sink exactly once, one
  /// that another process decided without its entry.
  void submit(std::span<Request> requests);
  /// As submit, but waits for room in this process's mailboxes instead of answering busy.
  void submit_waiting(std::span<Request> requests);

  /// Submits and waits; a repeat whose entry is out of memory is read back. `storage` keeps the entry that the reply shows.
  struct Answered {
    Reply reply;
    std::vector<std::uint64_t> storage;
  };
  Answered submit(Request request);
  /// Reads one entry; empty when there is none.
  Result<std::vector<std::uint64_t>> read_entry(LaneId lane, std::uint64_t seq);

  /// Decides commands in order on a private copy of the lanes, as if they were submitted now. Nothing is appended.
  Result<void> rehearse(std::span<const Request> commands,
                        const std::function<void(std::size_t, const Reply&)>& on_answer);

  /// SHA-256 over the aggregates of all companies (by name) and a fixed list of their reports at head.
  /// errors  unavailable: a lane is lost for the moment.
  Result<Hash32> state_root();

  /// Takes no more commands, makes everything durable; questions are still answered.
  Result<void> stop();
  Result<void> close();

 private:
  Instance(InstanceOptions options, OpenedJournal opened);
  static Result<OpenedJournal> open_embedded(const InstanceOptions& options);
  static Result<OpenedJournal> open_kafka(const InstanceOptions& options);
  Result<void> open_engine();
  Result<void> share_lanes();
  void start_courier();
  void route(std::span<Request> requests, void (Engine::*hand_over)(std::span<Request>));
  void take_lane(LaneId lane);
  void let_lane_go(LaneId lane);
  Result<void> start();

  InstanceOptions options_;
  SystemClock clock_;
  std::optional<storage::DirectoryLock> lock_;
  const std::shared_ptr<LaneShare> share_;  // null: the lanes are this process's alone
  std::unique_ptr<Journal> journal_;
  EmbeddedJournal* embedded_;
  kafka::KafkaJournal* kafka_;
  std::unique_ptr<Engine> engine_;
  Follower follower_;
  std::unique_ptr<kafka::Publisher> publisher_;
  std::unique_ptr<kafka::Commands> commands_;
  std::unique_ptr<kafka::Forwarder> forwarder_;
  std::unique_ptr<Courier> courier_;  // when there are read models to see by what waits
  std::uint64_t replayed_ = 0;

  // The entries read last: who asks for one asks for the next ones too, and each read unpacks a whole group.
  std::mutex read_mutex_;
  std::optional<FrameBatch> read_;
};

/// What a start has to know of the topics: warnings to be said, or why it is refused, each finding with the command that mends it.
Result<std::vector<std::string>> check_topics(const KafkaSettings& settings);

/// Lanes, entries, size and tips of a journal; and what a rebuild of the read models came to.
Report journal_report(const JournalInfo& info);
Report rebuild_report(const Follower::Rebuilt& rebuilt);

}  // namespace o2c
