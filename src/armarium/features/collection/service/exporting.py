"""A whole collection as CSV or JSON, streamed: bounded memory whatever its size.

Every page is a transaction of its own, walked by id, so that a long download holds no connection;
an item that changes meanwhile is exported once, before or after.
"""

import json
from collections.abc import AsyncGenerator, Collection, Iterable
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python

from armarium.features.collection.models import Item, ItemFilter
from armarium.features.collection.policy import OWN_PREFIX
from armarium.features.collection.service.reading import ItemReader
from armarium.features.collection.service.trail import tell_exported
from armarium.features.collection.store import ItemLists
from armarium.features.templates import OwnField, Templates
from armarium.kinds import registry
from armarium.kit.cells import csv_line, safe_cell
from armarium.kit.instants import now
from armarium.kit.streams import begun
from armarium.platform.database import Database
from armarium.platform.http import Principal

PAGE = 500
BOM = "\ufeff"
FORMAT, FORMAT_VERSION = "armarium.items", 1

FIXED = (
    "id", "kind", "title", "status", "quantity", "tags", "identifiers", "catalogue_entry_id",
    "notes", "read_text", "images", "created_at", "updated_at", "deleted_at",
)  # fmt: skip

COST = ("cost", "fees", "cost_currency", "acquired_on", "cost_source")
"""Columns of those who may see them; amounts in minor units."""


class ItemExport:
    """Reads on behalf of a caller, in the space that they act in."""

    def __init__(self, *, database: Database, templates: Templates, reader: ItemReader) -> None:
        self._database = database
        self._templates = templates
        self._reader = reader

    async def csv(self, caller: Principal, chosen: ItemFilter, *, bom: bool) -> AsyncGenerator[str]:
        """Lines of RFC 4180 in UTF-8, every field and own field a column."""
        own = await self._templates.list(caller, archived=True)
        money = COST if caller.sees_money else ()
        names = [*FIXED, *money, *_field_names(chosen.kinds or await self._kinds(caller), own)]
        items = await begun(self._items(caller, chosen))
        await self._tell(caller, "csv", chosen)
        yield (BOM if bom else "") + csv_line(names)
        async for item in items:
            cells = _cells(item)
            yield csv_line(safe_cell(cells.get(name)) for name in names)

    async def json(self, caller: Principal, chosen: ItemFilter) -> AsyncGenerator[str]:
        """One document with every item whole, one a line."""
        head = {
            "format": FORMAT,
            "version": FORMAT_VERSION,
            "exported_at": now().isoformat(),
            "own_fields": to_jsonable_python(await self._templates.list(caller, archived=True)),
        }
        items = await begun(self._items(caller, chosen))
        await self._tell(caller, "json", chosen)
        yield json.dumps(head, ensure_ascii=False)[:-1] + ', "items": ['
        between = "\n"
        async for item in items:
            yield between + json.dumps(to_jsonable_python(item), ensure_ascii=False)
            between = ",\n"
        yield "\n]}\n"

    async def _tell(self, caller: Principal, form: str, chosen: ItemFilter) -> None:
        """Before the first line, so that an export that is broken off stands in the log, too."""
        async with self._database.transaction(caller.scope) as session:
            lists = ItemLists(session, caller.space_id, within=caller.collections)
            conditions = await self._reader.conditions(session, caller.space_id, chosen)
            count = await lists.count(chosen, conditions)
            await tell_exported(session, caller, form, chosen, count)

    async def _kinds(self, caller: Principal) -> Collection[str]:
        async with self._database.transaction(caller.scope) as session:
            lists = ItemLists(session, caller.space_id, within=caller.collections)
            stats = await lists.stats()
        return stats.by_kind

    async def _items(self, caller: Principal, chosen: ItemFilter) -> AsyncGenerator[Item]:
        last: UUID | None = None
        while True:
            async with self._database.transaction(caller.scope) as session:
                lists = ItemLists(session, caller.space_id, within=caller.collections)
                conditions = await self._reader.conditions(session, caller.space_id, chosen)
                page = await lists.after(last, chosen, conditions, PAGE)
            for item in page:
                yield item
            if len(page) < PAGE:
                return
            last = page[-1].id


def _field_names(used: Collection[str], own: Iterable[OwnField]) -> list[str]:
    """Columns of the kinds that the collection has, in the order of their declarations."""
    kinds = [kind for kind in registry() if kind.name in used]
    names = dict.fromkeys(f"fields.{each.name}" for kind in kinds for each in kind.fields)
    return [*names, *(OWN_PREFIX + each.name for each in own)]


def _cells(item: Item) -> dict[str, Any]:
    cells: dict[str, Any] = {
        "id": item.id,
        "kind": item.kind,
        "title": item.title,
        "status": item.status,
        "quantity": item.quantity,
        "tags": item.tags,
        "identifiers": [f"{each.scheme}:{each.value}" for each in item.identifiers],
        "catalogue_entry_id": item.catalogue_entry_id,
        "notes": item.notes,
        "read_text": item.read_text,
        "images": [each.media_id for each in item.images],
        "created_at": item.created_at.isoformat(),
        "updated_at": item.updated_at.isoformat(),
        "deleted_at": item.deleted_at and item.deleted_at.isoformat(),
    }
    if item.cost is not None:
        cells |= {
            "cost": item.cost.amount_minor,
            "fees": item.cost.fees_minor,
            "cost_currency": item.cost.currency,
            "acquired_on": item.cost.acquired_on and item.cost.acquired_on.isoformat(),
            "cost_source": item.cost.source,
        }
    cells |= {f"fields.{name}": value for name, value in item.fields.items()}
    cells |= {OWN_PREFIX + name: value for name, value in item.own_fields.items()}
    return cells
