#include "engine/storage/tip_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace o2c::storage {
namespace {

constexpr char magic[8] = {'o', '2', 'c', 't', 'i', 'p', '0', '1'};
constexpr std::size_t id_at = 8, number_at = 24, group_at = 32, lanes_at = 40, crc_at = 44, tips_at = 48, tip_size = 48;
constexpr std::size_t slot_unit = 4096;

std::size_t slot_size(std::size_t lanes) {
  return (tips_at + lanes * tip_size + slot_unit - 1) / slot_unit * slot_unit;
}

template <class T> void put(std::vector<std::uint8_t>& slot, std::size_t at, const T& value) {
  std::memcpy(slot.data() + at, &value, sizeof(T));
}
template <class T> T get(Bytes slot, std::size_t at) {
  T value;
  std::memcpy(&value, slot.data() + at, sizeof(T));
  return value;
}

std::vector<std::uint8_t> encode(std::uint64_t number, const TipRecord& record) {
  std::vector<std::uint8_t> slot(slot_size(record.tips.size()));
  std::memcpy(slot.data(), magic, sizeof(magic));
  put(slot, id_at, record.journal_id.bytes);
  put(slot, number_at, number);
  put(slot, group_at, record.group);
  put(slot, lanes_at, static_cast<std::uint32_t>(record.tips.size()));
  for (std::size_t lane = 0; lane < record.tips.size(); ++lane) {
    const std::size_t at = tips_at + lane * tip_size;
    put(slot, at, record.tips[lane].epoch);
    put(slot, at + 8, record.tips[lane].seq);
    put(slot, at + 16, record.tips[lane].hash.bytes);
  }
  put(slot, crc_at, crc32c(slot));
  return slot;
}

struct Slot {
  std::uint64_t number = 0;
  TipRecord record;
};

/// Nothing when the slot is damaged.
std::optional<Slot> decode(std::vector<std::uint8_t> bytes) {
  const auto crc = get<std::uint32_t>(bytes, crc_at);
  put(bytes, crc_at, std::uint32_t{0});
  if (std::memcmp(bytes.data(), magic, sizeof(magic)) != 0 || crc32c(bytes) != crc) return std::nullopt;
  const std::size_t lanes = get<std::uint32_t>(bytes, lanes_at);
  if (slot_size(lanes) != bytes.size()) return std::nullopt;
  Slot slot{get<std::uint64_t>(bytes, number_at), {}};
  slot.record.journal_id.bytes = get<std::array<std::uint8_t, 16>>(bytes, id_at);
  slot.record.group = get<std::uint64_t>(bytes, group_at);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const std::size_t at = tips_at + lane * tip_size;
    slot.record.tips.push_back({get<std::uint64_t>(bytes, at),
                                get<std::uint64_t>(bytes, at + 8),
                                {get<std::array<std::uint8_t, 32>>(bytes, at + 16)}});
  }
  return slot;
}

std::optional<Slot> read_slot(const File& file, std::size_t size, std::size_t index) {
  std::vector<std::uint8_t> bytes(size);
  const ssize_t got = ::pread(file.descriptor(), bytes.data(), size, static_cast<off_t>(index * size));
  if (got != static_cast<ssize_t>(size)) return std::nullopt;
  return decode(std::move(bytes));
}

}  // namespace

Result<TipFile> TipFile::create(const std::filesystem::path& path, const TipRecord& first) {
  Result<File> file = open_file(path, O_RDWR | O_CREAT | O_TRUNC);
  if (!file) return file.error();
  TipFile made(std::move(*file), path);
  made.current_ = first;
  for (int slot = 0; slot < 2; ++slot) {
    if (auto written = made.write(first.group, first.tips); !written) return written.error();
  }
  if (auto synced = sync_directory(path.parent_path()); !synced) return synced.error();
  return made;
}

Result<TipFile> TipFile::open(const std::filesystem::path& path, const Id16& journal_id, std::uint32_t lanes) {
  Result<File> file = open_file(path, O_RDWR);
  if (!file) return file.error();
  std::optional<Slot> newest;
  for (std::size_t index = 0; index < 2; ++index) {
    std::optional<Slot> slot = read_slot(*file, slot_size(lanes), index);
    if (slot && (!newest || slot->number > newest->number)) newest = std::move(slot);
  }
  if (!newest) return integrity(fmt::format("tip file {}: both slots are damaged", path.string()));
  if (newest->record.journal_id != journal_id || newest->record.tips.size() != lanes) {
    return integrity(fmt::format("tip file {} belongs to another journal ({}, this one is {})", path.string(),
                                 to_hex(newest->record.journal_id), to_hex(journal_id)));
  }
  TipFile opened(std::move(*file), path);
  opened.number_ = newest->number;
  opened.current_ = std::move(newest->record);
  return opened;
}

Result<void> TipFile::write(std::uint64_t group, const std::vector<Tip>& tips) {
  ++number_;
  current_.group = group;
  current_.tips = tips;
  const std::vector<std::uint8_t> slot = encode(number_, current_);
  if (auto written = write_at(file_, slot, number_ % 2 * slot.size()); !written) return written;
  if (::fdatasync(file_.descriptor()) != 0) return system_error("cannot sync", path_, errno);
  return {};
}

}  // namespace o2c::storage
