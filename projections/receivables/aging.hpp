#pragma once
#include <numeric>
#include <span>
#include <vector>

#include "projections/receivables/receivables.hpp"

namespace o2c {

/// Bucket of an instalment: 0 not due, 1… by days after the due date, the last one open-ended.
std::size_t bucket_of(const Buckets& limits, Date due_date, Date as_of);
/// current, d1_30, …, d121_plus.
std::vector<std::string> bucket_names(const Buckets& limits);

/// What the open parts of one item, or of many, add up to.
struct AgingSums {
  std::vector<Int128> buckets;
  Int128 unapplied = 0;
  std::int64_t open_invoices = 0, overdue_invoices = 0;
  Int128 open() const { return std::accumulate(buckets.begin(), buckets.end(), Int128{0}); }
  Int128 overdue() const { return open() - buckets[0]; }
  void add(const Item& item, std::span<const DuePart> parts, std::span<const std::int64_t> open, const Buckets& limits,
           Date as_of);
};

}  // namespace o2c
