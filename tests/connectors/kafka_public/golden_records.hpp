#pragma once
#include <string>

namespace o2c::test {

/// The content of tests/golden/kafka/records.jsonl: every type of event on both topics, and some rows of the state topics; one record a
/// line, its value under "hex" (FlatBuffers) or "text" (JSON), null for a tombstone.
std::string golden_records();

/// The content of tests/golden/kafka/minor_digits.json: decimals of each currency.
std::string golden_minor_digits();

}  // namespace o2c::test
