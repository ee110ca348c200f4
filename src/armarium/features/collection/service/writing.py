"""Writing items inside a caller's transaction: the one place where items change.

Called by this room's `Collection` for people, and by higher rooms (recognition, imports) in their
own transactions. Every act keeps the history, tells the search index and says an event, all in
the same transaction; so undoing it (trash, restore) leaves nothing behind.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from armarium.features.collection.errors import (
    InvalidItem,
    ItemInTrash,
    ItemNotFound,
    ItemNotInTrash,
)
from armarium.features.collection.events import (
    ItemCreated,
    ItemRemoved,
    ItemRestored,
    ItemTrashed,
    ItemUpdated,
)
from armarium.features.collection.models import (
    MAX_IMAGES,
    Change,
    Item,
    ItemChange,
    NewImage,
    NewItem,
    Unset,
)
from armarium.features.collection.policy import (
    checked_cost,
    checked_images,
    differences,
    role_of,
    search_document,
    state_after,
    state_before,
    state_of,
)
from armarium.features.collection.service.planning import TrashPlan
from armarium.features.collection.store import ItemStore, MoneyStore, ShelfStore
from armarium.features.collection.store.private import PrivateStore
from armarium.features.collection.store.shelves import Moved
from armarium.features.media import MediaKeeper
from armarium.features.search import SearchIndex
from armarium.features.spaces import NoSuchCollection, Quotas, Resource, TwoRooms
from armarium.features.templates import Templates
from armarium.kinds import Field
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.cache import Cache
from armarium.platform.database import Session
from armarium.platform.events import emit
from armarium.platform.http import check_version


def stats_key(space_id: UUID) -> str:
    """Under which a space's counts are kept until an item changes."""
    return f"collection.stats:{space_id}"


UNTOUCHED = 2
"""Version of an item that was made and then trashed, with nothing between."""


