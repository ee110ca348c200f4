"""What a space owns, room by room: so that all of it can be counted, exported and erased.

Every room with tables that carry `space_id` registers one `OwnedData` in wiring; a test fails when
a table is claimed by nobody. The operations room walks the registered ones (account erasure,
takeout).
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import Table, Text, func, or_, select, update
from sqlalchemy import cast as cast_to
from sqlalchemy.dialects.postgresql import insert

from armarium.platform.archive.rows import decode
from armarium.platform.archive.rules import Rule
from armarium.platform.database import Base, Session

BATCH = 500
PEOPLE = (
    "created_by",
    "actor",
    "added_by",
    "requested_by",
    "answered_by",
    "changed_by",
    "user_id",
)
"""Columns that say who did something, in a space that others share."""
NOBODY = UUID(int=0)
"""Who stands where an erased person stood and the column may not be empty."""


class OwnedData(Protocol):
    """One room's share of a space. Methods join the caller's transaction, scoped to the space."""

    name: str
    tables: tuple[str, ...]
    """The claimed tables, referenced ones first."""
    rules: Mapping[str, Rule]
    """What rows may be that an archive brings, by table; each that comes in has one."""

    async def count(self, session: Session, space_id: UUID) -> Mapping[str, int]:
        """Rows by table."""
        ...

    def export(self, session: Session, space_id: UUID) -> AsyncIterator[tuple[str, Any]]:
        """`(table, row)` of everything, rows as plain mappings."""
        ...

    def export_table(
        self, session: Session, space_id: UUID, table: str
    ) -> AsyncIterator[dict[str, Any]]:
        """The rows of one of its tables."""
        ...

    async def forget_person(
        self, session: Session, space_id: UUID, person: UUID, email_key: str
    ) -> None:
        """Take somebody who is erased out of a space that was not theirs alone."""
        ...

    async def erase(self, session: Session, space_id: UUID) -> None:
        """Delete everything; what lies outside the database follows after the commit."""
        ...

    async def bring(
        self, session: Session, table: str, rows: Sequence[Mapping[str, Any]]
    ) -> list[Mapping[str, Any]]:
        """Insert rows of one of its tables that are not there yet; the keys of those."""
        ...

    def read(self, table: str, raw: Any) -> dict[str, Any]:
        """A row of an archive in the types of the table's columns; `BadRow` otherwise."""
        ...


class OwnedTables:
    """The `OwnedData` of a room whose whole share is rows; most rooms need no other."""

    def __init__(
        self,
        name: str,
        *rows: type[Base],
        rules: Mapping[str, Rule] | None = None,
        written_once: bool = False,
    ) -> None:
        """`rows` with referenced ones first, as they could be imported; erased in reverse.

        `written_once`: rows that are never changed, so those of an erased person go as a whole.
        """
        self.name = name
        self.rules: Mapping[str, Rule] = rules or {}
        self._written_once = written_once
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
        for name in self.tables:
            async for row in self.export_table(session, space_id, name):
                yield name, row

    async def export_table(
        self, session: Session, space_id: UUID, table: str
    ) -> AsyncIterator[dict[str, Any]]:
        """See the protocol."""
        source = self._table(table)
        chosen = select(source).where(source.c.space_id == space_id).order_by(*source.primary_key)
        rows = await session.stream(chosen, execution_options={"yield_per": BATCH})
        async for row in rows.mappings():
            yield dict(row)

    async def forget_person(
        self, session: Session, space_id: UUID, person: UUID, email_key: str
    ) -> None:
        """See the protocol."""
        for table in self._tables:
            mine = table.c.space_id == space_id
            if self._written_once:
                told = cast_to(table.c.data, Text).contains(str(person))
                await session.execute(
                    table.delete().where(mine, or_(table.c.user_id == person, told))
                )
                continue
            named = (table.c[name] for name in PEOPLE if name in table.c)
            # What points to the account itself goes with it.
            for column in (each for each in named if not each.foreign_keys):
                nobody = None if column.nullable else NOBODY
                await session.execute(
                    update(table).where(mine, column == person).values({column.name: nobody})
                )
            if "email_key" in table.c:
                invited = table.c.email_key == email_key
                await session.execute(
                    update(table).where(mine, invited).values(email=None, email_key=None)
                )

    async def erase(self, session: Session, space_id: UUID) -> None:
        """See the protocol."""
        for table in reversed(self._tables):
            await session.execute(table.delete().where(table.c.space_id == space_id))

    async def bring(
        self, session: Session, table: str, rows: Sequence[Mapping[str, Any]]
    ) -> list[Mapping[str, Any]]:
        """See the protocol."""
        if not rows:
            return []
        target = self._table(table)
        made = await session.execute(
            insert(target)
            .values([dict(row) for row in rows])
            .on_conflict_do_nothing()
            .returning(*target.primary_key)
        )
        return [dict(row) for row in made.mappings()]

    def read(self, table: str, raw: Any) -> dict[str, Any]:
        """See the protocol."""
        return decode(self._table(table), raw)

    def _table(self, name: str) -> Table:
        return next(table for table in self._tables if table.name == name)


class OwnedRegister(list[OwnedData]):
    """All that wiring has registered, from the ground up."""

    def claimed(self) -> set[str]:
        """Tables that some room answers for."""
        return {table for each in self for table in each.tables}

    def of_table(self, table: str) -> OwnedData | None:
        """The room that claims a table."""
        return next((each for each in self if table in each.tables), None)
