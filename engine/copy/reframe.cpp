#include "engine/copy/reframe.hpp"

#include <fmt/format.h>

namespace o2c {
namespace {

/// What lies behind the root table. A builder writes from the end to the beginning and the root last, so these bytes hold everything that the
/// root points at, with its vtables, and need nothing before them.
Bytes behind_root(Bytes entry) {
  const auto* root = flatbuffers::GetRoot<flatbuffers::Table>(entry.data());
  const auto size = flatbuffers::ReadScalar<flatbuffers::voffset_t>(root->GetVTable() + sizeof(flatbuffers::voffset_t));
  return entry.subspan(static_cast<std::size_t>(reinterpret_cast<const std::uint8_t*>(root) - entry.data()) + size);
}

bool knows_all_fields(Bytes entry) {
  const auto* vtable = flatbuffers::GetRoot<flatbuffers::Table>(entry.data())->GetVTable();
  return flatbuffers::ReadScalar<flatbuffers::voffset_t>(vtable) <=
         fb::Entry::VT_COPIED_FROM + sizeof(flatbuffers::voffset_t);
}

}  // namespace

Result<Bytes> reframe(flatbuffers::FlatBufferBuilder& builder, const FrameView& frame, LaneId lane, const Tip& place) {
  const fb::Entry& entry = *frame.entry;
  const auto failed = [&](std::string_view why) {
    return integrity(fmt::format("journal lane {} seq {}: {}", entry.lane(), entry.seq(), why));
  };
  if (!knows_all_fields(frame.entry_bytes)) return failed("the entry has fields of a newer program");
  const Bytes parts = behind_root(frame.entry_bytes);
  const std::uint8_t* end = frame.entry_bytes.data() + frame.entry_bytes.size();
  builder.Clear();
  builder.PushBytes(parts.data(), parts.size());
  // An offset counts from the end of the buffer, and the end is the same.
  const auto same = [&]<class T>(const T* part) {
    using Offset = flatbuffers::Offset<T>;
    return part ? Offset(static_cast<flatbuffers::uoffset_t>(end - reinterpret_cast<const std::uint8_t*>(part)))
                : Offset();
  };
  const auto source = same(entry.source());
  const auto refused = same(entry.refused());
  const auto events = same(entry.events());
  const auto answer = same(entry.answer());
  for (const flatbuffers::uoffset_t offset : {source.o, refused.o, events.o, answer.o}) {
    if (offset > parts.size()) return failed("a part of the entry lies before its root");
  }
  const fb::Hash32 no_hash{};
  builder.Finish(fb::CreateEntry(builder, lane, place.seq, place.epoch, &no_hash, entry.recorded_at(), entry.kind(),
                                 nullptr, entry.business_date(), entry.command_hash(), source, entry.outcome(), refused,
                                 events, answer));
  const Bytes bytes{builder.GetBufferPointer(), builder.GetSize()};
  flatbuffers::Verifier verifier(bytes.data(), bytes.size());
  if (!verifier.VerifyBuffer<fb::Entry>(nullptr)) return failed("the entry cannot be taken to another place");
  return bytes;
}

}  // namespace o2c
