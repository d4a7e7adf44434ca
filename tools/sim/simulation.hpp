#pragma once
#include <memory>

#include "tools/sim/clients.hpp"
#include "tools/sim/process.hpp"
#include "tools/sim/sim_broker.hpp"

namespace o2c::sim {

/// One seed, from an empty journal to the end: a lane of the engine on simulated ports, clients that repeat, and a scheduler that draws what
/// happens next. On the embedded journal one process runs it; on Kafka's there may be two, of which the group names one, the other or both.
/// One thread; a run is a function of the seed and the form of the journal.
class Simulation {
 public:
  /// form  of the journal; drawn when it is not given.
  Simulation(std::uint64_t seed, std::optional<JournalForm> form, bool print_trace);

  /// Runs until enough orders have come to their end, or to step `until`. First everything may fail; in the end nothing fails any more, and
  /// everything has to be answered.
  /// throws  Broken.
  void run(std::uint64_t until);

  const Counters& counters() const { return counters_; }
  std::uint64_t step() const { return step_; }
  const std::deque<std::string>& last_lines() const { return trace_.last(); }
  std::string describe() const { return swarm_.describe(); }
  /// All that ever arrived.
  const SimLog& log() const { return log_; }
  JournalForm form() const { return swarm_.form; }
  /// Ends the trace.
  std::string trace_hash() { return trace_.finish(); }

 private:
  // simulation.cpp: what may happen in a step.
  void add_process();
  std::unique_ptr<SimJournal> kafka_journal(std::size_t process);
  void set_up();
  void chaos_step();
  void step_of_one_that_is_down(Process& process);
  void change_group();
  void fault_or_nothing(Process& process);
  void send_new(Process& process);
  void send_again(Process& process, std::size_t command);
  void send(Process& process, std::size_t command, std::string_view how);
  void run_timers(Process& process);
  void deliver(Process& process);
  void deliver(Process& process, const OwnTraffic::Pair& pair, std::uint64_t number);
  void take_checkpoint(Process& process);
  void commit_checkpoint(Process& process);
  void tick();

  // recovery.cpp: how the engine ends and begins.
  void end(Process& process, Ending ending);
  Result<void> start(Process& process);
  bool start_checked(Process& process);
  void check_recovered(Process& process);
  void drain(Process& process);
  void settle_all();
  void deliver_all(Process& owner);
  Process& last_owner();
  std::size_t timers_due(Process& process);

  // cut.cpp: a log that lost its end.
  void cut_log();
  void send_mark(Process& process);

  Process& any_process() { return *processes_[processes_.size() == 1 ? 0 : random_.below(processes_.size())]; }
  std::string company_name(std::size_t i) const { return "company-" + std::to_string(i + 1); }
  void count_fault(const std::string& name) { ++counters_.faults[name]; }

  Random random_;
  Swarm swarm_;
  Trace trace_;
  Counters counters_;
  SimClock clock_;
  Auditor auditor_;
  SimLog log_;
  SimBroker broker_;  // of the Kafka form
  Clients clients_;
  std::map<std::pair<OwnTraffic::Pair, std::uint64_t>, std::size_t> letters_;  // the client's command for a message
  std::vector<bool> named_;                                                    // by process: whether the group names it
  std::vector<std::unique_ptr<Process>> processes_;
  std::uint64_t step_ = 0, checked_at_ = 0, compared_at_ = 0;
};

}  // namespace o2c::sim
