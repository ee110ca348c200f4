"""The hot lists use their indexes, as the role that policies bind, at volume.

An operator that is not leakproof would lose its index behind the policy; nobody would see it in a
test with three rows.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import event, text

from armarium.entry.wiring import House
from armarium.features.collection import FieldFilter, ItemFilter, ItemReader
from armarium.features.collection.models import Sort
from armarium.features.templates import FieldDraft, Templates
from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope
from armarium.platform.http import Principal
from armarium.platform.paging import PageParams
from armarium.platform.postgres.urls import DatabaseUrls

FILL = """
insert into items (space_id, id, kind, title, title_key, subtitle, status, fields, own_fields,
  creator_key, set_key, year, notes, read_text, quantity, version, created_at, updated_at)
select :space, gen_random_uuid(), (array['card','card','card','book','art'])[1 + n % 5],
  'Title ' || n, 'title ' || lpad(n::text, 7, '0'), '',
  (array['on_hand','on_hand','on_hand','wanted','sold'])[1 + n % 5], '{}', '{}',
  'creator ' || n % 997, 'set ' || n % 97, 1500 + n % 500, '', '', 1, 1,
  timestamptz '2020-01-01Z' + n * interval '1 minute', timestamptz '2020-01-01Z'
from generate_series(1, :count) n
"""
VALUES = """
insert into item_values (space_id, item_id, field, position, text_value, bigint_value)
select space_id, id, field, 0,
  case field when 'year' then null when '@creator' then creator_key else set_key end,
  case field when 'year' then year end
from items, unnest(array['set_name', 'own.box', 'year', '@creator']) field
where space_id = :space
"""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Two spaces full of items; what is asked is asked of one."""

    house: House
    caller: Principal

    async def plans(
        self, chosen: ItemFilter, sort: Sort = "-created_at", cursor: str | None = None
    ) -> list[dict[str, Any]]:
        """The plan of the page's own statement, with the values it was run with."""
        reader, database = self.house.get(ItemReader), self.house.database
        with statements(database) as seen:
            await reader.page(self.caller, chosen, sort, PageParams(50, cursor))
        (asked,) = [each for each in seen if "FROM items" in each[0]]
        async with database.transaction(self.caller.scope) as session:
            connection = await session.connection()
            found = await connection.exec_driver_sql(
                f"explain (analyze, timing off, format json) {asked[0]}", asked[1]
            )
            plan = found.scalar_one()
        return list(nodes((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def see(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        seen.append((statement, parameters))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", see)


async def fill(urls: DatabaseUrls, house: House, count: int) -> Shelf:
    mine, other = new_id(), new_id()
    for space in (mine, other):
        async with house.database.transaction(Scope.of_space(space)) as session:
            await session.execute(text(FILL), {"space": space, "count": count})
            await session.execute(text(VALUES), {"space": space})
    superuser = Database(urls.admin)
    async with superuser.transaction(Scope()) as session:
        await session.execute(text("analyze items, item_values"))
    await superuser.close()
    return Shelf(house, person_of(mine))


def person_of(space: UUID) -> Principal:
    return Principal(user_id=space, email="a@example.org", space_id=space, spaces=(space,))


@pytest.fixture(scope="module")
async def shelf(app: FastAPI, house: House, module_database_urls: DatabaseUrls) -> Shelf:
    assert app.state.services, "the house has begun, and ends with its application"
    return await fill(module_database_urls, house, 10_000)


HOT: list[tuple[str, ItemFilter, Sort, set[str]]] = [
    ("newest", ItemFilter(), "-created_at", {"ix_items_created"}),
    ("oldest", ItemFilter(), "created_at", {"ix_items_created"}),
    ("by title", ItemFilter(), "title", {"ix_items_title"}),
    ("by creator", ItemFilter(), "-creator", {"ix_items_creator"}),
    ("by set", ItemFilter(), "set", {"ix_items_set"}),
    ("recently changed", ItemFilter(), "-updated_at", {"ix_items_updated"}),
    ("a kind", ItemFilter(kinds=("book",)), "-created_at", {"ix_items_kind"}),
    ("a status", ItemFilter(statuses=("sold",)), "-created_at", {"ix_items_status"}),
    (
        "an own field",
        ItemFilter(fields=(FieldFilter("box", own=True, value="set 13"),)),
        "-created_at",
        {"ix_item_values_text"},
    ),
    (
        "set and rarity",
        ItemFilter(fields=(FieldFilter("set_name", value="set 13"),), kinds=("card",)),
        "-created_at",
        {"ix_item_values_text"},
    ),
    (
        "a range of years",
        ItemFilter(fields=(FieldFilter("year", minimum="1510", maximum="1511"),)),
        "-created_at",
        {"ix_item_values_bigint"},
    ),
    ("a creator", ItemFilter(creator="creator 55"), "-created_at", {"ix_item_values_text"}),
]


@pytest.mark.parametrize(
    ("chosen", "sort", "expected"), [row[1:] for row in HOT], ids=[row[0] for row in HOT]
)
async def test_hot_lists_use_their_index(
    shelf: Shelf,
    chosen: ItemFilter,
    sort: Sort,
    expected: set[str],
) -> None:
    await check(shelf, chosen, sort, expected, most_rows=400)


async def check(
    shelf: Shelf,
    chosen: ItemFilter,
    sort: Sort,
    expected: set[str],
    *,
    most_rows: int,
) -> None:
    await define_box(shelf)
    found = await shelf.plans(chosen, sort)
    used = {node.get("Index Name") for node in found}
    assert used & expected, found
    # What a policy would ask of others than this caller is planned and never run.
    ran = [node for node in found if node["Actual Loops"]]
    scans = [node["Relation Name"] for node in ran if node["Node Type"] == "Seq Scan"]
    assert not scans, f"reads whole tables: {scans}"
    read = max(node["Actual Rows"] * node["Actual Loops"] for node in found)
    assert read <= most_rows, f"reads {read} rows for a page of 50"


async def define_box(shelf: Shelf) -> None:
    """The own field that the values were filled for, once."""
    templates = shelf.house.get(Templates)
    if not await templates.list(shelf.caller):
        await templates.add(shelf.caller, FieldDraft(label="Box", type="text"))


async def test_the_next_page_costs_what_the_first_does(shelf: Shelf) -> None:
    reader = shelf.house.get(ItemReader)
    cursor: str | None = None
    for _ in range(100):
        page = await reader.page(shelf.caller, ItemFilter(), "-created_at", PageParams(50, cursor))
        cursor = page.next_cursor
    found = await shelf.plans(ItemFilter(), cursor=cursor)
    assert {node.get("Index Name") for node in found} & {"ix_items_created"}
    assert max(node["Actual Rows"] for node in found) <= 60


@pytest.mark.slow
@pytest.mark.usefixtures("app")
async def test_hot_lists_use_their_index_at_100000(
    house: House, module_database_urls: DatabaseUrls
) -> None:
    shelf = await fill(module_database_urls, house, 100_000)
    for _name, chosen, sort, expected in HOT:
        await check(shelf, chosen, sort, expected, most_rows=4000)
