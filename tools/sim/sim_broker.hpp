#pragma once
#include <array>
#include <deque>
#include <map>
#include <string>

#include "engine/journal/lane_writer.hpp"
#include "tools/sim/kafka_faults.hpp"
#include "tools/sim/random.hpp"
#include "tools/sim/sim_log.hpp"

namespace o2c::sim {

/// The brokers' side of a lane in Kafka: its log, and requests and reports on their way, of every process that writes. A request is a run of
/// records of one writer; it shares one fate, which is drawn when its turn comes.
class SimBroker {
 public:
  /// A delivery report, as the producer gives it.
  struct Report {
    std::uint64_t tenure = 0;
    Hash32 entry;
    Delivery delivery;
  };

  using Counts = std::map<std::string, std::uint64_t>;

  /// counts  of faults, by name.
  SimBroker(SimLog& log, const KafkaFaults& faults, std::size_t writers, Random& random, Trace& trace, Counts& counts)
      : log_(log), faults_(faults), random_(random), trace_(trace), counts_(counts), lines_(writers) {}

  SimLog& log() { return log_; }

  void produce(std::size_t writer, std::uint64_t tenure, const SimRecord& record, const EntryHead& head);
  bool has_requests(std::size_t writer) const { return !lines_[writer].requests.empty(); }
  bool has_reports(std::size_t writer) const { return !lines_[writer].reports.empty(); }
  Report take_report(std::size_t writer);

  /// The writer's oldest request meets its fate. Needs has_requests().
  void deliver(std::size_t writer);
  /// The producer gives up: what has not arrived is reported as failed and may arrive late.
  void give_up(std::size_t writer);
  /// The process is gone: nobody takes its reports.
  void forget(std::size_t writer);
  /// Requests of the other writers and late records arrive, some of them.
  void stir(std::size_t writer);
  void let_late_records_land(std::size_t count);
  bool has_late_records() const { return !late_.empty(); }

  /// Whether records can be read and written: no while a new leader is sought.
  bool reachable() const { return outage_ == 0; }
  /// Without faults everything that is on its way arrives, and requests meet nothing but the log.
  void faultless(bool on);

 private:
  struct Outgoing {
    std::uint64_t tenure = 0;
    SimRecord record;
    EntryHead head;
  };
  struct Line {
    std::deque<Outgoing> requests;
    std::deque<Report> reports;
  };
  enum class Fate { arrives, dropped, late, failed, silent, doubled, overtaken, without_offset, wrong_offset };
  static constexpr std::size_t request_records_max = 16;

  Fate draw_fate();
  void meet(std::size_t writer, const Outgoing& record, Fate fate, std::int64_t place);
  std::int64_t land(std::size_t writer, const SimRecord& record, std::string_view how);
  void report(std::size_t writer, const Outgoing& record, const Delivery& delivery);

  SimLog& log_;
  const KafkaFaults faults_;
  Random& random_;
  Trace& trace_;
  Counts& counts_;
  std::vector<Line> lines_;      // by writer
  std::vector<SimRecord> late_;  // will arrive at some time, in any order
  int outage_ = 0;               // requests that still find no leader
  bool faultless_ = true;
};

/// Writers in words: A, B.
inline char writer_name(std::size_t writer) { return static_cast<char>('A' + writer); }

}  // namespace o2c::sim
