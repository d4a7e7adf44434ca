"""Each event once and in order, whatever the topic repeats."""

import unittest

from golden_records import records
from o2c_events import Deduplicator, Malformed, Record, SequenceGap, follow


class GivenTopicWithRepeats(unittest.TestCase):
    def setUp(self):
        self.records = records("o2c.events.v1")

    def sequences(self, order, **options):
        return [e.sequence for e in follow((self.records[i] for i in order), **options)]

    def test_when_a_new_publisher_writes_again_then_each_event_once(self):
        self.assertEqual(self.sequences([0, 1, 2, 1, 2, 3, 0, 4, 4]), [1, 2, 3, 4, 5])

    def test_when_an_event_is_missing_then_the_gap_is_raised_and_nothing_taken(self):
        deduplicator = Deduplicator()
        with self.assertRaises(SequenceGap) as gap:
            self.sequences([0, 1, 3], deduplicator=deduplicator)
        self.assertEqual((gap.exception.partition, gap.exception.expected, gap.exception.found), (4, 3, 4))
        self.assertEqual(deduplicator.positions, {4: 2})
        self.assertEqual(self.sequences([1, 2, 3], deduplicator=deduplicator), [3, 4])

    def test_when_positions_were_kept_then_it_goes_on_behind_them(self):
        self.assertEqual(self.sequences([0, 1, 2, 3], deduplicator=Deduplicator({4: 2})), [3, 4])

    def test_when_the_first_record_is_not_the_first_event_then_taken_only_if_allowed(self):
        self.assertEqual(self.sequences([7, 8]), [8, 9])
        with self.assertRaises(SequenceGap):
            self.sequences([7, 8], deduplicator=Deduplicator(from_start=True))

    def test_when_partitions_are_mixed_then_each_has_its_own_sequence(self):
        other = records("o2c.events.json.v1", partition=5)
        mixed = [self.records[0], other[0], self.records[1], other[1], other[0]]
        self.assertEqual([e.sequence for e in follow(mixed)], [1, 1, 2, 2])

    def test_when_the_effects_of_an_event_fail_then_its_position_can_be_told(self):
        """The position moves before the event is handed over: it is stored with the effects, or neither is."""
        deduplicator = Deduplicator()
        next(follow(self.records, deduplicator))
        self.assertEqual(deduplicator.positions, {4: 1})

    def test_when_a_record_is_broken_then_it_is_not_counted_as_taken(self):
        deduplicator = Deduplicator({4: 0})
        broken = self.records[0]._replace(value=b"\x01")
        with self.assertRaises(Malformed):
            list(follow([broken], deduplicator))
        self.assertEqual(deduplicator.positions, {4: 0})

    def test_when_a_record_bears_no_sequence_then_malformed(self):
        with self.assertRaisesRegex(Malformed, "ce_sequence"):
            list(follow([Record(0, 0, None, b"x", [])]))
        with self.assertRaisesRegex(Malformed, "offset 17"):
            list(follow([Record(0, 17, None, None, [])]))


if __name__ == "__main__":
    unittest.main()
