"""What a database can hold of a stranger's record: texts, numbers, depth, lengths of keys.

The readers take files as they come, and rows are written as they are read; between them nothing may
stay that PostgreSQL refuses, since one record would fail the file.
"""

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

from armarium.features.catalogue.models import EntryDraft, Skip
from armarium.kit.text import clean_line, storable

MAX_KEY = 500
"""Characters; at four bytes each they still fit an index, whose rows have at most 2,704 bytes."""
MAX_CODE = 200
"""Characters of a set's code, which shares its index with a sort key."""
MAX_DEPTH = 64
"""Lists and objects within each other; the database's parser ends some thousands deep."""
MAX_COUNT = 2**31 - 1
"""Of a whole number column."""


class Unfit(ValueError):
    """The record can't be kept; the message says why."""


def keyed(record: EntryDraft | Skip) -> EntryDraft | Skip:
    """The record under a key that an index can hold, or why it is left out."""
    if isinstance(record, Skip):
        return record
    key = storable(record.key)
    if not key:
        return Skip("no_id", "The record has no id.", clean_line(record.title)[:MAX_KEY])
    if len(key) > MAX_KEY:
        return Skip("id_too_long", f"At most {MAX_KEY} characters: {key[:80]}")
    if not clean_line(storable(record.title)):
        return Skip("no_title", f"{key} has no title.")
    return record if key == record.key else replace(record, key=key)


def fitted(value: Any) -> Any:
    """A JSON value of which the database takes every text and number."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [fitted(each) for each in cast("list[Any]", value)]
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value).items()
        return {storable(name): fitted(each) for name, each in members}
    return value


def check_depth(told: str, value: Any) -> None:
    """Raise `Unfit` for a value nested too deeply; `told` is its JSON, which is counted first."""
    if told.count("[") + told.count("{") > MAX_DEPTH and _too_deep(value):
        raise Unfit(f"It is nested more than {MAX_DEPTH} deep.")


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for each in level for inner in _within(each)]
        if not level:
            return False
    return True


def _within(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return cast("dict[str, Any]", value).values()
    return cast("list[Any]", value) if isinstance(value, list) else ()
