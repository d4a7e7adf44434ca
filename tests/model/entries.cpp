#include "tests/model/entries.hpp"

#include <algorithm>

#include "events/base/assert.hpp"

namespace o2c::model {

Hash32 Entries::hash_of(EntryId id) {
  Hash32 hash;
  hash.bytes[0] = static_cast<std::uint8_t>(id);
  hash.bytes[1] = static_cast<std::uint8_t>(id >> 8);
  return hash;
}

void Entries::add(const Entry& entry, const Fold& fold) {
  O2C_ASSERT(entries_.size() < 0xFFFF);
  ids_.emplace(entry, static_cast<EntryId>(entries_.size()));
  entries_.push_back(entry);
  folds_.push_back(fold);
}

EntryId Entries::intern(const Entry& entry) {
  if (const auto found = ids_.find(entry); found != ids_.end()) return found->second;
  Fold fold = folds_[entry.previous];
  if (entry.command != no_command) fold.commands = static_cast<std::uint8_t>(fold.commands | 1 << entry.command);
  if (entry.command != no_command && entry.command >= first_of_source) {
    fold.source_next = std::max(fold.source_next, static_cast<std::uint8_t>(entry.command - first_of_source + 1));
  }
  add(entry, fold);
  return static_cast<EntryId>(entries_.size() - 1);
}

void Entries::shrink(std::size_t size) {
  for (std::size_t id = size; id < entries_.size(); ++id) ids_.erase(entries_[id]);
  entries_.resize(size);
  folds_.resize(size);
}

EntryId Entries::outcome(EntryId tip, CommandId command) const {
  EntryId at = tip;
  while (at != 0 && entries_[at].command != command) at = entries_[at].previous;
  return at;
}

EntryHead Entries::head(EntryId id) const {
  const Entry& entry = entries_[id];
  EntryHead head{.opens = entry.opens,
                 .epoch = entry.epoch,
                 .seq = entry.seq,
                 .prev_hash = hash_of(entry.previous),
                 .hash = hash_of(id)};
  head.open_id.bytes[0] = entry.open_id;
  return head;
}

}  // namespace o2c::model
