#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "events/base/assert.hpp"
#include "events/base/checked.hpp"
#include "events/base/hash.hpp"

namespace o2c::sim {

/// The only chance in a run: everything that a seed leads to is drawn here, in one order (SplitMix64, Steele et al. 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  /// 0 <= result < n.
  std::uint64_t below(std::uint64_t n) {
    __extension__ using Uint128 = unsigned __int128;
    O2C_ASSERT(n > 0);
    return static_cast<std::uint64_t>((static_cast<Uint128>(next()) * n) >> 64);
  }
  /// low <= result <= high.
  template <class T> T between(T low, T high) {
    return static_cast<T>(low + static_cast<T>(below(static_cast<std::uint64_t>(high - low) + 1)));
  }
  /// True `ppm` times in a million.
  bool chance(std::uint32_t ppm) { return below(1'000'000) < ppm; }
  bool coin() { return (next() & 1) != 0; }
  Id16 id() {
    Id16 id;
    for (std::uint8_t& byte : id.bytes) byte = static_cast<std::uint8_t>(next());
    return id;
  }

  template <class List> const typename List::value_type& pick(const List& list) {
    return list[static_cast<std::size_t>(below(list.size()))];
  }
  template <class T> T one_of(std::initializer_list<T> list) { return list.begin()[below(list.size())]; }
  /// Index drawn by weight; the sum must be above zero.
  template <class List> std::size_t weighted(const List& weights) {
    std::uint64_t sum = 0;
    for (const auto w : weights) sum += w;
    std::uint64_t at = below(sum);
    std::size_t i = 0;
    while (at >= weights[i]) at -= weights[i++];
    return i;
  }

 private:
  std::uint64_t state_;
};

}  // namespace o2c::sim
