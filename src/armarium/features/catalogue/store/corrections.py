"""A space's own entries and corrections."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.catalogue.tables import (
    OverrideRow,
    OwnEntryRow,
)


async def get_override(session: AsyncSession, entry_id: UUID, space_id: UUID) -> OverrideRow | None:
    """A space's correction of an entry."""
    return await session.scalar(
        select(OverrideRow).where(
            OverrideRow.space_id == space_id, OverrideRow.entry_id == entry_id
        )
    )


async def overlay_state(session: AsyncSession, space_id: UUID) -> tuple[datetime | None, int]:
    """The newest change of a space's own and corrected entries, and their count, for caches."""
    found = (
        await session.execute(
            text(
                "select max(changed), sum(n)::int from ("
                "select max(updated_at) as changed, count(*) as n from catalogue_overrides"
                " where space_id = :space union all "
                "select max(updated_at), count(*) from catalogue_own_entries"
                " where space_id = :space) as both_kinds"
            ),
            {"space": space_id},
        )
    ).one()
    return found[0], found[1] or 0


async def get_own(session: AsyncSession, entry_id: UUID, space_id: UUID) -> OwnEntryRow | None:
    """A space's own entry."""
    return await session.get(OwnEntryRow, (space_id, entry_id))


async def add(session: AsyncSession, row: OwnEntryRow | OverrideRow) -> None:
    """Insert a space's own row."""
    session.add(row)
    await session.flush()


async def remove(session: AsyncSession, row: OwnEntryRow | OverrideRow) -> None:
    """Delete a space's own row."""
    await session.delete(row)
    await session.flush()
