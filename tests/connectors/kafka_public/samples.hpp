#pragma once
#include <string>
#include <vector>

#include "tests/connectors/kafka_public/frames.hpp"

namespace o2c::test {

/// One entry for each type of event (and each kind of policy), every field given, in a stream of the fitting type.
std::vector<EntrySpec> sample_entries();

}  // namespace o2c::test
