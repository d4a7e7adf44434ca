#pragma once
#include <optional>
#include <vector>

#include "connectors/kafka/client/handles.hpp"
#include "events/base/hash.hpp"

namespace o2c::kafka {

struct Header {
  std::string_view name;
  Bytes value;
};

/// Offsets of a partition, half-open: records in [from, until) may be read.
struct OffsetRange {
  std::int64_t from = 0;
  std::int64_t until = 0;  // the high watermark
};

/// One record as the broker stored it. A view: valid until the next poll of the reader that gave it.
struct Record {
  std::int64_t offset = 0;
  std::int64_t timestamp_ms = -1;  // the writer's or the broker's, as the topic says; -1: none
  Bytes key;
  Bytes value;             // aligned to nothing
  bool tombstone = false;  // the value is null, which is not the same as empty

  /// The last header of that name. threads: one at a time per record.
  std::optional<Bytes> header(std::string_view name) const;
  /// In the order of the record. threads: one at a time per record.
  std::vector<Header> headers() const;

  explicit Record(rd_kafka_message_s* message);

 private:
  rd_kafka_message_s* message_;  // not owned
};

}  // namespace o2c::kafka
