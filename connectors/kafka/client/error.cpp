#include "connectors/kafka/client/error.hpp"

#include <fmt/format.h>

namespace o2c::kafka {
namespace {

struct Kind {
  ErrorCode code;
  Remedy remedy;
};

Kind kind_of(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION: return {ErrorCode::not_found, Remedy::fix_first};
    case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS: return {ErrorCode::conflict, Remedy::fix_first};
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR__SSL:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID: return {ErrorCode::not_allowed, Remedy::fix_first};
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
    case RD_KAFKA_RESP_ERR_INVALID_REQUEST:
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
    case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE: return {ErrorCode::invalid_input, Remedy::fix_first};
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR_INVALID_MSG: return {ErrorCode::integrity, Remedy::fix_first};
    case RD_KAFKA_RESP_ERR__FATAL: return {ErrorCode::unavailable, Remedy::fix_first};
    default: return {ErrorCode::unavailable, Remedy::retry};
  }
}

}  // namespace

Error kafka_error(std::string_view place, rd_kafka_resp_err_t code, std::string_view detail) {
  const Kind kind = kind_of(code);
  return {kind.code, fmt::format("kafka: {}: {}", place, detail.empty() ? rd_kafka_err2str(code) : detail),
          kind.remedy};
}

Result<void> kafka_result(std::string_view place, rd_kafka_error_t* error) {
  if (!error) return {};
  Error out = kafka_error(place, rd_kafka_error_code(error), rd_kafka_error_string(error));
  rd_kafka_error_destroy(error);
  return out;
}

}  // namespace o2c::kafka
