"""How long the trash keeps."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import time_machine
from httpx2 import AsyncClient
from sqlalchemy import text

from armarium.entry.wiring import House
from armarium.features.collection import TrashPlan, TrashPurge
from armarium.features.media import MediaKeeper
from armarium.platform.database import Scope
from armarium.platform.workflows import Flows
from tests.support.items import CHARIZARD, EMMA, add_item
from tests.support.media import send_picture


def after(days: float) -> time_machine.travel:
    return time_machine.travel(datetime.now(UTC) + timedelta(days=days))


async def space_of(person: AsyncClient) -> UUID:
    return UUID((await person.get("/api/v1/me")).json()["space_id"])


async def there(person: AsyncClient, item_id: str) -> bool:
    return (await person.get(f"/api/v1/items/{item_id}")).status_code == 200


async def jobs(house: House, space_id: UUID) -> list[str]:
    """Nights for which the trash of a space is planned."""
    async with house.database.transaction(Scope.of_space(space_id)) as session:
        rows = await session.scalars(
            text("select id from jobs where id like :ids order by id"),
            {"ids": f"collection.trash:{space_id}:%"},
        )
        return [row.rpartition(":")[2] for row in rows]


async def test_what_lay_in_the_trash_for_thirty_days_goes(
    person: AsyncClient, house: House
) -> None:
    purge, space = house.get(TrashPurge), await space_of(person)
    picture = await send_picture(person)
    images = [{"media_id": picture["id"]}]
    old = await add_item(person, {**CHARIZARD, "images": images})
    young, kept = await add_item(person, EMMA), await add_item(person, EMMA)
    await person.delete(f"/api/v1/items/{old['id']}")
    assert await jobs(house, space) == [f"{datetime.now(UTC) + timedelta(days=31):%Y-%m-%d}"]
    assert await purge.purge(space) == 0
    async with house.database.transaction(Scope.of_space(space)) as session:
        await session.execute(
            text("update items set deleted_at = deleted_at - interval '29 days' where id = :id"),
            {"id": old["id"]},
        )
    await person.delete(f"/api/v1/items/{young['id']}")
    assert await purge.purge(space) == 0, "not yet"
    with after(2):
        assert await purge.purge(space) == 1
        assert await purge.purge(space) == 0
        await house.get(MediaKeeper).sweep(space)
    assert not await there(person, old["id"])
    assert await there(person, young["id"]), "its thirty days are not over"
    assert await there(person, kept["id"])
    gone = await person.get(f"/api/v1/media/{picture['id']}")
    assert gone.status_code == 200, "pictures have a grace period of their own"
    with after(4):
        await house.get(MediaKeeper).sweep(space)
    assert (await person.get(f"/api/v1/media/{picture['id']}")).status_code == 404


async def test_many_at_once_and_restored_ones(person: AsyncClient, house: House) -> None:
    purge, space = house.get(TrashPurge), await space_of(person)
    ids = [(await add_item(person, EMMA))["id"] for _ in range(3)]
    await person.post("/api/v1/items/bulk", json={"ids": ids, "action": "trash"})
    assert len(await jobs(house, space)) == 1
    await person.post(f"/api/v1/items/{ids[0]}/restore")
    with after(30.5):
        assert await purge.purge(space) == 2
    assert [await there(person, each) for each in ids] == [True, False, False]


async def test_the_trash_of_another_space_is_its_own(person: AsyncClient, house: House) -> None:
    item = await add_item(person, EMMA)
    await person.delete(f"/api/v1/items/{item['id']}")
    with after(40):
        assert await house.get(TrashPurge).purge(UUID(int=7)) == 0
    assert await there(person, item["id"])


async def test_nothing_goes_where_the_trash_keeps_for_ever(
    person: AsyncClient, house: House
) -> None:
    space = await space_of(person)
    item = await add_item(person, EMMA)
    await person.delete(f"/api/v1/items/{item['id']}")
    for_ever = TrashPlan(flows=house.get(Flows), days=0)
    purge = TrashPurge(database=house.database, writer=house.get(TrashPurge)._writer, plan=for_ever)
    with after(4000):
        assert await purge.purge(space) == 0
    assert await there(person, item["id"])


async def test_a_longer_time_than_was_planned_is_planned_again(
    person: AsyncClient, house: House
) -> None:
    """The setting may grow after the job was planned."""
    space = await space_of(person)
    item = await add_item(person, EMMA)
    await person.delete(f"/api/v1/items/{item['id']}")
    longer = TrashPlan(flows=house.get(Flows), days=90)
    purge = TrashPurge(database=house.database, writer=house.get(TrashPurge)._writer, plan=longer)
    with after(31):
        assert await purge.purge(space) == 0
    assert f"{datetime.now(UTC) + timedelta(days=91):%Y-%m-%d}" in await jobs(house, space)


async def test_how_long_the_trash_keeps_is_told(person: AsyncClient, house: House) -> None:
    assert (await person.get("/api/v1/items/trash")).json() == {"days": 30}
    assert TrashPlan(flows=house.get(Flows), days=0).days is None, "for ever"


async def test_the_trash_is_emptied_twice_at_once(person: AsyncClient) -> None:
    ids = [(await add_item(person, EMMA))["id"] for _ in range(6)]
    await person.post("/api/v1/items/bulk", json={"ids": ids, "action": "trash"})
    answers = await asyncio.gather(*[person.post("/api/v1/items/trash/empty") for _ in range(3)])
    assert [each.status_code for each in answers] == [200] * 3
    assert sum(each.json()["removed"] for each in answers) == 6


async def test_an_old_sight_of_a_thing_removes_nothing(person: AsyncClient) -> None:
    item = await add_item(person, EMMA)
    path = f"/api/v1/items/{item['id']}"
    await person.delete(path)
    old = {"If-Match": 'W/"1"'}
    late = await person.delete(path, params={"permanently": True}, headers=old)
    assert late.status_code == 412
    assert await there(person, item["id"])


async def test_many_are_given_no_title(person: AsyncClient) -> None:
    item = await add_item(person, EMMA)
    body = {"ids": [item["id"]], "action": "change", "change": {"title": "X"}}
    refused = await person.post("/api/v1/items/bulk", json=body)
    assert refused.json()["errors"][0]["pointer"] == "/change/title"
