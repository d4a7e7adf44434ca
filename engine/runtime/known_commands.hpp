#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include <boost/unordered/unordered_flat_map.hpp>

#include "events/base/date.hpp"
#include "events/base/hash.hpp"

namespace o2c {

/// Which commands a lane has decided: id -> place in the journal, so that a repeat gets its first answer. Ids are kept for a window of
/// recorded time (never of a clock), source keys for ever. Part of the lane's fold.
class KnownCommands {
 public:
  struct Known {
    std::uint64_t seq = 0;
    std::uint64_t request_hash = 0;  // first 8 bytes
  };
  static constexpr std::int64_t window_micros = std::int64_t{30} * 24 * 3600 * 1'000'000;
  /// How far a client's clock may run ahead. Ids are kept so much longer than the window, because a command is judged by
  /// when it was issued and remembered by when it was recorded.
  static constexpr std::int64_t ahead_micros = std::int64_t{24} * 3600 * 1'000'000;

  /// Ids are unique per company: the same 16 bytes in another company are another command.
  static Id16 key_of(std::string_view company, const Id16& command_id);
  static Id16 key_of(std::string_view company, std::string_view source_key);

  std::optional<Known> find(const Id16& key) const;
  std::optional<Known> find_source(const Id16& key) const;
  void add(const Id16& key, Known known, Instant recorded_at);
  void add_source(const Id16& key, Known known);
  /// Issued earlier than this, a command might be a forgotten repeat.
  Instant oldest_known(Instant now) const { return Instant{now.micros - window_micros}; }
  /// Issued later than this, a command might be asked for again when its id is forgotten.
  Instant latest_issued(Instant now) const { return Instant{now.micros + ahead_micros}; }
  std::size_t size() const { return ids_.size(); }

  /// Rows added since the last call, packed; and back. A checkpoint keeps them as one value.
  std::string take_new();
  void load(std::string_view packed, Instant now);

 private:
  struct Hasher {
    std::size_t operator()(const Id16& id) const;
  };
  struct Row {
    Id16 key;
    Known known;
    std::int64_t recorded_micros;
  };
  using Index = boost::unordered_flat_map<Id16, std::uint32_t, Hasher>;
  void keep(const Row& row);
  void forget_before(std::int64_t micros);

  // Ids in the order of recording, so that the oldest go first; the index counts on from `forgotten_`, modulo 2^32.
  std::deque<Row> rows_;
  Index ids_;
  std::uint32_t forgotten_ = 0;
  std::size_t packed_ = 0;  // rows in front that were taken already
  boost::unordered_flat_map<Id16, Known, Hasher> sources_;
  std::vector<Row> new_sources_;
};

}  // namespace o2c
