"""The Tate collection as JSON lines: accession number, title, artists, medium, subjects."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from armarium.features.catalogue.models import EntryDraft, Skip
from armarium.features.catalogue.sources.opening import drafted, json_records, text_of

SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*x\s*(\d+(?:\.\d+)?)(?:\s*x\s*(\d+(?:\.\d+)?))?\s*mm")


def read(path: Path) -> Iterator[EntryDraft | Skip]:
    """Each artwork as a draft."""
    for number, record in json_records(path):
        if isinstance(record, Skip):
            yield record
        else:
            where = f"record {number}"
            yield drafted(partial(_work, record, where), where)


def _artists(record: Mapping[str, Any]) -> list[str]:
    contributors = record.get("contributors")
    named = [
        text_of(each.get("fc"))
        for each in (contributors if isinstance(contributors, list) else [])
        if isinstance(each, Mapping) and each.get("role") in {None, "artist"}
    ]
    named = [name for name in named if name]
    return named or [name for name in [text_of(record.get("all_artists"))] if name]


def _size(text: str) -> dict[str, float]:
    match = SIZE.search(text)
    if match is None:
        return {}
    names = ("height_mm", "width_mm", "depth_mm")
    return {name: float(part) for name, part in zip(names, match.groups(), strict=True) if part}


def _work(record: Mapping[str, Any], where: str) -> EntryDraft | Skip:
    accession, title = text_of(record.get("acno")), text_of(record.get("title"))
    if not accession:
        return Skip("no_id", "The work has no accession number.", where)
    if not title:
        return Skip("no_title", f"{accession} has no title.", where)
    artists = _artists(record)
    subjects = record.get("subjects")
    dimensions = text_of(record.get("dimensions"))
    attributes = {
        "url": text_of(record.get("url")),
        "dimensions": dimensions,
        "acquired": record.get("acquisitionYear"),
        "contributors": record.get("contributors"),
    }
    return EntryDraft(
        key=accession,
        title=title,
        names={"en": title},
        creators=artists,
        external_ids={"tate": accession},
        attributes={name: value for name, value in attributes.items() if value},
        fields={
            "title": title,
            "artists": artists,
            "year": text_of(record.get("dateText")),
            "medium": text_of(record.get("medium")),
            "classification": text_of(record.get("classification")),
            "accession_number": accession,
            "inscription": text_of(record.get("inscription")),
            "credit_line": text_of(record.get("creditLine")),
            "subjects": subjects if isinstance(subjects, list) else [],
            **_size(dimensions),
        },
    )
