"""Which items are in which named collections, and what that makes of who sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from armarium.features.collection.tables import CollectedRow, ItemRow
from armarium.kit.instants import now
from armarium.platform.database import Session

SETTLE = text(
    "select item_id, room_before, room_after from collection_settle(:space, cast(:items as uuid[]))"
)
VISIBLE = text(
    "select id from spaces_collection where space_id = :space and id = any(cast(:ids as uuid[]))"
)
TORN = text("select unnest(collection_shared_private(:space, cast(:items as uuid[])))")


@dataclass(frozen=True, slots=True)
class Moved:
    """An item that went into a private room, or out of one."""

    item_id: UUID
    before: UUID | None
    after: UUID | None


class ShelfStore:
    """One transaction's view of what collections hold; the scope decides which."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def put(
        self, space_id: UUID, collection_id: UUID, ids: Sequence[UUID], *, actor: UUID | None
    ) -> list[UUID]:
        """Put items in; those that were not there before."""
        if not ids:
            return []
        added = await self._session.execute(
            upsert(CollectedRow)
            .values(
                [
                    {
                        "space_id": space_id,
                        "collection_id": collection_id,
                        "item_id": each,
                        "added_at": now(),
                        "added_by": actor,
                    }
                    for each in ids
                ]
            )
            .on_conflict_do_nothing()
            .returning(CollectedRow.item_id)
        )
        return list(added.scalars())

    async def take(self, space_id: UUID, collection_id: UUID, ids: Sequence[UUID]) -> list[UUID]:
        """Take items out; those that were there."""
        gone = await self._session.execute(
            delete(CollectedRow)
            .where(
                CollectedRow.space_id == space_id,
                CollectedRow.collection_id == collection_id,
                CollectedRow.item_id.in_(ids),
            )
            .returning(CollectedRow.item_id)
        )
        return list(gone.scalars())

    async def items(self, space_id: UUID, collection_id: UUID) -> list[UUID]:
        """All items of a collection, those in the trash too."""
        rows = await self._session.scalars(
            select(CollectedRow.item_id)
            .where(CollectedRow.space_id == space_id, CollectedRow.collection_id == collection_id)
            .order_by(CollectedRow.item_id)
        )
        return list(rows)

    async def counts(self, space_id: UUID) -> dict[UUID, int]:
        """How many living items each collection holds, of what the caller may see."""
        rows = await self._session.execute(
            select(CollectedRow.collection_id, func.count())
            .join(
                ItemRow,
                (ItemRow.space_id == CollectedRow.space_id) & (ItemRow.id == CollectedRow.item_id),
            )
            .where(CollectedRow.space_id == space_id, ItemRow.deleted_at.is_(None))
            .group_by(CollectedRow.collection_id)
        )
        return {row[0]: row[1] for row in rows}

    async def collections_of(self, space_id: UUID, item_id: UUID) -> tuple[UUID, ...]:
        """Where an item is, of what the caller may see."""
        rows = await self._session.scalars(
            select(CollectedRow.collection_id)
            .where(CollectedRow.space_id == space_id, CollectedRow.item_id == item_id)
            .order_by(CollectedRow.added_at, CollectedRow.collection_id)
        )
        return tuple(rows)

    async def unknown(self, space_id: UUID, ids: Sequence[UUID]) -> list[UUID]:
        """Those of these collections that are not there, as far as the caller may see."""
        found = await self._session.scalars(VISIBLE, {"space": space_id, "ids": list(ids)})
        return sorted(set(ids) - set(found))

    async def settle(self, space_id: UUID, ids: Sequence[UUID]) -> list[Moved]:
        """Decide anew who sees these items and their pictures; those for whom it changed."""
        found = await self._session.execute(SETTLE, {"space": space_id, "items": list(ids)})
        return [Moved(row[0], row[1], row[2]) for row in found]

    async def torn(self, space_id: UUID, ids: Sequence[UUID]) -> list[UUID]:
        """Items that several private rooms hold and no open collection does."""
        found = await self._session.scalars(TORN, {"space": space_id, "items": list(ids)})
        return list(found)
