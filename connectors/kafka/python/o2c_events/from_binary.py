"""FlatBuffers bytes to Python values, driven by the schema."""

from __future__ import annotations

from typing import Any

from flatbuffers import encode
from flatbuffers import number_types as N
from flatbuffers.table import Table

from o2c_events.schema import NUMBERS, Base, Field, Object, Schema
from o2c_events.values import FORMS


def read_root(schema: Schema, kind: Object, data: bytes) -> dict[str, Any]:
    return _table(schema, kind, Table(data, encode.Get(N.UOffsetTFlags.packer_type, data, 0)))


def _table(schema: Schema, kind: Object, table: Table) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in kind.fields:
        place = table.Offset(field.offset)
        if field.type.base in NUMBERS:
            number = table.Get(NUMBERS[field.type.base], table.Pos + place) if place else field.default
            if (place or not field.optional) and not _is_silent(schema, field, number):
                values[field.name] = _named(schema, field, number)
        elif not place:
            continue
        elif field.type.base == Base.UNION:
            selector = table.Offset(kind.selector_offset(field))
            values[field.name] = _union(schema, field, table, place, table.Get(N.Uint8Flags, table.Pos + selector))
        elif field.type.is_vector:
            values[field.name] = _vector(schema, field, table, place)
        else:
            values[field.name] = _value(schema, field, table, table.Pos + place)
    return values


def _is_silent(schema: Schema, field: Field, number: int) -> bool:
    """Said nothing: a flag that is false by default, the currency XXX."""
    if field.optional or number != 0 or field.default != 0:
        return False
    of_currency = field.type.index >= 0 and schema.enumerations[field.type.index].name == "Currency"
    return field.type.base == Base.BOOL or of_currency


def _named(schema: Schema, field: Field, number: Any) -> Any:
    if field.type.value == Base.BOOL:
        return bool(number)
    if field.type.index < 0:
        return int(number)
    return schema.enumerations[field.type.index].names.get(int(number), int(number))


def _union(schema: Schema, field: Field, table: Table, place: int, number: int) -> dict[str, Any]:
    union = schema.enumerations[field.type.index]
    if number not in union.members:
        return {f"unknown_{number}": {}}
    member = Table(table.Bytes, table.Indirect(table.Pos + place))
    return {union.names[number]: _table(schema, schema.objects[union.members[number]], member)}


def _vector(schema: Schema, field: Field, table: Table, place: int) -> list[Any]:
    start = table.Vector(place)
    return [_value(schema, field, table, start + i * _width(schema, field)) for i in range(table.VectorLen(place))]


def _width(schema: Schema, field: Field) -> int:
    if field.type.value in NUMBERS:
        return NUMBERS[field.type.value].bytewidth
    kind = schema.objects[field.type.index] if field.type.value == Base.OBJECT else None
    return kind.size if kind and kind.is_struct else N.UOffsetTFlags.bytewidth


def _value(schema: Schema, field: Field, table: Table, at: int) -> Any:
    if field.type.value in NUMBERS:
        return _named(schema, field, table.Get(NUMBERS[field.type.value], at))
    if field.type.value == Base.STRING:
        return table.String(at).decode()
    kind = schema.objects[field.type.index]
    if not kind.is_struct:
        return _table(schema, kind, Table(table.Bytes, table.Indirect(at)))
    if form := FORMS.get(kind.name):
        return form.from_bytes(bytes(table.Bytes[at : at + kind.size]), schema.currencies)
    return {part.name: _value(schema, part, table, at + part.offset) for part in kind.fields}
