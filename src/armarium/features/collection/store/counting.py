"""How much a space has."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select

from armarium.features.collection.tables import ImageRow, ItemRow
from armarium.platform.database import Session


async def kept_items(session: Session, space_id: UUID) -> int:
    """Items of a space, those in the trash included."""
    statement = select(func.count()).select_from(ItemRow).where(ItemRow.space_id == space_id)
    return (await session.execute(statement)).scalar_one()


async def picture_uses(
    session: Session, space_id: UUID, media_ids: Sequence[UUID]
) -> Mapping[UUID, int]:
    """How many items show each of these pictures, those in the trash included."""
    rows = await session.execute(
        select(ImageRow.media_id, func.count())
        .where(ImageRow.space_id == space_id, ImageRow.media_id.in_(media_ids))
        .group_by(ImageRow.media_id)
    )
    return {row[0]: row[1] for row in rows}
