#pragma once
#include <flatbuffers/flatbuffers.h>

#include "events/base/result.hpp"
#include "events/json/model.hpp"

namespace o2c::kafka {

/// Copies the body of an event into `builder` without the fields that the schema marks `personal`, at any depth: an optional one is left
/// out, a required text becomes empty. What remains is the same value for value.
///
/// body     a verified table; member: its type in the schema.
/// errors   integrity: a union in it holds a type that this program does not know.
/// threads  pure, call from anywhere.
Result<flatbuffers::Offset<void>> copy_withheld(flatbuffers::FlatBufferBuilder& builder, const flatbuffers::Table& body,
                                                const json::Object& member);

}  // namespace o2c::kafka
