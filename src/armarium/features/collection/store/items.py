"""Items with what belongs to them, loaded and saved."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from armarium.features.collection.models import (
    Change,
    Cost,
    HistoryEntry,
    Item,
    ItemIdentifier,
    ItemImage,
    ItemState,
    NewImage,
)
from armarium.features.collection.store.money import MoneyStore
from armarium.features.collection.tables import (
    HistoryRow,
    IdentifierRow,
    ImageRow,
    ItemRow,
    TagRow,
    ValueRow,
)
from armarium.kinds import registry
from armarium.kit.ids import new_id
from armarium.kit.text import fold
from armarium.platform.database import Session, rescope

HISTORY_SHOWN = 200


class ItemStore:
    """One transaction's view of items; the scope decides which."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(
        self, space_id: UUID, item_id: UUID, state: ItemState, *, actor: UUID | None, at: datetime
    ) -> bool:
        """Insert an item; False when the id is taken."""
        added = await self._session.execute(
            upsert(ItemRow)
            .values(
                space_id=space_id,
                id=item_id,
                **_columns(state),
                version=1,
                created_at=at,
                updated_at=at,
                created_by=actor,
            )
            .on_conflict_do_nothing()
            .returning(ItemRow.id)
        )
        if added.first() is None:
            return False
        await self._add_identifiers(space_id, item_id, state)
        await self._add_tags(space_id, item_id, state)
        await self._add_values(space_id, item_id, state)
        return True

    async def save(self, item: Item, before: ItemState, state: ItemState, *, at: datetime) -> None:
        """Write a new state over the old; only what differs of what belongs to it."""
        await self._touch(item, at, **_columns(state))
        key = (item.space_id, item.id)
        if before.identifiers != state.identifiers:
            await self._clear(IdentifierRow, *key)
            await self._add_identifiers(*key, state)
        if before.tags != state.tags:
            await self._clear(TagRow, *key)
            await self._add_tags(*key, state)
        if before.values != state.values:
            await self._clear(ValueRow, *key)
            await self._add_values(*key, state)

    async def _touch(self, item: Item, at: datetime, **values: Any) -> None:
        await self._session.execute(
            update(ItemRow)
            .where(ItemRow.space_id == item.space_id, ItemRow.id == item.id)
            .values(version=item.version + 1, updated_at=at, **values)
            .execution_options(synchronize_session=False)
        )

    async def set_deleted(self, item: Item, deleted_at: datetime | None, *, at: datetime) -> None:
        """Into the trash, or out of it."""
        await self._touch(item, at, deleted_at=deleted_at)

    async def touch(self, item: Item, *, at: datetime) -> None:
        """A new version, when what belongs to the item changed."""
        await self._touch(item, at)

    async def remove(self, space_id: UUID, item_id: UUID) -> None:
        """Delete an item and, by cascade, what belongs to it."""
        await self._session.execute(
            delete(ItemRow).where(ItemRow.space_id == space_id, ItemRow.id == item_id)
        )

    async def _clear(
        self, table: type[IdentifierRow | TagRow | ValueRow], space_id: UUID, item_id: UUID
    ) -> None:
        await self._session.execute(
            delete(table)
            .where(table.space_id == space_id, table.item_id == item_id)
            .execution_options(synchronize_session=False)
        )

    async def _add_identifiers(self, space_id: UUID, item_id: UUID, state: ItemState) -> None:
        rows = [
            {"space_id": space_id, "item_id": item_id, "position": at, **asdict(each)}
            for at, each in enumerate(state.identifiers)
        ]
        if rows:
            await self._session.execute(insert(IdentifierRow), rows)

    async def _add_tags(self, space_id: UUID, item_id: UUID, state: ItemState) -> None:
        rows = [
            {"space_id": space_id, "item_id": item_id, "position": at, "key": key, "name": name}
            for at, (key, name) in enumerate(state.tags.items())
        ]
        if rows:
            await self._session.execute(insert(TagRow), rows)

    async def _add_values(self, space_id: UUID, item_id: UUID, state: ItemState) -> None:
        rows = [
            {
                "space_id": space_id,
                "item_id": item_id,
                "field": each.field,
                "position": each.position,
                "text_value": each.text,
                "bigint_value": each.integer,
                "float_value": each.decimal,
                "instant_value": each.instant,
            }
            for each in state.values
        ]
        if rows:
            await self._session.execute(insert(ValueRow), rows)

    async def enter(self, room: UUID | None) -> None:
        """Let a worker, who sees all of the space, write in this room's part of the index too."""
        scope = self._session.info["scope"]
        if room is not None and scope.whole and room not in scope.spaces:
            await rescope(self._session, replace(scope, spaces=(*scope.spaces, room)))

    async def lock(self, space_id: UUID, item_id: UUID) -> Item | None:
        """The item, held until the transaction ends."""
        held = await self._session.scalar(
            select(ItemRow)
            .where(ItemRow.space_id == space_id, ItemRow.id == item_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return None if held is None else (await self.whole([held]))[0]

    async def lock_many(self, space_id: UUID, ids: Sequence[UUID]) -> list[Item]:
        """Several items, held, in the order of their ids (so that two callers never deadlock)."""
        held = await self._session.scalars(
            select(ItemRow)
            .where(ItemRow.space_id == space_id, ItemRow.id.in_(ids))
            .order_by(ItemRow.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return await self.whole(held.all())

    async def many(self, ids: Sequence[UUID]) -> dict[UUID, Item]:
        """Items by id, of the spaces in scope, those in the trash too."""
        rows = await self._session.scalars(
            select(ItemRow).where(ItemRow.id.in_(ids)).execution_options(populate_existing=True)
        )
        return {item.id: item for item in await self.whole(rows.all())}

    async def whole(self, rows: Sequence[ItemRow]) -> list[Item]:
        """Rows with what belongs to them, in the same order, in three statements."""
        if not rows:
            return []
        spaces, ids = {row.space_id for row in rows}, [row.id for row in rows]
        tags: dict[UUID, list[str]] = {}
        for tag in await self._session.scalars(
            select(TagRow)
            .where(TagRow.space_id.in_(spaces), TagRow.item_id.in_(ids))
            .order_by(TagRow.position)
            .execution_options(populate_existing=True)
        ):
            tags.setdefault(tag.item_id, []).append(tag.name)
        identifiers: dict[UUID, list[ItemIdentifier]] = {}
        for each in await self._session.scalars(
            select(IdentifierRow)
            .where(IdentifierRow.space_id.in_(spaces), IdentifierRow.item_id.in_(ids))
            .order_by(IdentifierRow.position)
            .execution_options(populate_existing=True)
        ):
            identifiers.setdefault(each.item_id, []).append(
                ItemIdentifier(each.scheme, each.value, each.derived)
            )
        images: dict[UUID, list[ItemImage]] = {}
        for image in await self._session.scalars(
            select(ImageRow)
            .where(ImageRow.space_id.in_(spaces), ImageRow.item_id.in_(ids))
            .order_by(ImageRow.position, ImageRow.media_id)
            .execution_options(populate_existing=True)
        ):
            images.setdefault(image.item_id, []).append(
                ItemImage(image.media_id, image.role, image.position)
            )
        costs = await MoneyStore(self._session).of(spaces, ids)
        return [
            _item(
                row,
                identifiers.get(row.id, []),
                tags.get(row.id, []),
                images.get(row.id, []),
                costs.get(row.id),
            )
            for row in rows
        ]

    async def add_images(self, item: Item, images: Sequence[NewImage]) -> None:
        """Append pictures after those that are there."""
        after = max((each.position for each in item.images), default=-1) + 1
        await self._session.execute(
            insert(ImageRow),
            [
                {
                    "space_id": item.space_id,
                    "item_id": item.id,
                    "media_id": each.media_id,
                    "role": each.role,
                    "position": after + at,
                }
                for at, each in enumerate(images)
            ],
        )

    async def remove_images(self, item: Item, media_ids: Sequence[UUID]) -> None:
        """Detach pictures."""
        await self._session.execute(
            delete(ImageRow)
            .where(
                ImageRow.space_id == item.space_id,
                ImageRow.item_id == item.id,
                ImageRow.media_id.in_(media_ids),
            )
            .execution_options(synchronize_session=False)
        )

    async def set_image(self, item: Item, media_id: UUID, **values: Any) -> None:
        """Change role or position of one picture."""
        await self._session.execute(
            update(ImageRow)
            .where(
                ImageRow.space_id == item.space_id,
                ImageRow.item_id == item.id,
                ImageRow.media_id == media_id,
            )
            .values(**values)
            .execution_options(synchronize_session=False)
        )

    async def add_history(
        self,
        item: Item,
        action: str,
        changes: Sequence[Change],
        *,
        actor: UUID | None,
        at: datetime,
    ) -> None:
        """Remember what was done; `item` is as it is now."""
        await self._session.execute(
            insert(HistoryRow).values(
                space_id=item.space_id,
                id=new_id(),
                item_id=item.id,
                at=at,
                actor=actor,
                action=action,
                version=item.version,
                changes=to_jsonable_python([asdict(each) for each in changes]),
            )
        )

    async def history(self, space_id: UUID, item_id: UUID) -> list[HistoryEntry]:
        """What was done to an item, newest first, the last 200 acts."""
        rows = await self._session.scalars(
            select(HistoryRow)
            .where(HistoryRow.space_id == space_id, HistoryRow.item_id == item_id)
            .order_by(HistoryRow.id.desc())
            .limit(HISTORY_SHOWN)
        )
        return [
            HistoryEntry(
                at=row.at,
                actor=row.actor,
                action=row.action,
                version=row.version,
                changes=tuple(Change(**each) for each in row.changes),
            )
            for row in rows
        ]


def _columns(state: ItemState) -> dict[str, Any]:
    return {
        "kind": state.kind,
        "title": state.title,
        "title_key": fold(state.title)[:200],
        "subtitle": state.subtitle,
        "status": state.status,
        "fields": dict(state.fields),
        "own_fields": dict(state.own_fields),
        "creator_key": state.creator_key,
        "set_key": state.set_key,
        "year": state.year,
        "notes": state.notes,
        "read_text": state.read_text,
        "quantity": state.quantity,
        "catalogue_entry_id": state.catalogue_entry_id,
    }


def _item(
    row: ItemRow,
    identifiers: Sequence[ItemIdentifier],
    tags: Sequence[str],
    images: Sequence[ItemImage],
    cost: Cost | None,
) -> Item:
    return Item(
        space_id=row.space_id,
        id=row.id,
        kind=row.kind,
        title=row.title,
        subtitle=row.subtitle,
        status=row.status,
        fields=row.fields,
        own_fields=row.own_fields,
        derived=_derived(row.kind, row.fields),
        notes=row.notes,
        read_text=row.read_text,
        quantity=row.quantity,
        catalogue_entry_id=row.catalogue_entry_id,
        identifiers=tuple(identifiers),
        tags=tuple(tags),
        images=tuple(images),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        deleted_at=row.deleted_at,
        created_by=row.created_by,
        room_id=row.room_id,
        cost=cost,
    )


def _derived(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing for an item of a plug-in's kind that is no longer installed."""
    found = registry().get(kind)
    return {} if found is None else found.derived(fields)
