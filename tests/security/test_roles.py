"""Every route, tried by those who share a space but may do less than its owner.

A viewer changes nothing; a guest of one collection reaches nothing else; an editor manages nobody.
A route that is added later joins by itself.
"""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from tests.support.belongings import Belongings, about, belongings
from tests.support.routes import NOT_WALKED, PLACEHOLDER, Route, example_bodies, routes_of
from tests.support.sharing import Household, household, invite

V1 = "/api/v1"
OWN_AFFAIRS = (f"{V1}/auth", f"{V1}/me", f"{V1}/profile", "/oauth", "/.well-known")
"""What people do about themselves, whatever space they act in."""
NOT_FOR_EDITORS = {
    f"{method} {V1}{path}"
    for method, path in (
        ("GET", "/audit"),
        ("DELETE", "/catalogues/{slug}"),
        ("GET", "/collections/{collection_id}/grants"),
        ("PUT", "/collections/{collection_id}/grants/{user_id}"),
        ("DELETE", "/collections/{collection_id}/grants/{user_id}"),
        ("POST", "/collections/{collection_id}/invitations"),
        ("PATCH", "/spaces/{space_id}"),
        ("DELETE", "/spaces/{space_id}"),
        ("POST", "/spaces/{space_id}/invitations"),
        ("PATCH", "/spaces/{space_id}/members/{user_id}"),
        ("DELETE", "/spaces/{space_id}/members/{user_id}"),
        ("POST", "/spaces/{space_id}/restore"),
    )
}
"""What an editor is refused, besides all that is the administrators': a decision a line."""
NOT_READ_BY_VIEWERS = {
    f"GET {V1}{path}"
    for path in (
        "/audit",
        "/collections/{collection_id}/grants",
        "/items/{item_id}/private",
        "/shares",
    )
}
PRICE, SECRET = "98765431", "in the keelson safe"
SAFE = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture
async def home(app: FastAPI) -> AsyncIterator[Household]:
    async with household(app) as made:
        yield made


def about_oneself(route: Route) -> bool:
    return any(route.path == each or route.path.startswith(f"{each}/") for each in OWN_AFFAIRS)


