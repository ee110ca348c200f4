"""Rows as JSON objects and back, by the types of their columns."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Column, Date, DateTime, Float, Integer, LargeBinary, Table
from sqlalchemy import Uuid as UuidType
from sqlalchemy.dialects.postgresql import JSONB

WITHHELD = frozenset({"token_hash", "password_hash", "wrapped", "sealed"})
"""What proves or opens something never leaves, not even hashed or sealed."""
INT64 = 2**63


class BadRow(ValueError):
    """A row that no table of this version could hold."""


def encode(row: Mapping[str, Any]) -> dict[str, Any]:
    """Plain JSON: ids and instants as text, bytes as base 64; without what must not leave."""
    return {name: _plain(value) for name, value in row.items() if name not in WITHHELD}


def line(row: Mapping[str, Any]) -> bytes:
    """One line of a table's file."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def decode(table: Table, raw: Any) -> dict[str, Any]:
    """The row with each value in the type of its column; columns that are not there are left out.

    Those of the key must be there: a row that got a new one would come in again each time.

    Raises:
        BadRow: naming the column.
    """
    if not isinstance(raw, dict):
        raise BadRow("a row is no object")
    known: Mapping[Any, Any] = raw
    decoded: dict[str, Any] = {}
    for column in table.columns:
        if column.name not in known:
            if column.primary_key:
                raise BadRow(f"{column.name} is missing")
            continue
        value = known[column.name]
        if value is None:
            if not column.nullable:
                raise BadRow(f"{column.name} is empty")
            decoded[column.name] = None
            continue
        try:
            decoded[column.name] = _typed(column, value)
        except (ValueError, TypeError, binascii.Error, OverflowError) as error:
            raise BadRow(f"{column.name} is not what it should be") from error
    return decoded


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case bytes():
            return base64.b64encode(value).decode()
        case list():
            return [_plain(each) for each in value]
        case _:
            return value


def _typed(column: Column[Any], value: Any) -> Any:
    kind = column.type
    if isinstance(kind, ARRAY):
        if not isinstance(value, list):
            raise TypeError
        return [_of(kind.item_type, each) for each in value]
    return _of(kind, value)


def _of(kind: Any, value: Any) -> Any:
    for types, convert in CONVERTERS:
        if isinstance(kind, types):
            return convert(value)
    return _text(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise TypeError
    value.encode()
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -INT64 <= value < INT64:
        raise TypeError
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return float(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _json(value: Any) -> Any:
    if "\\u0000" in json.dumps(value, allow_nan=False):
        raise ValueError
    return value


def _instant(value: Any) -> datetime:
    found = datetime.fromisoformat(_text(value))
    if found.tzinfo is None:
        raise ValueError
    return found


CONVERTERS: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = (
    (JSONB, _json),
    (UuidType, lambda value: UUID(_text(value))),
    (DateTime, _instant),
    (Date, lambda value: date.fromisoformat(_text(value))),
    (Boolean, _truth),
    (Integer, _whole),
    (Float, _number),
    (LargeBinary, lambda value: base64.b64decode(_text(value), validate=True)),
)
