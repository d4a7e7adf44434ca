"""Reads the public topics of o2c (o2c.events.v1, o2c.events.json.v1) with any Kafka client.

    for event in follow(records):          # records: Record(partition, offset, key, value, headers), in the order of their partition
        if event.type == "cash_applied":
            print(event.occurred_on, event.body["invoice"], event.body["amount"].amount)
"""

from o2c_events.event import Event, Malformed, decode
from o2c_events.follow import Deduplicator, Record, SequenceGap, follow
from o2c_events.schema import Schema, shipped_schema
from o2c_events.values import Money, minor_digits, minor_to_decimal

__all__ = [
    "Deduplicator",
    "Event",
    "Malformed",
    "Money",
    "Record",
    "Schema",
    "SequenceGap",
    "decode",
    "follow",
    "minor_digits",
    "minor_to_decimal",
    "shipped_schema",
]
