"""Shared links and public pages: what strangers see, and what they never see."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from armarium.features.media import MediaPipeline
from armarium.platform.database import Scope
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from tests.support.api import Person, client_of, register
from tests.support.pictures import picture
from tests.support.sharing import household

V1 = "/api/v1"
SECRET = "Keelson marginalia"
AMOUNT = 918_273
ITEM = {
    "kind": "book",
    "title": "Aurora Leigh",
    "fields": {
        "authors": ["Elizabeth Barrett Browning"],
        "year": "1857",
        "provenance": SECRET,
        "notes": SECRET,
        "shelf_mark": SECRET,
        "inscription": SECRET,
    },
    "notes": SECRET,
    "tags": [SECRET],
    "identifiers": [{"scheme": "mine", "value": SECRET}],
    "cost": {"amount_minor": AMOUNT, "currency": "GBP", "source": SECRET},
}


@pytest.fixture
async def ada(app: FastAPI) -> Person:
    await register(app)
    return await register(app)


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with client_of(app) as client:
        yield client


async def add(client: AsyncClient, **more: Any) -> dict[str, Any]:
    made = await client.post(f"{V1}/items", json={**ITEM, **more})
    assert made.status_code == 201, made.text
    photo = {"files": (f"{SECRET}.jpg", picture(), "image/jpeg")}
    pictured = await client.post(f"{V1}/items/{made.json()['id']}/images", files=photo)
    return pictured.json()


async def share(client: AsyncClient, target: str, target_id: str | None, **more: Any) -> dict:
    body = {"target": target, "target_id": target_id, **more}
    made = await client.post(f"{V1}/shares", json=body)
    assert made.status_code == 201, made.text
    return made.json()


async def test_a_link_shows_an_item_and_nothing_private(ada: Person, stranger: AsyncClient) -> None:
    item, other = await add(ada.client), await add(ada.client, title="Casa Guidi Windows")
    link = await share(ada.client, "item", item["id"])
    path = f"{V1}/shared/{link['token']}"
    page = await stranger.get(path)
    assert page.status_code == 200, page.text
    shown = page.json()["item"]
    assert shown["title"] == "Aurora Leigh"
    assert shown["fields"] == {
        "title": "Aurora Leigh",
        "authors": ["Elizabeth Barrett Browning"],
        "year": "1857",
    }
    assert page.headers["x-robots-tag"].startswith("noindex")
    assert [each["id"] for each in (await stranger.get(f"{path}/items")).json()] == [item["id"]]
    urls = shown["pictures"][0]["urls"]
    for text in (page.text, (await stranger.get(f"{path}/items/{item['id']}")).text):
        for private in (SECRET, str(AMOUNT), str(ada.id), ada.email, "on_hand", "GBP"):
            assert private not in text, private
    assert (await stranger.get(f"{path}/items/{other['id']}")).status_code == 404
    original = urls["display"].replace("display", "original")
    assert (await stranger.get(original)).status_code == 404
    (media,) = [each["media_id"] for each in other["images"]]
    foreign = f"{path}/items/{item['id']}/pictures/{media}/display"
    assert (await stranger.get(foreign)).status_code == 404
    for private in ("/items", "/media/" + media, "/export/csv", "/me"):
        sent = {"Authorization": f"Bearer {link['token']}"}
        assert (await stranger.get(V1 + private, headers=sent)).status_code == 401


async def test_a_link_counts_looks_and_ends(
    ada: Person, stranger: AsyncClient, database_urls: DatabaseUrls
) -> None:
    item = await add(ada.client)
    link = await share(ada.client, "item", item["id"], label="For Grace")
    path = f"{V1}/shared/{link['token']}"
    for _ in range(2):
        assert (await stranger.get(path)).json()["title"] == "For Grace"
    (listed,) = (await ada.client.get(f"{V1}/shares")).json()
    assert (listed["views"], listed["token"], listed["label"]) == (2, None, "For Grace")
    with psycopg.connect(libpq(database_urls.admin), autocommit=True) as admin:
        admin.execute("update spaces_link set expires_at = now() - interval '1 minute'")
        expired = await stranger.get(path)
        assert expired.json()["code"] == "no_such_link"
        admin.execute("update spaces_link set expires_at = now() + interval '1 day'")
    assert (await stranger.get(path)).status_code == 200
    assert (await ada.client.delete(f"{V1}/shares/{link['id']}")).status_code == 204
    for ended in (path, f"{path}/items", f"{V1}/shared/unknown"):
        assert (await stranger.get(ended)).status_code == 404
    long = await ada.client.post(
        f"{V1}/shares", json={"target": "item", "target_id": item["id"], "days": 5000}
    )
    assert long.status_code == 422


async def test_a_trashed_item_is_not_shown(ada: Person, stranger: AsyncClient) -> None:
    item = await add(ada.client)
    link = await share(ada.client, "item", item["id"])
    await ada.client.delete(f"{V1}/items/{item['id']}")
    assert (await stranger.get(f"{V1}/shared/{link['token']}")).status_code == 404
    assert (await stranger.get(f"{V1}/shared/{link['token']}/items")).json() == []
    again = await ada.client.post(f"{V1}/shares", json={"target": "item", "target_id": item["id"]})
    assert again.status_code == 404


async def test_a_password_keeps_a_link_shut(ada: Person, stranger: AsyncClient) -> None:
    item = await add(ada.client)
    link = await share(ada.client, "item", item["id"], password="casa-guidi")
    path = f"{V1}/shared/{link['token']}"
    locked = await stranger.get(path)
    assert (locked.status_code, locked.json()["code"]) == (401, "link_locked")
    assert "Aurora" not in locked.text
    right = {"X-Share-Password": "casa-guidi"}
    page = await stranger.get(path, headers=right)
    key = page.json()["key"]
    assert (await stranger.get(f"{path}/items?key={key}")).status_code == 200
    urls = page.json()["item"]["pictures"][0]["urls"]
    assert all(url.endswith(f"?key={key}") for url in urls.values())
    assert (await stranger.get(f"{path}/items?key={'0' * 64}")).status_code == 401
    for _ in range(8):
        answer = await stranger.get(path, headers={"X-Share-Password": "guess"})
    assert answer.status_code == 429
    slowed = await stranger.get(path, headers=right)
    assert slowed.status_code == 429


async def test_prices_are_shown_only_when_the_link_says_so(
    ada: Person, stranger: AsyncClient
) -> None:
    item = await add(ada.client)
    plain = await share(ada.client, "item", item["id"])
    priced = await share(ada.client, "item", item["id"], with_prices=True)
    without = (await stranger.get(f"{V1}/shared/{plain['token']}")).json()
    assert without["item"]["price"] is None
    page = await stranger.get(f"{V1}/shared/{priced['token']}")
    assert page.json()["item"]["price"] == {"amount_minor": AMOUNT, "currency": "GBP"}
    assert SECRET not in page.text


async def test_collections_and_spaces_are_shared(app: FastAPI, stranger: AsyncClient) -> None:
    async with household(app) as home:
        one = (await home.as_owner.post(f"{V1}/collections", json={"name": "Verse"})).json()["id"]
        room = await home.as_owner.post(
            f"{V1}/collections", json={"name": "Safe", "visibility": "private"}
        )
        inside = await add(home.as_owner, collections=[one])
        await add(home.as_owner, title="Boreas")
        await add(home.as_owner, title="Hidden", collections=[room.json()["id"]])
        await add(home.as_owner, title="Wished", status="wanted")
        link = await share(home.as_editor, "collection", one)
        listed = (await stranger.get(f"{V1}/shared/{link['token']}/items")).json()
        assert [each["id"] for each in listed] == [inside["id"]]
        shown = listed[0]["pictures"][0]
        pipeline = app.state.services[MediaPipeline]
        await pipeline.make_thumbnails(Scope.of_space(UUID(home.id)), UUID(shown["media_id"]))
        seen = await stranger.get(shown["urls"]["display"])
        assert (seen.status_code, seen.headers["content-type"]) == (200, "image/webp")
        refused = await home.as_editor.post(f"{V1}/shares", json={"target": "space"})
        assert refused.json()["code"] == "not_an_owner"
        hidden = await home.as_editor.post(
            f"{V1}/shares", json={"target": "collection", "target_id": room.json()["id"]}
        )
        assert hidden.status_code == 404
        viewers = await home.as_viewer.post(
            f"{V1}/shares", json={"target": "item", "target_id": inside["id"]}
        )
        assert viewers.status_code == 403
        assert (await home.as_viewer.get(f"{V1}/shares")).status_code == 403
        whole = await share(home.as_owner, "space", None)
        listed = (await stranger.get(f"{V1}/shared/{whole['token']}/items")).json()
        assert [each["title"] for each in listed] == ["Boreas", "Aurora Leigh"]
        assert home.id not in str(listed)
        await home.owner.client.delete(f"{V1}/spaces/{home.id}")
        assert (await stranger.get(f"{V1}/shared/{whole['token']}")).status_code == 404


async def test_a_public_page_shows_what_is_public(ada: Person, stranger: AsyncClient) -> None:
    assert (await ada.client.get(f"{V1}/profile")).status_code == 404
    body = {"handle": "Ada-L", "display_name": "Ada", "about": "Books."}
    saved = await ada.client.put(f"{V1}/profile", json=body)
    assert saved.status_code == 200, saved.text
    assert (await stranger.get(f"{V1}/people/ada-l")).status_code == 404
    shelf = await ada.client.post(
        f"{V1}/collections", json={"name": "Shown", "visibility": "public"}
    )
    shown, hidden = (
        shelf.json()["id"],
        (await ada.client.post(f"{V1}/collections", json={"name": "Kept"})).json()["id"],
    )
    item = await add(ada.client, collections=[shown])
    kept = await add(ada.client, title="Kept", collections=[hidden])
    wish = await add(ada.client, title="Wished", status="wanted", collections=[shown])
    await ada.client.put(f"{V1}/profile", json={**body, "is_public": True})
    page = await stranger.get(f"{V1}/people/Ada-L")
    assert [each["name"] for each in page.json()["collections"]] == ["Shown"]
    assert page.headers["x-robots-tag"].startswith("noindex")
    assert ada.email not in page.text
    items = f"{V1}/people/ada-l/collections/{shown}/items"
    listed = await stranger.get(items)
    assert [each["id"] for each in listed.json()] == [item["id"]]
    assert SECRET not in listed.text
    assert str(AMOUNT) not in listed.text
    assert (await stranger.get(f"{V1}/people/ada-l/collections/{hidden}/items")).json() == []
    for unseen in (kept, wish):
        answer = await stranger.get(f"{V1}/people/ada-l/items/{unseen['id']}")
        assert answer.status_code == 404
    wishes = {**body, "is_public": True, "shows_wishes": True, "indexed": True}
    await ada.client.put(f"{V1}/profile", json=wishes)
    assert len((await stranger.get(items)).json()) == 2
    assert "x-robots-tag" not in (await stranger.get(f"{V1}/people/ada-l")).headers
    reserved = await ada.client.put(f"{V1}/profile", json={"handle": "admin"})
    assert reserved.status_code == 422


async def test_a_name_is_one_persons(app: FastAPI, ada: Person) -> None:
    grace = await register(app)
    assert (await ada.client.put(f"{V1}/profile", json={"handle": "ada"})).status_code == 200
    taken = await grace.client.put(f"{V1}/profile", json={"handle": "ADA"})
    assert taken.json()["code"] == "handle_taken"


async def test_every_refusal_stands_in_the_request_log(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    """With who asked, for what, from where, and how it ended."""
    caplog.set_level("INFO", logger="armarium")
    async with household(app) as home, client_of(app) as nobody:
        made = (await home.as_owner.post("/api/v1/items", json=ITEM)).json()
        path = f"/api/v1/items/{made['id']}"
        caplog.clear()
        assert (await home.as_viewer.patch(path, json={"title": "Mine"})).status_code == 403
        assert (await home.stranger.client.get(path)).status_code == 404
        assert (await nobody.get(path)).status_code == 401
    lines = [each.getMessage() for each in caplog.records if "event='request'" in each.getMessage()]
    for status, who in ((403, home.viewer.id), (404, home.stranger.id), (401, None)):
        (line,) = [each for each in lines if f"status={status}" in each]
        assert f"path='{path}'" in line
        assert f"user_id={who if who is None else repr(str(who))}" in line
        assert "address='127.0.0.1'" in line
