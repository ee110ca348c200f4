"""All that a space owns can be counted, taken out and erased, and nothing of another's."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from httpx2 import AsyncClient

from armarium.entry.wiring import House
from armarium.features import collection, media, templates
from armarium.features.media import MediaKeeper
from armarium.platform.database import Scope
from armarium.platform.owned import OwnedRegister
from tests.support.items import CHARIZARD, add_item
from tests.support.media import send_picture

SignIn = Callable[..., Awaitable[AsyncClient]]


async def fill(client: AsyncClient) -> UUID:
    await client.post("/api/v1/fields", json={"label": "Box", "type": "text"})
    picture = await send_picture(client)
    await add_item(
        client,
        CHARIZARD,
        tags=["x"],
        own_fields={"box": "Red"},
        images=[{"media_id": picture["id"]}],
    )
    return UUID((await client.get("/api/v1/me")).json()["space_id"])


async def test_count_take_out_erase(person: AsyncClient, sign_in: SignIn, house: House) -> None:
    mine, neighbor = await fill(person), await sign_in()
    theirs = await fill(neighbor)
    rooms = [collection.OWNED, templates.OWNED, media.OWNED]
    async with house.database.transaction(Scope(spaces=(mine, theirs))) as session:
        counts = {}
        for room in rooms:
            counts |= await room.count(session, mine)
        assert counts["items"] == counts["item_tags"] == counts["own_fields"] == 1
        assert counts["media"] == counts["item_images"] == 1
        assert counts["item_values"] > 5
        taken = [row async for row in collection.OWNED.export(session, mine)]
        assert taken[0][0] == "items"
        assert taken[0][1]["title"] == "Charizard"
        assert len(taken) == sum(counts[table] for table in collection.OWNED.tables)
        for room in rooms:
            await room.erase(session, mine)
        for room in rooms:
            assert set((await room.count(session, mine)).values()) == {0}
    assert await house.get(MediaKeeper).erase_objects(mine) == 1
    assert len((await neighbor.get("/api/v1/items")).json()) == 1
    assert {"items", "media", "own_fields"} <= house.get(OwnedRegister).claimed()
