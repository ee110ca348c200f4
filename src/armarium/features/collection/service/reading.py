"""Reading items: one, several, lists with filters, history, counts."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from armarium.features.collection.errors import BadFilter, ItemNotFound
from armarium.features.collection.models import (
    FieldFilter,
    HistoryEntry,
    Item,
    ItemExtensions,
    ItemFilter,
    ItemView,
    Sort,
    Stats,
    TypedCondition,
    TypedValue,
)
from armarium.features.collection.policy import CREATOR, OWN_PREFIX, SET, text_key, typed
from armarium.features.collection.service.writing import stats_key
from armarium.features.collection.store import ItemLists, ItemStore, ShelfStore
from armarium.features.collection.store.lists import beginning_with
from armarium.features.media import Media, MediaService
from armarium.features.spaces import demand_money
from armarium.features.templates import Templates
from armarium.kinds import Field, check_fields, registry
from armarium.platform.cache import Cache
from armarium.platform.database import Database, Scope, Session
from armarium.platform.http import Principal
from armarium.platform.paging import Page, PageParams


class ItemReader:
    """Answers what the caller's space holds; every list is keyset-paged."""

    def __init__(
        self,
        *,
        database: Database,
        templates: Templates,
        media: MediaService,
        cache: Cache,
        extensions: ItemExtensions,
    ) -> None:
        self._database = database
        self._templates = templates
        self._media = media
        self._cache = cache
        self._extensions = extensions

    async def get(self, scope: Scope, item_id: UUID, *, kind: str | None = None) -> Item:
        """One item, in the trash or not; `ItemNotFound` when the scope does not hold it."""
        found = (await self.many(scope, [item_id])).get(item_id)
        if found is None or kind not in {None, found.kind}:
            raise ItemNotFound
        return found

    async def many(self, scope: Scope, ids: Iterable[UUID]) -> dict[UUID, Item]:
        """Items by id; those that the scope does not hold are left out."""
        async with self._database.transaction(scope) as session:
            return await ItemStore(session).many(list(ids))

    async def view(self, caller: Principal, item_id: UUID, *, kind: str | None = None) -> ItemView:
        """One item as its page shows it."""
        item = await self.get(caller.scope, item_id, kind=kind)
        return await self.shown(caller, item)

    async def shown(self, caller: Principal, item: Item) -> ItemView:
        """An item that the caller already holds, as its page shows it."""
        extensions: dict[str, Any] = {}
        if self._extensions:
            async with self._database.transaction(caller.scope) as session:
                for each in self._extensions:
                    said = await each.extend(session, item.space_id, [item.id])
                    extensions[each.name] = said.get(item.id)
        async with self._database.transaction(caller.scope) as session:
            held = await ShelfStore(session).collections_of(item.space_id, item.id)
        media = await self._media.many(caller.scope, [each.media_id for each in item.images])
        return ItemView(item=item, media=media, extensions=extensions, collections=held)

    async def page(
        self, caller: Principal, chosen: ItemFilter, sort: Sort, params: PageParams
    ) -> Page[Item]:
        """Items of the space that the caller acts in."""
        if sort.removeprefix("-") == "cost":
            demand_money(caller)
        async with self._database.transaction(caller.scope) as session:
            conditions = await self.conditions(session, caller.space_id, chosen)
            lists = ItemLists(session, caller.space_id, within=caller.collections)
            return await lists.page(chosen, conditions, sort, params)

    async def covers(self, caller: Principal, items: Iterable[Item]) -> dict[UUID, Media]:
        """The covers of these items, by medium."""
        ids = [each.cover_media_id for each in items if each.cover_media_id is not None]
        return await self._media.many(caller.scope, ids)

    async def history(
        self, caller: Principal, item_id: UUID, *, kind: str | None = None
    ) -> list[HistoryEntry]:
        """What was done to an item, newest first."""
        item = await self.get(caller.scope, item_id, kind=kind)
        async with self._database.transaction(caller.scope) as session:
            return await ItemStore(session).history(item.space_id, item_id)

    async def stats(self, caller: Principal) -> Stats:
        """Counts for the dashboard, kept until an item changes."""

        async def load() -> Stats:
            async with self._database.transaction(caller.scope) as session:
                lists = ItemLists(session, caller.space_id, within=caller.collections)
                return await lists.stats()

        if not caller.sees_all:
            return await load()
        return await self._cache.get(stats_key(caller.space_id), load)

    async def conditions(
        self, session: Session, space_id: UUID, chosen: ItemFilter
    ) -> list[TypedCondition]:
        """What a filter asks of fields; `BadFilter` names a field that cannot be asked."""
        found: list[TypedCondition] = []
        for name, text in ((CREATOR, chosen.creator), (SET, chosen.set_name)):
            if text is not None and (key := text_key(text)):
                found.append(beginning_with(name, key))
        if not chosen.fields:
            return found
        own: dict[str, Field] = {}
        for kind in chosen.kinds or [each.name for each in registry()]:
            fields = await self._templates.fields_for(session, space_id, kind)
            own |= {each.name: each.as_field() for each in fields}
        for each in chosen.fields:
            declared = own.get(each.name) if each.own else _declared(each.name, chosen.kinds)
            found.append(_condition(each, declared))
        return found


def _declared(name: str, kinds: Sequence[str]) -> Field | None:
    """The kinds' own field of that name, if it may be filtered by."""
    for kind in registry():
        if not kinds or kind.name in kinds:
            declared = kind.field(name)
            if declared is not None and declared.filterable:
                return declared
    return None


def _condition(asked: FieldFilter, declared: Field | None) -> TypedCondition:
    name = OWN_PREFIX + asked.name if asked.own else asked.name
    pointer = f"query:field.{name}"
    if declared is None:
        raise BadFilter("There is no such field to filter by.", pointer=pointer)
    low, high = (
        _bound(name, declared, text, pointer)
        for text in (
            asked.minimum if asked.value is None else asked.value,
            asked.maximum if asked.value is None else asked.value,
        )
    )
    if low is None and high is None:
        raise BadFilter("Say a value, or the ends of a range.", pointer=pointer)
    return TypedCondition(name, low, high)


def _bound(name: str, declared: Field, text: str | None, pointer: str) -> TypedValue | None:
    if text is None:
        return None
    checked = check_fields([declared], {declared.name: text}, partial=True)
    value = checked.values.get(declared.name)
    if checked.errors or value is None:
        detail = checked.errors[0].detail if checked.errors else "Say a value."
        raise BadFilter(detail, pointer=pointer)
    bound = typed(name, 0, declared, value[0] if isinstance(value, list) else value)
    if bound is None:
        raise BadFilter("This value can't be compared.", pointer=pointer)
    return bound
