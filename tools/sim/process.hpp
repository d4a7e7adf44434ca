#pragma once
#include <memory>
#include <optional>

#include "tools/sim/history.hpp"
#include "tools/sim/sim_journal.hpp"
#include "tools/sim/sim_store.hpp"

namespace o2c::sim {

/// One process that runs the engine: what it keeps on its own disk, its end of the journal, and the lane while it runs.
struct Process {
  Process(std::size_t n, std::unique_ptr<SimJournal> end, Random& random, const Swarm& swarm)
      : number(n), journal(std::move(end)), history(random, swarm) {}

  std::size_t number;
  SimStore store;
  std::unique_ptr<SimJournal> journal;
  History history;                             // of commands that fit what this process shows
  std::unique_ptr<Lane> lane;                  // null while it is down
  std::optional<Lane::Checkpoint> checkpoint;  // taken, waits until its entry is durable

  /// It has its lane, as far as it knows.
  bool serves() const { return lane && !lane->lost() && !journal->dead(); }
};

}  // namespace o2c::sim
