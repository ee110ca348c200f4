"""How much a space has."""

from uuid import UUID

from sqlalchemy import func, select

from armarium.features.collection.tables import ItemRow
from armarium.platform.database import Session


async def kept_items(session: Session, space_id: UUID) -> int:
    """Items of a space, those in the trash included."""
    statement = select(func.count()).select_from(ItemRow).where(ItemRow.space_id == space_id)
    return (await session.execute(statement)).scalar_one()
