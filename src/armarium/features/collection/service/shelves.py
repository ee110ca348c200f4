"""Named collections with their items: what enters, what leaves, and who then sees it."""

from collections.abc import Sequence
from uuid import UUID

from armarium.features.collection.errors import InvalidItem, ItemNotFound
from armarium.features.collection.events import CollectionChanged
from armarium.features.collection.models import MAX_BULK, Shelf
from armarium.features.collection.service.writing import ItemWriter
from armarium.features.collection.store import ItemStore, ShelfStore
from armarium.features.spaces import (
    Collection,
    CollectionChange,
    CollectionDraft,
    CollectionNotEmpty,
    NamedCollections,
    NotTheirOwn,
    TwoRooms,
    demand_editor,
    demand_member,
)
from armarium.platform.database import Database, Session
from armarium.platform.events import emit
from armarium.platform.http import Principal

BATCH = 500


class Shelves:
    """A space's named collections, for its members; a guest sees what was granted."""

    def __init__(
        self, *, database: Database, collections: NamedCollections, writer: ItemWriter
    ) -> None:
        self._database = database
        self._collections = collections
        self._writer = writer

    async def all(self, caller: Principal) -> list[Shelf]:
        """Those that the caller may see, with their counts."""
        found = await self._collections.all(caller)
        async with self._database.transaction(caller.scope) as session:
            counts = await ShelfStore(session).counts(caller.space_id)
        return [Shelf(each, counts.get(each.id, 0)) for each in found]

    async def get(self, caller: Principal, collection_id: UUID) -> Shelf:
        """One of them."""
        found = await self._collections.get(caller, collection_id)
        async with self._database.transaction(caller.scope) as session:
            counts = await ShelfStore(session).counts(caller.space_id)
        return Shelf(found, counts.get(found.id, 0))

    async def create(self, caller: Principal, draft: CollectionDraft) -> Shelf:
        """A new, empty one."""
        made = await self._collections.create(caller, draft)
        if made.visibility != "private":
            async with self._database.transaction(caller.scope) as session:
                await self._say(session, made)
        return Shelf(made, 0)

    async def change(
        self,
        caller: Principal,
        collection_id: UUID,
        change: CollectionChange,
        expected: int | None,
    ) -> Shelf:
        """Change a collection; when its visibility changes, so does who sees its items."""
        async with self._database.transaction(caller.scope) as session:
            before, after = await self._collections.change(
                session, caller, collection_id, change, expected
            )
            items = await ShelfStore(session).items(caller.space_id, collection_id)
            if before.visibility != after.visibility:
                if await ShelfStore(session).torn(caller.space_id, items):
                    raise TwoRooms
                await self._settle(session, caller, items)
                await self._collections.end_links(session, caller)
            await self._say(session, after)
        return Shelf(after, len(items))

    async def delete(
        self, caller: Principal, collection_id: UUID, expected: int | None = None
    ) -> None:
        """Delete a collection; its items stay. A private one must be empty first."""
        async with self._database.transaction(caller.scope) as session:
            found = await self._collections.found(session, caller, collection_id)
            shelves = ShelfStore(session)
            items = await shelves.items(caller.space_id, collection_id)
            if items and found.visibility == "private":
                raise CollectionNotEmpty
            await self._say(session, found)
            await self._collections.remove(session, caller, found, expected)
            if await shelves.torn(caller.space_id, items):
                raise TwoRooms
            await self._settle(session, caller, items)

    async def add(self, caller: Principal, collection_id: UUID, ids: Sequence[UUID]) -> int:
        """Put items in; how many were not there before.

        Into a private room goes what its people made themselves, or what an owner of the space
        puts there: nobody hides another's things.
        """
        async with self._database.transaction(caller.scope) as session:
            found = await self._ready(session, caller, collection_id, ids)
            items = await ItemStore(session).lock_many(caller.space_id, list(ids))
            if missing := set(ids) - {each.id for each in items}:
                raise ItemNotFound(item_ids=sorted(map(str, missing)))
            if found.visibility == "private" and caller.space_role != "owner":
                strange = [each for each in items if each.created_by != caller.user_id]
                if strange:
                    raise NotTheirOwn
            fresh = await self._writer.shelve(
                session, caller.space_id, [collection_id], ids, actor=caller.user_id
            )
            await self._settle(session, caller, fresh)
            await self._say(session, found)
        return len(fresh)

    async def take(self, caller: Principal, collection_id: UUID, ids: Sequence[UUID]) -> int:
        """Take items out; how many were there. Out of a private room, the space sees them."""
        async with self._database.transaction(caller.scope) as session:
            found = await self._ready(session, caller, collection_id, ids)
            shelves = ShelfStore(session)
            gone = await shelves.take(caller.space_id, collection_id, ids)
            if await shelves.torn(caller.space_id, gone):
                raise TwoRooms
            await self._settle(session, caller, gone)
            await self._say(session, found)
        return len(gone)

    async def _ready(
        self, session: Session, caller: Principal, collection_id: UUID, ids: Sequence[UUID]
    ) -> Collection:
        demand_editor(caller)
        demand_member(caller)
        if len(ids) > MAX_BULK:
            raise InvalidItem(f"At most {MAX_BULK} items at once.", pointer="/item_ids")
        return await self._collections.found(session, caller, collection_id)

    async def _settle(self, session: Session, caller: Principal, ids: Sequence[UUID]) -> None:
        """Links end, too, to what its makers may not show any more."""
        space_id, moved = caller.space_id, 0
        for start in range(0, len(ids), BATCH):
            moved += await self._writer.settle(session, space_id, ids[start : start + BATCH])
        if moved:
            await self._collections.end_links(session, caller)

    async def _say(self, session: Session, found: Collection) -> None:
        room = found.id if found.visibility == "private" else None
        event = CollectionChanged(space_id=found.space_id, room_id=room, collection_id=found.id)
        await emit(session, event)
