"""One event, whichever of the two topics it came from."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, fields
from typing import Any, Iterable

from o2c_events import from_binary, from_json
from o2c_events.schema import Schema, shipped_schema


class Malformed(ValueError):
    """The record is none of a public topic of events, or it is damaged."""


@dataclass(frozen=True, slots=True)
class Event:
    """A fact. `body` holds what its type says (events/schema/*.fbs), by the same names as the JSON topic: amounts are Money, other decimals
    Decimal, days date, instants datetime (UTC), ids hexadecimal text. A withheld text that the schema requires is empty."""

    type: str  # "cash_applied"
    id: str
    company: str
    sequence: int  # 1, 2, 3... within the partition
    lane: int
    entry_seq: int
    event_index: int
    recorded_at: datetime.datetime
    actor_kind: str  # "app_user" or "system"
    command_id: str
    correlation_id: str | None
    causation_id: str | None
    stream_type: str
    stream_id: str | None  # None: a person's
    stream_version: int
    schema_version: int
    occurred_on: datetime.date
    posted_on: datetime.date
    body: dict[str, Any]


def decode(value: bytes, headers: Iterable[tuple[str, bytes]], schema: Schema | None = None) -> Event:
    """Decodes a record of o2c.events.v1 or o2c.events.json.v1; the header content-type tells which.

    What a newer publisher says beyond `schema` is passed over; a type of event that it does not know has an empty body and is called
    "unknown_N" (binary) or by its own name (JSON). Raises Malformed.
    """
    content_type = content_type_of(headers)
    schema = schema or shipped_schema()
    try:
        if content_type == "application/x-flatbuffers":
            content = from_binary.read_root(schema, schema.table("PublicEvent"), value)
        elif content_type == "application/cloudevents+json":
            content = from_json.read_object(schema, schema.table("PublicEvent"), json.loads(value)["data"])
        else:
            raise Malformed(f"content-type is {content_type!r}, not that of an event")
        [(kind, body)] = content.pop("body").items()
        known = {f.name for f in fields(Event)}
        absent = {name: None for name in ("correlation_id", "causation_id", "stream_id")}
        return Event(type=kind, body=body, **absent | {n: v for n, v in content.items() if n in known})
    except Malformed:
        raise
    except Exception as fault:  # whatever broken bytes led to
        raise Malformed(f"not an event: {fault!r}") from fault


def content_type_of(headers: Iterable[tuple[str, bytes]]) -> str:
    """The media type without its parameters; empty when there is none."""
    text = next((value for name, value in headers if name == "content-type"), b"")
    return text.decode().split(";")[0].strip().lower()
