#pragma once
#include <cstdint>

namespace o2c::sim {

/// What befalls produce requests, ppm of them.
struct KafkaFaults {
  std::uint32_t dropped = 0;         // does not arrive, reported as failed
  std::uint32_t late = 0;            // reported as failed, arrives at any later time
  std::uint32_t failed = 0;          // arrives, reported as failed
  std::uint32_t silent = 0;          // arrives, no report
  std::uint32_t doubled = 0;         // arrives, and once more at any later time
  std::uint32_t overtaken = 0;       // a later one arrives first
  std::uint32_t without_offset = 0;  // arrives, a success whose offset is unknown
  std::uint32_t wrong_offset = 0;    // arrives, a success with small numbers for offsets
  std::uint32_t report_late = 0;     // a later report comes first
  std::uint32_t outage = 0;          // the leader is gone for a while
};

}  // namespace o2c::sim
