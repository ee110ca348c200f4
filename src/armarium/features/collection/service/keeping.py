"""How long the trash keeps: planned when something goes in, done by the worker when its time is up.

Items go for good as if a person had removed them; their pictures follow after the grace period of
the media room.
"""

from contextlib import suppress
from uuid import UUID

from armarium.features.collection.errors import ItemNotFound, ItemNotInTrash
from armarium.features.collection.service.planning import TrashPlan
from armarium.features.collection.service.trail import tell_deleted
from armarium.features.collection.service.writing import ItemWriter
from armarium.features.collection.store import ItemLists
from armarium.platform.database import Database, Scope

BATCH = 200


class TrashPurge:
    """Empties what lay in the trash for long enough, space by space."""

    def __init__(self, *, database: Database, writer: ItemWriter, plan: TrashPlan) -> None:
        self._database = database
        self._writer = writer
        self._plan = plan

    async def purge(self, space_id: UUID) -> int:
        """Remove what is due, and plan for what is not; how many items went. Safe to repeat."""
        gone = 0
        while removed := await self._some(space_id, is_first=not gone):
            gone += removed
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            oldest = await ItemLists(session, space_id).oldest_trashed()
            if oldest is not None:
                await self._plan.after(session, space_id, oldest)
        return gone

    async def _some(self, space_id: UUID, *, is_first: bool) -> int:
        before = self._plan.due_before()
        if before is None:
            return 0
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            lists = ItemLists(session, space_id)
            ids = await lists.trashed_ids(BATCH, before=before)
            if ids and is_first:
                count = await lists.count_trashed(before=before)
                await tell_deleted(session, space_id, None, "kept_long_enough", count)
            for item_id in ids:
                with suppress(ItemNotFound, ItemNotInTrash):
                    await self._writer.remove(session, space_id, item_id, actor=None)
        return len(ids)
