#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "connectors/kafka/client/partition_reader.hpp"
#include "connectors/kafka/journal/kafka_journal.hpp"
#include "connectors/kafka/journal/places.hpp"
#include "connectors/kafka/journal/shared_producer.hpp"
#include "engine/journal/lane_writer.hpp"

namespace o2c::kafka {

/// One lane of the journal: what the protocol says (LaneWriter) done with a reader and the producer.
///
/// A thread of its own seals and sends batches, takes reports and answers. open() and read() do their part on the caller's thread; all three
/// take turns at the protocol's state.
class LaneLog {
 public:
  LaneLog(const KafkaJournalOptions& options, LaneId lane, const Hash32& genesis, SharedProducer& producer);
  ~LaneLog();
  LaneLog(const LaneLog&) = delete;
  LaneLog& operator=(const LaneLog&) = delete;

  Result<void> load_places();
  Result<Tip> open();
  void let_go();
  void append(SharedBatch batch, Journal::AppendDone done);
  Result<void> read(std::uint64_t from, const Journal::EntrySink& sink);
  Result<Tip> tip();
  LaneStatus status() const;
  /// Sends and answers what was appended, then ends the thread. Reports still have to be able to come.
  void close();

  /// Delivery reports of records that lanes handed to the producer, from the producer's thread.
  static void delivered(std::span<const DeliveryReport> reports);

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Sending;
  /// What a delivery report points at.
  struct Slot {
    Sending* sending = nullptr;
    std::size_t index = 0;
  };
  /// A batch on its way. It lives until each of its records has its report, because the producer borrows its bytes.
  struct Sending {
    LaneLog* lane = nullptr;
    std::uint64_t tenure = 0;
    SharedBatch batch;
    Journal::AppendDone done;
    std::vector<EntryHead> heads;  // once sealed
    std::vector<Slot> slots;       // parallel
    std::size_t produced = 0;
    std::atomic<std::size_t> awaited{0};  // reports
    std::shared_ptr<Sending> self;        // while any is awaited; touched by whoever takes the last
  };
  using Batches = std::deque<std::shared_ptr<Sending>>;
  struct Answer {
    std::shared_ptr<Sending> sending;
    AppendStatus status;
  };
  struct Report {
    std::uint64_t tenure = 0, seq = 0;
    Hash32 entry;
    Delivery delivery;
    std::string_view reason;  // of a failure
  };

  void run();
  void take_reports();
  void settle();
  void send();
  void seal(const std::shared_ptr<Sending>& sending);
  Result<void> produce(Sending& sending);
  static void release(Sending& sending, std::size_t reports);
  void answer();
  void answer_front(Batches& batches, AppendStatus status);
  void give_answers();
  void tell_trouble(std::string why);
  void publish();

  Result<void> take_lane();
  Result<void> open_once(Time deadline);
  Result<void> catch_up(std::uint64_t from, const Journal::EntrySink* sink);
  Result<void> start_reader();
  Result<OffsetRange> ask_range(std::int64_t offset);
  Result<void> read_until(const std::function<bool()>& done, Time deadline, std::uint64_t from,
                          const Journal::EntrySink* sink);
  bool take_record(const Record& record, std::uint64_t from, const Journal::EntrySink* sink);
  Result<void> read_known(std::uint64_t from, std::uint64_t until, const Journal::EntrySink& sink);
  Result<void> walk(PartitionReader& reader, LogPosition& position, std::uint64_t from, std::uint64_t until,
                    const Journal::EntrySink& sink) const;
  bool is_named() const { return !options_.named || options_.named(lane_); }
  Error truncated(std::string_view why) const;
  /// The log is harmed: nothing is read or written any more.
  Error harmed(std::string why);
  std::string place() const;

  const KafkaJournalOptions& options_;
  const LaneId lane_;
  const Place genesis_;
  SharedProducer& producer_;
  Places places_;

  std::mutex work_;  // the protocol's state, whose turn it is
  LaneWriter writer_;
  std::unique_ptr<PartitionReader> reader_;
  std::vector<std::uint64_t> words_;        // of the record being read
  std::optional<SharedProducer::Use> use_;  // of this tenure
  Instant last_recorded_{};
  Batches to_send_, sent_;
  std::int64_t seen_ = -1;      // offsets up to here were counted if they were ignored
  std::uint64_t troubled_ = 0;  // tenure whose first failure was told
  std::string alarm_;           // why the log is harmed

  std::vector<Answer> answers_;  // of the lane's own thread, to be given when the state is free again

  std::mutex known_mutex_;  // reading what is known already, beside the writer
  std::unique_ptr<PartitionReader> known_reader_;

  mutable std::mutex mutex_;  // all below
  std::condition_variable arrived_, settled_;
  std::vector<Report> reports_;
  Batches appended_;
  std::size_t unanswered_ = 0;
  LaneStatus status_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace o2c::kafka
