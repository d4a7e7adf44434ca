#pragma once
#include <string>

#include "connectors/kafka/public/record.hpp"

namespace o2c::kafka {

/// Number of the release (tests/golden/schema) whose public schema this program writes. Schemas only grow: a reader of an older one
/// passes over what is new.
inline constexpr unsigned public_schema_version = 1;

/// "urn:o2c:schema:public:1", the ce_dataschema of each event.
std::string public_schema_uri();

/// The row of o2c.schemas.v1: key "public/1", value the binary schema (.bfbs) of PublicEvent and all that it uses.
PublicRecord public_schema_record();

}  // namespace o2c::kafka
