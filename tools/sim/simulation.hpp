#pragma once
#include <memory>

#include "tools/sim/clients.hpp"
#include "tools/sim/sim_store.hpp"

namespace o2c::sim {

/// One seed, from an empty journal to the end: a lane of the engine on simulated ports, clients that repeat, and a scheduler that draws what
/// happens next. One thread; a run is a function of the seed.
class Simulation {
 public:
  Simulation(std::uint64_t seed, bool print_trace);

  /// Runs until enough orders have come to their end, or to step `until`. First everything may fail; in the end nothing fails any more, and
  /// everything has to be answered.
  /// throws  Broken.
  void run(std::uint64_t until);

  const Counters& counters() const { return counters_; }
  std::uint64_t step() const { return step_; }
  const std::deque<std::string>& last_lines() const { return trace_.last(); }
  std::string describe() const { return swarm_.describe(); }
  /// Ends the trace.
  std::string trace_hash() { return trace_.finish(); }

 private:
  // simulation.cpp: what may happen in a step.
  void set_up();
  void chaos_step();
  void fault_or_nothing();
  void send_new();
  void send_again(std::size_t command);
  void send(std::size_t command, std::string_view how);
  void run_timers();
  void take_checkpoint();
  void commit_checkpoint();
  void tick();

  // recovery.cpp: how the engine ends and begins.
  void crash(bool power_cut);
  void start_engine();
  void check_recovered();
  void drain();
  void settle_all();
  std::size_t timers_due();

  std::string company_name(std::size_t i) const { return "company-" + std::to_string(i + 1); }
  void count_fault(const std::string& name) { ++counters_.faults[name]; }

  Random random_;
  const Swarm swarm_;
  Trace trace_;
  Counters counters_;
  SimClock clock_;
  Auditor auditor_;
  SimJournal journal_;
  SimStore store_;
  Clients clients_;
  History history_;
  std::unique_ptr<Lane> lane_;
  std::optional<Lane::Checkpoint> checkpoint_;  // taken, waits until its entry is durable
  std::uint64_t step_ = 0, checked_at_ = 0;
};

}  // namespace o2c::sim
