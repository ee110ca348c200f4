"""Reading the log, checking it, and cutting off what is older than it is kept."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, Text, cast, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.platform.audit.actions import Action
from armarium.platform.audit.entry import AuditEntry, AuditRecord
from armarium.platform.audit.record import record
from armarium.platform.audit.tables import AuditRow, ChainRow
from armarium.platform.audit.verify import BATCH, Verdict, record_of, verify
from armarium.platform.database import Database, Scope
from armarium.platform.paging import Page, PageParams, keyset_page

READ_AS = text("select set_config('arm.audit', :sight, true)")
Sight = Literal["all", "space"]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are wanted; what is None does not matter."""

    action: str | None = None
    """A whole action (`auth.login`) or a group (`auth`)."""
    actor: UUID | None = None
    space_id: UUID | None = None
    target_id: str | None = None
    after: datetime | None = None
    before: datetime | None = None
    text: str | None = None
    """Found in the details, the address, the program, or the target."""

    def told(self) -> dict[str, str]:
        """What was asked for, as an entry about an export says it."""
        asked = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: str(value) for name, value in asked.items() if value is not None}


class AuditLog:
    """The readers' side. Who may look is decided by the routes."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def page(
        self, wanted: AuditFilter, params: PageParams, *, of_space: UUID | None = None
    ) -> Page[AuditRecord]:
        """Newest first; of one space only where `of_space` says so."""
        async with self._reading(of_space) as session:
            found = await keyset_page(session, _statement(wanted, of_space), params)
        return found.map(lambda row: record_of(row[0], row[1]))

    async def stream(
        self, wanted: AuditFilter, *, of_space: UUID | None = None
    ) -> AsyncGenerator[AuditRecord]:
        """All of it, newest first, for an export."""
        async with self._reading(of_space) as session:
            statement = _statement(wanted, of_space)
            rows: Any = await session.stream(statement, execution_options={"yield_per": BATCH})
            try:
                async for each in rows:
                    yield record_of(each[0], each[1])
            finally:
                await rows.close()

    async def verify(self, *, expected: tuple[int, bytes] | None = None) -> Verdict:
        """Walk the whole chain."""
        async with self._reading(None) as session:
            return await verify(session, expected=expected)

    async def write(self, entry: AuditEntry, scope: Scope | None = None) -> None:
        """Record something that has no transaction of its own (an export, a refused login)."""
        async with self._database.transaction(scope or Scope()) as session:
            await record(session, entry)

    async def purge(self, before: datetime) -> int:
        """Remove entries older than `before` as one cut of the chain, and record that; how many.

        Nothing younger than seven days can be removed, whoever asks.
        """
        async with self._database.transaction(Scope()) as session:
            removed = (await session.execute(select(func.audit_purge(before)))).scalar_one()
            if removed:
                detail = {"removed": removed, "before": before.isoformat()}
                await record(
                    session, AuditEntry(action=Action.AUDIT_PURGED, actor=None, detail=detail)
                )
        return removed

    @asynccontextmanager
    async def _reading(self, of_space: UUID | None) -> AsyncGenerator[AsyncSession]:
        scope = Scope() if of_space is None else Scope.of_space(of_space)
        sight: Sight = "all" if of_space is None else "space"
        async with self._database.transaction(scope) as session:
            await session.execute(READ_AS, {"sight": sight})
            yield session


def _statement(wanted: AuditFilter, of_space: UUID | None) -> Select[Any]:
    statement: Any = (
        select(AuditRow, ChainRow.position)
        .join(ChainRow, ChainRow.entry_id == AuditRow.id)
        .order_by(AuditRow.at.desc(), AuditRow.id.desc())
    )
    for column, value in (
        (AuditRow.actor, wanted.actor),
        (AuditRow.subject_space, of_space or wanted.space_id),
        (AuditRow.target_id, wanted.target_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.action is not None:
        if "." in wanted.action:
            statement = statement.where(AuditRow.action == wanted.action)
        else:
            statement = statement.where(AuditRow.action.startswith(f"{wanted.action}."))
    if wanted.after is not None:
        statement = statement.where(AuditRow.at >= wanted.after)
    if wanted.before is not None:
        statement = statement.where(AuditRow.at < wanted.before)
    if wanted.text:
        statement = statement.where(
            or_(
                *(
                    column.icontains(wanted.text, autoescape=True)
                    for column in (
                        cast(AuditRow.detail, Text),
                        AuditRow.ip,
                        AuditRow.agent,
                        AuditRow.target_id,
                        AuditRow.action,
                    )
                )
            )
        )
    return statement
