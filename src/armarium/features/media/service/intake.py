"""Taking pictures in and giving them out; the one service that routes and most rooms need."""

import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from armarium.features.media.errors import (
    EmptyUpload,
    MediaInUse,
    MediaNotFound,
    MediaNotReady,
    UnsupportedImage,
    UploadBeyondTicket,
    UploadIncomplete,
    UploadTooLarge,
    image_problem,
)
from armarium.features.media.models import (
    DISPLAY,
    ORIGINAL,
    Media,
    MediaLimits,
    NewMedia,
    ProcessMedia,
    Upload,
)
from armarium.features.media.policy import EXTENSIONS, incoming_key, original_key, plain_name
from armarium.features.media.service.keeping import MediaKeeper
from armarium.features.media.service.pipeline import MediaPipeline
from armarium.features.media.store import MediaStore
from armarium.features.spaces import Quotas, Resource, demand_editor
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.database import Database, Scope, Session
from armarium.platform.http import Principal
from armarium.platform.workflows import Flows
from armarium.ports.blobs import BlobMissing, BlobStore, SignedDownload
from armarium.ports.images import ImageEngine, ImageFacts, ImageRefused


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture's bytes on their way out. `tag` changes when the bytes would.

    `expires_at` is when the link ends that gave it; None for somebody who is logged in.
    """

    stream: AsyncIterator[bytes]
    content_type: str
    filename: str
    tag: str
    expires_at: datetime | None = None


class MediaService:
    """Uploads by ticket or through the API, and reading back; no row without a check of the bytes.

    Original bytes are kept as they came, place and camera included; they are given to their owner
    only. Everything shown elsewhere is a derivative.
    """

    def __init__(
        self,
        *,
        database: Database,
        blobs: BlobStore,
        images: ImageEngine,
        pipeline: MediaPipeline,
        keeper: MediaKeeper,
        flows: Flows,
        limits: MediaLimits,
        quotas: Quotas,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._images = images
        self._pipeline = pipeline
        self._keeper = keeper
        self._flows = flows
        self._limits = limits
        self._quotas = quotas

    async def presign(
        self, caller: Principal, *, filename: str, content_type: str, size: int
    ) -> Upload:
        """A medium that waits for its bytes, and a ticket to send them straight to the store."""
        demand_editor(caller)
        if size > self._limits.max_bytes:
            raise UploadTooLarge(pointer="/size", limit_bytes=self._limits.max_bytes)
        declared = content_type.strip().lower()
        if declared not in EXTENSIONS:
            raise UnsupportedImage(pointer="/content_type")
        new = self._new(caller, filename=filename, content_type=declared, size=size)
        ticket = await self._blobs.upload_ticket(
            incoming_key(new.space_id, new.id),
            content_type=declared,
            max_bytes=size,
            lifetime=self._limits.ticket_lifetime,
        )
        async with self._database.transaction(caller.writing) as session:
            store = MediaStore(session)
            await store.add(new)
            await self._quotas.check(session, new.space_id, Resource.STORAGE)
            await self._keeper.plan_sweep(session, new.space_id)
            media = await _found(store, new.id)
        return Upload(media=media, ticket=ticket)

    async def complete(self, caller: Principal, media_id: UUID) -> Media:
        """Check what arrived by its content, and enqueue the thumbnails. Idempotent.

        Bytes that are no picture, too large or a bomb are removed at once, with their row. What was
        checked is copied to its own key, which no ticket can write to; bytes that the space has
        already are not kept twice.
        """
        media = await self.get(caller.scope, media_id)
        if media.status != "awaiting_upload":
            return media
        try:
            data = await self._arrived(media)
            facts = await self._inspect(data)
        except (UploadTooLarge, UploadBeyondTicket, UnsupportedImage, EmptyUpload):
            await self._reject(caller, media)
            raise
        await self._put_back(caller, data)
        stored = await self._shared(caller, media.id, data, facts)
        if stored is None:
            await self._blobs.put(media.key, data)
            stored = await self._stored(caller, media.id, data, facts, process=True)
        await self._blobs.delete(incoming_key(media.space_id, media.id))
        return stored

    async def create(
        self, caller: Principal, data: bytes, filename: str, *, process: bool = True
    ) -> Media:
        """Take bytes that came through the API.

        `process=False` is for a caller whose own workflow makes the thumbnails (a scan). The same
        bytes sent twice share one object.
        """
        demand_editor(caller)
        if len(data) > self._limits.max_bytes:
            raise UploadTooLarge(pointer="/file", limit_bytes=self._limits.max_bytes)
        facts = await self._inspect(data)
        new = self._new(caller, filename=filename, content_type=facts.content_type, size=len(data))
        await self._put_back(caller, data)
        async with self._database.transaction(caller.writing) as session:
            store = MediaStore(session)
            twin = await store.blob_with(caller.space_id, _sha256(data))
            if twin is None:
                await store.add(new)
                await self._quotas.check(session, new.space_id, Resource.STORAGE)
            else:
                await store.add_sharing(new, twin)
            await self._keeper.plan_sweep(session, new.space_id)
        if twin is None:
            await self._blobs.put(new.key, data, max_bytes=self._limits.max_bytes)
        return await self._stored(caller, new.id, data, facts, process=process)

    async def get(self, scope: Scope, media_id: UUID) -> Media:
        """One medium with its variants; `MediaNotFound` when the scope does not hold it."""
        async with self._database.transaction(scope) as session:
            return await _found(MediaStore(session), media_id)

    async def many(self, scope: Scope, ids: Iterable[UUID]) -> dict[UUID, Media]:
        """Media by id; those that the scope does not hold are left out."""
        async with self._database.transaction(scope) as session:
            return await MediaStore(session).many(ids)

    async def read_original(self, scope: Scope, media_id: UUID) -> bytes:
        """The bytes as they were sent; for workers that look at the photo."""
        media = await self.get(scope, media_id)
        return await self._blobs.get(media.key)

    async def open(self, scope: Scope, media_id: UUID, variant: str) -> Picture:
        """Stream a variant (`128`, `256`, `512`, `display`, `original`)."""
        media = await self.get(scope, media_id)
        if variant == DISPLAY and DISPLAY not in media.variants and media.status == "ready":
            media = await self._pipeline.make_display(media)
        key, content_type = _object(media, variant)
        return Picture(
            stream=self._blobs.stream(key),
            content_type=content_type,
            filename=media.filename,
            tag=f"{media.id}-{variant}",
        )

    async def link(self, scope: Scope, media_id: UUID, variant: str) -> SignedDownload:
        """A URL that anyone who holds it can read until it expires."""
        media = await self.get(scope, media_id)
        key, content_type = _object(media, variant)
        return await self._blobs.download_url(
            key,
            content_type=content_type,
            filename=media.filename or "picture",
            lifetime=self._limits.link_lifetime,
        )

    async def discard(self, caller: Principal, media_id: UUID) -> None:
        """Remove a picture that nothing uses; its objects follow after the grace period."""
        demand_editor(caller)
        media = await self.get(caller.writing, media_id)
        # As a worker: what uses it may be hidden from the caller.
        async with self._database.transaction(Scope.of_space(media.space_id)) as session:
            await self._keeper.recount(session, media.space_id, [media_id])
        async with self._database.transaction(caller.writing) as session:
            store = MediaStore(session)
            media = await _found(store, media_id)
            if not await store.lock_unheld(media.space_id, media_id):
                raise MediaInUse
            await store.remove(media.space_id, [media_id], now())
            await self._keeper.plan_sweep(session, media.space_id)

    def _new(self, caller: Principal, *, filename: str, content_type: str, size: int) -> NewMedia:
        media_id = new_id()
        return NewMedia(
            space_id=caller.space_id,
            id=media_id,
            filename=plain_name(filename),
            content_type=content_type,
            size=size,
            key=original_key(caller.space_id, media_id, content_type),
            created_by=caller.user_id,
        )

    async def _arrived(self, media: Media) -> bytes:
        key = incoming_key(media.space_id, media.id)
        try:
            stat = await self._blobs.stat(key)
        except BlobMissing as missing:
            raise UploadIncomplete from missing
        if stat.size > self._limits.max_bytes:
            raise UploadTooLarge(limit_bytes=self._limits.max_bytes)
        if stat.size > media.size:
            raise UploadBeyondTicket(limit_bytes=media.size)
        return await self._blobs.get(key)

    async def _inspect(self, data: bytes) -> ImageFacts:
        if not data:
            raise EmptyUpload(pointer="/file")
        try:
            return await self._images.inspect(data)
        except ImageRefused as refused:
            raise image_problem(refused) from refused

    async def _stored(
        self, caller: Principal, media_id: UUID, data: bytes, facts: ImageFacts, *, process: bool
    ) -> Media:
        async with self._database.transaction(caller.writing) as session:
            media = await _found(MediaStore(session), media_id)
            return await self._mark(session, media, data, facts, process=process)

    async def _put_back(self, caller: Principal, data: bytes) -> None:
        """Write the object that these very bytes would share, where it was lost."""
        async with self._database.transaction(caller.writing) as session:
            key = await MediaStore(session).key_with(caller.space_id, _sha256(data))
        if key is None:
            return
        try:
            await self._blobs.stat(key)
        except BlobMissing:
            await self._blobs.put(key, data, max_bytes=self._limits.max_bytes)

    async def _shared(
        self, caller: Principal, media_id: UUID, data: bytes, facts: ImageFacts
    ) -> Media | None:
        """The medium over the object that has these very bytes already; None without one."""
        async with self._database.transaction(caller.writing) as session:
            store = MediaStore(session)
            media = await _found(store, media_id)
            twin = await store.blob_with(media.space_id, _sha256(data))
            if twin is None:
                return None
            await store.share(media, twin)
            return await self._mark(session, media, data, facts, process=True)

    async def _mark(
        self, session: Session, media: Media, data: bytes, facts: ImageFacts, *, process: bool
    ) -> Media:
        store = MediaStore(session)
        first = await store.stored(
            media,
            size=len(data),
            content_type=facts.content_type,
            width=facts.width,
            height=facts.height,
            sha256=_sha256(data),
        )
        if first and process:
            await self._flows.enqueue(
                session,
                ProcessMedia(space_id=media.space_id, media_id=media.id),
                workflow_id=f"media:{media.id}",
            )
        return await _found(store, media.id)

    async def _reject(self, caller: Principal, media: Media) -> None:
        async with self._database.transaction(caller.writing) as session:
            store = MediaStore(session)
            await store.remove(media.space_id, [media.id], now())
            await store.forget_blobs(media.space_id, [media.id])
        await self._blobs.delete(incoming_key(media.space_id, media.id))


async def _found(store: MediaStore, media_id: UUID) -> Media:
    media = await store.get(media_id)
    if media is None:
        raise MediaNotFound
    return media


def _object(media: Media, variant: str) -> tuple[str, str]:
    """Key and content type of what a variant's name stands for."""
    if variant == ORIGINAL:
        if media.status == "awaiting_upload":
            raise MediaNotReady
        return media.key, media.content_type
    if variant not in media.variants:
        raise MediaNotReady
    return media.variants[variant].key, "image/webp"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
