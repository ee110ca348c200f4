"""What a space owns, room by room: so that all of it can be counted, exported and erased.

Every room with tables that carry `space_id` registers one `OwnedData` in wiring; a test fails when
a table is claimed by nobody. The operations room walks the registered ones (account erasure,
takeout).
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import Table, func, select

from armarium.platform.database import Base, Session

BATCH = 500


class OwnedData(Protocol):
    """One room's share of a space. Methods join the caller's transaction, scoped to the space."""

    name: str
    tables: tuple[str, ...]
    """The claimed tables, referenced ones first."""

    async def count(self, session: Session, space_id: UUID) -> Mapping[str, int]:
        """Rows by table."""
        ...

    def export(self, session: Session, space_id: UUID) -> AsyncIterator[tuple[str, Any]]:
        """`(table, row)` of everything, rows as plain mappings."""
        ...

    async def erase(self, session: Session, space_id: UUID) -> None:
        """Delete everything; what lies outside the database follows after the commit."""
        ...


class OwnedTables:
    """The `OwnedData` of a room whose whole share is rows; most rooms need no other."""

    def __init__(self, name: str, *rows: type[Base]) -> None:
        """`rows` with referenced ones first, as they could be imported; erased in reverse."""
        self.name = name
        self._tables = tuple(cast("Table", row.__table__) for row in rows)
        self.tables = tuple(table.name for table in self._tables)

    async def count(self, session: Session, space_id: UUID) -> Mapping[str, int]:
        """See the protocol."""
        counts: dict[str, int] = {}
        for table in self._tables:
            chosen = select(func.count()).select_from(table).where(table.c.space_id == space_id)
            counts[table.name] = (await session.execute(chosen)).scalar_one()
        return counts

    async def export(self, session: Session, space_id: UUID) -> AsyncIterator[tuple[str, Any]]:
        """See the protocol."""
        for table in self._tables:
            chosen = select(table).where(table.c.space_id == space_id).order_by(*table.primary_key)
            rows = await session.stream(chosen, execution_options={"yield_per": BATCH})
            async for row in rows.mappings():
                yield table.name, dict(row)

    async def erase(self, session: Session, space_id: UUID) -> None:
        """See the protocol."""
        for table in reversed(self._tables):
            await session.execute(table.delete().where(table.c.space_id == space_id))


class OwnedRegister(list[OwnedData]):
    """All that wiring has registered, from the ground up."""

    def claimed(self) -> set[str]:
        """Tables that some room answers for."""
        return {table for each in self for table in each.tables}
