"""What rows of an archive may be: no more than people could make here by hand.

The database checks types, vocabularies and keys. Here is what routes bound besides: how long a text
is, how large a structure, and how many rows there are. Each room says it of its own tables.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from armarium.platform.archive.rows import BadRow

Row = Mapping[str, Any]
WORD: Final = 200
LINE: Final = 1000
KILO: Final = 1024
MANY: Final = 5_000_000
"""Of rows that nobody counts elsewhere."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Bounds of one table's rows; a text that is not named is a line."""

    texts: Mapping[str, int] = field(default_factory=dict[str, int])
    structures: Mapping[str, int] = field(default_factory=dict[str, int])
    """Kibibytes of a JSON column."""
    numbers: Mapping[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    most: int = MANY
    """Rows in one archive."""
    in_space: int | None = None
    """Rows that the space has then."""
    each: tuple[str, int] | None = None
    """Rows that share the value of a column."""
    part_of: tuple[str, str] | None = None
    """Column and table of what such a row belongs to; it comes in only together with that."""
    shows: str | None = None
    """Column of a picture; without that, the row does not come in."""
    check: Callable[[Row], object] = lambda _row: None
    """May refuse with any problem."""

    def look(self, row: Row) -> None:
        """Refuse a row that breaks a bound; `BadRow` names the column."""
        for name, value in row.items():
            match value:
                case str() if len(value) > self.texts.get(name, LINE):
                    raise BadRow(f"{name} is too long")
                case dict() | list() if _size(value) > self.structures.get(name, 4) * KILO:
                    raise BadRow(f"{name} is too large")
                case _:
                    pass
        for name, (low, high) in self.numbers.items():
            if name in row and row[name] is not None and not low <= row[name] <= high:
                raise BadRow(f"{name} is out of bounds")
        self.check(row)


class Tally:
    """Counts the rows of one table of an archive."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._rows = 0
        self._each: Counter[Any] = Counter()

    def count(self, row: Row) -> None:
        """Refuse the first row beyond a bound."""
        self._rows += 1
        if self._rows > self._rule.most:
            raise BadRow("there are too many rows")
        if self._rule.each is not None:
            column, most = self._rule.each
            if column not in row:
                raise BadRow(f"{column} is missing")
            self._each[row[column]] += 1
            if self._each[row[column]] > most:
                raise BadRow(f"too many rows share their {column}")


def weight(row: Row) -> int:
    """About how many bytes a row is, in what can be large."""
    return sum(
        len(value) if isinstance(value, str) else _size(value)
        for value in row.values()
        if isinstance(value, str | dict | list)
    )


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, default=str).encode())
