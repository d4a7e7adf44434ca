#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>

#include "events/base/checked.hpp"
#include "projections/runtime/report.hpp"

namespace o2c {

/// How a measure of slices gives that of the whole.
///   additive      slices sum to it
///   balance       slices of one moment sum to it; moments do not
///   distinct      of sets: a document may touch several products, so slices of lines may count it twice; slices of documents sum to it
///   ratio         from the summed numerators and denominators of the slices
///   distribution  from the merged counting tables of the slices
enum class MeasureKind : std::uint8_t { additive, balance, distinct, ratio, distribution };

struct KpiMeasure {
  std::string_view name, title_en, title_zh;
  MeasureKind kind;
  bool of_lines;  // has a meaning for products, categories and destinations
};
/// The columns of the key figure board, in their order.
std::span<const KpiMeasure> kpi_measures();

/// How often each whole value occurred: gives exact medians and percentiles, and may be merged.
class CountingTable {
 public:
  void add(std::int32_t value, std::int64_t times = 1) { counts_[value] += times, total_ += times; }
  void merge(const CountingTable& other) {
    for (const auto& [value, times] : other.counts_) add(value, times);
  }
  std::int64_t total() const { return total_; }
  /// Mean of the two middle values where their number is even, one decimal; undefined when there are none.
  Cell median() const;
  /// The smallest value that at least `percent` of all do not exceed (nearest rank).
  Cell percentile(int percent) const;

 private:
  std::int32_t nth(std::int64_t rank) const;  // 1, 2, 3…
  std::map<std::int32_t, std::int64_t> counts_;
  std::int64_t total_ = 0;
};

/// Days sales outstanding: open / sales · days, both with tax; one decimal.
inline Cell dso_cell(Int128 open, Int128 sales, std::int64_t days) {
  return sales > 0 ? ratio_cell(open * days, sales, 1) : Cell{};
}
/// Collection effectiveness in percent: of what could be collected, how much was. Undefined when nothing could.
inline Cell cei_cell(Int128 opening, Int128 sales, Int128 closing, Int128 closing_not_due) {
  const Int128 collectable = opening + sales - closing_not_due;
  return collectable > 0 ? ratio_cell((opening + sales - closing) * 100, collectable, 1) : Cell{};
}
/// Part of a whole in percent, one decimal; undefined when there is no whole.
inline Cell percent_cell(Int128 part, Int128 whole) { return whole > 0 ? ratio_cell(part * 100, whole, 1) : Cell{}; }

}  // namespace o2c
