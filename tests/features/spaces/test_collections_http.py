"""Named collections, private rooms, and guests of a single collection, by the HTTP door."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from armarium.entry.wiring import House
from armarium.features.collection import ItemChange, ItemWriter
from armarium.kit.ids import new_id
from armarium.platform.database import Scope
from tests.support.pictures import picture
from tests.support.sharing import Household, household, invite

V1 = "/api/v1"


@pytest.fixture
async def home(app: FastAPI) -> AsyncIterator[Household]:
    async with household(app) as made:
        yield made


async def add(client: AsyncClient, title: str, **more: Any) -> str:
    made = await client.post(f"{V1}/items", json={"kind": "book", "title": title, **more})
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def shelf(client: AsyncClient, name: str, visibility: str = "space") -> str:
    body = {"name": name, "visibility": visibility}
    made = await client.post(f"{V1}/collections", json=body)
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def put(client: AsyncClient, collection: str, *items: str) -> int:
    path = f"{V1}/collections/{collection}/items"
    answer = await client.post(path, json={"item_ids": list(items)})
    assert answer.status_code == 200, answer.text
    return answer.json()["changed"]


async def titles(client: AsyncClient, query: str = "") -> list[str]:
    answer = await client.get(f"{V1}/items?sort=title{query}")
    assert answer.status_code == 200, answer.text
    return [each["title"] for each in answer.json()]


async def found(client: AsyncClient, words: str) -> list[str]:
    answer = await client.get(f"{V1}/search", params={"q": words, "mode": "bm25"})
    assert answer.status_code == 200, answer.text
    return [each["title"] for each in answer.json()]


async def test_items_are_in_any_number_of_collections(home: Household) -> None:
    one, two = await add(home.as_editor, "Aurora"), await add(home.as_editor, "Boreas")
    verse, north = await shelf(home.as_editor, "Verse"), await shelf(home.as_editor, "North")
    assert await put(home.as_editor, verse, one) == 1
    assert await put(home.as_editor, north, one, two) == 2
    assert await put(home.as_editor, north, one) == 0
    assert await titles(home.as_viewer, f"&collection={verse}") == ["Aurora"]
    assert await titles(home.as_viewer, f"&collection={verse}&collection={north}") == [
        "Aurora",
        "Boreas",
    ]
    seen = (await home.as_viewer.get(f"{V1}/items/{one}")).json()
    assert (seen["collections"], seen["room_id"]) == ([verse, north], None)
    listed = (await home.as_viewer.get(f"{V1}/collections")).json()
    assert [(each["name"], each["item_count"]) for each in listed] == [("Verse", 1), ("North", 2)]
    exported = await home.as_viewer.get(f"{V1}/export/csv?collection={verse}")
    assert "Aurora" in exported.text
    assert "Boreas" not in exported.text
    taken = await home.as_editor.post(
        f"{V1}/collections/{north}/items/remove", json={"item_ids": [two]}
    )
    assert taken.json() == {"changed": 1}
    assert (await home.as_editor.delete(f"{V1}/collections/{north}")).status_code == 204
    assert await titles(home.as_viewer) == ["Aurora", "Boreas"]


async def test_a_collection_changes_by_its_version(home: Household) -> None:
    verse = await shelf(home.as_editor, "Verse")
    path = f"{V1}/collections/{verse}"
    changed = await home.as_editor.patch(
        path, json={"name": "Poems", "description": "d"}, headers={"If-Match": 'W/"1"'}
    )
    assert (changed.json()["name"], changed.json()["version"]) == ("Poems", 2)
    stale = await home.as_editor.patch(path, json={"name": "X"}, headers={"If-Match": 'W/"1"'})
    assert stale.status_code == 412
    assert (await home.as_viewer.patch(path, json={"name": "X"})).status_code == 403
    assert (await home.as_viewer.delete(path)).status_code == 403
    bad = await home.as_editor.patch(path, json={"visibility": "secret"})
    assert bad.status_code == 422
    hidden = await home.as_editor.patch(path, json={"visibility": "private"})
    assert hidden.status_code == 403, "an editor hides nothing from the owner"
    assert (await home.as_editor.get(f"{V1}/collections/{new_id()}")).status_code == 404


async def test_a_private_room_is_its_peoples_alone(home: Household) -> None:
    """The other members find nothing of it: lists, search, counts, exports, pictures."""
    room = await shelf(home.as_editor, "Presents", "private")
    image = await home.as_editor.post(
        f"{V1}/media", files={"file": ("p.jpg", picture(), "image/jpeg")}
    )
    media = image.json()["id"]
    secret = await add(
        home.as_editor, "Zanzibar", collections=[room], images=[{"media_id": media}], tags=["gift"]
    )
    open_item = await add(home.as_editor, "Aurora")
    assert await titles(home.as_editor) == ["Aurora", "Zanzibar"]
    assert await found(home.as_editor, "zanzibar") == ["Zanzibar"]
    for other in (home.as_owner, home.as_viewer):
        assert await titles(other) == ["Aurora"]
        assert await found(other, "zanzibar") == []
        for path in (
            f"/items/{secret}",
            f"/items/{secret}/history",
            f"/collections/{room}",
            f"/media/{media}",
            f"/media/{media}/128",
        ):
            assert (await other.get(V1 + path)).status_code == 404, path
        assert (await other.get(f"{V1}/items/stats")).json()["total"] == 1
        assert "Zanzibar" not in (await other.get(f"{V1}/export/json")).text
        assert await titles(other, f"&collection={room}") == []
        assert await titles(other, "&tag=gift") == []
        assert "Presents" not in (await other.get(f"{V1}/collections")).text
    patched = await home.as_owner.patch(f"{V1}/items/{secret}", json={"title": "Mine"})
    assert patched.status_code == 404
    trashed = await home.as_owner.post(
        f"{V1}/items/bulk", json={"ids": [secret], "action": "trash"}
    )
    assert trashed.json() == {"changed": 0, "missing": [secret]}
    # An open collection that holds it too shows it; out of both it is everyone's.
    verse = await shelf(home.as_editor, "Verse")
    await put(home.as_editor, verse, secret)
    assert await titles(home.as_viewer) == ["Aurora", "Zanzibar"]
    assert await found(home.as_viewer, "zanzibar") == ["Zanzibar"]
    assert (await home.as_viewer.get(f"{V1}/media/{media}")).status_code == 200
    seen = (await home.as_viewer.get(f"{V1}/items/{secret}")).json()
    assert seen["collections"] == [verse], "the room itself stays unseen"
    await home.as_editor.delete(f"{V1}/collections/{verse}")
    assert await titles(home.as_viewer) == ["Aurora"]
    assert await found(home.as_viewer, "zanzibar") == []
    full = await home.as_editor.delete(f"{V1}/collections/{room}")
    assert full.json()["code"] == "collection_not_empty"
    theirs = await shelf(home.as_owner, "Safe", "private")
    assert (await put(home.as_owner, theirs, open_item)) == 1
    assert await titles(home.as_editor) == ["Zanzibar"]


async def test_the_products_own_work_reaches_private_things(house: House, home: Household) -> None:
    """A worker acts for the space and sees its rooms; the index of a room follows its changes."""
    room = await shelf(home.as_editor, "Presents", "private")
    secret = UUID(await add(home.as_editor, "Zanzibar", collections=[room]))
    writer, space = house.get(ItemWriter), UUID(home.id)
    async with house.database.transaction(Scope.of_space(space)) as session:
        change = ItemChange(title="Pemba")
        await writer.change(session, space, secret, change, actor=None)
    assert await found(home.as_editor, "pemba") == ["Pemba"]
    assert await found(home.as_editor, "zanzibar") == []
    assert await found(home.as_owner, "pemba") == []
    async with house.database.transaction(Scope.of_space(space)) as session:
        await writer.trash(session, space, secret, actor=None)
    assert await found(home.as_editor, "pemba") == []


async def test_a_guest_of_a_private_room_works_in_it(home: Household) -> None:
    room = await shelf(home.as_editor, "Presents", "private")
    await add(home.as_editor, "Zanzibar", collections=[room])
    path = f"{V1}/collections/{room}/invitations"
    await invite(home.as_editor, home.stranger, path, "editor")
    assert await titles(home.as_stranger) == ["Zanzibar"]
    mine = await add(home.as_stranger, "Pemba")
    changed = await home.as_stranger.patch(f"{V1}/items/{mine}", json={"notes": "an island"})
    assert changed.status_code == 200, changed.text
    assert changed.json()["room_id"] == room
    assert await titles(home.as_editor) == ["Pemba", "Zanzibar"]
    assert await found(home.as_editor, "island") == ["Pemba"]
    assert await titles(home.as_owner) == []
    assert await found(home.as_owner, "island") == []


async def test_a_guest_who_owns_a_collection_does_not_own_the_space(home: Household) -> None:
    verse = await shelf(home.as_owner, "Verse")
    await invite(home.as_owner, home.stranger, f"{V1}/collections/{verse}/invitations", "owner")
    guest = home.as_stranger
    assert (await guest.get(f"{V1}/collections/{verse}/grants")).status_code == 200
    offered = await guest.post(f"{V1}/collections/{verse}/invitations", json={"role": "viewer"})
    assert offered.status_code == 201, offered.text
    for path in ("/audit", "/storage/audit", f"/spaces/{home.id}/members"):
        assert (await guest.get(V1 + path)).status_code in {403, 404}, path
    for path, body in (
        ("/shares", {"target": "space"}),
        (f"/spaces/{home.id}/invitations", {"role": "viewer"}),
        (f"/collections/{verse}/items/remove", {"item_ids": [home.id]}),
    ):
        assert (await guest.post(V1 + path, json=body)).status_code in {403, 404}, path


async def test_a_guest_of_several_collections_says_which(home: Household) -> None:
    verse, prose = await shelf(home.as_owner, "Verse"), await shelf(home.as_owner, "Prose")
    for each in (verse, prose):
        await invite(home.as_owner, home.stranger, f"{V1}/collections/{each}/invitations", "editor")
    guest = home.as_stranger
    unsaid = await guest.post(f"{V1}/items", json={"kind": "book", "title": "Aurora"})
    assert unsaid.status_code == 422
    assert unsaid.json()["errors"][0]["pointer"] == "/collections"
    said = await add(guest, "Aurora", collections=[prose])
    assert (await guest.get(f"{V1}/items/{said}")).json()["collections"] == [prose]


async def test_nobody_hides_another_members_things(home: Household) -> None:
    room = await shelf(home.as_editor, "Mine", "private")
    theirs = await add(home.as_owner, "Aurora")
    path = f"{V1}/collections/{room}/items"
    refused = await home.as_editor.post(path, json={"item_ids": [theirs]})
    assert refused.json()["code"] == "not_their_own"
    second = await shelf(home.as_editor, "Mine too", "private")
    own = await add(home.as_editor, "Boreas", collections=[room])
    torn = await home.as_editor.post(f"{V1}/collections/{second}/items", json={"item_ids": [own]})
    assert torn.json()["code"] == "two_private_collections"
    assert await titles(home.as_editor, f"&collection={second}") == []


@pytest.mark.parametrize("act", ["hide", "delete"])
async def test_no_open_collection_leaves_a_thing_in_two_rooms(home: Household, act: str) -> None:
    """Hiding or deleting the one that all may see left it in two rooms, seen in one of them."""
    owner = home.as_owner
    verse = await shelf(owner, "Verse")
    rooms = [await shelf(owner, name, "private") for name in ("Presents", "Safe")]
    one = await add(owner, "Aurora", collections=[verse])
    await put(owner, rooms[0], one)
    if act == "hide":
        answer = await owner.patch(f"{V1}/collections/{verse}", json={"visibility": "private"})
    else:
        await put(owner, rooms[1], one)
        answer = await owner.delete(f"{V1}/collections/{verse}")
    assert (answer.status_code, answer.json()["code"]) == (409, "two_private_collections")
    assert (await owner.get(f"{V1}/collections/{verse}")).json()["visibility"] == "space"
    assert await titles(home.as_viewer) == ["Aurora"]


async def test_a_room_passes_on_when_its_owner_leaves(home: Household) -> None:
    room = await shelf(home.as_editor, "Presents", "private")
    await add(home.as_editor, "Zanzibar", collections=[room])
    assert await titles(home.as_owner) == []
    members = f"{V1}/spaces/{home.id}/members"
    left = await home.editor.client.delete(f"{members}/{home.editor.id}")
    assert left.status_code == 204, left.text
    assert await titles(home.as_owner) == ["Zanzibar"]
    assert await titles(home.as_viewer) == []


async def test_who_is_removed_keeps_no_grant_of_a_private_room(home: Household) -> None:
    """The owner who removed them did not see the grant, so it stayed and let them back in."""
    room = await shelf(home.as_editor, "Presents", "private")
    await add(home.as_editor, "Zanzibar", collections=[room])
    gone = await home.as_owner.delete(f"{V1}/spaces/{home.id}/members/{home.editor.id}")
    assert gone.status_code == 204, gone.text
    assert (await home.as_editor.get(f"{V1}/items")).status_code == 404
    assert await titles(home.as_owner) == ["Zanzibar"]


async def test_an_owner_takes_over_a_room_that_they_only_looked_at(home: Household) -> None:
    room = await shelf(home.as_editor, "Presents", "private")
    await add(home.as_editor, "Zanzibar", collections=[room])
    grants = f"{V1}/collections/{room}/grants"
    given = await home.as_editor.put(f"{grants}/{home.owner.id}", json={"role": "viewer"})
    assert given.status_code == 200, given.text
    gone = await home.as_owner.delete(f"{V1}/spaces/{home.id}/members/{home.editor.id}")
    assert gone.status_code == 204, gone.text
    assert [each["role"] for each in (await home.as_owner.get(grants)).json()] == ["owner"]


async def test_who_makes_a_collection_private_owns_it(home: Household) -> None:
    """A lesser grant of their own stayed as it was, and nobody could manage the room."""
    path = f"{V1}/collections/{await shelf(home.as_owner, 'Verse')}"
    lesser = await home.as_owner.put(f"{path}/grants/{home.owner.id}", json={"role": "viewer"})
    assert lesser.status_code == 200, lesser.text
    hidden = await home.as_owner.patch(path, json={"visibility": "private"})
    assert hidden.status_code == 200, hidden.text
    assert (await home.as_owner.get(f"{path}/grants")).json()[0]["role"] == "owner"


async def test_a_private_room_is_shared_by_a_grant(home: Household) -> None:
    room = await shelf(home.as_editor, "Presents", "private")
    secret = await add(home.as_editor, "Zanzibar", collections=[room])
    grants = f"{V1}/collections/{room}/grants"
    # The room is not there for the space's owner, so neither are its grants.
    assert (await home.as_owner.get(grants)).status_code == 404
    given = await home.as_editor.put(f"{grants}/{home.viewer.id}", json={"role": "viewer"})
    assert given.status_code == 200, given.text
    assert await titles(home.as_viewer) == ["Zanzibar"]
    assert await found(home.as_viewer, "zanzibar") == ["Zanzibar"]
    changed = await home.as_viewer.patch(f"{V1}/items/{secret}", json={"title": "X"})
    assert changed.status_code == 403
    assert len((await home.as_editor.get(grants)).json()) == 2
    alone = await home.as_editor.delete(f"{grants}/{home.editor.id}")
    assert alone.json()["code"] == "last_owner"
    taken = await home.as_editor.delete(f"{grants}/{home.viewer.id}")
    assert taken.status_code == 204
    assert await titles(home.as_viewer) == []
    stranger = await home.as_editor.put(f"{grants}/{home.stranger.id}", json={"role": "viewer"})
    assert stranger.status_code == 404


async def test_a_guest_sees_the_granted_collection_and_nothing_else(home: Household) -> None:
    verse, prose = await shelf(home.as_owner, "Verse"), await shelf(home.as_owner, "Prose")
    one = await add(home.as_owner, "Aurora", collections=[verse], tags=["blue"])
    two = await add(home.as_owner, "Boreas", collections=[prose])
    await invite(home.as_owner, home.stranger, f"{V1}/collections/{verse}/invitations", "viewer")
    guest = home.as_stranger
    assert await titles(guest) == ["Aurora"]
    assert await titles(guest, "&tag=blue") == ["Aurora"]
    assert await titles(guest, f"&collection={prose}") == []
    assert (await guest.get(f"{V1}/items/{one}")).json()["tags"] == ["blue"]
    assert (await guest.get(f"{V1}/items/{two}")).status_code == 404
    assert (await guest.get(f"{V1}/items/stats")).json()["total"] == 1
    listed = (await guest.get(f"{V1}/collections")).json()
    assert [each["name"] for each in listed] == ["Verse"]
    exported = (await guest.get(f"{V1}/export/json")).text
    assert "Aurora" in exported
    assert "Boreas" not in exported
    spaces = (await home.stranger.client.get(f"{V1}/spaces")).json()
    assert spaces[1]["collections"] == [verse]
    for path in (f"/spaces/{home.id}/members", f"/collections/{verse}/grants"):
        assert (await guest.get(V1 + path)).status_code in {403, 404}
    assert (await guest.patch(f"{V1}/items/{one}", json={"title": "X"})).status_code == 403
    refused = await guest.post(f"{V1}/items", json={"kind": "book", "title": "X"})
    assert refused.status_code == 403
    assert await found(guest, "boreas") == []
    gone = await home.as_owner.delete(f"{V1}/collections/{verse}/grants/{home.stranger.id}")
    assert gone.status_code == 204
    assert (await guest.get(f"{V1}/items")).status_code == 404


async def test_a_guest_editor_works_inside_the_collection_only(home: Household) -> None:
    verse, prose = await shelf(home.as_owner, "Verse"), await shelf(home.as_owner, "Prose")
    one = await add(home.as_owner, "Aurora", collections=[verse])
    two = await add(home.as_owner, "Boreas", collections=[prose])
    await invite(home.as_owner, home.stranger, f"{V1}/collections/{verse}/invitations", "editor")
    guest = home.as_stranger
    changed = await guest.patch(f"{V1}/items/{one}", json={"title": "Aurora Leigh", "tags": ["v"]})
    assert changed.status_code == 200, changed.text
    assert await titles(home.as_viewer) == ["Aurora Leigh", "Boreas"]
    assert await found(home.as_viewer, "leigh") == ["Aurora Leigh"]
    mine = await add(guest, "Casa Guidi")
    assert (await guest.get(f"{V1}/items/{mine}")).json()["collections"] == [verse]
    assert "Casa Guidi" in await titles(home.as_viewer)
    photo = {"files": ("p.jpg", picture(), "image/jpeg")}
    pictured = await guest.post(f"{V1}/items/{mine}/images", files=photo)
    assert pictured.status_code == 201, pictured.text
    media = pictured.json()["images"][0]["media_id"]
    assert (await guest.get(f"{V1}/media/{media}/original")).status_code == 200
    assert (await guest.patch(f"{V1}/items/{two}", json={"title": "X"})).status_code == 404
    elsewhere = await guest.post(
        f"{V1}/items", json={"kind": "book", "title": "X", "collections": [prose]}
    )
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "no_such_collection")
    for path, body in (
        (f"/collections/{verse}/items", {"item_ids": [two]}),
        (f"/collections/{verse}/items/remove", {"item_ids": [one]}),
        ("/collections", {"name": "Mine"}),
        ("/fields", {"label": "Box", "type": "text"}),
        ("/items/trash/empty", {}),
        ("/catalogue/entries", {"kind": "book", "title": "X"}),
        (f"/collections/{verse}/invitations", {"role": "viewer"}),
        ("/shares", {"target": "item", "target_id": one}),
    ):
        assert (await guest.post(V1 + path, json=body)).status_code in {403, 404, 422}, path
    assert await titles(guest) == ["Aurora Leigh", "Casa Guidi"]
    assert (await guest.delete(f"{V1}/items/{mine}")).status_code == 204
    removed = await guest.delete(f"{V1}/items/{mine}?permanently=true")
    assert removed.status_code == 403
