"""Making archives: everything of a person's own space, through what every room owns."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from armarium.features.accounts import Profiles
from armarium.features.media import MediaTransfer
from armarium.features.operations import store
from armarium.features.operations.errors import NoArchiveFile
from armarium.features.operations.models import (
    Archive,
    DropArchive,
    MakeArchive,
    Tell,
    tell_nobody,
)
from armarium.features.operations.policy import readme, rebuilt, tells
from armarium.features.spaces import SpaceKeeper
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.archive import ArchiveWriter
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Database, Scope, Session
from armarium.platform.errors import NotFound
from armarium.platform.http import Principal
from armarium.platform.owned import OwnedRegister
from armarium.platform.workflows import Flows
from armarium.platform.workflows.jobs import Jobs, Progress
from armarium.ports.blobs import BlobMissing, BlobStore, SignedDownload

KEPT = timedelta(days=7)
LINKED = timedelta(minutes=5)
"""A download that began goes on."""
PIECE = 256 * 1024
TOLD_EVERY = 10
"""Pictures between two words of how far it is."""


class Extra(Protocol):
    """A room's share that is no plain rows: opened for the archive, kept in its own way again.

    Each belongs to an item, which it names by `item_id`, and comes in only together with that.
    """

    name: str

    def export(self, session: Session, space_id: UUID) -> AsyncIterator[Mapping[str, Any]]:
        """Each as a JSON object."""
        ...

    async def bring(self, session: Session, space_id: UUID, row: Mapping[str, Any]) -> bool:
        """Take one in; `ValueError` for what it can't be. Whether it was new."""
        ...


