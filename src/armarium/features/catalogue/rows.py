"""Drafts become rows: the kind cleans the fields, identifiers are made comparable, order is set."""

import json
import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any
from uuid import UUID

from armarium.features.catalogue.fitting import MAX_COUNT, Unfit, check_depth, fitted
from armarium.features.catalogue.models import EntryDraft, SetDraft
from armarium.kinds import Kind, registry
from armarium.kinds.fields import FieldError
from armarium.kit.dates import parse_years
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.kit.text import clean_line, fold, squeeze

SORT_WIDTH = 160
TELL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, allow_nan=False, default=str)
"""An entry's digest is of this form: another one would touch every row at the next import."""
NUL = "\\u0000"
MIN_SMALL, MAX_SMALL = -32768, 32767


def entry_row(
    draft: EntryDraft, kind: Kind, catalogue_id: UUID
) -> tuple[dict[str, Any], tuple[FieldError, ...]]:
    """The row of a draft, and the field values that the kind refused (they are left out).

    Raises `Unfit`, or what Python raises for values of other types, when no row can be made of it.
    """
    given = {name: value for name, value in draft.fields.items() if value not in (None, "", [])}
    checked = kind.validate(given)
    years = parse_years(str(checked.values["year"])) if "year" in checked.values else None
    title = clean_line(draft.title)
    schemes = identifiers_of(kind.name, checked.values)
    belongs = draft.set
    content = {
        "kind": kind.name,
        "title": title,
        "subtitle": kind.subtitle(checked.values),
        "sort_key": sort_key(title, draft.number, belongs),
        "names": dict(draft.names),
        "creators": [clean_line(name) for name in draft.creators],
        "number": draft.number,
        "set_code": belongs.code if belongs else None,
        "set_name": belongs.name if belongs else None,
        "series": _text(checked.values.get("series")),
        "year_first": _small(years.first if years else None),
        "year_last": _small(years.last if years else None),
        "identifiers": list(dict.fromkeys([*schemes, *draft.identifiers])),
        "external_ids": dict(draft.external_ids),
        "fields": checked.values,
        "variants": list(draft.variants),
        "attributes": dict(draft.attributes),
    }
    content, told = _fitted(content)
    row = {
        "id": new_id(),
        "catalogue_id": catalogue_id,
        "key": draft.key,
        **content,
        "digest": blake2b(told, digest_size=16).digest(),
        "updated_at": now(),
    }
    return row, checked.errors


def _fitted(content: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The content as the database takes it, and its bytes for the digest."""
    try:
        told = TELL.encode(content)
        check_depth(told, content)
        if NUL not in told:
            return content, told.encode()
    except Unfit:
        raise
    except ValueError:  # not finite, or half a character
        pass
    content = fitted(content)
    return content, TELL.encode(content).encode()


def identifiers_of(kind_name: str, values: Mapping[str, Any]) -> list[str]:
    """`scheme:value` of each identifier that the fields hold, less those of a single copy."""
    kind = registry().get(kind_name)
    if kind is None:
        return []
    copies = {each.scheme for each in kind.identifiers if each.copy}
    return [
        f"{scheme}:{value}" for scheme, value in kind.identifiers_of(values) if scheme not in copies
    ]


CREATOR_FIELDS = ("authors", "artists", "illustrator", "player", "maker")


def creators_of(values: Mapping[str, Any]) -> list[str]:
    """Who made it, from the fields of any kind."""
    found: list[str] = []
    for name in CREATOR_FIELDS:
        value = values.get(name) or []
        found.extend([value] if isinstance(value, str) else value)
    return found


def _small(year: int | None) -> int | None:
    return None if year is None else max(MIN_SMALL, min(MAX_SMALL, year))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def sort_key(title: str, number: str | None, belongs: SetDraft | None) -> str:
    """Sets by release, numbers within as people count them, then titles."""
    place = f"{belongs.released or '9999'} {belongs.code} " if belongs else ""
    counted = re.sub(r"\d+", lambda digits: digits[0].rjust(6, "0"), fold(number or ""))
    return f"{place}{counted} {squeeze(title)}".strip()[:SORT_WIDTH]


def set_row(draft: SetDraft) -> Mapping[str, Any]:
    """The row of a set, without its ids; raises as `entry_row` does."""
    count = draft.official_count
    content = {
        "code": draft.code,
        "name": draft.name,
        "names": dict(draft.names),
        "series": draft.series,
        "official_count": count if count is None or count <= MAX_COUNT else None,
        "released": draft.released,
        "external_ids": dict(draft.external_ids),
    }
    return _fitted(content)[0]
