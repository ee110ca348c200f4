"""Renewing keys: resumable, one small transaction a step."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Database, Scope
from armarium.platform.owned import OwnedTables
from armarium.platform.vault.tables import SpaceKeyRow
from armarium.platform.vault.vault import AS_ADMIN, Vault, newest_key


class _Keys(OwnedTables):
    """Erasing a space shreds its keys: what they sealed is lost wherever a copy of it lies."""

    async def erase(self, session: AsyncSession, space_id: UUID) -> None:
        shredded = (await self.count(session, space_id))[SpaceKeyRow.__tablename__]
        await super().erase(session, space_id)
        if shredded:
            entry = AuditEntry(
                action=Action.KEY_SHREDDED,
                actor=None,
                target_type="space",
                target_id=space_id,
                detail={"keys": shredded},
            )
            await record(session, entry)


OWNED = _Keys("vault", SpaceKeyRow)

Progress = Callable[[int, int], None]


class Sealed(Protocol):
    """A room's sealed column, as rotation sees it."""

    name: str

    async def reseal(self, session: AsyncSession, space_id: UUID, *, limit: int) -> int:
        """Seal up to `limit` rows again that an older generation sealed; how many there were."""
        ...

    async def count_older(self, session: AsyncSession, space_id: UUID) -> int:
        """How many rows an older generation sealed."""
        ...


@dataclass(frozen=True, slots=True)
class KeyState:
    """One key as its list shows it; nothing secret."""

    space_id: UUID
    generation: int
    server_key: str
    is_current: bool
    """Whether the server's secret of today wraps it."""
    created_at: datetime


class Rotation:
    """What `armarium keys` does."""

    batch = 200

    def __init__(self, *, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self.sealed: list[Sealed] = []

    async def states(self) -> list[KeyState]:
        """All keys of all spaces."""
        async with self._database.transaction(Scope()) as session:
            await session.execute(AS_ADMIN)
            rows = await session.scalars(
                select(SpaceKeyRow).order_by(SpaceKeyRow.space_id, SpaceKeyRow.generation)
            )
            today = self._vault.server_key
            return [
                KeyState(
                    row.space_id,
                    row.generation,
                    row.server_key,
                    row.server_key == today,
                    row.created_at,
                )
                for row in rows
            ]

    async def rewrap(self, progress: Progress = lambda _done, _total: None) -> int:
        """Wrap every data key under the server's secret of today; what was done stays done."""
        waiting = [each for each in await self.states() if not each.is_current]
        for done, state in enumerate(waiting):
            progress(done, len(waiting))
            async with self._database.transaction(Scope.of_space(state.space_id)) as session:
                row = await session.get(
                    SpaceKeyRow, (state.space_id, state.generation), with_for_update=True
                )
                if row is not None:
                    self._vault.rewrap(row)
        if waiting:
            await self._note(None, what="server", keys=len(waiting))
        return len(waiting)

    async def renew(self, space_id: UUID, progress: Progress = lambda _done, _total: None) -> int:
        """A new key for one space; everything is sealed again, then the old keys are destroyed.

        Stopped half-way, the next call goes on with the new key where this one stopped.
        """
        scope = Scope.of_space(space_id)
        async with self._database.transaction(scope) as session:
            if await self._left(session, space_id) == 0:
                await self._vault.renew(session, space_id)
        async with self._database.transaction(scope) as session:
            total = await self._left(session, space_id)
        done, dropped = 0, False
        while not dropped:
            for sealed in self.sealed:
                while moved := await self._some(scope, sealed.reseal, space_id):
                    done += moved
                    progress(done, total)
            async with self._database.transaction(scope) as session:
                dropped = await self._drop_older(session, space_id)
        await self._note(space_id, what="space", rows=done)
        return done

    async def _left(self, session: AsyncSession, space_id: UUID) -> int:
        return sum([await sealed.count_older(session, space_id) for sealed in self.sealed])

    async def _some(
        self, scope: Scope, reseal: Callable[..., Awaitable[int]], space_id: UUID
    ) -> int:
        async with self._database.transaction(scope) as session:
            return await reseal(session, space_id, limit=self.batch)

    async def _drop_older(self, session: AsyncSession, space_id: UUID) -> bool:
        """Destroy the older keys, unless something was sealed with one in the meantime.

        Whoever seals holds the key until they commit; taking it first waits for them all.
        """
        newest = await newest_key(session, space_id)
        if newest is None:
            return True
        older = (
            SpaceKeyRow.space_id == space_id,
            SpaceKeyRow.generation < newest.generation,
        )
        await session.execute(select(SpaceKeyRow.generation).where(*older).with_for_update())
        if await self._left(session, space_id) != 0:
            return False
        await session.execute(delete(SpaceKeyRow).where(*older))
        return True

    async def _note(self, space_id: UUID | None, **detail: object) -> None:
        async with self._database.transaction(Scope()) as session:
            await record(
                session,
                AuditEntry(
                    action=Action.KEYS_ROTATED, actor=None, space_id=space_id, detail=detail
                ),
            )
