"""Erasing a space: every row that carries its id, in an order that foreign keys allow.

Used by the removal of the demonstration; the caller's scope must hold the space.
"""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.platform.database.base import Base


async def erase_space(session: AsyncSession, space_id: UUID) -> int:
    """Delete the space's rows from all tables known to this process; answers how many went."""
    gone = 0
    for table in reversed(Base.metadata.sorted_tables):
        if "space_id" in table.columns:
            done = await session.execute(delete(table).where(table.c.space_id == space_id))
            gone += done.rowcount
    return gone
