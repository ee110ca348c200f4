"""The collection as a person uses it: each method is one short transaction of its own."""

from collections.abc import Awaitable, Callable, Sequence
from collections.abc import Collection as Ids
from dataclasses import replace
from typing import Any
from uuid import UUID

from armarium.features.collection.errors import InvalidItem, ItemNotFound, ItemNotInTrash
from armarium.features.collection.models import (
    MAX_BULK,
    UNSET,
    BulkResult,
    Item,
    ItemChange,
    NewImage,
    NewItem,
)
from armarium.features.collection.service.bulk import BulkWriter
from armarium.features.collection.service.trail import tell_deleted
from armarium.features.collection.service.writing import ItemWriter
from armarium.features.collection.store import ItemLists
from armarium.features.spaces import demand_editor, demand_member, demand_money
from armarium.platform.database import Database, Session
from armarium.platform.http import Principal

TRASH_BATCH = 200


class Collection:
    """Writes on behalf of a caller, in the space that they act in.

    `kind` restricts to items of that kind, for the kinds' own paths (`/cards/{id}` is not a book).
    """

    def __init__(self, *, database: Database, writer: ItemWriter, bulk_writer: BulkWriter) -> None:
        self._database = database
        self._writer = writer
        self._bulk_writer = bulk_writer

    async def _act(
        self, caller: Principal, act: Callable[..., Awaitable[Any]], *args: Any, **options: Any
    ) -> Any:
        """Run one act of the writer in a transaction, for those who may write."""
        demand_editor(caller)
        async with self._database.transaction(caller.writing) as session:
            return await act(session, caller.space_id, *args, actor=caller.user_id, **options)

    async def create(self, caller: Principal, new: NewItem) -> Item:
        """Keep a new item; a guest's in a collection that they were let into as an editor."""
        if new.cost is not None:
            demand_money(caller)
        if caller.is_guest and not new.collections:
            if len(caller.editable) != 1:
                raise InvalidItem("Say which collection.", pointer="/collections")
            new = replace(new, collections=caller.editable)
        return await self._act(caller, self._writer.create, new)

    async def change(
        self,
        caller: Principal,
        item_id: UUID,
        change: ItemChange,
        *,
        kind: str | None = None,
        expected: int | None = None,
    ) -> Item:
        """Change an item; `expected` is the version that the caller read."""
        if change.cost is not UNSET:
            demand_money(caller)
        return await self._act(
            caller, self._writer.change, item_id, change, kind=kind, expected=expected
        )

    async def trash(
        self,
        caller: Principal,
        item_id: UUID,
        *,
        kind: str | None = None,
        expected: int | None = None,
    ) -> None:
        """Into the trash."""
        await self._act(caller, self._writer.trash, item_id, kind=kind, expected=expected)

    async def restore(self, caller: Principal, item_id: UUID, *, kind: str | None = None) -> Item:
        """Out of the trash."""
        return await self._act(caller, self._writer.restore, item_id, kind=kind)

    async def remove(
        self,
        caller: Principal,
        item_id: UUID,
        *,
        kind: str | None = None,
        expected: int | None = None,
    ) -> None:
        """For good, from the trash."""
        demand_member(caller)
        await self._act(caller, self._remove, item_id, kind=kind, expected=expected)

    async def _remove(
        self,
        session: Session,
        space_id: UUID,
        item_id: UUID,
        *,
        actor: UUID | None,
        **options: Any,
    ) -> None:
        await self._writer.remove(session, space_id, item_id, actor=actor, **options)
        await tell_deleted(session, space_id, actor, "for_good", 1, item_id=item_id)

    async def empty_trash(self, caller: Principal) -> int:
        """Remove all that is in the trash for good; how many items that was."""
        demand_member(caller)
        removed, is_first = 0, True
        while found := await self._act(caller, self._remove_some, is_first=is_first):
            removed, is_first = removed + sum(found), False
        return removed

    async def _remove_some(
        self, session: Session, space_id: UUID, *, actor: UUID | None, is_first: bool
    ) -> list[bool]:
        """Whether each of the next was removed; not what somebody else removes or restores now."""
        lists = ItemLists(session, space_id)
        ids = await lists.trashed_ids(TRASH_BATCH)
        if ids and is_first:
            count = await lists.count_trashed()
            await tell_deleted(session, space_id, actor, "trash_emptied", count)
        return [await self._is_removed(session, space_id, each, actor=actor) for each in ids]

    async def _is_removed(
        self, session: Session, space_id: UUID, item_id: UUID, *, actor: UUID | None
    ) -> bool:
        try:
            await self._writer.remove(session, space_id, item_id, actor=actor)
        except (ItemNotFound, ItemNotInTrash):
            return False
        return True

    async def attach_images(
        self,
        caller: Principal,
        item_id: UUID,
        images: Sequence[NewImage],
        *,
        kind: str | None = None,
    ) -> Item:
        """Add pictures."""
        return await self._act(caller, self._writer.attach_images, item_id, images, kind=kind)

    async def detach_images(
        self,
        caller: Principal,
        item_id: UUID,
        media_ids: Ids[UUID],
        *,
        kind: str | None = None,
        expected: int | None = None,
    ) -> Item:
        """Take pictures away."""
        return await self._act(
            caller, self._writer.detach_images, item_id, media_ids, kind=kind, expected=expected
        )

    async def arrange_images(
        self,
        caller: Principal,
        item_id: UUID,
        order: Sequence[UUID],
        *,
        kind: str | None = None,
        expected: int | None = None,
    ) -> Item:
        """Order pictures; the first is the cover."""
        return await self._act(
            caller, self._writer.arrange_images, item_id, order, kind=kind, expected=expected
        )

    async def set_image_role(
        self,
        caller: Principal,
        item_id: UUID,
        media_id: UUID,
        role: str,
        *,
        kind: str | None = None,
        expected: int | None = None,
    ) -> Item:
        """Say what a picture shows."""
        return await self._act(
            caller,
            self._writer.set_image_role,
            item_id,
            media_id,
            role,
            kind=kind,
            expected=expected,
        )

    async def bulk_change(
        self, caller: Principal, ids: Sequence[UUID], change: ItemChange
    ) -> BulkResult:
        """The same change to many items, all or none."""
        if change.cost is not UNSET:
            demand_money(caller)
        return await self._bulk(caller, self._bulk_writer.change, ids, change)

    async def bulk_tags(
        self, caller: Principal, ids: Sequence[UUID], *, add: Sequence[str], remove: Sequence[str]
    ) -> BulkResult:
        """Add and take tags on many items, all or none."""
        return await self._bulk(caller, self._bulk_writer.change_tags, ids, add=add, remove=remove)

    async def bulk_trash(self, caller: Principal, ids: Sequence[UUID]) -> BulkResult:
        """Many items into the trash."""
        return await self._bulk(caller, self._bulk_writer.trash, ids)

    async def bulk_restore(self, caller: Principal, ids: Sequence[UUID]) -> BulkResult:
        """Many items out of the trash."""
        return await self._bulk(caller, self._bulk_writer.restore, ids)

    async def _bulk(
        self,
        caller: Principal,
        act: Callable[..., Awaitable[set[UUID]]],
        ids: Sequence[UUID],
        *args: Any,
        **options: Any,
    ) -> BulkResult:
        if len(ids) > MAX_BULK:
            raise InvalidItem(f"At most {MAX_BULK} items at once.", pointer="/ids")
        found: set[UUID] = await self._act(caller, act, ids, *args, **options)
        missing = tuple(each for each in dict.fromkeys(ids) if each not in found)
        return BulkResult(changed=len(found), missing=missing)
