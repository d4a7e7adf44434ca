#include "engine/runtime/known_commands.hpp"

#include <cstring>

namespace o2c {

std::size_t KnownCommands::Hasher::operator()(const Id16& id) const {
  // Client ids may be counters, so both halves are mixed.
  std::uint64_t a = 0, b = 0;
  std::memcpy(&a, id.bytes.data(), 8);
  std::memcpy(&b, id.bytes.data() + 8, 8);
  std::uint64_t h = (a ^ (b * 0x9E3779B97F4A7C15ULL)) * 0xBF58476D1CE4E5B9ULL;
  return h ^ (h >> 32);
}

Id16 KnownCommands::key_of(std::string_view company, const Id16& command_id) {
  // 128 bits made by clients do not meet by chance; mixing the company in keeps companies of one lane apart even when they copy ids.
  std::uint64_t h = 0xCBF29CE484222325ULL;
  for (const char c : company) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  Id16 key = command_id;
  for (std::size_t i = 0; i < 8; ++i) key.bytes[i] ^= static_cast<std::uint8_t>(h >> (8 * i));
  return key;
}

Id16 KnownCommands::key_of(std::string_view company, std::string_view source_key) {
  Sha256 hash;
  hash.update(company);
  hash.update(std::string_view("\0", 1));
  hash.update(source_key);
  const Hash32 full = hash.finish();
  Id16 key;
  std::memcpy(key.bytes.data(), full.bytes.data(), 16);
  return key;
}

std::optional<KnownCommands::Known> KnownCommands::find(const Id16& key) const {
  const auto at = ids_.find(key);
  return at == ids_.end() ? std::nullopt : std::optional{rows_[at->second - forgotten_].known};
}
std::optional<KnownCommands::Known> KnownCommands::find_source(const Id16& key) const {
  const auto at = sources_.find(key);
  return at == sources_.end() ? std::nullopt : std::optional{at->second};
}

void KnownCommands::add(const Id16& key, Known known, Instant recorded_at) {
  forget_before(recorded_at.micros - window_micros - ahead_micros);
  keep({key, known, recorded_at.micros});
}
void KnownCommands::add_source(const Id16& key, Known known) {
  sources_.insert_or_assign(key, known);
  new_sources_.push_back({key, known, 0});
}

void KnownCommands::keep(const Row& row) {
  ids_.insert_or_assign(row.key, forgotten_ + static_cast<std::uint32_t>(rows_.size()));
  rows_.push_back(row);
}

void KnownCommands::forget_before(std::int64_t micros) {
  while (!rows_.empty() && rows_.front().recorded_micros < micros) {
    const auto at = ids_.find(rows_.front().key);
    if (at != ids_.end() && at->second == forgotten_) ids_.erase(at);
    rows_.pop_front();
    ++forgotten_;
    if (packed_ > 0) --packed_;
  }
}

namespace {
constexpr std::size_t row_size = 41;  // key, seq, hash, recorded, is a source key

void pack(std::string& packed, const Id16& key, const KnownCommands::Known& known, std::int64_t recorded_micros,
          bool source) {
  packed.append(reinterpret_cast<const char*>(key.bytes.data()), 16);
  packed.append(reinterpret_cast<const char*>(&known), 16);
  packed.append(reinterpret_cast<const char*>(&recorded_micros), 8);
  packed.push_back(source ? 1 : 0);
}
}  // namespace

std::string KnownCommands::take_new() {
  std::string packed;
  packed.reserve((rows_.size() - packed_ + new_sources_.size()) * row_size);
  for (; packed_ < rows_.size(); ++packed_)
    pack(packed, rows_[packed_].key, rows_[packed_].known, rows_[packed_].recorded_micros, false);
  for (const Row& row : new_sources_) pack(packed, row.key, row.known, row.recorded_micros, true);
  new_sources_.clear();
  return packed;
}

void KnownCommands::load(std::string_view packed, Instant now) {
  for (; packed.size() >= row_size; packed.remove_prefix(row_size)) {
    Row row{};
    std::memcpy(row.key.bytes.data(), packed.data(), 16);
    std::memcpy(&row.known, packed.data() + 16, 16);
    std::memcpy(&row.recorded_micros, packed.data() + 32, 8);
    if (packed[40] == 1) sources_.insert_or_assign(row.key, row.known);
    else if (row.recorded_micros >= now.micros - window_micros - ahead_micros) keep(row), ++packed_;
  }
}

}  // namespace o2c
