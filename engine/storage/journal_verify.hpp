#pragma once
// Private to engine/storage.
#include "engine/storage/embedded_journal.hpp"
#include "engine/storage/group_store.hpp"
#include "engine/storage/tip_file.hpp"

namespace o2c::storage {

std::filesystem::path database_path(const std::filesystem::path& data);
std::filesystem::path tip_path(const std::filesystem::path& data);

/// errors  not_found; integrity when the database vanished beside its tip file: that is damage, not a new start.
Result<void> require_database(const std::filesystem::path& data);

/// Opens the witness of a journal. One without any entry may lack it: its making was interrupted.
/// errors  integrity when it is missing or damaged and the journal has entries.
Result<TipFile> open_tip_file(const std::filesystem::path& data, const GroupStore& store);

/// The end of each lane, at or behind what the tip file says: from the entry that it names to the last one, checked and chained.
/// errors  integrity when the journal ends before it, with the number of entries that are missing.
Result<std::vector<Tip>> find_tips(const GroupStore& store, const TipRecord& witness);

/// Walks all groups up to `last_group` as EmbeddedJournal::verify says; `witness` may be missing.
Result<JournalInfo> verify_groups(const GroupStore& store, std::uint64_t last_group, const TipRecord* witness,
                                  const VerifyProgress& progress);

std::uint64_t disk_bytes(const std::filesystem::path& data);

}  // namespace o2c::storage
