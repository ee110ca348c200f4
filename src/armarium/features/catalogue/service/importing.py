"""Catalogue files in: resumable, idempotent, and with a report of all that was left out.

Records go in by batches, each in one transaction with the position reached; a killed import that
is started again with the same file goes on from there. Rows whose digest is the same are not
touched, so a second run changes nothing.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b, file_digest
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from armarium.features.catalogue import store
from armarium.features.catalogue.errors import CatalogueUnreadable, NoSuchKind, WrongKind
from armarium.features.catalogue.fitting import MAX_CODE, Unfit, keyed
from armarium.features.catalogue.models import (
    BLOBS,
    DescribeReferences,
    EntryDraft,
    ImportOptions,
    ImportReport,
    SetDraft,
    Skip,
    Tally,
)
from armarium.features.catalogue.rows import entry_row, set_row
from armarium.features.catalogue.service.indexing import CatalogueIndexer
from armarium.features.catalogue.sources import ODD, Source, UnreadableSource, open_source
from armarium.kinds import Kind, registry
from armarium.kit.instants import now
from armarium.kit.text import storable
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Database, Scope, Session
from armarium.platform.workflows import Flows
from armarium.ports.blobs import BlobStore

BATCH = 2000
NOBODY = Scope()
"""Shared tables belong to no space."""
MAX_IMAGE_BYTES = 25_000_000
IMAGE_TYPES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"RIFF": "image/webp",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
}

STOPPED = "It was interrupted. Import the same file again: it goes on from where it stopped."

Progress = Callable[[int, str], None]
"""`(records done, what is going on)`."""


def _silent(_done: int, _note: str) -> None:
    """Nobody watches."""


@dataclass(slots=True)
class Batch:
    """Records read together, cleaned and ready to be written."""

    position: int
    rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    sets: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """Rows by their code."""
    images: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """`(entry key, file)`."""


@dataclass(frozen=True, slots=True)
class _Run:
    """One import on its way."""

    source: Source
    kind: Kind
    catalogue_id: UUID
    import_id: UUID
    generation: int
    """Of the lookup index before; 0 when there was none."""
    report: ImportReport
    progress: Progress
    started: float


class CatalogueImporter:
    """Imports catalogue files; used by the command line and by the import job."""

    def __init__(
        self, *, database: Database, blobs: BlobStore, indexer: CatalogueIndexer, flows: Flows
    ) -> None:
        self._database = database
        self._flows = flows
        self._blobs = blobs
        self._indexer = indexer

    async def run(self, options: ImportOptions, progress: Progress = _silent) -> ImportReport:
        """Import one file to the end; raises `CatalogueUnreadable` when it is not one."""
        started = time.monotonic()
        source, kind = await asyncio.to_thread(self._open, options)
        catalogue_id, generation = await self._catalogue(source, options)
        fingerprint = await asyncio.to_thread(_fingerprint, options, source)
        async with self._database.transaction(NOBODY) as session:
            row = await store.open_import(
                session,
                catalogue_id,
                fingerprint=fingerprint,
                file_format=options.format,
                file_name=storable(options.path.name),
            )
            import_id, position, before = row.id, row.position, dict(row.report)
        report = _revived(source.slug, before, position)
        run = _Run(source, kind, catalogue_id, import_id, generation, report, progress, started)
        try:
            await self._records(run, position)
            await self._finish(run, options)
        except UnreadableSource as error:
            await self._fail(run, str(error))
            if run.generation:
                await self._index(run)
            raise CatalogueUnreadable(str(error)) from error
        except Exception:
            with suppress(Exception):  # such as that the database is away; the first one is told
                await self._fail(run, STOPPED)
            raise
        return report

    async def _fail(self, run: _Run, why: str) -> None:
        async with self._database.transaction(NOBODY) as session:
            await store.set_import(session, run.import_id, state="failed", error=why)
            if run.generation == 0:
                await store.set_catalogue(session, run.catalogue_id, state="empty")

    @staticmethod
    def _open(options: ImportOptions) -> tuple[Source, Kind]:
        try:
            source = open_source(options)
        except (UnreadableSource, OSError) as error:
            raise CatalogueUnreadable(str(error)) from error
        kind = registry().get(source.kind)
        if kind is None:
            raise NoSuchKind(f"There is no kind named {source.kind}.")
        return source, kind

    async def _catalogue(self, source: Source, options: ImportOptions) -> tuple[UUID, int]:
        async with self._database.transaction(NOBODY) as session:
            row = await store.put_catalogue(
                session,
                slug=source.slug,
                name=storable(source.name),
                kind=source.kind,
                source=storable(options.path.name),
                licence=source.licence,
            )
            if row.kind != source.kind:
                raise WrongKind(f"{source.slug} holds {row.kind}, and the file {source.kind}.")
            if options.name:
                row.name = storable(options.name)
            if row.generation == 0:
                row.state = "importing"
            return row.id, row.generation

    async def _records(self, run: _Run, position: int) -> None:
        report, catalogue_id = run.report, run.catalogue_id
        reader = await asyncio.to_thread(_Reader, run, position)
        while (batch := await asyncio.to_thread(reader.batch)) is not None:
            async with self._database.transaction(NOBODY) as session:
                await store.put_sets(session, catalogue_id, batch.sets.values())
                added, changed = await store.copy_entries(session, batch.rows)
                if added or changed:
                    await store.mark_unindexed(session, catalogue_id)
                report.added += added
                report.changed += changed
                report.unchanged += len(batch.rows) - added - changed
            if batch.images:
                await self._images(run, batch.images)
            async with self._database.transaction(NOBODY) as session:
                await store.set_import(
                    session, run.import_id, position=batch.position, report=asdict(report)
                )
            run.progress(report.read, "records")

    async def _images(self, run: _Run, wanted: list[tuple[str, str]]) -> None:
        """Bytes first, then rows: a row never points at nothing."""
        keys = [key for key, _file in wanted]
        async with self._database.transaction(NOBODY) as session:
            ids = await store.ids_by_key(session, run.catalogue_id, keys)
            known = await store.known_images(session, list(ids.values()))
        for key, file in wanted:
            data, content_type = await asyncio.to_thread(_picture, run.source.folder / file)
            if data is None:
                run.report.note("image_unreadable", f"{file}: {content_type}")
                continue
            suffix = content_type.rpartition("/")[2]
            digest = blake2b(data, digest_size=16).hexdigest()
            blob_key = f"{BLOBS}/{run.catalogue_id}/{digest}.{suffix}"
            run.report.images += 1
            if known.get((ids[key], file)) == blob_key:
                continue
            await self._blobs.put(blob_key, data)
            async with self._database.transaction(NOBODY) as session:
                await store.put_image(
                    session,
                    {
                        "catalogue_id": run.catalogue_id,
                        "entry_id": ids[key],
                        "source": file,
                        "blob_key": blob_key,
                        "content_type": content_type,
                    },
                )

    async def _finish(self, run: _Run, options: ImportOptions) -> None:
        report = run.report
        if run.generation == 0:
            await self._rebuild(run)
        else:
            await self._index(run)
        async with self._database.transaction(NOBODY) as session:
            report.entry_count = await store.count_entries(session, run.catalogue_id)
            report.seconds = round(time.monotonic() - run.started, 2)
            await store.set_catalogue(
                session, run.catalogue_id, state="ready", entry_count=report.entry_count
            )
            await store.set_import(
                session, run.import_id, state="done", finished_at=now(), report=asdict(report)
            )
            await _tell(session, run, options)
            if report.images:
                command = DescribeReferences(catalogue_id=run.catalogue_id)
                await self._flows.enqueue(session, command, workflow_id=f"describe:{run.import_id}")
        run.progress(report.read, "done")

    async def _index(self, run: _Run) -> None:
        """Bring an index up to date, also with what an import that was cut off left behind."""
        async with self._database.transaction(NOBODY) as session:
            stale = await store.unindexed(session, run.catalogue_id) is not None
        if stale:
            await self._rebuild(run)

    async def _rebuild(self, run: _Run) -> None:
        run.progress(run.report.read, "index")
        await self._indexer.rebuild(run.catalogue_id)


async def _tell(session: Session, run: _Run, options: ImportOptions) -> None:
    """Let the audit log know of an import that came to its end."""
    report = run.report
    entry = AuditEntry(
        action=Action.CATALOGUE_IMPORTED,
        actor=options.requested_by,
        target_type="catalogue",
        target_id=run.catalogue_id,
        detail={
            "catalogue": report.catalogue,
            "format": options.format,
            "read": report.read,
            "added": report.added,
            "changed": report.changed,
            "entries": report.entry_count,
        },
    )
    await record(session, entry)


class _Reader:
    """Reads batches off a source; remembers the keys, so that a second record is told."""

    def __init__(self, run: _Run, position: int) -> None:
        self._records: Iterator[EntryDraft | Skip] = map(keyed, run.source.records)
        self._kind = run.kind
        self._catalogue_id = run.catalogue_id
        self._report = run.report
        self._seen: set[str] = set()
        self._position = position
        self._last_set: tuple[SetDraft, Mapping[str, Any]] | None = None
        for each in islice(self._records, position):
            if isinstance(each, EntryDraft):
                self._seen.add(each.key)

    def batch(self) -> Batch | None:
        """The next records; None at the end of the source."""
        batch = Batch(self._position)
        for each in islice(self._records, BATCH):
            self._position += 1
            self._report.read += 1
            self._take(each, batch)
        if self._position == batch.position:
            return None
        batch.position = self._position
        return batch

    def _take(self, each: EntryDraft | Skip, batch: Batch) -> None:
        if isinstance(each, Skip):
            self._report.skip(each)
            return
        if each.key in self._seen:
            self._report.skip(Skip("duplicate", each.title, f"record {self._position}"))
            return
        self._seen.add(each.key)
        if each.set is not None and len(each.set.code) > MAX_CODE:
            self._report.note("set_code_too_long", f"{each.key}: {each.set.code}"[:120])
            each = replace(each, set=None)
        try:
            row, refused = entry_row(each, self._kind, self._catalogue_id)
            belongs = self._set_row(each.set)
        except ODD as error:
            why = f"{each.key}: {error}" if isinstance(error, Unfit) else f"{each.key}: {error!r}"
            self._report.skip(Skip("broken_record", why, f"record {self._position}"))
            return
        batch.rows.append(row)
        if belongs is not None:
            batch.sets[belongs["code"]] = belongs
        for error in refused:
            field_name = error.pointer.removeprefix("/")
            told = each.fields.get(field_name)
            self._report.note(f"{field_name}_{error.code}", f"{each.key}: {told}"[:120])
        batch.images.extend((each.key, file) for file in each.images)

    def _set_row(self, belongs: SetDraft | None) -> Mapping[str, Any] | None:
        """Records of one set follow each other, so that its row is mostly made already."""
        if belongs is None:
            return None
        if self._last_set is None or self._last_set[0] is not belongs:
            self._last_set = belongs, set_row(belongs)
        return self._last_set[1]


def _picture(path: Path) -> tuple[bytes | None, str]:
    """`(bytes, content type)`, or `(None, why not)`."""
    try:
        if path.stat().st_size > MAX_IMAGE_BYTES:
            return None, "larger than 25 MB"
        data = path.read_bytes()
    except OSError as error:
        return None, error.strerror or "not readable"
    for magic, content_type in IMAGE_TYPES.items():
        if data.startswith(magic):
            return data, content_type
    return None, "not a picture"


def _fingerprint(options: ImportOptions, source: Source) -> str:
    with options.path.open("rb") as stream:
        digest = file_digest(stream, "sha256")
    told = (options.format, source.kind, sorted(options.mapping.items()), options.encoding)
    digest.update(repr(told).encode())
    return digest.hexdigest()


def _revived(slug: str, stored: dict[str, Any], position: int) -> ImportReport:
    """The report of an import that is taken up again goes on counting."""
    if position == 0:
        return ImportReport(slug)
    report = ImportReport(
        slug,
        read=position,
        resumed_at=position,
        **{name: stored.get(name, 0) for name in ("added", "changed", "unchanged", "images")},
    )
    for name, tallies in (("skipped", report.skipped), ("notes", report.notes)):
        tallies.update({reason: Tally(**each) for reason, each in stored.get(name, {}).items()})
    return report
