"""A catalogue file as an index in memory, made by the code of an import, without a database."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from armarium.features.catalogue.matching.documents import document_of
from armarium.features.catalogue.matching.index import Index, IndexBuilder
from armarium.features.catalogue.models import Format, ImportOptions, Skip
from armarium.features.catalogue.rows import entry_row
from armarium.features.catalogue.sources import open_source
from armarium.kinds import registry
from armarium.kit.ids import new_id
from text_queries import same_book


@dataclass(frozen=True)
class Loaded:
    """Rows, their index, and what makes two rows the same thing for the truth."""

    rows: list[dict[str, Any]]
    index: Index
    identity: list[tuple[str, str]]


def load_catalogue(path: Path, file_format: Format, mapping: Mapping[str, str]) -> Loaded:
    """Read the file as an import would."""
    source = open_source(ImportOptions(path, file_format, mapping=mapping))
    kind = registry().get(source.kind)
    if kind is None:
        raise ValueError(source.kind)
    rows: list[dict[str, Any]] = []
    builder = IndexBuilder()
    seen: set[str] = set()
    catalogue_id = new_id()
    for draft in source.records:
        if isinstance(draft, Skip) or draft.key in seen:
            continue
        seen.add(draft.key)
        row, _refused = entry_row(draft, kind, catalogue_id)
        rows.append(row)
        builder.add(document_of(SimpleNamespace(**row)))
    identity = [same_book(row["title"], (row["creators"] or [""])[0]) for row in rows]
    return Loaded(rows, builder.finish(), identity)
