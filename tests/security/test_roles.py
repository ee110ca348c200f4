"""Every route, tried by those who share a space but may do less than its owner.

A viewer changes nothing; a guest of one collection reaches nothing else; an editor manages nobody.
A route that is added later joins by itself.
"""

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from tests.support.belongings import Belongings, belongings
from tests.support.routes import PLACEHOLDER, Route, example_bodies, routes_of
from tests.support.sharing import Household, household, invite

V1 = "/api/v1"
OWN_AFFAIRS = (f"{V1}/auth", f"{V1}/me", f"{V1}/profile", "/oauth", "/.well-known")
"""What people do about themselves, whatever space they act in."""
SAFE = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture
async def home(app: FastAPI) -> AsyncIterator[Household]:
    async with household(app) as made:
        yield made


def guarded(app: FastAPI) -> list[Route]:
    """Routes of the space: not open, not one's own affairs, and not endless."""
    return [
        route
        for route in routes_of(app)
        if not route.open
        and route.path.startswith(f"{V1}/")
        and not route.path.startswith(OWN_AFFAIRS)
        and not route.path.endswith("/events")
    ]


def filled(route: Route, theirs: Belongings) -> str:
    """The path with the first thing that each parameter may name."""
    return PLACEHOLDER.sub(
        lambda found: (theirs.ids.get(found[1]) or theirs.everything)[0], route.path
    )


async def test_a_viewer_changes_nothing(app: FastAPI, home: Household) -> None:
    theirs = await belongings(home.as_owner)
    before = await theirs.state(home.as_owner)
    bodies, tried = example_bodies(app), 0
    for route in guarded(app):
        if route.method in SAFE:
            continue
        for body in ({}, bodies.get(route.name, {})):
            for client in (home.as_viewer, home.viewer.client):
                answer = await client.request(route.method, filled(route, theirs), json=body)
                acting = client is home.as_viewer
                assert answer.status_code < 500, (route.name, answer.text)
                assert not acting or answer.status_code in {403, 404, 405}, (
                    f"{route.name} answered {answer.status_code} to a viewer"
                )
                tried += 1
    assert tried > 100
    assert await theirs.state(home.as_owner) == before


async def test_a_viewer_reads_all_that_is_the_spaces(app: FastAPI, home: Household) -> None:
    theirs = await belongings(home.as_owner)
    for page in theirs.pages:
        answer = await home.as_viewer.get(page)
        managed = "/shares" in page or "/invitations" in page
        assert answer.status_code == (403 if "/shares" in page else 200), page
        assert not managed or not theirs.leaks(answer.text, asked=page), page


async def test_an_editor_manages_nobody(app: FastAPI, home: Household) -> None:
    theirs = await belongings(home.as_owner)
    before = await theirs.state(home.as_owner)
    collection, space = theirs.ids["collection_id"][0], home.id
    for method, path, body in (
        ("PATCH", f"/spaces/{space}", {"name": "Mine"}),
        ("DELETE", f"/spaces/{space}", None),
        ("POST", f"/spaces/{space}/invitations", {"role": "owner"}),
        ("DELETE", f"/spaces/{space}/invitations/{theirs.ids['invitation_id'][0]}", None),
        ("PATCH", f"/spaces/{space}/members/{home.editor.id}", {"role": "owner"}),
        ("DELETE", f"/spaces/{space}/members/{home.viewer.id}", None),
        ("GET", f"/collections/{collection}/grants", None),
        ("PUT", f"/collections/{collection}/grants/{home.viewer.id}", {"role": "owner"}),
        ("POST", f"/collections/{collection}/invitations", {"role": "owner"}),
        ("PATCH", f"/collections/{collection}", {"visibility": "private"}),
    ):
        for client in (home.as_editor, home.editor.client):
            answer = await client.request(method, V1 + path, json=body)
            assert answer.status_code in {403, 404}, (method, path, answer.text)
    whole = await home.as_editor.post(f"{V1}/shares", json={"target": "space"})
    assert whole.status_code == 403
    assert await theirs.state(home.as_owner) == before


async def test_a_guest_of_another_collection_reaches_nothing(app: FastAPI, home: Household) -> None:
    theirs = await belongings(home.as_owner)
    lobby = (await home.as_owner.post(f"{V1}/collections", json={"name": "Lobby"})).json()["id"]
    await invite(home.as_owner, home.stranger, f"{V1}/collections/{lobby}/invitations", "editor")
    # A guest knows how the space's own fields are called, since granted items have them.
    field = f"{V1}/fields/{theirs.ids['field_id'][0]}"
    assert (await home.as_owner.patch(field, json={"label": "Box"})).is_success
    theirs.ids["field_id"] = []
    before = await theirs.state(home.as_owner)
    bodies = example_bodies(app)
    theirs.ids["collection_id"].append(theirs.ids["collection_id"][0])
    for route in guarded(app):
        path = filled(route, theirs)
        if route.method in SAFE:
            for query in ("", "?q=keelson", f"?collection={theirs.ids['collection_id'][0]}"):
                answer = await home.as_stranger.get(path + query)
                assert answer.status_code < 500, (route.name, answer.text)
                known = f"{path} {home.id} {lobby} {home.owner.id}"
                assert not theirs.leaks(answer.text, asked=known), route.name
            continue
        for body in ({}, bodies.get(route.name, {})):
            answer = await home.as_stranger.request(route.method, path, json=body)
            assert answer.status_code < 500, (route.name, answer.text)
    assert await theirs.state(home.as_owner) == before


async def test_a_cursor_of_another_space_leads_nowhere(home: Household) -> None:
    theirs = await belongings(home.as_owner)
    for number in range(3):
        body = {"kind": "book", "title": f"Keelson marginalia {number}"}
        assert (await home.as_owner.post(f"{V1}/items", json=body)).is_success
    for path in ("/items", "/items?sort=title", "/books", "/scans", "/search?q=keelson"):
        cursor = await cursor_of(home.as_owner, V1 + path)
        if cursor is None:
            continue
        for client in (home.stranger.client, home.owner.client):
            answer = await client.get(V1 + path, params={"cursor": cursor})
            assert answer.status_code in {200, 422}, path
            assert not theirs.leaks(answer.text, asked=""), path
            assert "Keelson" not in answer.text


async def cursor_of(client: AsyncClient, path: str) -> str | None:
    answer = await client.get(path, params={"limit": 1})
    link = answer.headers.get("link", "")
    return parse_qs(urlsplit(link[1 : link.index(">")]).query)["cursor"][0] if link else None
