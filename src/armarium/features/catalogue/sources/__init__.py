"""Readers of catalogue files: each turns a file into drafts and skips, one record at a time.

A reader never raises for a bad record; it yields a `Skip`. It raises `UnreadableSource` when the
file as a whole is not what it was said to be.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from armarium.features.catalogue.models import EntryDraft, ImportOptions, Skip
from armarium.features.catalogue.sources import table, tarot, tate, tcgdex
from armarium.features.catalogue.sources.opening import ODD, UnreadableSource
from armarium.features.catalogue.sources.sniffing import (
    BROKEN_PACKING,
    EXPECTED,
    look,
    shown,
)

__all__ = ["ODD", "SLUG_RULE", "Source", "UnreadableSource", "open_source", "slug_of"]

SLUG = re.compile(r"(?!.*[A-Z])\w[\w.-]{0,59}")
MAX_SLUG = 60
SLUG_RULE = (
    "A catalogue's short name has lower-case letters, digits, dots, dashes and underscores, at "
    f"most {MAX_SLUG}; it is made from the name that you give, which needs a letter or a digit."
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


def slug_of(told: str) -> str:
    """The short name that a person's own name for a catalogue becomes; empty when none can."""
    if SLUG.fullmatch(told):
        return told
    made = "-".join(re.findall(r"[^\W_]+", told.lower()))
    return made if len(made) <= MAX_SLUG and SLUG.fullmatch(made) else ""


def open_source(options: ImportOptions) -> Source:
    """Open `options.path`; what the options leave open the format decides.

    A name that the person gave is the catalogue's name, and its short name comes from it.
    """
    path = options.path
    slug = slug_of(options.slug) if options.slug else None
    if slug == "":
        raise UnreadableSource(SLUG_RULE)
    _check_encoding(options.encoding)
    try:
        look(path, options.format, options.encoding)
        facts, records = _opened(path, options)
    except UnreadableSource as error:
        raise UnreadableSource(f"{shown(path.name)}: {error}") from error
    except BROKEN_PACKING as error:
        raise _ends_early(path, error) from error
    default_slug, default_name, kind, licence = facts
    return Source(
        slug=slug or default_slug,
        name=options.name or options.slug or default_name,
        kind=options.kind or kind,
        licence=options.licence if options.licence is not None else licence,
        folder=path.parent,
        records=_told(path, options, records),
    )


def _opened(
    path: Path, options: ImportOptions
) -> tuple[tuple[str, str, str, str], Iterator[EntryDraft | Skip]]:
    words = re.findall(r"[^\W_]+", path.name.split(".")[0].lower())
    stem = "-".join(words)[:MAX_SLUG] or "catalogue"
    match options.format:
        case "tcgdex":
            return ("tcgdex", "Pokémon TCG (TCGdex)", "card", "MIT"), tcgdex.read(path)
        case "tate":
            return ("tate", "Tate collection", "art", "CC0"), tate.read(path)
        case "tarot":
            slug = stem if stem != "cards" else "tarot"
            return (slug, "Tarot", "card", ""), tarot.read(path)
        case "csv":
            plan = table.plan(path, options)
            return (stem, path.stem, plan.kind, ""), table.read(path, plan)
        case "marc":
            # 8 MB of tables of characters, for an import that many never make.
            from armarium.features.catalogue.sources import marc  # noqa: PLC0415

            return (stem, path.stem, "book", ""), marc.read(path, options.encoding)


def _told(
    path: Path, options: ImportOptions, records: Iterator[EntryDraft | Skip]
) -> Iterator[EntryDraft | Skip]:
    """The records; a file of which none can be kept is refused, with the reasons."""
    skipped: dict[str, int] = {}
    first = ""
    kept = 0
    try:
        for each in records:
            if isinstance(each, Skip):
                skipped[each.reason] = skipped.get(each.reason, 0) + 1
                first = first or each.detail
            else:
                kept += 1
            yield each
    except UnreadableSource as error:
        raise UnreadableSource(f"{shown(path.name)}: {error}") from error
    except BROKEN_PACKING as error:
        raise _ends_early(path, error) from error
    if not kept:
        raise UnreadableSource(_nothing(path, options, skipped, first))


def _nothing(path: Path, options: ImportOptions, skipped: dict[str, int], first: str) -> str:
    expected = f"Expected {EXPECTED[options.format]}."
    if not skipped:
        return f"{shown(path.name)}: The file has no records. {expected}"
    reasons = ", ".join(f"{count:,} {why.replace('_', ' ')}" for why, count in skipped.items())
    return (
        f"{shown(path.name)}: None of its {sum(skipped.values()):,} records can be kept "
        f"({reasons}), such as: {shown(first)}. {expected}"
    )


def _ends_early(path: Path, error: Exception) -> UnreadableSource:
    return UnreadableSource(
        f"{shown(path.name)}: It can't be unpacked to the end ({error}). Download or export it "
        "again."
    )


def _check_encoding(encoding: str | None) -> None:
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError as error:
        raise UnreadableSource(
            f"There is no encoding named {shown(encoding or '')}; such as utf-8 or cp1252."
        ) from error
