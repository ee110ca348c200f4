"""Pictures of an archive: their bytes are looked at like any upload, then stored under our keys."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from armarium.features.media.errors import UnsupportedImage, UploadTooLarge, image_problem
from armarium.features.media.models import MediaLimits, ProcessMedia
from armarium.features.media.policy import original_key, plain_name
from armarium.features.media.store import OWNED, original_blobs
from armarium.kit.instants import now
from armarium.platform.database import Database, Scope, Session
from armarium.platform.workflows import Flows
from armarium.ports.blobs import BlobStore
from armarium.ports.images import ImageEngine, ImageRefused


class MediaTransfer:
    """What an archive takes of a space's pictures, and how they come in again."""

    def __init__(
        self,
        *,
        database: Database,
        blobs: BlobStore,
        images: ImageEngine,
        flows: Flows,
        limits: MediaLimits,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._images = images
        self._flows = flows
        self._limits = limits

    async def originals(self, space_id: UUID, scope: Scope | None = None) -> dict[UUID, str]:
        """Keys of the objects that media show (not of their smaller pictures), by blob id.

        All of a space, or what `scope` sees of it.
        """
        async with self._database.transaction(scope or Scope.of_space(space_id)) as session:
            return await original_blobs(session, space_id)

    async def store(self, space_id: UUID, blob_id: UUID, data: bytes) -> dict[str, Any]:
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

    async def discard(self, keys: list[str]) -> None:
        """Delete objects that were written for an import that was refused."""
        for key in keys:
            await self._blobs.delete(key)

    def prepared(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A medium's row as it may come in: waiting for its smaller pictures, in no room."""
        holds = max(0, min(int(row.get("holds") or 0), 1_000_000))
        return {
            **row,
            "filename": plain_name(str(row.get("filename") or "")),
            "status": "stored",
            "problem": None,
            "holds": holds,
            "unheld_since": None if holds else now(),
            "room_id": None,
        }

    async def bring(self, session: Session, media: Sequence[Mapping[str, Any]]) -> int:
        """Insert media whose blobs are there, and have their smaller pictures made."""
        added = await OWNED.bring(session, "media", media)
        for row in media:
            space_id = row["space_id"]
            await self._flows.enqueue(
                session,
                ProcessMedia(space_id=space_id, media_id=row["id"]),
                workflow_id=f"media:{space_id}:{row['id']}",
            )
        return added
