#pragma once
#include <deque>

#include "engine/ports/clock.hpp"
#include "tools/sim/sim_broker.hpp"
#include "tools/sim/sim_journal.hpp"

namespace o2c::sim {

/// The Kafka form: one process's end of a lane whose log others write too. What may be sent, accepted and given up is said by LaneWriter, as in
/// the connector; the scheduler takes the place of its threads, consumer and producer.
class SimKafkaJournal final : public SimJournal {
 public:
  using Named = std::function<bool()>;

  /// writer  number of the process at the broker.  named  whether the group names the process.
  SimKafkaJournal(SimBroker& broker, std::size_t writer, Named named, Random& random, Clock& clock, Trace& trace);

  /// errors  unavailable: no leader, or another writer takes the lane again and again; not_allowed: not named; integrity: the log was cut.
  Result<Tip> open(LaneId lane) override;
  void append(SharedBatch batch, AppendDone done) override;
  Result<void> read(LaneId lane, std::uint64_t from, const EntrySink& sink) override;
  Result<Tip> tip(LaneId) override { return writer_.place().tip; }

  bool has_unsynced() const override { return broker_.has_requests(number_); }
  void sync_one() override { broker_.deliver(number_); }
  bool has_unanswered() const override;
  /// A turn of the lane's thread: reports, a gap, what waits to be sent, answers. When nothing is on its way any more, time is up.
  void answer_one() override;
  void fail() override;
  bool dead() const override { return !has_lane(); }
  void end(Ending ending) override;
  void let_late_records_land(std::size_t count) override { broker_.let_late_records_land(count); }
  bool has_late_records() const override { return broker_.has_late_records(); }

 private:
  using Phase = LaneWriter::Phase;
  struct Waiting {
    SharedBatch batch;
    AppendDone done;
  };
  using Batches = std::deque<Waiting>;

  bool has_lane() const { return writer_.phase() == Phase::serving || writer_.phase() == Phase::settling; }
  Result<void> catch_up();
  void open_once(LaneId lane);
  void read_until(std::int64_t end);
  void take_report();
  void settle();
  void send();
  void produce(const SharedBatch& batch);
  void answer();
  void answer_front(Batches& batches, AppendStatus status);
  void note_place();

  SimBroker& broker_;
  SimLog& log_;
  const std::size_t number_;
  const Named named_;
  Random& random_;
  Clock& clock_;
  Trace& trace_;
  LaneWriter writer_;
  std::vector<Place> places_;  // noted on the way, ascending: they outlive the process
  Batches to_send_, sent_;
};

}  // namespace o2c::sim
