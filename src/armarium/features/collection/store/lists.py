"""Items in lists: filters, order, pages, counts.

Every operator used here on a tenant's column is leakproof, so that the policies don't cost the
index: equality and order on text (byte order), bigint, float8, timestamptz and uuid.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select

from armarium.features.collection.models import (
    CostFilter,
    ItemFilter,
    Sort,
    Stats,
    TypedCondition,
    TypedValue,
)
from armarium.features.collection.store.items import ItemStore
from armarium.features.collection.tables import (
    CollectedRow,
    IdentifierRow,
    ItemRow,
    MoneyRow,
    TagRow,
    ValueRow,
)
from armarium.kinds import is_owned
from armarium.kit.instants import now
from armarium.platform.database import Session
from armarium.platform.paging import Page, PageParams, keyset_page

HIGHEST = "\U0010ffff"
"""Sorts after every text in byte order: the open end of a prefix."""

FAR_FUTURE, FAR_PAST = 1_000_000, -1_000_000
"""Where items without a year stand: last, whichever way the list runs."""

MONTHS_SHOWN = 12
RECENT = timedelta(days=7)


class ItemLists:
    """One transaction's lists of one space's items."""

    def __init__(self, session: Session, space_id: UUID, *, within: Sequence[UUID] = ()) -> None:
        """`within` are the named collections of a guest, by which their items are found fast."""
        self._session = session
        self._space_id = space_id
        self._within = list(within)

    async def page(
        self,
        chosen: ItemFilter,
        conditions: Sequence[TypedCondition],
        sort: Sort,
        params: PageParams,
    ) -> Page[Any]:
        """One page of whole items."""
        statement = self._order(self._select(chosen, conditions), sort)
        page = await keyset_page(self._session, statement, params)
        return Page(await ItemStore(self._session).whole(page.rows), page.next_cursor)

    async def after(
        self,
        last: UUID | None,
        chosen: ItemFilter,
        conditions: Sequence[TypedCondition],
        limit: int,
    ) -> list[Any]:
        """The next items by id, for exports that walk a whole collection."""
        statement = self._select(chosen, conditions)
        if last is not None:
            statement = statement.where(ItemRow.id > last)
        rows = await self._session.scalars(statement.order_by(ItemRow.id).limit(limit))
        return await ItemStore(self._session).whole(rows.all())

    async def count(self, chosen: ItemFilter, conditions: Sequence[TypedCondition]) -> int:
        """How many an export walks."""
        found = self._select(chosen, conditions).with_only_columns(func.count())
        return (await self._session.execute(found)).scalar_one()

    async def trashed_ids(self, limit: int, *, before: datetime | None = None) -> list[UUID]:
        """What is in the trash, oldest first; only what went in before an instant, if one is."""
        chosen = self._trashed(before)
        rows = await self._session.scalars(
            select(ItemRow.id).where(*chosen).order_by(ItemRow.deleted_at, ItemRow.id).limit(limit)
        )
        return list(rows.all())

    async def count_trashed(self, *, before: datetime | None = None) -> int:
        """How many those are in all."""
        chosen = select(func.count()).select_from(ItemRow).where(*self._trashed(before))
        return (await self._session.execute(chosen)).scalar_one()

    def _trashed(self, before: datetime | None) -> list[ColumnElement[bool]]:
        chosen = [ItemRow.space_id == self._space_id, ItemRow.deleted_at.is_not(None)]
        return chosen if before is None else [*chosen, ItemRow.deleted_at < before]

    async def oldest_trashed(self) -> datetime | None:
        """When the item that lies in the trash longest went in."""
        return await self._session.scalar(
            select(func.min(ItemRow.deleted_at)).where(
                ItemRow.space_id == self._space_id, ItemRow.deleted_at.is_not(None)
            )
        )

    async def stats(self) -> Stats:
        """Counts by kind, status and month."""
        live = [ItemRow.space_id == self._space_id, ItemRow.deleted_at.is_(None)]
        if self._within:
            live.append(self._held(self._within))
        counts = await self._session.execute(
            select(ItemRow.kind, ItemRow.status, func.count())
            .where(*live)
            .group_by(ItemRow.kind, ItemRow.status)
        )
        by_kind: dict[str, int] = {}
        by_status: dict[str, int] = {}
        for kind, status, count in counts:
            by_kind[kind] = by_kind.get(kind, 0) + count
            by_status[status] = by_status.get(status, 0) + count
        month = func.to_char(func.timezone("UTC", ItemRow.created_at), "YYYY-MM").label("month")
        months = await self._session.execute(
            select(month, func.count())
            .where(*live)
            .group_by(month)
            .order_by(month.desc())
            .limit(MONTHS_SHOWN)
        )
        recent = await self._session.execute(
            select(func.count())
            .select_from(ItemRow)
            .where(*live, ItemRow.created_at > now() - RECENT)
        )
        return Stats(
            total=sum(by_kind.values()),
            owned=sum(count for status, count in by_status.items() if is_owned(status)),
            added_7d=recent.scalar_one(),
            by_kind=by_kind,
            by_status=by_status,
            by_month={row[0]: row[1] for row in reversed(months.all())},
        )

    def _select(self, chosen: ItemFilter, conditions: Sequence[TypedCondition]) -> Select[Any]:
        item = ItemRow
        statement = select(item).where(item.space_id == self._space_id)
        trashed = item.deleted_at.is_not(None) if chosen.trashed else item.deleted_at.is_(None)
        statement = statement.where(trashed)
        if chosen.kinds:
            statement = statement.where(item.kind.in_(chosen.kinds))
        if chosen.statuses:
            statement = statement.where(item.status.in_(chosen.statuses))
        if chosen.created_from is not None:
            statement = statement.where(item.created_at >= chosen.created_from)
        if chosen.created_before is not None:
            statement = statement.where(item.created_at < chosen.created_before)
        if chosen.catalogue_entry_id is not None:
            statement = statement.where(item.catalogue_entry_id == chosen.catalogue_entry_id)
        if chosen.tags:
            statement = statement.where(self._has(TagRow, TagRow.key.in_(chosen.tags)))
        if chosen.identifier is not None:
            scheme, value = chosen.identifier
            statement = statement.where(
                self._has(
                    IdentifierRow, IdentifierRow.scheme == scheme, IdentifierRow.value == value
                )
            )
        for held in filter(None, (self._within, chosen.collections)):
            statement = statement.where(self._held(held))
        statement = statement.where(*map(self._costs, filter(None, [chosen.cost])))
        for condition in conditions:
            statement = statement.where(
                self._has(ValueRow, ValueRow.field == condition.field, *_bounds(condition))
            )
        return statement

    def _has(
        self, table: type[IdentifierRow | TagRow | ValueRow], *conditions: ColumnElement[bool]
    ) -> ColumnElement[bool]:
        return exists().where(
            table.space_id == self._space_id, table.item_id == ItemRow.id, *conditions
        )

    def _held(self, collections: Sequence[UUID]) -> ColumnElement[bool]:
        return ItemRow.id.in_(
            select(CollectedRow.item_id).where(
                CollectedRow.space_id == self._space_id,
                CollectedRow.collection_id.in_(collections),
            )
        )

    def _costs(self, asked: CostFilter) -> ColumnElement[bool]:
        bounds = [MoneyRow.currency == asked.currency]
        if asked.minimum is not None:
            bounds.append(MoneyRow.amount_minor >= asked.minimum)
        if asked.maximum is not None:
            bounds.append(MoneyRow.amount_minor <= asked.maximum)
        return ItemRow.id.in_(
            select(MoneyRow.item_id).where(MoneyRow.space_id == self._space_id, *bounds)
        )

    def _order(self, statement: Select[Any], sort: Sort) -> Select[Any]:
        if sort.removeprefix("-") == "cost":
            return self._by_cost(statement, descending=sort.startswith("-"))
        descending = sort.startswith("-")
        unknown = FAR_PAST if descending else FAR_FUTURE
        columns: dict[str, Any] = {
            "created_at": ItemRow.created_at,
            "updated_at": ItemRow.updated_at,
            "title": ItemRow.title_key,
            "year": func.coalesce(ItemRow.year, unknown),
            "creator": ItemRow.creator_key,
            "set": ItemRow.set_key,
        }
        column = columns[sort.removeprefix("-")]
        if descending:
            return statement.order_by(column.desc(), ItemRow.id.desc())
        return statement.order_by(column, ItemRow.id)

    def _by_cost(self, statement: Select[Any], *, descending: bool) -> Select[Any]:
        """Currency by currency; what has no known cost stands last, whichever way the list runs."""
        statement = statement.outerjoin(
            MoneyRow, (MoneyRow.space_id == ItemRow.space_id) & (MoneyRow.item_id == ItemRow.id)
        )
        amount = func.coalesce(MoneyRow.amount_minor, -1)
        currency = func.coalesce(MoneyRow.currency, HIGHEST)
        if descending:
            return statement.order_by(currency, amount.desc(), ItemRow.id.desc())
        return statement.order_by(currency, amount, ItemRow.id)


def _bounds(condition: TypedCondition) -> list[ColumnElement[bool]]:
    """Conditions on the one column that the condition's values stand in."""
    bounds: list[ColumnElement[bool]] = []
    if condition.low is not None:
        column, value = _column(condition.low)
        if condition.low == condition.high:
            return [column == value]
        bounds.append(column >= value)
    if condition.high is not None:
        column, value = _column(condition.high)
        bounds.append(column <= value)
    return bounds


def _column(value: TypedValue) -> tuple[Any, Any]:
    for column, content in (
        (ValueRow.text_value, value.text),
        (ValueRow.bigint_value, value.integer),
        (ValueRow.float_value, value.decimal),
        (ValueRow.instant_value, value.instant),
    ):
        if content is not None:
            return column, content
    raise ValueError("a typed value without a value")


def beginning_with(field: str, key: str) -> TypedCondition:
    """Texts of `field` that begin with `key`."""
    return TypedCondition(field, TypedValue(field, text=key), TypedValue(field, text=key + HIGHEST))
