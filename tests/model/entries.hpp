#pragma once
#include <array>
#include <map>
#include <vector>

#include "events/codec/reader_rule.hpp"

namespace o2c::model {

using EntryId = std::uint16_t;  // 0 is the genesis
using CommandId = std::uint8_t;

inline constexpr CommandId no_command = 0xFF;
inline constexpr CommandId first_of_source =
    2;  // commands 0, 1: of clients; 2, 3...: the records 0, 1... of one source partition

/// An entry by its content: equal content is one entry with one hash, in whatever state it is met.
struct Entry {
  bool opens = false;
  std::uint8_t epoch = 0, seq = 0;
  EntryId previous = 0;            // the one it was decided on
  CommandId command = no_command;  // a LaneOpened and a LaneConfirmed have none
  std::uint8_t open_id = 0;        // of a LaneOpened
  auto operator<=>(const Entry&) const = default;
};

/// What a fold of the chain that ends in an entry knows.
struct Fold {
  std::uint8_t commands = 0;     // those that have an entry, as bits
  std::uint8_t source_next = 0;  // largest source offset plus one
};

/// All entries that were ever fabricated, with small numbers for hashes.
class Entries {
 public:
  Entries() { add({}, {}); }
  EntryId intern(const Entry& entry);
  std::size_t size() const { return entries_.size(); }
  /// Forgets the entries from number `size` on: nothing may hold one any more.
  void shrink(std::size_t size);
  const Entry& operator[](EntryId id) const { return entries_[id]; }
  const Fold& fold(EntryId tip) const { return folds_[tip]; }
  /// The entry of `command` in the chain that ends in `tip`; 0 without one.
  EntryId outcome(EntryId tip, CommandId command) const;
  EntryHead head(EntryId id) const;
  Tip tip(EntryId id) const { return {entries_[id].epoch, entries_[id].seq, hash_of(id)}; }

  static Hash32 hash_of(EntryId id);
  static EntryId id_of(const Hash32& hash) { return static_cast<EntryId>(hash.bytes[0] | hash.bytes[1] << 8); }

 private:
  void add(const Entry& entry, const Fold& fold);

  std::vector<Entry> entries_;
  std::vector<Fold> folds_;
  std::map<Entry, EntryId> ids_;
};

}  // namespace o2c::model
