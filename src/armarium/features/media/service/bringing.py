"""Pictures of an archive: their bytes are looked at like any upload, then stored under our keys."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from armarium.features.media.errors import UnsupportedImage, UploadTooLarge, image_problem
from armarium.features.media.models import MediaLimits, ProcessMedia
from armarium.features.media.policy import original_key, plain_name
from armarium.features.media.service.keeping import MediaKeeper
from armarium.features.media.store import (
    OWNED,
    bring_media,
    claim,
    join_parents,
    media_ids,
    original_blobs,
    unknown_keys,
)
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.database import Database, Scope, Session
from armarium.platform.workflows import Flows
from armarium.ports.blobs import BlobMissing, BlobStore
from armarium.ports.images import ImageEngine, ImageRefused

BATCH = 500


@dataclass(slots=True)
class Pictures:
    """Objects of an archive that are in the store."""

    blobs: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    """The blob that stands here for one of the archive."""
    rows: dict[UUID, dict[str, Any]] = field(default_factory=dict[UUID, dict[str, Any]])
    """Rows of new blobs by their id, not inserted yet."""


class MediaTransfer:
    """What an archive takes of a space's pictures, and how they come in again."""

    def __init__(
        self,
        *,
        database: Database,
        blobs: BlobStore,
        images: ImageEngine,
        keeper: MediaKeeper,
        flows: Flows,
        limits: MediaLimits,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._images = images
        self._keeper = keeper
        self._flows = flows
        self._limits = limits

    async def originals(self, space_id: UUID, scope: Scope | None = None) -> dict[UUID, str]:
        """Keys of the objects that media show (not of their smaller pictures), by blob id.

        All of a space, or what `scope` sees of it.
        """
        async with self._database.transaction(scope or Scope.of_space(space_id)) as session:
            return await original_blobs(session, space_id)

    async def there(self, space_id: UUID) -> set[UUID]:
        """The media of a space."""
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            return await media_ids(session, space_id)

    async def find(self, space_id: UUID, sha256: str) -> tuple[UUID, str | None] | None:
        """The blob with these very bytes, and its key where the object is lost.

        It stays for a grace period, whether anything shows it or not.
        """
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            found = await claim(session, space_id, sha256)
        if found is None:
            return None
        blob_id, key = found
        try:
            await self._blobs.stat(key)
        except BlobMissing:
            return blob_id, key
        return blob_id, None

    async def put_back(self, key: str, data: bytes) -> None:
        """Write an object that was lost."""
        await self._blobs.put(key, data)

    async def store(self, space_id: UUID, data: bytes) -> dict[str, Any]:
        """Check a picture and write its object; the row that describes it, not yet inserted.

        Raises:
            UnsupportedImage, UploadTooLarge: what no upload could be either.
        """
        if len(data) > self._limits.max_bytes:
            raise UploadTooLarge(limit_bytes=self._limits.max_bytes)
        if not data:
            raise UnsupportedImage
        try:
            facts = await self._images.inspect(data)
        except ImageRefused as refused:
            raise image_problem(refused) from refused
        blob_id = new_id()
        key = original_key(space_id, blob_id, facts.content_type)
        await self._blobs.put(key, data)
        return {
            "space_id": space_id,
            "id": blob_id,
            "key": key,
            "size": len(data),
            "content_type": facts.content_type,
            "sha256": hashlib.sha256(data).hexdigest(),
            "state": "stored",
            "created_at": now(),
        }

    async def discard(self, space_id: UUID, keys: Sequence[str]) -> None:
        """Delete objects that were written for an import that failed.

        Not those that have a row: when the connection breaks while it commits, it may have been
        done.
        """
        for at in range(0, len(keys), BATCH):
            async with self._database.transaction(Scope.of_space(space_id)) as session:
                unknown = await unknown_keys(session, space_id, keys[at : at + BATCH])
            for key in unknown:
                await self._blobs.delete(key)

    def prepared(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A medium's row as it may come in: waiting for its smaller pictures, in no room."""
        return {
            **row,
            "filename": plain_name(str(row.get("filename") or "")),
            "status": "stored",
            "problem": None,
            "holds": 0,
            "unheld_since": now(),
            "room_id": None,
        }

    async def bring(
        self,
        session: Session,
        space_id: UUID,
        media: Sequence[Mapping[str, Any]],
        pictures: Pictures,
    ) -> tuple[set[UUID], set[UUID]]:
        """Insert media whose objects are there, and have their smaller pictures made.

        The ids of the new ones, and of all of them that are there now.
        """
        rows = [
            {**row, "blob_id": pictures.blobs[row["blob_id"]]}
            for row in media
            if row["blob_id"] in pictures.blobs
        ]
        wanted = {row["blob_id"] for row in rows}
        fresh = [pictures.rows[each] for each in sorted(wanted & pictures.rows.keys())]
        await OWNED.bring(session, "blobs", fresh)
        new, there = await bring_media(session, space_id, media, rows)
        for media_id in sorted(new):
            await self._flows.enqueue(session, ProcessMedia(space_id=space_id, media_id=media_id))
        return new, there

    async def finished(
        self, session: Session, space_id: UUID, media: Collection[UUID], crops: Mapping[UUID, UUID]
    ) -> None:
        """All rows are in: say what crops were cut from, and count who uses the pictures.

        `media` are all that rows of the archive may name; `crops` the new ones by what they were
        cut from.
        """
        by_photo: dict[UUID, list[UUID]] = defaultdict(list)
        for crop, photo in crops.items():
            by_photo[photo].append(crop)
        await join_parents(session, space_id, by_photo)
        ids = sorted(media)
        for at in range(0, len(ids), BATCH):
            await self._keeper.recount(session, space_id, ids[at : at + BATCH])
        await self._keeper.plan_sweep(session, space_id)
