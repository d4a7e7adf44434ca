#pragma once
// Private to engine/copy.
#include "engine/ports/journal.hpp"

namespace o2c {

/// The entry of a command at another place: lane, seq and epoch are new, prev_hash is left to the journal, and everything that lies behind an
/// offset (source, refusal, events, answer) is taken over byte for byte, so also what only a newer program would know of an event.
///
/// frame    a checked entry of kind command. place: of the new entry; its hash is not used.
/// returns  the entry's bytes, in `builder` until its next use.
/// errors   integrity: an entry with fields that this program does not know, or one that was not laid down as a builder does it.
Result<Bytes> reframe(flatbuffers::FlatBufferBuilder& builder, const FrameView& frame, LaneId lane, const Tip& place);

}  // namespace o2c
