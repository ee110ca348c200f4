"""What stays and what goes: holds by other rooms, the sweep after the grace periods, the audit."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import structlog

from armarium.features.media.errors import AuditTooLarge, MediaNotFound
from armarium.features.media.models import BlobAudit, MediaLimits, SweepMedia
from armarium.features.media.policy import incoming_prefix
from armarium.features.media.store import MediaStore
from armarium.kit.instants import now
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Database, Scope, Session
from armarium.platform.workflows import Flows
from armarium.ports.blobs import BlobStore

BATCH = 200
MAX_STRAYS = 1000
"""Abandoned uploads that one sweep deletes at most; the next one goes on."""
log = structlog.get_logger("armarium.media")

AUDIT_MARGIN = timedelta(days=1)
"""Younger objects and rows may be half of a write in progress."""

MediaUse = Callable[[Session, UUID, Sequence[UUID]], Awaitable[Mapping[UUID, int]]]
"""How many of a room's rows hold each of these media of a space."""


class MediaKeeper:
    """Counts who uses what; removes only what nobody used for long enough."""

    def __init__(
        self, *, database: Database, blobs: BlobStore, flows: Flows, limits: MediaLimits
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._flows = flows
        self._limits = limits
        self.uses: list[MediaUse] = []
        """Of every room that holds media; wiring registers them."""

    async def hold(self, session: Session, space_id: UUID, media_ids: Collection[UUID]) -> None:
        """One more user of each, in the caller's transaction; `MediaNotFound` names strangers."""
        if missing := set(media_ids) - await MediaStore(session).hold(space_id, list(media_ids)):
            raise MediaNotFound(media_ids=sorted(str(each) for each in missing))

    async def release(self, session: Session, space_id: UUID, media_ids: Collection[UUID]) -> None:
        """One user less of each; what nobody uses goes after the grace period."""
        if await MediaStore(session).release(space_id, list(media_ids)):
            await self.plan_sweep(session, space_id)

    async def recount(self, session: Session, space_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
        """Set the holds of media to what really uses them; those that something uses.

        The scope must see the whole space.
        """
        store = MediaStore(session)
        await store.lock(space_id, ids)
        holds = Counter(dict.fromkeys(ids, 0))
        for use in self.uses:
            holds.update(await use(session, space_id, ids))
        await store.set_holds(space_id, holds, now())
        return {media_id for media_id, count in holds.items() if count}

    async def plan_sweep(self, session: Session, space_id: UUID) -> None:
        """Sweep this space once the day after the grace of what is unheld now has begun.

        One job a space and day, however often it is asked for.
        """
        due = (now() + self._limits.unheld_grace).date() + timedelta(days=1)
        start = datetime.combine(due, time(hour=3), UTC)
        await self._flows.enqueue(
            session,
            SweepMedia(space_id=space_id),
            workflow_id=f"media.sweep:{space_id}:{due}",
            delay=(start - now()).total_seconds(),
        )

    async def sweep(self, space_id: UUID) -> int:
        """Remove media that nothing uses, then objects that no row shows; how many objects went.

        What was sent to a ticket and never completed goes, too: no row ever knew it.

        Plans the next sweep when something still waits for the end of its grace.
        """
        scope = Scope.of_space(space_id)
        while await self._sweep_media(scope, space_id):
            pass
        async with self._database.transaction(scope) as session:
            await MediaStore(session).judge_blobs(space_id, now() - AUDIT_MARGIN, now())
        gone = 0
        while swept := await self._sweep_blobs(scope, space_id):
            gone += swept
        strays = await self._sweep_incoming(space_id)
        async with self._database.transaction(scope) as session:
            more = strays == MAX_STRAYS or await MediaStore(session).something_waits(space_id)
            if more:
                await self.plan_sweep(session, space_id)
        return gone + strays

    async def _sweep_media(self, scope: Scope, space_id: UUID) -> int:
        async with self._database.transaction(scope) as session:
            store = MediaStore(session)
            ids = await store.unheld(space_id, now() - self._limits.unheld_grace, BATCH)
            if ids:
                used = await self.recount(session, space_id, ids)
                await store.remove(space_id, [each for each in ids if each not in used], now())
        return len(ids)

    async def _sweep_blobs(self, scope: Scope, space_id: UUID) -> int:
        async with self._database.transaction(scope) as session:
            doomed = await MediaStore(session).doomed(
                space_id, now() - self._limits.blob_grace, BATCH
            )
        for key in doomed.values():
            await self._blobs.delete(key)
        async with self._database.transaction(scope) as session:
            await MediaStore(session).forget_blobs(space_id, doomed)
        return len(doomed)

    async def _sweep_incoming(self, space_id: UUID) -> int:
        """Delete what tickets wrote that ended a grace period ago, a bounded number at once."""
        before = now() - self._limits.ticket_lifetime - self._limits.unheld_grace
        strays: list[str] = []
        async for found in self._blobs.list(incoming_prefix(space_id)):
            if found.modified_at < before:
                strays.append(found.key)
            if len(strays) == MAX_STRAYS:
                log.warning("many_abandoned_uploads", space_id=str(space_id), at_least=MAX_STRAYS)
                break
        await self._delete(strays)
        return len(strays)

    async def audit(
        self,
        space_id: UUID,
        *,
        repair: bool = False,
        at_most: int = 100,
        actor: UUID | None = None,
    ) -> BlobAudit:
        """Compare a space's objects with its rows, both ways; a dry run unless `repair`.

        Repair deletes objects without a row. It refuses when there are more than `at_most`: that
        many strangers mean a wrong bucket or a restored database, not litter. A row without its
        object can't be repaired from here; a backup can.
        """
        before = now() - AUDIT_MARGIN
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            rows = await MediaStore(session).blob_states(space_id)
        objects = {found.key: found async for found in self._blobs.list(str(space_id))}
        strangers = sorted(
            (found for key, found in objects.items() if key not in rows),
            key=lambda found: found.modified_at,
        )
        without_row = tuple(found.key for found in strangers if found.modified_at < before)
        without_object = tuple(
            key
            for key, (state, created_at) in sorted(rows.items(), key=lambda row: row[1][1])
            if key not in objects and (state == "stored" or created_at < before)
        )
        if not repair:
            return BlobAudit(without_row, without_object)
        if len(without_row) > at_most:
            raise AuditTooLarge(found=len(without_row), at_most=at_most)
        if without_row:
            await self._tell(space_id, actor, len(without_row))
            await self._delete(without_row)
        return BlobAudit(without_row, without_object, repaired=len(without_row))

    async def _tell(self, space_id: UUID, actor: UUID | None, count: int) -> None:
        entry = AuditEntry(
            action=Action.STORAGE_REPAIRED,
            actor=actor,
            space_id=space_id,
            target_type="space",
            target_id=space_id,
            detail={"count": count},
        )
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            await record(session, entry)

    async def _delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            await self._blobs.delete(key)

    async def erase_objects(self, space_id: UUID) -> int:
        """Delete every object of a space whose rows have been erased; how many there were."""
        keys = [found.key async for found in self._blobs.list(str(space_id))]
        await self._delete(keys)
        return len(keys)
