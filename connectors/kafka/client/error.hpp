#pragma once
// Private to connectors/kafka: how librdkafka's codes become ours.
#include <librdkafka/rdkafka.h>

#include <string_view>

#include "events/base/result.hpp"

namespace o2c::kafka {

/// place   what was done to what: "topic o2c.journal.v1".
/// detail  the broker's or librdkafka's own words; empty: those that belong to the code.
/// codes   unavailable (no broker, no leader, time ran out: retry), not_found (topic, partition), conflict (exists already),
///         not_allowed (who we are, what we may), invalid_input (refused as it stands), integrity (offset out of range, bad bytes).
Error kafka_error(std::string_view place, rd_kafka_resp_err_t code, std::string_view detail = {});

/// The same, of librdkafka's error object, which is given back; no error when it is null.
Result<void> kafka_result(std::string_view place, rd_kafka_error_t* error);

}  // namespace o2c::kafka
