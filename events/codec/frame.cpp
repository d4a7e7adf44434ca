#include "events/codec/frame.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace o2c {
namespace {

std::uint32_t load32(const std::uint8_t* at) {
  std::uint32_t value = 0;
  std::memcpy(&value, at, 4);
  return value;
}
void store32(std::uint8_t* at, std::size_t value) {
  const auto narrow = static_cast<std::uint32_t>(value);
  std::memcpy(at, &narrow, 4);
}
std::size_t padded(std::size_t size) { return (size + 7) / 8 * 8; }

/// An entry nested deeper or with more tables than this was not written by us.
template <class T> bool verify(Bytes bytes) {
  flatbuffers::Verifier verifier(bytes.data(), bytes.size(), 32, 100'000);
  return verifier.VerifyBuffer<T>(nullptr);
}

Result<FrameView> check_full(FrameView view) {
  if (crc32c(view.frame.subspan(8)) != load32(view.frame.data() + 4))
    return integrity("frame: checksum (CRC32C) does not match its bytes");
  if (!verify<fb::Entry>(view.entry_bytes)) return integrity("frame: entry is not a valid FlatBuffer");
  const fb::Entry& entry = *flatbuffers::GetRoot<fb::Entry>(view.entry_bytes.data());
  if (view.command_bytes.empty()) return view;
  if (!verify<fb::Command>(view.command_bytes))
    return integrity(fmt::format("entry {}: command is not a valid FlatBuffer", entry.seq()));
  if (!entry.command_hash() || Hash32::from(*entry.command_hash()) != sha256(view.command_bytes)) {
    return integrity(fmt::format("entry {}: command_hash does not match the command's bytes", entry.seq()));
  }
  return view;
}

}  // namespace

Hash32 genesis_hash(const Id16& journal_id, std::uint32_t lane) {
  std::array<std::uint8_t, 20> input{};
  std::memcpy(input.data(), journal_id.bytes.data(), 16);
  std::memcpy(input.data() + 16, &lane, 4);
  return sha256(input);
}

Result<FrameView> read_frame(Bytes bytes, Check check) {
  O2C_ASSERT(reinterpret_cast<std::uintptr_t>(bytes.data()) % 8 == 0);
  if (bytes.size() < frame_header) return integrity("frame: shorter than its header");
  const std::size_t length = load32(bytes.data()), entry_size = load32(bytes.data() + 8),
                    command_size = load32(bytes.data() + 12);
  if (length > bytes.size() || length % 8 != 0 || length != frame_header + padded(entry_size) + padded(command_size) ||
      entry_size < 8) {
    return integrity("frame: lengths do not add up");
  }
  FrameView view;
  view.frame = bytes.first(length);
  view.entry_bytes = bytes.subspan(frame_header, entry_size);
  view.command_bytes = bytes.subspan(frame_header + padded(entry_size), command_size);
  if (check == Check::full) {
    if (auto checked = check_full(view); !checked) return checked;
  }
  view.entry = flatbuffers::GetRoot<fb::Entry>(view.entry_bytes.data());
  if (command_size > 0) view.command = flatbuffers::GetRoot<fb::Command>(view.command_bytes.data());
  return view;
}

void FrameBatch::clear() {
  words_.clear();
  offsets_.clear();
}

std::uint8_t* FrameBatch::extend(std::size_t bytes) {
  const std::size_t at = words_.size();
  if (at + bytes / 8 > words_.capacity()) words_.reserve(std::max(2 * words_.capacity(), at + bytes / 8));
  words_.resize(at + bytes / 8, boost::container::default_init);
  offsets_.push_back(at);
  return reinterpret_cast<std::uint8_t*>(words_.data() + at);
}

void FrameBatch::add(Bytes entry, Bytes command) {
  const std::size_t entry_room = padded(entry.size()), command_room = padded(command.size());
  std::uint8_t* frame = extend(frame_header + entry_room + command_room);
  store32(frame, frame_header + entry_room + command_room);
  store32(frame + 4, 0);  // sealing puts the checksum there
  store32(frame + 8, entry.size());
  store32(frame + 12, command.size());
  const auto place = [](std::uint8_t* at, Bytes bytes, std::size_t room) {
    if (!bytes.empty()) std::memcpy(at, bytes.data(), bytes.size());
    std::memset(at + bytes.size(), 0, room - bytes.size());
  };
  place(frame + frame_header, entry, entry_room);
  place(frame + frame_header + entry_room, command, command_room);
  if (offsets_.size() == 1) first_seq_ = flatbuffers::GetRoot<fb::Entry>(frame + frame_header)->seq();
}

void FrameBatch::add_sealed(Bytes sealed) {
  std::uint8_t* frame = extend(sealed.size());
  std::memcpy(frame, sealed.data(), sealed.size());
  if (offsets_.size() == 1) first_seq_ = flatbuffers::GetRoot<fb::Entry>(frame + frame_header)->seq();
}

void FrameBatch::seal(Tip& tip) {
  for (const std::size_t offset : offsets_) {
    auto* frame = reinterpret_cast<std::uint8_t*>(words_.data() + offset);
    const std::size_t length = load32(frame), entry_size = load32(frame + 8);
    auto* entry = flatbuffers::GetMutableRoot<fb::Entry>(frame + frame_header);
    O2C_ASSERT(entry->seq() == tip.seq + 1 && entry->epoch() >= tip.epoch);
    // The struct lies in place inside the table; only its 32 bytes change.
    std::memcpy(const_cast<fb::Hash32*>(entry->prev_hash()), tip.hash.bytes.data(), 32);
    tip = {entry->epoch(), entry->seq(), sha256({frame + frame_header, entry_size})};
    store32(frame + 4, crc32c({frame + 8, length - 8}));
  }
}

FrameView FrameBatch::at(std::size_t index) const {
  const std::size_t end = index + 1 < offsets_.size() ? offsets_[index + 1] : words_.size();
  const auto* frame = reinterpret_cast<const std::uint8_t*>(words_.data() + offsets_[index]);
  return *read_frame({frame, (end - offsets_[index]) * 8}, Check::trusted);
}

EntryHead head_of(const FrameView& frame) {
  const fb::Entry& entry = *frame.entry;
  return {.opens = entry.kind() == fb::EntryKind::lane_opened,
          .epoch = entry.epoch(),
          .seq = entry.seq(),
          .prev_hash = Hash32::from(*entry.prev_hash()),
          .hash = frame.hash(),
          .open_id = entry.open_id() ? Id16::from(*entry.open_id()) : Id16{}};
}

}  // namespace o2c
