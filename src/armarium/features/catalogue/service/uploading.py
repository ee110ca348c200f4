"""Catalogue files that come over HTTP: kept as a blob, imported by a job."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

from armarium.features.catalogue.errors import CatalogueUnreadable
from armarium.features.catalogue.models import UPLOADS, Format, ImportCatalogue, ImportOptions
from armarium.features.catalogue.service.browsing import require_admin
from armarium.features.catalogue.service.importing import CatalogueImporter
from armarium.features.catalogue.sources import SLUG_RULE, slug_of
from armarium.kit.ids import new_id
from armarium.platform.database import Database
from armarium.platform.errors import Invalid
from armarium.platform.http.principal import Principal
from armarium.platform.workflows import Flows
from armarium.ports.blobs import BlobMissing, BlobStore, BlobTooLarge

MAX_FILE = 300_000_000
MAX_NAME = 80


class CatalogueUploads:
    """Takes a file in and enqueues its import; runs it in the worker."""

    def __init__(
        self, *, database: Database, blobs: BlobStore, flows: Flows, importer: CatalogueImporter
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._flows = flows
        self._importer = importer

    async def enqueue(
        self,
        principal: Principal,
        data: AsyncIterator[bytes],
        *,
        file_name: str,
        file_format: str,
        slug: str = "",
        name: str = "",
        kind: str = "",
        mapping: list[str] | None = None,
    ) -> str:
        """Keep the file and enqueue its import; the id of the job."""
        require_admin(principal)
        if file_format not in get_args(Format):
            raise Invalid(f"One of: {', '.join(get_args(Format))}.", pointer="/format")
        parse_mapping(mapping or [])
        if slug and not slug_of(slug):
            raise Invalid(SLUG_RULE, pointer="/catalogue")
        job_id = str(new_id())
        key = f"{UPLOADS}/{job_id}"
        try:
            await self._blobs.put(key, data, max_bytes=MAX_FILE)
        except BlobTooLarge:
            raise Invalid(
                f"A catalogue file has at most {MAX_FILE:,} bytes; pack it by gzip.",
                pointer="/file",
            ) from None
        command = ImportCatalogue(
            blob_key=key,
            file_name=_safe_name(file_name),
            format=file_format,
            slug=slug,
            name=name,
            kind=kind,
            mapping=list(mapping or []),
            requested_by=principal.user_id,
        )
        async with self._database.transaction(principal.scope) as session:
            return await self._flows.enqueue(session, command, workflow_id=job_id)

    async def run(
        self, command: ImportCatalogue, progress: Callable[[int, str], Awaitable[None]]
    ) -> dict[str, Any]:
        """Import the file of a command; the report. Safe to repeat: an import resumes."""
        loop = asyncio.get_running_loop()

        def tell(done: int, note: str) -> None:
            pending.append(loop.create_task(_awaited(progress(done, note))))

        pending: list[asyncio.Task[None]] = []
        with tempfile.TemporaryDirectory(prefix="armarium-import-") as folder:
            path = Path(folder) / command.file_name
            try:
                await self._fetch(command.blob_key, path)
            except BlobMissing:
                raise CatalogueUnreadable("The uploaded file is gone.") from None
            options = ImportOptions(
                path=path,
                format=command.format,  # pyright: ignore[reportArgumentType] - checked when enqueued
                slug=command.slug or None,
                name=command.name or None,
                kind=command.kind or None,
                mapping=parse_mapping(command.mapping),
                requested_by=command.requested_by,
            )
            report = await self._importer.run(options, tell)
        await asyncio.gather(*pending)
        return asdict(report)

    async def discard(self, command: ImportCatalogue) -> None:
        """Delete the uploaded file once it is in."""
        await self._blobs.delete(command.blob_key)

    async def _fetch(self, key: str, path: Path) -> None:
        with path.open("wb") as file:
            async for part in self._blobs.stream(key):
                await asyncio.to_thread(file.write, part)


def _safe_name(told: str) -> str:
    """A plain file name for the worker's own folder; its end tells the format."""
    name = Path(told.replace("\0", "")).name[-MAX_NAME:]
    return "catalogue" if name in {"", ".", ".."} else name


async def _awaited(waiting: Awaitable[None]) -> None:
    await waiting


def parse_mapping(pairs: list[str]) -> dict[str, str]:
    """`COLUMN=field` pairs as a mapping."""
    mapping: dict[str, str] = {}
    for pair in pairs:
        column, equals, field = pair.rpartition("=")
        if not equals or not column.strip() or not field.strip():
            raise Invalid(f"{pair!r} is not COLUMN=field.", pointer="/map")
        mapping[column.strip()] = field.strip()
    return mapping
