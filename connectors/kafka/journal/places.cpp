#include "connectors/kafka/journal/places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>

namespace o2c::kafka {
namespace {

struct Row {
  std::uint64_t epoch = 0, seq = 0;
  std::int64_t offset = 0;
  Hash32 hash;
  std::uint64_t check = 0;
};
static_assert(sizeof(Row) == 64 && std::is_trivially_copyable_v<Row>);

std::uint64_t check_of(const Row& row) {
  const Hash32 hash = sha256({reinterpret_cast<const std::uint8_t*>(&row), offsetof(Row, check)});
  std::uint64_t check = 0;
  std::memcpy(&check, hash.bytes.data(), sizeof check);
  return check;
}

}  // namespace

Result<void> Places::load(const Place& genesis, const std::filesystem::path& file) {
  const std::lock_guard lock(mutex_);
  places_ = {genesis};
  file_ = file;
  if (file_.empty()) return {};
  std::ifstream in(file_, std::ios::binary);
  Row row;
  std::uintmax_t good = 0;
  while (in.read(reinterpret_cast<char*>(&row), sizeof row) && row.check == check_of(row) &&
         row.seq > places_.back().tip.seq && row.offset > places_.back().offset) {
    places_.push_back({{row.epoch, row.seq, row.hash}, row.offset});
    good += sizeof row;
  }
  in.close();
  std::error_code failed;
  if (std::filesystem::exists(file_, failed) && std::filesystem::file_size(file_, failed) != good)
    std::filesystem::resize_file(file_, good, failed);
  if (failed)
    return Error{ErrorCode::unavailable, fmt::format("{}: {}", file_.string(), failed.message()), Remedy::fix_first};
  return {};
}

void Places::note(const Place& place) { append(place, every); }
void Places::keep(const Place& place) { append(place, 1); }

void Places::append(const Place& place, std::uint64_t distance) {
  const std::lock_guard lock(mutex_);
  if (place.tip.seq < places_.back().tip.seq + distance) return;
  places_.push_back(place);
  if (file_.empty()) return;
  Row row{place.tip.epoch, place.tip.seq, place.offset, place.tip.hash, 0};
  row.check = check_of(row);
  std::ofstream out(file_, std::ios::binary | std::ios::app);
  out.write(reinterpret_cast<const char*>(&row), sizeof row);
}

Place Places::before(std::uint64_t seq) const {
  const std::lock_guard lock(mutex_);
  const auto after = std::ranges::lower_bound(places_, seq, {}, [](const Place& place) { return place.tip.seq; });
  return after == places_.begin() ? places_.front() : *std::prev(after);
}

}  // namespace o2c::kafka
