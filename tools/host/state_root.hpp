#pragma once
#include <map>
#include <string>

#include "engine/runtime/engine.hpp"
#include "projections/runtime/follower.hpp"

namespace o2c {

/// The root of each opened company's aggregates, by name, whatever its lane.
/// errors  unavailable: a lane is lost for the moment.
Result<std::map<std::string, Hash32>> company_roots(Engine& engine);

/// The state root: the roots of the companies and a fixed list of their reports at head, which `follower` has folded.
Hash32 state_root_of(const std::map<std::string, Hash32>& companies, const Follower& follower);

/// The same of a journal alone, folded from its first entry on without any checkpoint. Appends nothing.
/// cost    time and memory of an instance that starts without a checkpoint.
/// errors  integrity, also when the journal is an unfinished copy.
Result<Hash32> fold_state_root(Journal& journal);

}  // namespace o2c