class ItemWriter:
    """Joins the caller's transaction, whose scope must hold the space.

    `actor` is the person on whose behalf it happens, for the history; None for the product itself.
    """

    def __init__(
        self,
        *,
        templates: Templates,
        index: SearchIndex,
        keeper: MediaKeeper,
        cache: Cache,
        trash: TrashPlan,
        quotas: Quotas,
    ) -> None:
        self._templates = templates
        self._index = index
        self._keeper = keeper
        self._cache = cache
        self._trash = trash
        self._quotas = quotas

    async def create(
        self,
        session: Session,
        space_id: UUID,
        new: NewItem,
        *,
        actor: UUID | None,
        item_id: UUID | None = None,
    ) -> Item:
        """Keep a new item. An `item_id` that exists is answered as it is (a step that ran again).

        Raises:
            InvalidItem: with every bad value named.
            MediaNotFound: for pictures that are not this space's.
            NoSuchCollection: for named collections that the caller does not see.
        """
        store, at = ItemStore(session), now()
        identifier = item_id or new_id()
        if new.collections and await ShelfStore(session).unknown(space_id, new.collections):
            raise NoSuchCollection(pointer="/collections")
        state = state_of(new, await self._own(session, space_id, new.kind))
        # A guest sees and writes what their collections hold, so it is in one before it is there.
        guest = session.info["scope"].guest is not None
        if guest:
            await self.shelve(session, space_id, new.collections, [identifier], actor=actor)
        if not await store.add(space_id, identifier, state, actor=actor, at=at):
            return await self._locked(store, space_id, identifier)
        if new.collections:
            if not guest:
                await self.shelve(session, space_id, new.collections, [identifier], actor=actor)
            await ShelfStore(session).settle(space_id, [identifier])
        if new.cost is not None:
            await MoneyStore(session).put(space_id, identifier, checked_cost(new.cost), at=at)
        item = await self._locked(store, space_id, identifier)
        if new.images:
            item = await self._attach(session, store, item, new.images)
        await self._quotas.check(session, space_id, Resource.ITEMS)
        await store.add_history(item, "created", (), actor=actor, at=at)
        await self._index.put(session, [search_document(item)])
        event = ItemCreated(
            space_id=space_id,
            room_id=item.room_id,
            item_id=item.id,
            kind=item.kind,
            item_version=item.version,
        )
        await emit(session, event)
        await self._cache.forget(session, stats_key(space_id))
        return item

    async def change(
        self,
        session: Session,
        space_id: UUID,
        item_id: UUID,
        change: ItemChange,
        *,
        actor: UUID | None,
        expected: int | None = None,
        kind: str | None = None,
    ) -> Item:
        """Change what `change` names; nothing happens when it changes nothing.

        `expected` is the version that the caller read (412 when it moved on); `kind` restricts to
        items of that kind.
        """
        store = ItemStore(session)
        item = await self._live(store, space_id, item_id, expected=expected, kind=kind)
        return await self._change(session, store, item, change, actor=actor)

    async def _change(
        self,
        session: Session,
        store: ItemStore,
        item: Item,
        change: ItemChange,
        *,
        actor: UUID | None,
    ) -> Item:
        own = await self._own(session, item.space_id, item.kind)
        before, after = state_before(item, own), state_after(item, change, own)
        pays = not isinstance(change.cost, Unset) and change.cost != item.cost
        if before == after and not pays:
            return item
        found, at = differences(before, after), now()
        if before == after:
            await store.touch(item, at=at)
        else:
            await store.save(item, before, after, at=at)
        if pays and not isinstance(change.cost, Unset):
            cost = None if change.cost is None else checked_cost(change.cost)
            await MoneyStore(session).put(item.space_id, item.id, cost, at=at)
            # The history is for everyone who sees the item; what it cost is not.
            found.append(Change("cost", None, None))
        return await self._saved(session, store, item, found, actor=actor)

    async def attach_images(
        self,
        session: Session,
        space_id: UUID,
        item_id: UUID,
        images: Sequence[NewImage],
        *,
        actor: UUID | None,
        kind: str | None = None,
    ) -> Item:
        """Add pictures after those that are there; one that is there already keeps its place."""
        store = ItemStore(session)
        item = await self._live(store, space_id, item_id, kind=kind)
        there = {each.media_id for each in item.images}
        fresh = [each for each in images if each.media_id not in there]
        if not fresh:
            return item
        attached = await self._attach(session, store, item, fresh)
        await store.touch(item, at=now())
        found = [Change("images", len(item.images), len(attached.images))]
        return await self._saved(session, store, item, found, actor=actor)

    async def detach_images(
        self,
        session: Session,
        space_id: UUID,
        item_id: UUID,
        media_ids: Collection[UUID],
        *,
        actor: UUID | None,
        kind: str | None = None,
        expected: int | None = None,
    ) -> Item:
        """Take pictures from an item; those not attached are ignored."""
        store = ItemStore(session)
        item = await self._live(store, space_id, item_id, kind=kind, expected=expected)
        going = [each.media_id for each in item.images if each.media_id in set(media_ids)]
        if not going:
            return item
        await store.remove_images(item, going)
        await self._keeper.release(session, space_id, going)
        await store.touch(item, at=now())
        found = [Change("images", len(item.images), len(item.images) - len(going))]
        return await self._saved(session, store, item, found, actor=actor)

    async def arrange_images(
        self,
        session: Session,
        space_id: UUID,
        item_id: UUID,
        order: Sequence[UUID],
        *,
        actor: UUID | None,
        kind: str | None = None,
        expected: int | None = None,
    ) -> Item:
        """Put pictures in this order (the first is the cover); those not named follow."""
        store = ItemStore(session)
        item = await self._live(store, space_id, item_id, kind=kind, expected=expected)
        there = [each.media_id for each in item.images]
        if strangers := set(order) - set(there):
            raise InvalidItem(
                f"Not pictures of this item: {', '.join(sorted(map(str, strangers)))}.",
                pointer="/images",
            )
        wanted = list(dict.fromkeys([*order, *there]))
        if wanted == there:
            return item
        for position, media_id in enumerate(wanted):
            await store.set_image(item, media_id, position=position)
        await store.touch(item, at=now())
        return await self._saved(
            session, store, item, [Change("images", "order", "order")], actor=actor
        )

    async def set_image_role(
        self,
        session: Session,
        space_id: UUID,
        item_id: UUID,
        media_id: UUID,
        role: str,
        *,
        actor: UUID | None,
        kind: str | None = None,
        expected: int | None = None,
    ) -> Item:
        """Say what a picture shows."""
        store = ItemStore(session)
        item = await self._live(store, space_id, item_id, kind=kind, expected=expected)
        before = next((each for each in item.images if each.media_id == media_id), None)
        if before is None:
            raise ItemNotFound("This is not a picture of the item.")
        after = role_of(role)
        if after == before.role:
            return item
        await store.set_image(item, media_id, role=after)
        await store.touch(item, at=now())
        found = [Change("image_role", before.role, after)]
        return await self._saved(session, store, item, found, actor=actor)

    async def trash(
        self,
        session: Session,
        space_id: UUID,
        item_id: UUID,
        *,
        actor: UUID | None,
        expected: int | None = None,
        kind: str | None = None,
        plans: bool = True,
    ) -> Item:
        """Into the trash: out of lists and search, kept whole. Twice is once.

        `plans=False` is for one of many: its caller has planned for the first already.
        """
        store, at = ItemStore(session), now()
        item = await self._locked(store, space_id, item_id, kind=kind)
        check_version(expected, item.version)
        if item.deleted_at is not None:
            return item
        await store.set_deleted(item, at, at=at)
        if plans:
            await self._trash.after(session, space_id, at)
        await self._index.remove(session, item.audience, [item_id])
        return await self._moved(session, store, item, "trashed", actor=actor)

    async def restore(
        self,
        session: Session,
        space_id: UUID,
        item_id: UUID,
        *,
        actor: UUID | None,
        kind: str | None = None,
    ) -> Item:
        """Out of the trash, as it was. Twice is once."""
        store = ItemStore(session)
        item = await self._locked(store, space_id, item_id, kind=kind)
        if item.deleted_at is None:
            return item
        await store.set_deleted(item, None, at=now())
        restored = await self._moved(session, store, item, "restored", actor=actor)
        await self._index.put(session, [search_document(restored)])
        return restored

    async def remove(
        self,
        session: Session,
        space_id: UUID,
        item_id: UUID,
        *,
        actor: UUID | None,
        kind: str | None = None,
        expected: int | None = None,
    ) -> None:
        """For good. Only what is in the trash; its pictures go after their grace period."""
        del actor
        store = ItemStore(session)
        item = await self._locked(store, space_id, item_id, kind=kind)
        if item.deleted_at is None:
            raise ItemNotInTrash
        check_version(expected, item.version)
        await self._keeper.release(session, space_id, [each.media_id for each in item.images])
        await store.remove(space_id, item_id)
        await self._index.remove(session, item.audience, [item_id])
        event = ItemRemoved(
            space_id=space_id, room_id=item.room_id, item_id=item_id, kind=item.kind
        )
        await emit(session, event)

    async def withdraw(
        self, session: Session, space_id: UUID, item_id: UUID, *, actor: UUID | None
    ) -> None:
        """Take back an item that a decision made, because the decision is taken back.

        It goes for good when it says nothing but what the decision put there; whatever a person
        added (or may have added, where this one may not look) is kept in the trash.
        """
        item = await self.trash(session, space_id, item_id, actor=actor)
        if item.version != UNTOUCHED or await self._has_more(session, item):
            return
        await self.remove(session, space_id, item_id, actor=actor)

    async def shelve(
        self,
        session: Session,
        space_id: UUID,
        collections: Sequence[UUID],
        ids: Sequence[UUID],
        *,
        actor: UUID | None,
    ) -> list[UUID]:
        """Put items into named collections; those that were not in all of them before.

        Who then sees them is settled by the caller. An item may be in one private room only, unless
        an open collection holds it too.
        """
        shelves, fresh = ShelfStore(session), list[UUID]()
        for collection_id in dict.fromkeys(collections):
            fresh += await shelves.put(space_id, collection_id, ids, actor=actor)
        if await shelves.torn(space_id, ids):
            raise TwoRooms
        return list(dict.fromkeys(fresh))

    async def settle(self, session: Session, space_id: UUID, ids: Sequence[UUID]) -> int:
        """Decide anew who sees items whose collections changed; how many moved.

        What moves leaves one part of the search index and enters another.
        """
        moved = await ShelfStore(session).settle(space_id, ids)
        if not moved:
            return 0
        for before, group in _by_room(moved).items():
            await self._index.remove(session, before or space_id, group)
        items = await ItemStore(session).many([each.item_id for each in moved])
        living = [each for each in items.values() if each.deleted_at is None]
        await self._index.put(session, [search_document(each) for each in living])
        await self._cache.forget(session, stats_key(space_id))
        return len(moved)

    async def _has_more(self, session: Session, item: Item) -> bool:
        """Whether something hangs on the item that does not count as a version of it."""
        if not session.info["scope"].sees_money_in((item.space_id,)):
            return True
        secret = await PrivateStore(session).get(item.space_id, item.id)
        shelves = await ShelfStore(session).collections_of(item.space_id, item.id)
        return secret is not None or bool(shelves)

    async def _own(self, session: Session, space_id: UUID, kind: str) -> list[Field]:
        own = await self._templates.fields_for(session, space_id, kind.strip().lower())
        return [each.as_field() for each in own]

    async def _attach(
        self, session: Session, store: ItemStore, item: Item, images: Sequence[NewImage]
    ) -> Item:
        chosen = checked_images(images)
        if len(item.images) + len(chosen) > MAX_IMAGES:
            raise InvalidItem(f"At most {MAX_IMAGES} pictures an item.", pointer="/images")
        await self._keeper.hold(session, item.space_id, [each.media_id for each in chosen])
        await store.add_images(item, chosen)
        await ShelfStore(session).settle(item.space_id, [item.id])
        return await self._locked(store, item.space_id, item.id)

    async def _saved(
        self,
        session: Session,
        store: ItemStore,
        item: Item,
        changes: Sequence[Change],
        *,
        actor: UUID | None,
    ) -> Item:
        """History, index, event, counts of an item that has just been changed."""
        saved = await self._locked(store, item.space_id, item.id)
        await store.add_history(saved, "updated", changes, actor=actor, at=saved.updated_at)
        await self._index.put(session, [search_document(saved)])
        event = ItemUpdated(
            space_id=saved.space_id,
            room_id=saved.room_id,
            item_id=saved.id,
            kind=saved.kind,
            item_version=saved.version,
            changed=tuple(each.field for each in changes),
        )
        await emit(session, event)
        await self._cache.forget(session, stats_key(saved.space_id))
        return saved

    async def _moved(
        self, session: Session, store: ItemStore, item: Item, action: str, *, actor: UUID | None
    ) -> Item:
        moved = await self._locked(store, item.space_id, item.id)
        await store.add_history(moved, action, (), actor=actor, at=moved.updated_at)
        event = ItemTrashed if action == "trashed" else ItemRestored
        await emit(
            session,
            event(
                space_id=moved.space_id,
                room_id=moved.room_id,
                item_id=moved.id,
                kind=moved.kind,
                item_version=moved.version,
            ),
        )
        await self._cache.forget(session, stats_key(moved.space_id))
        return moved

    async def _locked(
        self, store: ItemStore, space_id: UUID, item_id: UUID, *, kind: str | None = None
    ) -> Item:
        item = await store.lock(space_id, item_id)
        if item is None or kind not in {None, item.kind}:
            raise ItemNotFound
        await store.enter(item.room_id)
        return item

    async def _live(
        self,
        store: ItemStore,
        space_id: UUID,
        item_id: UUID,
        *,
        expected: int | None = None,
        kind: str | None = None,
    ) -> Item:
        item = await self._locked(store, space_id, item_id, kind=kind)
        check_version(expected, item.version)
        if item.deleted_at is not None:
            raise ItemInTrash
        return item


def _by_room(moved: Sequence[Moved]) -> dict[UUID | None, list[UUID]]:
    found: dict[UUID | None, list[UUID]] = {}
    for each in moved:
        found.setdefault(each.before, []).append(each.item_id)
    return found
