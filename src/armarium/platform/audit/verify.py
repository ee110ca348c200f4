"""Walking the chain: is every entry still what was written, and is none missing?"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.platform.audit.entry import GENESIS, AuditRecord, digest, link
from armarium.platform.audit.tables import AnchorRow, AuditRow, ChainRow

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the log is not what it was."""

    position: int | None
    entry_id: UUID | None
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk found.

    Keep `head_position` and `head` elsewhere: entries that were cut from the end leave a chain
    that is whole, and only a head that is known from before tells.
    """

    entries: int
    head_position: int
    head: str
    broken: Break | None = None

    @property
    def is_whole(self) -> bool:
        """Nothing was changed, removed or slipped in."""
        return self.broken is None


@dataclass(slots=True)
class _Walk:
    position: int
    hash: bytes
    entries: int = 0

    def step(self, chain: Any, row: AuditRow | None) -> str | None:
        """Take the next link; the reason when it does not follow."""
        if chain.position != self.position + 1:
            return f"{chain.position - self.position - 1} entries before this one are missing"
        if row is None:
            return "the entry was removed"
        if digest(record_of(row)) != row.digest:
            return "the entry was changed"
        if link(self.hash, row.digest) != chain.hash:
            return "the entry does not follow from the one before"
        self.position, self.hash = chain.position, chain.hash
        self.entries += 1
        return None


async def verify(session: AsyncSession, *, expected: tuple[int, bytes] | None = None) -> Verdict:
    """Walk all of it, oldest first, until the first break.

    Args:
        session: one that reads every entry (`AuditLog.verify`).
        expected: a head that was noted earlier, to notice a log that was cut since or rebuilt.
    """
    walk: _Walk | None = None
    broken: Break | None = None
    met = expected is None
    async with aclosing(_links(session)) as links:
        async for chain, row, anchor, anchor_hash in links:
            if walk is None:
                walk = _Walk(anchor or 0, anchor_hash or GENESIS)
                met = met or (expected is not None and expected[0] <= walk.position)
            if (reason := walk.step(chain, row)) is not None:
                broken = Break(chain.position, chain.entry_id, reason)
                break
            if expected is not None and expected[0] == walk.position:
                met = True
                if expected[1] != walk.hash:
                    broken = Break(walk.position, chain.entry_id, "the noted head differs")
                    break
    walk = walk or _Walk(0, GENESIS)
    if broken is None and not met and expected is not None:
        broken = Break(expected[0], None, "entries at the end are missing")
    broken = broken or await _unchained(session)
    return Verdict(walk.entries, walk.position, walk.hash.hex(), broken)


def record_of(row: AuditRow, position: int | None = None) -> AuditRecord:
    """A row as it was recorded."""
    return AuditRecord(
        id=row.id,
        at=row.at,
        action=row.action,
        actor=row.actor,
        space_id=row.subject_space,
        target_type=row.target_type,
        target_id=row.target_id,
        detail=row.detail,
        impersonator=row.impersonator,
        ip=row.ip,
        agent=row.agent,
        request_id=row.request_id,
        position=position,
    )


async def _links(session: AsyncSession) -> AsyncGenerator[Any]:
    """Chain, entry, anchor: one statement, so that one moment is seen."""
    newest = AnchorRow.position.desc()
    statement = (
        select(
            ChainRow,
            AuditRow,
            select(AnchorRow.position).order_by(newest).limit(1).scalar_subquery(),
            select(AnchorRow.hash).order_by(newest).limit(1).scalar_subquery(),
        )
        .outerjoin(AuditRow, AuditRow.id == ChainRow.entry_id)
        .order_by(ChainRow.position)
    )
    rows = await session.stream(statement, execution_options={"yield_per": BATCH})
    try:
        async for row in rows:
            yield row
    finally:
        await rows.close()


async def _unchained(session: AsyncSession) -> Break | None:
    """An entry that never took a place: written while the trigger was off."""
    statement = (
        select(func.count())
        .select_from(AuditRow)
        .outerjoin(ChainRow, ChainRow.entry_id == AuditRow.id)
        .where(ChainRow.position.is_(None))
    )
    count = (await session.execute(statement)).scalar_one()
    return Break(None, None, f"{count} entries stand outside the chain") if count else None