class Archives:
    """Asked for by people and by the closing of an account; made by the worker."""

    def __init__(
        self,
        *,
        database: Database,
        flows: Flows,
        owned: OwnedRegister,
        media: MediaTransfer,
        blobs: BlobStore,
        profiles: Profiles,
        keeper: SpaceKeeper,
        jobs: Jobs,
        release: str,
        folder: Path,
    ) -> None:
        """`folder` is where a file grows before it goes to the store."""
        self._database = database
        self._flows = flows
        self._owned = owned
        self._media = media
        self._blobs = blobs
        self._profiles = profiles
        self._keeper = keeper
        self._jobs = jobs
        self._release = release
        self._folder = folder
        self.extras: list[Extra] = []

    async def request(self, caller: Principal) -> Archive:
        """A new archive of the caller's own space, or the one that is being made."""
        person = caller.user_id
        async with self._database.transaction(Scope((person,), person, whole=True)) as session:
            return await self.request_in(session, caller.user_id, caller.impersonator)

    async def request_in(
        self, session: Session, person: UUID, impersonator: UUID | None = None
    ) -> Archive:
        """The same in a transaction whose scope holds the person's space."""
        for each in await store.of_space(session, person):
            if each.status == "queued" and each.created_at > now() - timedelta(hours=1):
                return each
        archive = Archive(person, new_id(), "queued", now(), requested_by=person)
        await store.add(session, archive)
        await self._flows.enqueue(
            session, MakeArchive(person, archive.id), workflow_id=job_id(archive.id)
        )
        await record(
            session,
            AuditEntry(
                action=Action.EXPORTED,
                actor=person,
                impersonator=impersonator,
                space_id=person,
                target_type="archive",
                target_id=archive.id,
            ),
        )
        return archive

    async def of_person(self, person: UUID) -> list[Archive]:
        """All of the last ones, newest first."""
        async with self._database.transaction(Scope.of_space(person)) as session:
            return await store.of_space(session, person)

    async def get(self, person: UUID, archive_id: UUID) -> Archive:
        """One of them."""
        async with self._database.transaction(Scope.of_space(person)) as session:
            archive = await store.find(session, person, archive_id)
        if archive is None:
            raise NotFound
        return archive

    async def link(self, person: UUID, archive_id: UUID) -> SignedDownload:
        """A new link to the file of one, for whoever has just proved who they are.

        It needs no login and outlives a changed password, so it ends within minutes.
        """
        archive = await self.get(person, archive_id)
        if archive.status != "ready" or archive.expires_at is None or archive.expires_at <= now():
            raise NoArchiveFile
        return await self._blobs.download_url(
            archive_key(archive),
            content_type="application/zip",
            filename=f"armarium-{archive.created_at:%Y-%m-%d}.zip",
            lifetime=min(archive.expires_at - now(), LINKED),
        )

    async def progress(self, archive: Archive) -> Progress | None:
        """How far the one that is being made is: in files and tables."""
        if archive.status != "queued":
            return None
        job = await self._jobs.find(job_id(archive.id), Scope.of_space(archive.space_id))
        return job and job.progress

    async def make(
        self, space_id: UUID, archive_id: UUID, tell: Tell = tell_nobody
    ) -> dict[str, Any]:
        """Write the file and put it into the store; safe to repeat."""
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            archive = await store.find(session, space_id, archive_id)
        if archive is None or archive.status != "queued":
            return {"made": False}
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            path = Path(folder) / "archive.zip"
            counts = await self.write(space_id, path, tell)
            digest, size = await asyncio.to_thread(_digest, path)
            await self._blobs.put(archive_key(archive), _pieces(path))
        at = now()
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            await store.mark(
                session,
                space_id,
                archive_id,
                status="ready",
                ready_at=at,
                expires_at=at + KEPT,
                size=size,
                sha256=digest,
                counts=counts,
            )
            await self._flows.enqueue(
                session, DropArchive(space_id, archive_id), delay=KEPT.total_seconds() + 60
            )
        return {"made": True, "size": size}

    async def write(self, space_id: UUID, path: Path, tell: Tell = tell_nobody) -> dict[str, int]:
        """Everything that a person sees of their own space into a file; rows by table.

        What stands in another member's private room is that member's. The rows are of one moment.
        A picture whose object is gone is named in the manifest.
        """
        user = await self._profiles.get(space_id)
        scope = await self._keeper.sight_of(space_id)
        keys = await self._media.originals(space_id, scope)
        missing: list[str] = []
        with ArchiveWriter(path) as writer:
            async with self._database.transaction(scope) as session:
                await store.of_one_moment(session)
                await self._tables(session, space_id, writer, keys.keys())
            for done, (blob_id, key) in enumerate(keys.items()):
                if not done % TOLD_EVERY:
                    await tell(done, len(keys), "Pictures")
                try:
                    await self._blobs.stat(key)
                    await writer.file(f"pictures/{blob_id}", self._blobs.stream(key))
                except BlobMissing:
                    missing.append(str(blob_id))
            facts = {
                "space_id": str(space_id),
                "made_at": now().isoformat(),
                "release": self._release,
                "account": {
                    "email": user.email,
                    "display_name": user.display_name,
                    "role": user.role,
                    "preferences": user.preferences,
                    "created_at": user.created_at.isoformat(),
                },
                "missing_pictures": missing,
            }
            counts = writer.counts
            writer.finish(facts, readme(user.email, counts, len(keys) - len(missing)))
        return counts

    async def _tables(
        self, session: Session, space_id: UUID, writer: ArchiveWriter, pictures: AbstractSet[UUID]
    ) -> None:
        seen = await store.seen_targets(session, space_id)
        for owned in self._owned:
            for name in (each for each in owned.tables if not rebuilt(each)):
                await writer.table(
                    name, _told(owned.export_table(session, space_id, name), name, pictures, seen)
                )
        for extra in self.extras:
            await writer.table(extra.name, extra.export(session, space_id))

    async def fail(self, space_id: UUID, archive_id: UUID) -> None:
        """It could not be made."""
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            await store.mark(session, space_id, archive_id, status="failed")

    async def drop(self, space_id: UUID, archive_id: UUID) -> None:
        """Delete the file of an archive whose time is over."""
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            archive = await store.find(session, space_id, archive_id)
        if archive is None or not store.is_expired(archive, now()):
            return
        await self._blobs.delete(archive_key(archive))
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            await store.mark(session, space_id, archive_id, status="expired")

    async def erase_files(self, space_id: UUID) -> None:
        """Every archive of a space that was erased, made here or sent here."""
        for prefix in (f"archives/{space_id}", import_prefix(space_id)):
            for key in [each.key async for each in self._blobs.list(prefix)]:
                await self._blobs.delete(key)


def job_id(archive_id: UUID) -> str:
    """Of the job that makes it."""
    return f"archive:{archive_id}"


def archive_key(archive: Archive) -> str:
    """Apart from the space's pictures: the care of those knows rows for each object."""
    return f"archives/{archive.space_id}/{archive.id}.zip"


def import_prefix(space_id: UUID) -> str:
    """Where archives that were sent wait to be brought in."""
    return f"imports/{space_id}"


async def _told(
    rows: AsyncIterator[Mapping[str, Any]],
    table: str,
    pictures: AbstractSet[UUID],
    seen: AbstractSet[tuple[str, UUID]],
) -> AsyncIterator[Mapping[str, Any]]:
    async for row in rows:
        if tells(table, row, pictures, seen):
            yield row


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as opened:
        while piece := await asyncio.to_thread(opened.read, PIECE):
            yield piece


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest(), path.stat().st_size
