#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "projections/runtime/fact.hpp"

namespace o2c {

/// Additive amounts of a stretch of time.
struct Flow {
  std::int64_t invoiced_minor = 0;   // with tax, less reversals
  std::int64_t collected_minor = 0;  // cash applied to invoices, less taken off again
  Int128 collected_days = 0;         // Σ cash applied · (day of receipt − day of invoice)
  void add(const Flow& other);
  bool operator==(const Flow&) const = default;
};

/// Sums of flows between two days with the knowledge of a position, without adding up the history.
///
/// Flows lie in journal order, sixteen to a block; a block that lies wholly inside counts by its sum, one wholly outside
/// is skipped. Days rise with the journal but for late entries, so few blocks are opened.
class FlowIndex {
 public:
  void add(std::uint64_t seq, std::array<std::int32_t, 2> days, const Flow& flow);
  /// from <= day <= view.as_of, entries up to view.known.
  Flow sum(const View& view, Date from) const;

 private:
  static constexpr std::size_t width = 16;
  struct Block {
    std::uint64_t first_seq = 0, last_seq = 0;
    std::array<std::int32_t, 2> first_day{}, last_day{};  // by posting and by business
    Flow sum;
    void include(std::uint64_t seq, std::array<std::int32_t, 2> days, const Flow& flow);
  };
  void descend(std::size_t level, std::size_t i, const View& view, std::int32_t from, Flow& sum) const;

  std::vector<std::vector<Block>> levels_;  // [0]: single flows
};

}  // namespace o2c
