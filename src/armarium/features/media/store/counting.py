"""What refers to blobs, and how much they are."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select

from armarium.features.media.tables import BlobRow, MediaRow, VariantRow
from armarium.platform.database import Session


def is_shown(space_id: UUID) -> ColumnElement[bool]:
    """Whether a medium or a variant refers to the blob."""
    media, variants = _shown(space_id)
    return media | variants


def is_forgotten(space_id: UUID) -> ColumnElement[bool]:
    """Whether neither does; two conditions, which PostgreSQL joins where it could not join one."""
    media, variants = _shown(space_id)
    return ~media & ~variants


def references(space_id: UUID) -> ColumnElement[int]:
    """How many media and variants refer to the blob."""
    media, variants = (
        select(func.count())
        .select_from(row)
        .where(row.space_id == space_id, row.blob_id == BlobRow.id)
        .correlate(BlobRow)
        .scalar_subquery()
        for row in (MediaRow, VariantRow)
    )
    return media + variants


async def stored_bytes(session: Session, space_id: UUID) -> int:
    """Of all objects of a space: originals, their smaller pictures, and what is announced."""
    statement = select(func.coalesce(func.sum(BlobRow.size), 0)).where(BlobRow.space_id == space_id)
    return int((await session.execute(statement)).scalar_one())


def _shown(space_id: UUID) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    media, variants = (
        exists().where(row.space_id == space_id, row.blob_id == BlobRow.id).correlate(BlobRow)
        for row in (MediaRow, VariantRow)
    )
    return media, variants
