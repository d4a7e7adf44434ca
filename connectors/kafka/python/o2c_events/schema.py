"""Reads a binary schema (.bfbs): what decoding needs to know of tables, structs, enums and unions."""

from __future__ import annotations

import functools
import importlib.resources
import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Iterator

from flatbuffers import encode
from flatbuffers import number_types as N
from flatbuffers.table import Table


class Base(IntEnum):
    """Base types, as a binary schema numbers them."""

    NONE, UTYPE, BOOL, BYTE, UBYTE, SHORT, USHORT, INT, UINT, LONG, ULONG, FLOAT, DOUBLE = range(13)
    STRING, VECTOR, OBJECT, UNION, ARRAY = range(13, 18)


NUMBERS = {
    Base.UTYPE: N.Uint8Flags,
    Base.BOOL: N.BoolFlags,
    Base.BYTE: N.Int8Flags,
    Base.UBYTE: N.Uint8Flags,
    Base.SHORT: N.Int16Flags,
    Base.USHORT: N.Uint16Flags,
    Base.INT: N.Int32Flags,
    Base.UINT: N.Uint32Flags,
    Base.LONG: N.Int64Flags,
    Base.ULONG: N.Uint64Flags,
}


@dataclass(frozen=True, slots=True)
class Type:
    base: Base
    element: Base  # of a vector
    index: int  # of the object or enum, -1: none

    @property
    def is_vector(self) -> bool:
        return self.base == Base.VECTOR

    @property
    def value(self) -> Base:
        """What stands in the field or, of a vector, in each element."""
        return self.element if self.is_vector else self.base


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: Type
    id: int
    offset: int  # in the vtable; in a struct from its beginning
    default: int
    optional: bool  # a number that knows absence


@dataclass(frozen=True, slots=True)
class Object:
    name: str  # without namespace
    is_struct: bool
    size: int  # of a struct
    fields: tuple[Field, ...]  # by id, without the selectors of unions

    def selector_offset(self, union: Field) -> int:
        """Where the type of a union lies in the vtable: just before its value."""
        return union.offset - 2


@dataclass(frozen=True, slots=True)
class Enumeration:
    name: str
    is_union: bool
    names: dict[int, str]  # as in JSON
    members: dict[int, int]  # of a union: index of the member's object


class Schema:
    """The schema of the public topics: the one shipped with this package, or a newer one from o2c.schemas.v1."""

    def __init__(self, bfbs: bytes):
        root = _root(bfbs)
        self.enumerations = tuple(_enumeration(t) for t in _tables(root, 6))
        self.objects = tuple(_object(t) for t in _tables(root, 4))
        self.currencies = next(e.names for e in self.enumerations if e.name == "Currency")
        self._by_name = {o.name: o for o in self.objects}

    def table(self, name: str) -> Object:
        return self._by_name[name]

    def event_types(self) -> frozenset[str]:
        """Every type of event that the schema knows: "cash_applied", "order_confirmed", ..."""
        return frozenset(n for e in self.enumerations if e.name == "EventBody" for n in e.names.values())


@functools.cache
def shipped_schema() -> Schema:
    """The schema that this package was built with."""
    return Schema(importlib.resources.files("o2c_events").joinpath("public.bfbs").read_bytes())


def _root(data: bytes) -> Table:
    return Table(data, encode.Get(N.UOffsetTFlags.packer_type, data, 0))


def _tables(owner: Table, slot: int) -> Iterator[Table]:
    at = owner.Offset(slot)
    if at == 0:
        return
    start = owner.Vector(at)
    for i in range(owner.VectorLen(at)):
        yield Table(owner.Bytes, owner.Indirect(start + 4 * i))


def _table(owner: Table, slot: int) -> Table:
    return Table(owner.Bytes, owner.Indirect(owner.Pos + owner.Offset(slot)))


def _number(owner: Table, slot: int, flags: type, default: int = 0) -> int:
    return owner.GetSlot(slot, default, flags)


def _name(owner: Table) -> str:
    full: str = owner.String(owner.Pos + owner.Offset(4)).decode()
    return full.rsplit(".", 1)[-1]


def _type(owner: Table, slot: int) -> Type:
    table = _table(owner, slot)
    return Type(
        Base(_number(table, 4, N.Int8Flags)),
        Base(_number(table, 6, N.Int8Flags)),
        _number(table, 8, N.Int32Flags, -1),
    )


def _object(table: Table) -> Object:
    fields = sorted((_field(f) for f in _tables(table, 6)), key=lambda f: f.id)
    return Object(
        _name(table),
        bool(_number(table, 8, N.BoolFlags)),
        _number(table, 12, N.Int32Flags),
        tuple(f for f in fields if f.type.base != Base.UTYPE),
    )


def _field(table: Table) -> Field:
    return Field(
        _name(table),
        _type(table, 6),
        _number(table, 8, N.Uint16Flags),
        _number(table, 10, N.Uint16Flags),
        _number(table, 12, N.Int64Flags),
        bool(_number(table, 26, N.BoolFlags)),
    )


def _enumeration(table: Table) -> Enumeration:
    is_union = bool(_number(table, 8, N.BoolFlags))
    names: dict[int, str] = {}
    members: dict[int, int] = {}
    for value in _tables(table, 6):
        number = _number(value, 6, N.Int64Flags)
        if not is_union:
            names[number] = _name(value)
        elif number != 0:  # 0 is NONE, which has no name in JSON
            names[number] = re.sub(r"(?<!^)(?=[A-Z])", "_", _name(value)).lower()
            members[number] = _type(value, 10).index
    return Enumeration(_name(table), is_union, names, members)
