"""What of an entry goes into the index: its names in all languages, creators, set, identifiers.

Keys are `scheme:value` of the kind, plus `no:4/102` and `code:swsh45` for collector numbers,
`set:base1` for a set, all in comparable form.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from armarium.features.catalogue.matching.index import CONTEXT, CREATOR, NAME, REST, Document
from armarium.kit import codes
from armarium.kit.dates import parse_years
from armarium.kit.text import squeeze, words

SPLIT_TITLE = re.compile(r"\s+[:;/=]\s+|(?<=\w):\s+|\s+[-\N{EN DASH}\N{EM DASH}]\s+|\s*[(\[]")
MAX_NAME_WORDS = 40
CONTEXT_FIELDS = ("publisher", "series", "set_name", "team", "category", "model")
CREATOR_FIELDS = ("editors", "translators", "illustrators", "player", "maker")


class Described(Protocol):
    """What an entry's row, or a space's own entry, tells of itself."""

    @property
    def id(self) -> UUID: ...  # noqa: D102 - as the row's column
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def names(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def creators(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def number(self) -> str | None: ...  # noqa: D102
    @property
    def set_code(self) -> str | None: ...  # noqa: D102
    @property
    def set_name(self) -> str | None: ...  # noqa: D102
    @property
    def series(self) -> str | None: ...  # noqa: D102
    @property
    def identifiers(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def external_ids(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def fields(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def attributes(self) -> Mapping[str, Any]: ...  # noqa: D102


def split_title(title: str) -> tuple[list[str], list[str]]:
    """The words of the proper title, and those after the first colon, slash or bracket."""
    cut = next(
        (found for found in SPLIT_TITLE.finditer(title) if words(title[: found.start()])), None
    )
    if cut is None:
        return words(title)[:MAX_NAME_WORDS], []
    proper, rest = words(title[: cut.start()]), words(title[cut.end() :])
    return proper[:MAX_NAME_WORDS], rest[:MAX_NAME_WORDS]


def creator_words(name: str) -> list[str]:
    """The words of a person's name without dates of life."""
    return [word for word in words(name) if not word.isdigit()]


def document_of(entry: Described) -> Document:
    """The index document of an entry."""
    segments: dict[tuple[int, tuple[str, ...]], None] = {}

    def put(role: int, found: Iterable[str]) -> None:
        if listed := tuple(found):
            segments[role, listed] = None

    proper, rest = split_title(entry.title)
    put(NAME, proper)
    put(REST, [*rest, *words(str(entry.fields.get("subtitle") or ""))])
    for name in entry.names.values():
        if name != entry.title:
            named, more = split_title(name)
            put(NAME, named)
            put(REST, more)
    for name in entry.creators:
        put(CREATOR, creator_words(name))
    for field in CREATOR_FIELDS:
        value = entry.fields.get(field) or []
        for name in [value] if isinstance(value, str) else value:
            put(CREATOR, creator_words(str(name)))
    for text in (
        entry.set_name,
        entry.series,
        *(entry.fields.get(name) for name in CONTEXT_FIELDS),
    ):
        put(CONTEXT, words(str(text or "")))
    numeral = entry.attributes.get("numeral")
    if isinstance(numeral, str):
        put(CONTEXT, words(numeral))
    return Document(entry.id, list(segments), list(keys_of(entry)))


def keys_of(entry: Described) -> Iterable[str]:
    """Every identifier by which a text may name the entry exactly."""
    yield from (str(each) for each in entry.identifiers)
    number = codes.collector_number(entry.number) if entry.number else None
    if number is not None and number.total is not None:
        yield f"no:{number}"
        yield f"total:{number.total}"
    elif number is not None and re.search(r"[A-Z].*\d|\d.*[A-Z]", number.number):
        yield f"code:{squeeze(number.number)}"
    for name in (entry.set_code, entry.attributes.get("set_abbreviation")):
        if isinstance(name, str) and name:
            yield f"set:{squeeze(name.rpartition(':')[2])}"
    if not entry.set_code and isinstance(year := entry.fields.get("year"), str):
        years = parse_years(year)
        if years is not None and years.first is not None:
            yield f"year:{years.first}"
    accession = entry.fields.get("accession_number")
    if isinstance(accession, str):
        yield f"code:{squeeze(codes.plain_number(accession))}"
