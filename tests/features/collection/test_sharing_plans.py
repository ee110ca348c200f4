"""The lists stay on their indexes for those from whom rooms are hidden, and for guests."""

from dataclasses import replace
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from armarium.entry.wiring import House
from armarium.features.collection import ItemFilter
from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope
from armarium.platform.postgres.urls import DatabaseUrls
from tests.features.collection.test_item_plans import HOT, Shelf, check, define_box, fill

FEW, HIDDEN = 40, 100
MADE = """
insert into spaces_space (id, kind, version, created_at) values (:space, 'shop', 1, now());
insert into spaces_collection (space_id, id, name, description, visibility, position, version,
  created_at, updated_at)
  select :space, id, 'c', '', v, 0, 1, now(), now()
  from (values (cast(:few as uuid), 'space'), (cast(:room as uuid), 'private')) t(id, v);
insert into collection_items (space_id, collection_id, item_id, added_at)
  select :space, :few, id, now() from items where space_id = :space limit :shown;
insert into collection_items (space_id, collection_id, item_id, added_at)
  select :space, :room, id, now() from items where space_id = :space offset 200 limit :hidden;
update items set room_id = :room where space_id = :space and id in (
  select item_id from collection_items where collection_id = :room);
insert into spaces_collection (space_id, id, name, description, visibility, position, version,
  created_at, updated_at)
  select :space, gen_random_uuid(), 'c', '', 'space', 0, 1, now(), now()
  from generate_series(1, 40);
insert into collection_items (space_id, collection_id, item_id, added_at)
  select c.space_id, c.id, i.id, now() from spaces_collection c
  join items i on i.space_id = c.space_id and i.room_id is null
  where c.id not in (:few, :room) and c.space_id = :space and i.year < 1530;
analyze items, collection_items, spaces_collection
"""
"""Rows enough in other collections that reading them all would show."""


@pytest.fixture(scope="module")
async def shelf(app: FastAPI, house: House, module_database_urls: DatabaseUrls) -> Shelf:
    assert app.state.services
    made = await fill(module_database_urls, house, 10_000)
    ids = {"space": made.caller.space_id, "few": new_id(), "room": new_id()}
    superuser = Database(module_database_urls.admin)
    async with superuser.transaction(Scope()) as session:
        for statement in MADE.split(";"):
            given = {**ids, "shown": FEW, "hidden": HIDDEN}
            names = {name: value for name, value in given.items() if f":{name}" in statement}
            await session.execute(text(statement), names)
    await superuser.close()
    await define_box(made)
    return Shelf(house, replace(made.caller, collections=(ids["few"],)))


def member(shelf: Shelf) -> Shelf:
    """Somebody of the space from whom the room is hidden."""
    return Shelf(shelf.house, replace(shelf.caller, collections=()))


def guest(shelf: Shelf) -> Shelf:
    """Somebody who was let into the small collection."""
    caller = replace(shelf.caller, spaces=(), writable=(), sees_money=False, user_id=new_id())
    return Shelf(shelf.house, caller)


@pytest.mark.parametrize(
    ("chosen", "sort", "expected"), [row[1:] for row in HOT], ids=[row[0] for row in HOT]
)
async def test_a_hidden_room_costs_no_index(
    shelf: Shelf, chosen: ItemFilter, sort: str, expected: set[str]
) -> None:
    await check(member(shelf), chosen, sort, expected, most_rows=400)  # type: ignore[arg-type]


async def test_a_guests_lists_begin_with_their_collection(shelf: Shelf) -> None:
    for chosen in (ItemFilter(), ItemFilter(kinds=("book",)), ItemFilter(statuses=("sold",))):
        for sort in ("-created_at", "title"):
            found = await guest(shelf).plans(chosen, sort)  # type: ignore[arg-type]
            ran = [each for each in found if each["Actual Loops"]]
            scans = [each["Relation Name"] for each in ran if each["Node Type"] == "Seq Scan"]
            assert not scans
            read = max(each["Actual Rows"] * each["Actual Loops"] for each in found)
            assert read <= 2 * FEW, f"reads {read} rows of {FEW}"


async def test_the_hidden_stay_out_of_each_list(shelf: Shelf) -> None:
    async with shelf.house.database.transaction(member(shelf).caller.scope) as session:
        seen = await session.scalar(text("select count(*) from items"))
    assert seen == 10_000 - HIDDEN
    async with shelf.house.database.transaction(guest(shelf).caller.scope) as session:
        ids = set(await session.scalars(text("select id from items")))
    assert len(ids) == FEW
    assert all(isinstance(each, UUID) for each in ids)
