"""The same act on many items in one transaction, all or none. Rows are locked in order of id."""

from collections.abc import Collection, Sequence
from uuid import UUID

from armarium.features.collection.models import Item, ItemChange
from armarium.features.collection.service.trail import tell_deleted
from armarium.features.collection.service.writing import ItemWriter
from armarium.features.collection.store import ItemStore
from armarium.kit.text import fold
from armarium.platform.database import Session


class BulkWriter:
    """Joins the caller's transaction as `ItemWriter` does; answers which items were there."""

    def __init__(self, *, writer: ItemWriter) -> None:
        self._writer = writer

    async def change(
        self,
        session: Session,
        space_id: UUID,
        ids: Collection[UUID],
        change: ItemChange,
        *,
        actor: UUID | None,
    ) -> set[UUID]:
        """Make the same change to all that are not in the trash."""
        items = await self._held(session, space_id, ids, trashed=False)
        for item in items:
            await self._writer.change(session, space_id, item.id, change, actor=actor)
        return {item.id for item in items}

    async def change_tags(
        self,
        session: Session,
        space_id: UUID,
        ids: Collection[UUID],
        *,
        add: Sequence[str],
        remove: Sequence[str],
        actor: UUID | None,
    ) -> set[UUID]:
        """Add and take tags on all that are not in the trash."""
        gone = {fold(tag) for tag in remove}
        items = await self._held(session, space_id, ids, trashed=False)
        for item in items:
            tags = [*(tag for tag in item.tags if fold(tag) not in gone), *add]
            change = ItemChange(tags=tags)
            await self._writer.change(session, space_id, item.id, change, actor=actor)
        return {item.id for item in items}

    async def trash(
        self, session: Session, space_id: UUID, ids: Collection[UUID], *, actor: UUID | None
    ) -> set[UUID]:
        """All into the trash; the audit log is told of their number."""
        items = await self._held(session, space_id, ids, trashed=False)
        for at, item in enumerate(items):
            await self._writer.trash(session, space_id, item.id, actor=actor, plans=at == 0)
        if items:
            await tell_deleted(session, space_id, actor, "trashed", len(items))
        return {item.id for item in items}

    async def restore(
        self, session: Session, space_id: UUID, ids: Collection[UUID], *, actor: UUID | None
    ) -> set[UUID]:
        """All out of the trash."""
        items = await self._held(session, space_id, ids, trashed=True)
        for item in items:
            await self._writer.restore(session, space_id, item.id, actor=actor)
        return {item.id for item in items}

    async def _held(
        self, session: Session, space_id: UUID, ids: Collection[UUID], *, trashed: bool
    ) -> list[Item]:
        held = await ItemStore(session).lock_many(space_id, list(ids))
        return [item for item in held if (item.deleted_at is not None) is trashed]
