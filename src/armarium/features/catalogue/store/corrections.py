"""A space's own entries and corrections."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.catalogue.tables import (
    OverrideRow,
    OwnEntryRow,
)


async def get_override(
    session: AsyncSession, entry_id: UUID, space_id: UUID, *, lock: bool = False
) -> OverrideRow | None:
    """A space's correction of an entry; with `lock`, nobody else's until the transaction ends."""
    statement = select(OverrideRow).where(
        OverrideRow.space_id == space_id, OverrideRow.entry_id == entry_id
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(statement)


async def hold_override(session: AsyncSession, entry_id: UUID, space_id: UUID) -> OverrideRow:
    """The same, locked; where there was none, one of version 0 that waits to be filled."""
    fresh = insert(OverrideRow).values(space_id=space_id, entry_id=entry_id, version=0)
    while True:
        await session.execute(fresh.on_conflict_do_nothing())
        found = await get_override(session, entry_id, space_id, lock=True)
        if found is not None:  # or taken back between the two
            return found


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


async def get_own(
    session: AsyncSession, entry_id: UUID, space_id: UUID, *, lock: bool = False
) -> OwnEntryRow | None:
    """A space's own entry; with `lock`, nobody else's until the transaction ends."""
    key = (space_id, entry_id)
    if lock:
        return await session.get(OwnEntryRow, key, with_for_update=True, populate_existing=True)
    return await session.get(OwnEntryRow, key)


async def add(session: AsyncSession, row: OwnEntryRow) -> None:
    """Insert a space's own entry."""
    session.add(row)
    await session.flush()


async def remove(session: AsyncSession, row: OwnEntryRow | OverrideRow) -> None:
    """Delete a space's own row."""
    await session.delete(row)
    await session.flush()
