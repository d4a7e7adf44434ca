#pragma once
#include <cstdint>
#include <vector>

#include "engine/runtime/request.hpp"

namespace o2c {

/// Workload O2C-1: cycles of quote, acceptance, confirmation, shipment, invoice, payment with three lines each, in blocks of 64 cycles; every
/// 200th cycle exceeds the credit limit, so its last four commands are refused; after each block four of its commands come once more.
/// Everything follows from the cycle's number, so that every engine gets the same work.
class O2c1Workload {
 public:
  static constexpr std::string_view company = "o2c-1";
  static constexpr std::uint64_t block = 64, steps = 6, repeats_per_block = 4;

  explicit O2c1Workload(std::uint64_t cycles);

  /// Company, policies (over limit and short stock are refused, tax per line half up, a receipt pays its invoice exactly), 10,000 customers with
  /// a limit of 100,000.00, 1,000 products with plenty of stock.
  const std::vector<Bytes>& setup() const { return setup_; }
  const std::vector<Bytes>& commands() const { return commands_; }
  std::uint64_t expected_entries() const { return cycles_ * steps; }
  std::uint64_t expected_refused() const { return cycles_ / 200 * 4; }
  std::uint64_t expected_repeats() const { return commands_.size() - expected_entries(); }

 private:
  void keep(flatbuffers::FlatBufferBuilder& builder, std::vector<Bytes>& list);
  void add_setup();
  void add_command(std::uint64_t cycle, std::uint64_t step);

  std::uint64_t cycles_;
  std::vector<std::unique_ptr<std::uint64_t[]>> arenas_;  // commands lie close together, 8-byte aligned
  std::size_t arena_left_ = 0;
  std::uint64_t* arena_at_ = nullptr;
  std::vector<Bytes> setup_, commands_;
};

}  // namespace o2c