def guarded(app: FastAPI) -> list[Route]:
    """Routes of the space: not open, not one's own affairs."""
    return [
        route
        for route in routes_of(app)
        if not route.open
        and route.path.startswith(f"{V1}/")
        and not about_oneself(route)
        and route.name not in NOT_WALKED
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
        for body in ({}, about(bodies.get(route.name, {}), theirs)):
            for client in (home.as_viewer, home.viewer.client):
                answer = await client.request(route.method, filled(route, theirs), json=body)
                acting = client is home.as_viewer
                assert answer.status_code < 500, (route.name, answer.text)
                assert not acting or answer.status_code == 403, (
                    f"{route.name} answered {answer.status_code} to a viewer"
                )
                tried += 1
    assert tried > 100
    assert await theirs.state(home.as_owner) == before


async def test_what_a_viewer_does_about_themselves_changes_nothing_of_the_space(
    app: FastAPI, home: Household
) -> None:
    theirs = await belongings(home.as_owner)
    before = await theirs.state(home.as_owner)
    bodies = example_bodies(app)
    own = [each for each in routes_of(app) if about_oneself(each) and not each.open]
    assert len(own) > 40
    for route in own:
        body = about(bodies.get(route.name, {}), theirs)
        answer = await home.as_viewer.request(route.method, filled(route, theirs), json=body)
        # 401 would mean that the one before ended the login, and this one was not tried.
        assert answer.status_code < 500, (route.name, answer.text)
        assert answer.status_code != 401, route.name
    assert await theirs.state(home.as_owner) == before


async def test_a_viewer_reads_all_that_is_the_spaces(app: FastAPI, home: Household) -> None:
    theirs = await belongings(home.as_owner)
    await keep_secrets(home, theirs)
    for page in theirs.pages:
        answer = await home.as_viewer.get(page)
        managed = "/shares" in page or "/invitations" in page
        assert answer.status_code == (403 if "/shares" in page else 200), page
        assert not managed or not theirs.leaks(answer.text, asked=page), page
    refused, told = set[str](), set[str]()
    for route in guarded(app):
        if route.method not in SAFE:
            continue
        path = filled(route, theirs)
        full, answer = await home.as_owner.get(path), await home.as_viewer.get(path)
        assert answer.status_code < 500, (route.name, answer.text)
        assert PRICE not in answer.text, f"{route.name} told a price"
        assert SECRET not in answer.text, f"{route.name} told a private note"
        if full.is_success and not answer.is_success:
            refused.add(route.name)
        if PRICE in full.text or SECRET in full.text:
            told.add(route.name)
    assert refused == NOT_READ_BY_VIEWERS
    assert len(told) > 5, "the owner reads them, or this proves nothing"


async def keep_secrets(home: Household, theirs: Belongings) -> None:
    """A price and a private note on the first item."""
    item = f"{V1}/items/{theirs.ids['item_id'][0]}"
    cost = {"cost": {"amount_minor": int(PRICE), "currency": "EUR"}}
    for answer in (
        await home.as_owner.patch(item, json=cost),
        await home.as_owner.put(f"{item}/private", json={"note": SECRET}),
    ):
        assert answer.is_success, answer.text
    assert PRICE in (await home.as_owner.get(item)).text


async def test_an_editor_manages_nobody(app: FastAPI, home: Household) -> None:
    """Every route, whatever comes of it; then bodies that ask for more than the examples do."""
    theirs = await belongings(home.as_owner)
    lobby = await home.as_owner.post(f"{V1}/collections", json={"name": "Lobby"})
    theirs.pages = [page for page in theirs.pages if page.startswith(f"{V1}/spaces/")]
    theirs.pages += [f"{V1}/spaces", f"{V1}/collections/{lobby.json()['id']}/grants"]
    before = await theirs.state(home.as_owner)
    bodies, refused = example_bodies(app), set[str]()
    # What takes away comes last, so that the others find something.
    for route in sorted(guarded(app), key=lambda each: each.method == "DELETE"):
        body = about(bodies.get(route.name, {}), theirs)
        answer = await home.as_editor.request(route.method, filled(route, theirs), json=body)
        assert answer.status_code < 500, (route.name, answer.text)
        if answer.status_code == 403:
            refused.add(route.name)
    administering = {each.name for each in guarded(app) if each.path.startswith(f"{V1}/admin/")}
    assert refused == NOT_FOR_EDITORS | administering
    assert await theirs.state(home.as_owner) == before


async def test_an_editor_asks_for_more_in_vain(home: Household) -> None:
    theirs = await belongings(home.as_owner)
    before = await theirs.state(home.as_owner)
    collection, space = theirs.ids["collection_id"][0], home.id
    for method, path, body in (
        ("POST", f"/spaces/{space}/invitations", {"role": "owner"}),
        ("DELETE", f"/spaces/{space}/invitations/{theirs.ids['invitation_id'][0]}", None),
        ("PATCH", f"/spaces/{space}/members/{home.editor.id}", {"role": "owner"}),
        ("DELETE", f"/spaces/{space}/members/{home.viewer.id}", None),
        ("PUT", f"/collections/{collection}/grants/{home.viewer.id}", {"role": "owner"}),
        ("POST", f"/collections/{collection}/invitations", {"role": "owner"}),
        ("PATCH", f"/collections/{collection}", {"visibility": "private"}),
        ("POST", "/shares", {"target": "space"}),
    ):
        for client in (home.as_editor, home.editor.client):
            answer = await client.request(method, V1 + path, json=body)
            own = path == "/shares" and client is home.editor.client
            assert own or answer.status_code in {403, 404}, (method, path, answer.text)
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
        body = about(bodies.get(route.name, {}), theirs)
        answer = await home.as_stranger.request(route.method, path, json=body)
        assert answer.status_code < 500, (route.name, answer.text)
    assert await theirs.state(home.as_owner) == before
