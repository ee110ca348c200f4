"""The demonstration collection: made through the real services, and gone without a trace."""

import pytest
from sqlalchemy import create_engine, select

from armarium.adapters.renderings import render_photo
from armarium.adapters.vision.detect import find_quads
from armarium.adapters.vision.image import decode_upright
from armarium.entry.demo import DemoExists, Demonstration, draw
from armarium.entry.demo_collection import DEMO_ITEMS, PHOTOGRAPHED
from armarium.kinds import registry
from armarium.platform.database import Base
from armarium.platform.owned import OwnedRegister
from armarium.ports.blobs import BlobStore
from tests.support.api import register

JOBS = "jobs"
"""The worker's record of ids and outcomes, which the app role may only read."""


@pytest.fixture
def few(monkeypatch):
    """One of each kind: the rest only takes longer."""
    some = [next(item for item in DEMO_ITEMS if item.kind == k) for k in ("book", "art", "card")]
    monkeypatch.setattr("armarium.entry.demo.DEMO_ITEMS", tuple(some))
    return some


def test_every_fact_fits_its_kind():
    for item in DEMO_ITEMS:
        assert registry().get(item.kind).validate(dict(item.fields)).errors == ()


def test_a_picture_follows_from_its_item_alone():
    assert draw(DEMO_ITEMS[0]) == draw(DEMO_ITEMS[0])
    assert draw(DEMO_ITEMS[0]) != draw(DEMO_ITEMS[1])


async def test_one_can_log_in_and_look_at_it(house, client, few):
    account = await Demonstration(house).add(lambda _done, _total: None)
    body = {"email": account.email, "password": account.password}
    tokens = (await client.post("/api/v1/auth/login", json=body)).json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    items = (await client.get("/api/v1/items", headers=headers)).json()
    assert {item["kind"] for item in items} == {"book", "art", "card"}
    cover = next(item for item in items if item["kind"] == "book")["cover"]
    shown = await client.get(cover["urls"]["512"], headers=headers)
    assert shown.headers["content-type"] == "image/webp"
    with pytest.raises(DemoExists):
        await Demonstration(house).add(lambda _done, _total: None)


async def test_some_of_it_is_in_a_named_collection_and_a_photo_is_on_its_way(house, client, few):
    account = await Demonstration(house).add(lambda _done, _total: None)
    body = {"email": account.email, "password": account.password}
    tokens = (await client.post("/api/v1/auth/login", json=body)).json()
    client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    client.cookies.clear()
    (shelf,) = (await client.get("/api/v1/collections")).json()
    assert (shelf["name"], shelf["item_count"]) == (account.collection, 1)
    (scan,) = (await client.get("/api/v1/scans")).json()
    assert (scan["status"], len(scan["photos"])) == ("queued", account.photos)


def test_the_photo_shows_one_card_that_nobody_has_yet():
    assert PHOTOGRAPHED.fields not in [item.fields for item in DEMO_ITEMS]
    drawn = draw(PHOTOGRAPHED)
    photo = render_photo(drawn, seed=1)
    assert photo == render_photo(drawn, seed=1)
    assert len(find_quads(decode_upright(photo)[0])) == 1


async def test_removing_it_leaves_others_alone_and_nothing_behind(house, app, few):
    other = await register(app)
    item = await other.client.post("/api/v1/items", json={"kind": "generic", "title": "Mine"})
    demonstration = Demonstration(house)
    await demonstration.add(lambda _done, _total: None)
    assert await demonstration.remove() is True
    assert await demonstration.remove() is False
    assert (await other.client.get(f"/api/v1/items/{item.json()['id']}")).status_code == 200
    assert [blob async for blob in house.services[BlobStore].list("")] == []
    engine = create_engine(house.urls.admin)
    with engine.connect() as connection:
        for table in Base.metadata.tables.values():
            if "space_id" in table.columns and table.name != JOBS:
                spaces = connection.execute(select(table.c.space_id).distinct()).scalars()
                assert set(spaces) <= {other.id, None}, table.name
    engine.dispose()


def test_every_table_of_a_space_is_claimed_by_a_room(house):
    """A table that nobody claims would survive the erasure of its owner."""
    owned = {name for name, t in Base.metadata.tables.items() if "space_id" in t.columns}
    assert owned - {JOBS} == house.get(OwnedRegister).claimed()
