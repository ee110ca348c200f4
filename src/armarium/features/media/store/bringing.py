"""Rows of media and blobs that come in with an archive. Never commits, never decides."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import case, exists, null, select, update
from sqlalchemy.orm import aliased

from armarium.features.media.store.counting import is_shown, references
from armarium.features.media.store.owned import OWNED
from armarium.features.media.tables import BlobRow, MediaRow
from armarium.kit.instants import now
from armarium.platform.database import Session


async def original_blobs(session: Session, space_id: UUID) -> dict[UUID, str]:
    """Keys of the stored blobs that media show, by id."""
    rows = await session.execute(
        select(BlobRow.id, BlobRow.key)
        .join(MediaRow, (MediaRow.space_id == BlobRow.space_id) & (MediaRow.blob_id == BlobRow.id))
        .where(BlobRow.space_id == space_id, BlobRow.state == "stored")
        .distinct()
        .order_by(BlobRow.id)
    )
    return {row.id: row.key for row in rows}


async def media_ids(session: Session, space_id: UUID) -> set[UUID]:
    """Every medium of a space."""
    return set(await session.scalars(select(MediaRow.id).where(MediaRow.space_id == space_id)))


async def claim(session: Session, space_id: UUID, sha256: str) -> tuple[UUID, str] | None:
    """Id and key of a stored blob with these very bytes; one that waits for its end waits anew."""
    chosen = (
        BlobRow.space_id == space_id,
        BlobRow.sha256 == sha256,
        BlobRow.state == "stored",
    )
    found = await session.execute(
        select(BlobRow.id, BlobRow.key)
        .where(*chosen)
        .order_by(BlobRow.unreferenced_at.is_not(None), BlobRow.id)
        .limit(1)
        .with_for_update()
    )
    row = found.first()
    if row is None:
        return None
    await session.execute(
        update(BlobRow)
        .where(*chosen, BlobRow.id == row.id, BlobRow.unreferenced_at.is_not(None))
        .values(unreferenced_at=now())
    )
    return row.id, row.key


async def unknown_keys(session: Session, space_id: UUID, keys: Sequence[str]) -> list[str]:
    """Those of these keys that no blob has."""
    known = await session.scalars(
        select(BlobRow.key).where(BlobRow.space_id == space_id, BlobRow.key.in_(keys))
    )
    return sorted(set(keys) - set(known))


async def bring_media(
    session: Session,
    space_id: UUID,
    named: Sequence[Mapping[str, Any]],
    rows: Sequence[Mapping[str, Any]],
) -> tuple[set[UUID], set[UUID]]:
    """Insert media over blobs that are there, without what they were cut from.

    The new ones, and those of the named that are there now; none goes before the transaction ends.
    """
    held = await session.scalars(
        select(BlobRow.id)
        .where(BlobRow.space_id == space_id, BlobRow.id.in_({row["blob_id"] for row in rows}))
        .order_by(BlobRow.id)
        .with_for_update()
    )
    blobs = set(held)
    apart = [{**row, "parent_id": None} for row in rows if row["blob_id"] in blobs]
    new = {row["id"] for row in await OWNED.bring(session, "media", apart)}
    there = await session.scalars(
        select(MediaRow.id)
        .where(MediaRow.space_id == space_id, MediaRow.id.in_([row["id"] for row in named]))
        .with_for_update(read=True, key_share=True)
    )
    await session.execute(
        update(BlobRow)
        .where(BlobRow.space_id == space_id, BlobRow.id.in_(blobs))
        .values(
            references_count=references(space_id),
            unreferenced_at=case((is_shown(space_id), null()), else_=now()),
        )
    )
    return new, set(there)


async def join_parents(
    session: Session, space_id: UUID, crops: Mapping[UUID, Sequence[UUID]]
) -> None:
    """Say of crops, by photo, what they were cut from, where that is there."""
    photo = aliased(MediaRow)
    for photo_id, ids in crops.items():
        await session.execute(
            update(MediaRow)
            .where(
                MediaRow.space_id == space_id,
                MediaRow.id.in_(ids),
                exists().where(photo.space_id == space_id, photo.id == photo_id),
            )
            .values(parent_id=photo_id)
        )
