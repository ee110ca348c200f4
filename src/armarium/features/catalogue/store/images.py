"""Reference images and what they look like."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.catalogue.tables import (
    CatalogueRow,
    ImageRow,
)
from armarium.kit.ids import new_id


async def known_images(
    session: AsyncSession, entry_ids: Sequence[UUID]
) -> dict[tuple[UUID, str], str]:
    """Blob key by entry and source name."""
    rows = await session.execute(
        select(ImageRow.entry_id, ImageRow.source, ImageRow.blob_key).where(
            ImageRow.entry_id.in_(entry_ids)
        )
    )
    return {(row.entry_id, row.source): row.blob_key for row in rows}


async def shown_blobs(session: AsyncSession, keys: Sequence[str]) -> set[str]:
    """Those of these blob keys that a reference image is kept under."""
    return set(await session.scalars(select(ImageRow.blob_key).where(ImageRow.blob_key.in_(keys))))


async def put_image(session: AsyncSession, values: Mapping[str, Any]) -> None:
    """Insert a reference image, or renew it (and make its features pending) when bytes changed."""
    statement = insert(ImageRow).values({"id": new_id(), "state": "pending", **values})
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["entry_id", "source"],
            set_={
                "blob_key": statement.excluded.blob_key,
                "content_type": statement.excluded.content_type,
                "state": "pending",
            },
            where=ImageRow.blob_key != statement.excluded.blob_key,
        )
    )


def _ready(kind: str | None, slug: str | None, model: str) -> Any:
    statement = (
        select(ImageRow)
        .join(CatalogueRow, CatalogueRow.id == ImageRow.catalogue_id)
        .where(ImageRow.state == "ready", ImageRow.feature_model == model)
    )
    if kind is not None:
        statement = statement.where(CatalogueRow.kind == kind)
    if slug is not None:
        statement = statement.where(CatalogueRow.slug == slug)
    return statement


async def all_ready(
    session: AsyncSession, *, kind: str | None, slug: str | None, model: str, at_most: int
) -> list[ImageRow] | None:
    """The reference images with features of `model`; None, and none loaded, when there are more."""
    ready = _ready(kind, slug, model)
    ids = await session.scalars(ready.with_only_columns(ImageRow.id).limit(at_most + 1))
    return None if len(ids.all()) > at_most else list(await session.scalars(ready))


async def nearest_ready(
    session: AsyncSession,
    *,
    kind: str | None,
    slug: str | None,
    model: str,
    phashes: Sequence[bytes],
    embedding: Sequence[float],
    limit: int,
) -> list[ImageRow]:
    """The reference images closest by hash in any rotation, then those closest by embedding."""
    bits = [f"{int.from_bytes(each):0{8 * len(each)}b}" for each in phashes]
    distance = func.least(*(ImageRow.phash.hamming_distance(each) for each in bits))
    by_hash = await session.scalars(_ready(kind, slug, model).order_by(distance).limit(limit))
    by_embedding = await session.scalars(
        _ready(kind, slug, model)
        .order_by(ImageRow.embedding.max_inner_product(list(embedding)))
        .limit(limit)
    )
    found = {row.id: row for row in by_hash}
    found.update({row.id: row for row in by_embedding})
    return list(found.values())


async def of_entries(
    session: AsyncSession, entry_ids: Sequence[UUID], model: str
) -> list[ImageRow]:
    """Reference images with features of given entries."""
    return list(
        await session.scalars(
            select(ImageRow).where(
                ImageRow.entry_id.in_(entry_ids),
                ImageRow.state == "ready",
                ImageRow.feature_model == model,
            )
        )
    )


async def get_image(session: AsyncSession, image_id: UUID) -> ImageRow | None:
    """A reference image."""
    return await session.get(ImageRow, image_id)


async def pending_images(session: AsyncSession, catalogue_id: UUID, limit: int) -> list[ImageRow]:
    """The next reference images whose features are not known."""
    rows = await session.scalars(
        select(ImageRow)
        .where(ImageRow.catalogue_id == catalogue_id, ImageRow.state == "pending")
        .order_by(ImageRow.id)
        .limit(limit)
    )
    return list(rows)


async def count_pending(session: AsyncSession, catalogue_id: UUID) -> int:
    """How many reference images wait to be described."""
    found = await session.scalar(
        select(func.count())
        .select_from(ImageRow)
        .where(ImageRow.catalogue_id == catalogue_id, ImageRow.state == "pending")
    )
    return found or 0


async def set_image(session: AsyncSession, image_id: UUID, **values: Any) -> None:
    """Write what was learned of a reference image."""
    await session.execute(update(ImageRow).where(ImageRow.id == image_id).values(**values))
