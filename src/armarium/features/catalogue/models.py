"""What the catalogue room speaks of: drafts on their way in, entries on their way out, reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from armarium.kit.text import clean_line, storable
from armarium.ports.vision import Reference

BLOBS = "catalogues"
UPLOADS = f"{BLOBS}/uploads"
"""Where the store keeps files to import, each under the id of its job."""
IMAGE_PATH = "/api/v1/catalogue/images"
MAX_TITLE, MAX_NOTE = 500, 2000
"""Characters of what a space writes over an entry."""

Format = Literal["tcgdex", "tate", "tarot", "csv", "marc"]


@dataclass(frozen=True, slots=True)
class SetDraft:
    """A set or series that entries belong to, as a source tells it."""

    code: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    series: str | None = None
    official_count: int | None = None
    released: str | None = None
    external_ids: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """One entry as a source tells it, before the kind has cleaned its fields.

    `key` makes it the same entry at the next import. `names` are by language; `words` are further
    printed words that identify it. `images` are paths relative to the catalogue file.
    """

    key: str
    title: str
    fields: Mapping[str, Any]
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    creators: Sequence[str] = ()
    number: str | None = None
    set: SetDraft | None = None
    identifiers: Sequence[str] = ()
    external_ids: Mapping[str, Any] = field(default_factory=dict[str, Any])
    variants: Sequence[Any] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    images: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Skip:
    """A record that was left out. `reason` is stable; `detail` says it of this record."""

    reason: str
    detail: str
    where: str = ""
    """Line, record number or id in the source."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What to import and how; None means that the source or its file name decides."""

    path: Path
    format: Format
    slug: str | None = None
    name: str | None = None
    kind: str | None = None
    licence: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict[str, str])
    """CSV: column to field."""
    encoding: str | None = None
    requested_by: UUID | None = None
    """None is whoever holds the machine."""


@dataclass(slots=True)
class Tally:
    """How often something happened, with the first few examples."""

    count: int = 0
    examples: list[str] = field(default_factory=list[str])

    def add(self, example: str) -> None:
        """Count one more."""
        self.count += 1
        if len(self.examples) < MAX_EXAMPLES:
            self.examples.append(example)


MAX_EXAMPLES = 5
MAX_DETAIL = 300
"""Characters of a reason: another's parser may repeat the whole record."""


@dataclass(slots=True)
class ImportReport:
    """What an import did: nothing is dropped silently."""

    catalogue: str
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    images: int = 0
    resumed_at: int | None = None
    skipped: dict[str, Tally] = field(default_factory=dict[str, Tally])
    notes: dict[str, Tally] = field(default_factory=dict[str, Tally])
    """Values left out of entries that were kept, by reason."""
    seconds: float = 0.0
    entry_count: int = 0

    def skip(self, skipped: Skip) -> None:
        """Count a record that was left out."""
        detail = storable(clean_line(skipped.detail[:MAX_DETAIL]))
        example = f"{skipped.where}: {detail}" if skipped.where else detail
        self.skipped.setdefault(skipped.reason, Tally()).add(example)

    def note(self, reason: str, example: str) -> None:
        """Count a value that was left out."""
        self.notes.setdefault(reason, Tally()).add(storable(clean_line(example)))


@dataclass(frozen=True, slots=True)
class PastImport:
    """One file that was brought into a catalogue, and what came of it."""

    file_name: str
    state: str
    """running, done or failed."""
    error: str | None
    report: Mapping[str, Any]
    """An `ImportReport` by name; empty until the first batch is in."""
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A reference catalogue, as shown."""

    id: UUID
    slug: str
    name: str
    kind: str
    source: str
    licence: str
    state: str
    entry_count: int
    image_counts: Mapping[str, int]
    """Reference images by state: pending, ready, failed."""
    updated_at: datetime
    last_import: PastImport | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A reference entry with the caller's corrections laid over it."""

    id: UUID
    catalogue: str | None
    """Slug of its catalogue; None for a space's own entry."""
    kind: str
    title: str
    subtitle: str
    names: Mapping[str, str]
    creators: Sequence[str]
    number: str | None
    set_code: str | None
    set_name: str | None
    series: str | None
    identifiers: Sequence[str]
    external_ids: Mapping[str, Any]
    fields: Mapping[str, Any]
    variants: Sequence[Any]
    attributes: Mapping[str, Any]
    overridden: bool = False
    version: int | None = None
    """Of the correction or own entry, for If-Match."""
    image_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DescribeReferences:
    """Command: compute hashes and embeddings of a catalogue's pending reference images."""

    catalogue_id: UUID


@dataclass(frozen=True, slots=True)
class TidyCatalogues:
    """Command: delete stored files that no catalogue and no import needs any more."""


@dataclass(frozen=True, slots=True)
class ImportCatalogue:
    """Command: import an uploaded catalogue file; `blob_key` is deleted when it is done."""

    blob_key: str
    file_name: str
    format: str
    slug: str
    name: str
    kind: str
    mapping: list[str]
    requested_by: UUID


@dataclass(frozen=True, slots=True)
class EntrySummary:
    """What other rooms need of an entry: to show it, and to make an item of it."""

    id: UUID
    kind: str
    catalogue: str | None
    title: str
    subtitle: str
    external_ids: Mapping[str, Any]
    fields: Mapping[str, Any]
    identifiers: Sequence[str]
    image_url: str | None


@dataclass(frozen=True, slots=True)
class TextCandidate:
    """An entry that a text may mean; `score` is a calibrated probability."""

    entry_id: UUID
    score: float
    evidence: Mapping[str, Any]
    """By signal: name, creator, context, identifiers, text."""


@dataclass(frozen=True, slots=True)
class TextIdentification:
    """The outcome for one text; candidates best first."""

    decision: Literal["accepted", "review", "unknown"]
    candidates: Sequence[TextCandidate]


@dataclass(frozen=True, slots=True)
class ReferenceImage:
    """A reference image on the shortlist for a picture, with the entry that it shows."""

    reference: Reference
    entry_id: UUID


@dataclass(frozen=True, slots=True)
class EntryChange:
    """What a space says of an entry: a correction, or an entry of its own."""

    title: str | None
    fields: Mapping[str, Any]
    note: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueSet:
    """A set of a catalogue, as shown."""

    code: str
    name: str
    names: Mapping[str, str]
    series: str | None
    official_count: int | None
    released: str | None
    external_ids: Mapping[str, Any]
