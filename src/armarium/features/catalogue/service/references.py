"""Reference images: described in the background, shortlisted for a picture, served."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from armarium.features.catalogue import store
from armarium.features.catalogue.errors import NoSuchEntry
from armarium.features.catalogue.models import ReferenceImage
from armarium.features.catalogue.tables import ImageRow
from armarium.platform.database import Database, Scope
from armarium.ports.blobs import BlobMissing, BlobStore
from armarium.ports.inference import InputRefused
from armarium.ports.vision import ImageFeatures, Reference, VisionModel

NOBODY = Scope()
FEW = 64
"""Up to this many reference images are all compared; a shortlist could only lose some."""


class CatalogueReferences:
    """The pictures of catalogues and what is known of them."""

    def __init__(self, *, database: Database, blobs: BlobStore, vision: VisionModel) -> None:
        self._database = database
        self._blobs = blobs
        self._vision = vision

    async def describe(self, catalogue_id: UUID, limit: int) -> dict[str, int]:
        """Compute the features of the next pending images; `done` of them, and `left` after.

        Safe to repeat: an image is pending until its features are written.
        """
        async with self._database.transaction(NOBODY) as session:
            pending = await store.pending_images(session, catalogue_id, limit)
        for row in pending:
            values = await self._features(row)
            async with self._database.transaction(NOBODY) as session:
                await store.set_image(session, row.id, **values)
        async with self._database.transaction(NOBODY) as session:
            left = await store.count_pending(session, catalogue_id)
        return {"done": len(pending), "left": left}

    async def _features(self, row: ImageRow) -> dict[str, object]:
        try:
            features = await self._vision.features(await self._blobs.get(row.blob_key))
        except (InputRefused, BlobMissing) as error:
            return {"state": "failed", "error": str(error) or type(error).__name__}
        return {
            "state": "ready",
            "error": None,
            "feature_model": features.model,
            "phash": _bits(features.phashes[0]),
            "embedding": list(features.embedding),
            "local": features.local,
            "width": features.width,
            "height": features.height,
        }

    async def shortlist(
        self,
        *,
        features: ImageFeatures,
        kind: str | None,
        catalogue: str | None,
        entry_ids: Sequence[UUID],
        limit: int,
    ) -> list[ReferenceImage]:
        """Images to compare: closest by hash, closest by embedding, and those of `entry_ids`."""
        async with self._database.transaction(NOBODY) as session:
            rows = await store.all_ready(
                session, kind=kind, slug=catalogue, model=features.model, at_most=FEW
            )
            if rows is None:
                rows = await store.nearest_ready(
                    session,
                    kind=kind,
                    slug=catalogue,
                    model=features.model,
                    phashes=features.phashes,
                    embedding=features.embedding,
                    limit=limit,
                )
                if entry_ids:
                    named = await store.of_entries(session, entry_ids, features.model)
                    rows = list({row.id: row for row in (*rows, *named)}.values())[:FEW]
        return [_reference(row) for row in rows]

    async def picture(self, image_id: UUID) -> tuple[str, str, AsyncIterator[bytes]]:
        """`(content type, ETag, bytes)` of a reference image."""
        async with self._database.transaction(NOBODY) as session:
            row = await store.get_image(session, image_id)
        if row is None:
            raise NoSuchEntry("There is no reference image by that id.")
        try:
            await self._blobs.stat(row.blob_key)
        except BlobMissing:
            raise NoSuchEntry("The reference image is missing from the store.") from None
        name = row.blob_key.rpartition("/")[2].partition(".")[0]
        return row.content_type, f'"{name}"', self._blobs.stream(row.blob_key)


def _bits(phash: bytes) -> str:
    return f"{int.from_bytes(phash):0{8 * len(phash)}b}"


def _bytes(bits: str) -> bytes:
    return int(bits, 2).to_bytes(len(bits) // 8)


def _reference(row: ImageRow) -> ReferenceImage:
    reference = Reference(
        id=str(row.id),
        phash=_bytes(str(row.phash)),
        embedding=tuple(float(value) for value in row.embedding),
        local=row.local or b"",
    )
    return ReferenceImage(reference, row.entry_id)
