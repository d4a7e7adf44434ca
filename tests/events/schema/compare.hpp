#pragma once
#include <string>
#include <vector>

#include <flatbuffers/reflection_generated.h>

namespace o2c::gate {

/// What of a released schema no longer holds in a later one, one line each; empty: all that was ever written stays readable
/// and means the same. Schemas only grow: nothing released is removed, renamed, moved or given another type, default or
/// duty; structs stay as they are; a new field is neither required nor a scalar that reads as a number where an old record
/// says nothing (`= null`, or a flag that is false by default, is allowed). Texts and comments may change.
///
/// flatc --conform alone is no gate: 2.0.8 passes removed fields, grown structs, new duties and renamed members, and holds
/// each `= null` of a binary schema for a changed default.
std::vector<std::string> compare(const reflection::Schema& released, const reflection::Schema& current);

}  // namespace o2c::gate
