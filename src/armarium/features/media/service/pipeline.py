"""From stored bytes to pictures: thumbnails, the display size, crops. Called by workers' steps.

Row first, then object, then the row that shows it: what a crash leaves behind is a pending row
that the next attempt completes, never an object that nobody knows.
"""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from armarium.features.media.errors import MediaNotFound, image_problem
from armarium.features.media.events import ImageFailed, ImageProcessed
from armarium.features.media.models import (
    DISPLAY,
    DISPLAY_SIDE,
    THUMBNAIL_SIDES,
    Media,
    NewMedia,
)
from armarium.features.media.policy import crop_key, variant_key
from armarium.features.media.store import MediaStore, StoredPicture
from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope
from armarium.platform.events import emit
from armarium.ports.blobs import BlobStore
from armarium.ports.images import ImageEngine, ImageRefused, Rendition, Renditions


class MediaPipeline:
    """Decodes, scales and stores; every method is safe to run again."""

    def __init__(
        self, *, database: Database, blobs: BlobStore, images: ImageEngine, bucket: str
    ) -> None:
        """`bucket` is the store's name in events."""
        self._database = database
        self._blobs = blobs
        self._images = images
        self._bucket = bucket

    async def make_thumbnails(
        self, scope: Scope, media_id: UUID, *, item_id: UUID | None = None
    ) -> Media:
        """128, 256 and 512 pixels, placeholder and hash; says `ImageProcessed` once.

        A picture that can't be decoded becomes `failed` with its reason (and says `ImageFailed`);
        that is the file's fault, so nothing is raised: look at `status`.
        """
        media = await self._get(scope, media_id)
        if media.status in {"ready", "failed"}:
            return media
        data = await self._blobs.get(media.key)
        try:
            made = await self._images.render(data, THUMBNAIL_SIDES)
        except ImageRefused as refused:
            return await self._fail(scope, media, refused)
        return await self._finish(
            scope, media, made, hashlib.sha256(data).hexdigest(), item_id=item_id
        )

    async def store_crop(
        self,
        scope: Scope,
        parent_media_id: UUID,
        data: bytes,
        *,
        region: Any = None,
        crop_id: UUID | None = None,
    ) -> Media:
        """Keep a part of a photo as a medium of its own, with thumbnails.

        `region` says where it lies in the parent (any JSON). A caller that may run twice passes
        its own `crop_id`: the second call then finds the first one's crop.
        """
        parent = await self._get(scope, parent_media_id)
        try:
            made = await self._images.render(data, THUMBNAIL_SIDES)
        except ImageRefused as refused:
            raise image_problem(refused) from refused
        media_id = crop_id or new_id()
        kind = made.facts.content_type
        new = NewMedia(
            space_id=parent.space_id,
            id=media_id,
            filename=parent.filename,
            content_type=kind,
            size=len(data),
            key=crop_key(parent.space_id, media_id, kind),
            created_by=parent.created_by,
            parent_id=parent.id,
            region=region,
        )
        async with self._database.transaction(scope) as session:
            await MediaStore(session).add(new, status="stored")
        crop = await self._get(scope, media_id)
        if crop.status == "ready":
            return crop
        await self._blobs.put(crop.key, data)
        return await self._finish(scope, crop, made, hashlib.sha256(data).hexdigest())

    async def turn_crop(
        self, scope: Scope, crop_id: UUID, degrees: int, *, turned_id: UUID
    ) -> Media:
        """A crop as it should be looked at, turned clockwise; a crop of its own beside the first.

        A second call with the same `turned_id` finds the first one's.
        """
        crop = await self._get(scope, crop_id)
        try:
            data = await self._images.turn(await self._blobs.get(crop.key), degrees)
        except ImageRefused as refused:
            raise image_problem(refused) from refused
        parent = crop.parent_id or crop.id
        return await self.store_crop(scope, parent, data, region=crop.region, crop_id=turned_id)

    async def make_display(self, media: Media) -> Media:
        """The large upright picture for the item page, on first demand; `media` with it."""
        data = await self._blobs.get(media.key)
        try:
            made = await self._images.render(data, (DISPLAY_SIDE,))
        except ImageRefused as refused:
            raise image_problem(refused) from refused
        scope = Scope.of_space(media.space_id)
        pictures = await self._write(scope, media, {DISPLAY: made.pictures[DISPLAY_SIDE]})
        async with self._database.transaction(scope) as session:
            await MediaStore(session).add_pictures(media, pictures)
        return await self._get(scope, media.id)

    async def _finish(
        self,
        scope: Scope,
        media: Media,
        made: Renditions,
        sha256: str,
        *,
        item_id: UUID | None = None,
    ) -> Media:
        named = {str(side): picture for side, picture in made.pictures.items()}
        pictures = await self._write(scope, media, named)
        async with self._database.transaction(scope) as session:
            store = MediaStore(session)
            await store.add_pictures(media, pictures)
            first = await store.ready(
                media,
                width=made.facts.width,
                height=made.facts.height,
                placeholder=made.placeholder,
                sha256=sha256,
            )
            if first and media.parent_id is None:
                await emit(session, self._processed(media, item_id))
        return await self._get(scope, media.id)

    async def _write(
        self, scope: Scope, media: Media, pictures: Mapping[str, Rendition]
    ) -> list[StoredPicture]:
        keys = {name: variant_key(media.space_id, media.id, name) for name in pictures}
        async with self._database.transaction(scope) as session:
            await MediaStore(session).reserve_pictures(media, keys)
        for name, picture in pictures.items():
            await self._blobs.put(keys[name], picture.data)
        return [
            StoredPicture(
                name=name,
                key=keys[name],
                size=len(picture.data),
                width=picture.width,
                height=picture.height,
            )
            for name, picture in pictures.items()
        ]

    def _processed(self, media: Media, item_id: UUID | None) -> ImageProcessed:
        largest = str(max(THUMBNAIL_SIDES))
        return ImageProcessed(
            space_id=media.space_id,
            media_id=media.id,
            item_id=item_id,
            user_id=media.created_by,
            bucket=self._bucket,
            original_key=media.key,
            thumbnail_key=variant_key(media.space_id, media.id, largest),
        )

    async def _fail(self, scope: Scope, media: Media, refused: ImageRefused) -> Media:
        async with self._database.transaction(scope) as session:
            store = MediaStore(session)
            if await store.failed(media, refused.code):
                await emit(
                    session,
                    ImageFailed(space_id=media.space_id, media_id=media.id, problem=refused.code),
                )
        return await self._get(scope, media.id)

    async def _get(self, scope: Scope, media_id: UUID) -> Media:
        async with self._database.transaction(scope) as session:
            media = await MediaStore(session).get(media_id)
        if media is None:
            raise MediaNotFound
        return media
