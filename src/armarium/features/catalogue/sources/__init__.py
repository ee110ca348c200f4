"""Readers of catalogue files: each turns a file into drafts and skips, one record at a time.

A reader never raises for a bad record; it yields a `Skip`. It raises `UnreadableSource` when the
file as a whole is not what it was said to be.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from armarium.features.catalogue.models import EntryDraft, ImportOptions, Skip
from armarium.features.catalogue.sources import marc, table, tarot, tate, tcgdex
from armarium.features.catalogue.sources.opening import UnreadableSource

__all__ = ["SLUG", "SLUG_RULE", "Source", "UnreadableSource", "open_source"]

SLUG = re.compile(r"(?!.*[A-Z])\w[\w.-]{0,59}")
SLUG_RULE = (
    "A catalogue is called by lower-case letters, digits, dots, dashes and underscores, at most 60."
)


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file: which catalogue it would make, and its records in order."""

    slug: str
    name: str
    kind: str
    licence: str
    folder: Path
    records: Iterator[EntryDraft | Skip]


def open_source(options: ImportOptions) -> Source:
    """Open `options.path`; what the options leave open the format decides."""
    path = options.path
    if options.slug and not SLUG.fullmatch(options.slug):
        raise UnreadableSource(SLUG_RULE)
    words = re.findall(r"[^\W_]+", path.name.split(".")[0].lower())
    stem = "-".join(words)[:60] or "catalogue"
    match options.format:
        case "tcgdex":
            facts = ("tcgdex", "Pokémon TCG (TCGdex)", "card", "MIT")
            records = tcgdex.read(path)
        case "tate":
            facts = ("tate", "Tate collection", "art", "CC0")
            records = tate.read(path)
        case "tarot":
            facts = (stem if stem != "cards" else "tarot", "Tarot", "card", "")
            records = tarot.read(path)
        case "csv":
            plan = table.plan(path, options)
            facts = (stem, path.stem, plan.kind, "")
            records = table.read(path, plan)
        case "marc":
            facts = (stem, path.stem, "book", "")
            records = marc.read(path, options.encoding)
    slug, name, kind, licence = facts
    return Source(
        slug=options.slug or slug,
        name=options.name or name,
        kind=options.kind or kind,
        licence=options.licence if options.licence is not None else licence,
        folder=path.parent,
        records=records,
    )
