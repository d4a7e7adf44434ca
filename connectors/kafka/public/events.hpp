#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "connectors/kafka/public/record.hpp"
#include "events/base/result.hpp"
#include "events/codec/frame.hpp"

namespace o2c::kafka {

/// How many events an entry has: by so many the sequence grows.
std::uint64_t event_count(const FrameView& entry);

/// The records of o2c.events.v1 for one entry that counts: one for each event, none for an entry without events.
///
/// Key      company/stream type/stream id, see key_of: the history of one document stays together wherever a subscriber spreads it.
/// Headers  CloudEvents 1.0, Kafka binary mode. ce_sequence is the event's number within the partition, in 20 digits, so that texts
///          compare as the numbers do (CloudEvents Sequence extension); ce_entryseq and ce_eventindex say where the event lies in the
///          journal; ce_authtype what acted (Auth Context extension), never who.
/// Value    a PublicEvent (events/schema/public.fbs), decoded alone; personal fields are withheld.
///
/// first_sequence  of the entry's first event: 1 + the number of events before it in the lane.
/// returns  the same bytes for the same entry and number, whoever publishes and whenever.
/// errors   integrity: an event of a type that this program does not know.
/// threads  pure, call from anywhere.
Result<std::vector<PublicRecord>> events_records(const FrameView& entry, std::uint64_t first_sequence);

/// The records of o2c.events.json.v1 for the same events: same keys, same headers but the content type; the value in CloudEvents' JSON
/// format (structured mode), its data the PublicEvent by the one JSON mapping.
///
/// events  made by events_records.
std::vector<PublicRecord> events_json_records(std::span<const PublicRecord> events);

}  // namespace o2c::kafka
