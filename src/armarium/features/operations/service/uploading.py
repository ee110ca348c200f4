"""Archives that people send over HTTP: kept as a blob, brought in by the worker."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

from armarium.features.operations import store
from armarium.features.operations.errors import ImportUnderWay
from armarium.features.operations.models import BringArchive, Tell
from armarium.features.operations.service.archives import import_prefix
from armarium.features.operations.service.importing import ArchiveImport
from armarium.kit.ids import new_id
from armarium.platform.archive import BadArchive
from armarium.platform.database import Database, Scope, Session
from armarium.platform.http import Principal
from armarium.platform.http.guards import TooLarge
from armarium.platform.paging import PageParams
from armarium.platform.workflows import Flows
from armarium.platform.workflows.jobs import Job, Jobs
from armarium.ports.blobs import BlobMissing, BlobStore, BlobTooLarge

QUEUE = "custody"
SHOWN = 20


class ArchiveUploads:
    """Always into the sender's own space, whatever space they act in."""

    def __init__(
        self,
        *,
        database: Database,
        flows: Flows,
        jobs: Jobs,
        blobs: BlobStore,
        importer: ArchiveImport,
        folder: Path,
        max_bytes: int,
    ) -> None:
        """`folder` is where the worker puts a file to read it."""
        self._database = database
        self._flows = flows
        self._jobs = jobs
        self._blobs = blobs
        self._importer = importer
        self._folder = folder
        self._max_bytes = max_bytes

    async def take(self, caller: Principal, data: AsyncIterator[bytes]) -> Job:
        """Keep the file and enqueue its import.

        Raises:
            ImportUnderWay: one at a time, so that nobody piles up files here.
            TooLarge: more than an upload may be.
        """
        key = f"{import_prefix(caller.user_id)}/{new_id()}"
        try:
            await self._blobs.put(key, data, max_bytes=self._max_bytes)
        except BlobTooLarge:
            raise TooLarge(limit_bytes=self._max_bytes) from None
        scope = Scope((caller.user_id,), caller.user_id, whole=True)
        try:
            async with self._database.transaction(scope) as session:
                await _demand_none(session, caller.user_id)
                job_id = await self._flows.enqueue(session, BringArchive(caller.user_id, key))
        except BaseException:
            await self._blobs.delete(key)
            raise
        await self._clear(caller.user_id, but=key)
        job = await self._jobs.find(job_id, scope)
        assert job is not None  # noqa: S101 - it was enqueued just now
        return job

    async def recent(self, caller: Principal) -> list[Job]:
        """The caller's imports of late, newest first."""
        page = await self._jobs.list(
            Scope.of_space(caller.user_id), PageParams(limit=200), queue=QUEUE
        )
        found = [job for job in page.rows if job.name == BringArchive.__name__]
        return found[:SHOWN]

    async def run(self, command: BringArchive, tell: Tell) -> str:
        """Bring it in, or say why not; what came in words. Safe to repeat."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            path = Path(folder) / "archive.zip"
            try:
                await self._fetch(command.blob_key, path)
            except BlobMissing:
                raise BadArchive("The uploaded file is gone. Send it again.") from None
            return (await self._importer.bring(path, command.space_id, tell=tell)).words

    async def discard(self, command: BringArchive) -> None:
        """Delete the uploaded file, whether it came in or not."""
        await self._blobs.delete(command.blob_key)

    async def _clear(self, person: UUID, *, but: str) -> None:
        """Files that a worker left which died over them: there is one import at a time."""
        for key in [each.key async for each in self._blobs.list(import_prefix(person))]:
            if key != but:
                await self._blobs.delete(key)

    async def _fetch(self, key: str, path: Path) -> None:
        with path.open("wb") as file:
            async for part in self._blobs.stream(key):
                await asyncio.to_thread(file.write, part)


async def _demand_none(session: Session, person: UUID) -> None:
    if await store.is_bringing(session, person):
        raise ImportUnderWay
