"""What rows may be that an archive brings: no more than people could make here by hand.

The database checks types, vocabularies and keys; the rooms check their own values. Here is what the
routes bound besides: how long a text is, how large a structure, and how many rows there are.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from armarium.features.collection.models import (
    MAX_IDENTIFIERS,
    MAX_IMAGES,
    MAX_NOTES,
    MAX_QUANTITY,
    MAX_TAG,
    MAX_TAGS,
    MAX_TITLE,
    Cost,
)
from armarium.features.collection.policy import KEY_LENGTH, checked_cost, role_of
from armarium.features.spaces.policy import MAX_TEXT, name_of
from armarium.features.spaces.service.collections import MAX_COLLECTIONS
from armarium.features.templates.models import MAX_OWN_FIELDS
from armarium.platform.archive.rows import BadRow

Row = Mapping[str, Any]
WORD, LINE, KILO = 200, 1000, 1024
MAX_POSITION: Final = 10_000
MAX_CHOICES, MAX_LABEL = 200, 100
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


def _collection(row: Row) -> None:
    name_of(row["name"])


def _money(row: Row) -> None:
    checked_cost(Cost(row["amount_minor"], row["currency"], row["fees_minor"], None, row["source"]))


def _image(row: Row) -> None:
    role_of(row["role"])


def _own_field(row: Row) -> None:
    choices = row.get("choices") or []
    if len(choices) > MAX_CHOICES or not all(
        isinstance(each, str) and len(each) <= MAX_LABEL for each in choices
    ):
        raise BadRow("choices are not what they should be")


ENTRY: Final = Rule(
    texts={"title": MAX_TITLE, "kind": WORD, "note": MAX_TEXT}, structures={"fields": 256}
)
RULES: Final[Mapping[str, Rule]] = {
    "own_fields": Rule(
        texts={"label": MAX_LABEL, "name": 60, "kind": WORD},
        structures={"choices": 100},
        numbers={"position": (0, 100_000)},
        most=MAX_OWN_FIELDS,
        in_space=MAX_OWN_FIELDS,
        check=_own_field,
    ),
    "blobs": Rule(),
    "media": Rule(structures={"region": 16}, each=("blob_id", 1000)),
    "catalogue_overrides": ENTRY,
    "catalogue_own_entries": ENTRY,
    "spaces_collection": Rule(
        texts={"name": WORD, "description": MAX_TEXT},
        numbers={"position": (0, MAX_POSITION)},
        most=MAX_COLLECTIONS,
        in_space=MAX_COLLECTIONS,
        check=_collection,
    ),
    "items": Rule(
        texts={
            "title": MAX_TITLE,
            "title_key": MAX_TITLE * 4,
            "subtitle": MAX_NOTES,
            "notes": MAX_NOTES,
            "read_text": 20 * MAX_NOTES,
        },
        structures={"fields": 1024, "own_fields": 1024},
        numbers={"quantity": (1, MAX_QUANTITY)},
    ),
    "item_identifiers": Rule(
        texts={"scheme": WORD, "value": MAX_TITLE}, each=("item_id", 2 * MAX_IDENTIFIERS)
    ),
    "item_tags": Rule(texts={"name": MAX_TAG, "key": MAX_TAG * 4}, each=("item_id", MAX_TAGS)),
    "item_images": Rule(each=("item_id", MAX_IMAGES), check=_image),
    "item_values": Rule(texts={"text_value": KEY_LENGTH}, each=("item_id", 10_000)),
    "item_history": Rule(structures={"changes": 2048}, each=("item_id", 10_000)),
    "item_money": Rule(check=_money),
    "collection_items": Rule(each=("item_id", MAX_COLLECTIONS)),
    "scans": Rule(),
    "scan_photos": Rule(),
    "detections": Rule(structures={"box": 64, "ocr": 1024, "quality": 64, "candidates": 1024}),
    "review_acts": Rule(
        structures={
            "before": 3584,
            "detection_ids": 64,
            "made_items": 64,
            "made_detections": 64,
        }
    ),
}
"""By table; a test fails where one that comes in has none."""
IN_SPACE: Final = {
    table: rule.in_space for table, rule in RULES.items() if rule.in_space is not None
}
