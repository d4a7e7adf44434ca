"""The value types of the vocabulary: exact decimals, dates, instants, ids. Nothing here is ever a float."""

from __future__ import annotations

import datetime
import struct
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Callable, Mapping, NamedTuple

_NO_DIGITS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())
_THREE_DIGITS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
_EPOCH_DAY = datetime.date(1970, 1, 1)
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def minor_digits(currency: str) -> int:
    """How many decimals an ISO 4217 currency has: 2 for CNY, 0 for JPY, 3 for KWD."""
    return 0 if currency in _NO_DIGITS else 3 if currency in _THREE_DIGITS else 2


def minor_to_decimal(amount_minor: int, currency: str) -> Decimal:
    """A field called ..._minor in major units: (11300, "CNY") is 113.00. The document names the currency."""
    return scaled(amount_minor, minor_digits(currency))


def scaled(number: int, decimals: int) -> Decimal:
    """number / 10^decimals, exact for every 64-bit number whatever the context's precision."""
    sign = "-" if number < 0 else ""
    return Decimal(f"{sign}{abs(number)}E-{decimals}")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in major units, with the currency's decimals."""

    amount: Decimal
    currency: str


class Form(NamedTuple):
    """A struct of the schema that is one value: read from its bytes and from its JSON."""

    from_bytes: Callable[[bytes, Mapping[int, str]], Any]  # the struct's bytes; currency codes by number
    from_json: Callable[[Any], Any]


def _money(data: bytes, currencies: Mapping[int, str]) -> Money:
    amount_minor, number = struct.unpack_from("<qH", data)
    currency = currencies.get(number, str(number))
    return Money(minor_to_decimal(amount_minor, currency), currency)


def _decimal(layout: str, decimals: int) -> Form:
    return Form(lambda data, _: scaled(struct.unpack_from(layout, data)[0], decimals), Decimal)


FORMS: dict[str, Form] = {
    "Money": Form(_money, lambda value: Money(Decimal(value["amount"]), value["currency"])),
    "Quantity": _decimal("<q", 6),
    "UnitPrice": _decimal("<q", 6),
    "Percent": _decimal("<i", 4),
    "Rate": _decimal("<q", 9),
    "Date": Form(
        lambda data, _: _EPOCH_DAY + datetime.timedelta(days=struct.unpack_from("<i", data)[0]),
        datetime.date.fromisoformat,
    ),
    "Instant": Form(
        lambda data, _: _EPOCH + datetime.timedelta(microseconds=struct.unpack_from("<q", data)[0]),
        datetime.datetime.fromisoformat,
    ),
    "Id16": Form(lambda data, _: data[:16].hex(), str),
    "Hash32": Form(lambda data, _: data[:32].hex(), str),
}
