"""The JSON form of the vocabulary to the same Python values, driven by the schema."""

from __future__ import annotations

from typing import Any

from o2c_events.schema import NUMBERS, Base, Field, Object, Schema
from o2c_events.values import FORMS


def read_object(schema: Schema, kind: Object, content: dict[str, Any]) -> dict[str, Any]:
    return {field.name: _field(schema, field, content[field.name]) for field in kind.fields if field.name in content}


def _field(schema: Schema, field: Field, content: Any) -> Any:
    if field.type.is_vector:
        return [_value(schema, field, element) for element in content]
    return _value(schema, field, content)


def _value(schema: Schema, field: Field, content: Any) -> Any:
    if field.type.value == Base.BOOL or field.type.value == Base.STRING:
        return content
    if field.type.value in NUMBERS:
        return content if field.type.index >= 0 else int(content)  # 64 bits are texts; an enum is its name
    if field.type.value == Base.UNION:
        return _union(schema, field, content)
    kind = schema.objects[field.type.index]
    if form := FORMS.get(kind.name):
        return form.from_json(content)
    return read_object(schema, kind, content)


def _union(schema: Schema, field: Field, content: dict[str, Any]) -> dict[str, Any]:
    [(name, body)] = content.items()
    union = schema.enumerations[field.type.index]
    for number, known in union.names.items():
        if known == name:
            return {name: read_object(schema, schema.objects[union.members[number]], body)}
    return {name: {}}
