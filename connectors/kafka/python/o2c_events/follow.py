"""Takes each event of a partition exactly once and in order, whatever the topic repeats."""

from __future__ import annotations

from typing import Iterable, Iterator, Mapping, NamedTuple, Sequence

from o2c_events.event import Event, Malformed, decode
from o2c_events.schema import Schema


class Record(NamedTuple):
    """What every Kafka client knows of a record."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


class SequenceGap(RuntimeError):
    """Events are missing: the topic no longer has them, or the reader was sent to a wrong offset. Read on from an earlier offset."""

    def __init__(self, partition: int, expected: int, found: int):
        super().__init__(f"partition {partition}: event {expected} is missing, {found} came instead")
        self.partition, self.expected, self.found = partition, expected, found


class Deduplicator:
    """Knows the last sequence taken of each partition. A publisher that took over may write events again, and a former one's may land
    late: all of them are behind the last one and are dropped.

    positions   last sequence taken by partition, kept by the caller beside what was made of the events; of a partition that is not in
                there the first record that comes is taken.
    from_start  such a partition must begin with event 1 instead.
    """

    def __init__(self, positions: Mapping[int, int] | None = None, *, from_start: bool = False):
        self._last = dict(positions or {})
        self._from_start = from_start

    def is_next(self, partition: int, sequence: int) -> bool:
        """True: new, the very next one. False: a repeat. Raises SequenceGap."""
        last = self._last.get(partition, 0 if self._from_start else sequence - 1)
        if sequence > last + 1:
            raise SequenceGap(partition, last + 1, sequence)
        return sequence > last

    def take(self, partition: int, sequence: int) -> bool:
        """is_next, and if it is, counts it as taken."""
        if not self.is_next(partition, sequence):
            return False
        self._last[partition] = sequence
        return True

    @property
    def positions(self) -> dict[int, int]:
        """To be stored, with the offset to read on from, in one transaction with the effects."""
        return dict(self._last)


def sequence_of(headers: Iterable[tuple[str, bytes]]) -> int:
    """The header ce_sequence: a repeat is told without decoding its value. Raises Malformed."""
    text = next((value for name, value in headers if name == "ce_sequence"), b"")
    if not text.isdigit():
        raise Malformed(f"header ce_sequence is {text!r}")
    return int(text)


def follow(records: Iterable[Record], deduplicator: Deduplicator | None = None, schema: Schema | None = None) -> Iterator[Event]:
    """The events of the records, each once. Raises SequenceGap, Malformed."""
    deduplicator = deduplicator or Deduplicator()
    for record in records:
        if record.value is None:
            raise Malformed(f"partition {record.partition}, offset {record.offset}: a record without a value")
        sequence = sequence_of(record.headers)
        if deduplicator.is_next(record.partition, sequence):
            event = decode(record.value, record.headers, schema)
            deduplicator.take(record.partition, sequence)
            yield event
