"""What a guest and a member kept out of a room find, and that nothing tells of the rest."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from armarium.entry.wiring import House
from armarium.features.search import SearchIndex, SearchService
from armarium.platform.database import Scope
from tests.support.api import Person, client_of, register
from tests.support.sharing import Household, household, invite

V1 = "/api/v1"


class Words:
    """A small embedder: `far` and `near` are apart, everything else lies between."""

    model = "words-384"
    dimensions = 384

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [self.vector(text) for text in texts]

    def vector(self, text: str) -> list[float]:
        head = [1.0, 0.2] if "near" in text else [0.2, 1.0] if "far" in text else [1.0, 1.0]
        return [*head, *([0.01] * (self.dimensions - 2))]


@dataclass
class Answer:
    """A list of results with what the header says of it."""

    results: list[dict[str, Any]]
    notes: dict[str, Any]

    @property
    def titles(self) -> list[str]:
        return [each["title"] for each in self.results]


async def ask(client: AsyncClient, q: str, **params: Any) -> Answer:
    given = {"q": q, "mode": "bm25", "facets": True, **params}
    answer = await client.get(f"{V1}/search", params=given)
    assert answer.status_code == 200, answer.text
    return Answer(answer.json(), json.loads(answer.headers["search-notes"]))


async def add(client: AsyncClient, title: str, **more: Any) -> UUID:
    made = await client.post(f"{V1}/items", json={"kind": "book", "title": title, **more})
    assert made.status_code == 201, made.text
    return UUID(made.json()["id"])


async def shelf(client: AsyncClient, name: str, visibility: str = "space") -> str:
    body = {"name": name, "visibility": visibility}
    return (await client.post(f"{V1}/collections", json=body)).json()["id"]


@pytest.fixture
async def home(app: FastAPI) -> AsyncIterator[Household]:
    async with household(app) as made:
        yield made


SHOWN = (
    ("Aurora of the north", {"notes": "lantern lantern"}),
    ("Lantern festival", {"notes": "aurora"}),
    ("Compass rose", {"kind": "card", "notes": "an aurora over the sea of lamps"}),
)
HIDDEN = (
    ("Aurora borealis lantern", {"notes": "zeppelin"}),
    ("Aurora australis", {"notes": "zeppelin zephyr"}),
    ("Zeppelin over Lantern Bay", {"kind": "card"}),
)
QUERIES = (
    "aurora", "lantern", "aurora lantern", "aurora -lantern", '"aurora of"', "lanterm", "lan",
    "zeppelin", "zep", "zeppelim", "compass aurora", "-aurora lantern", "festival/aurora",
)  # fmt: skip


async def alone(app: FastAPI) -> Person:
    """Somebody with the shown things and no others."""
    person = await register(app)
    for title, more in SHOWN:
        await add(person.client, title, **more)
    return person


@pytest.mark.parametrize("visibility", ["space", "private"])
async def test_a_guest_is_answered_as_by_a_house_of_what_they_may_see(
    app: FastAPI, home: Household, visibility: str
) -> None:
    """Score for score, facets, completions and corrections: nothing hidden counts for anything."""
    verse, other = await shelf(home.as_owner, "Verse", visibility), await shelf(home.as_owner, "P")
    hidden = await shelf(home.as_editor, "Secret", "private")
    for title, more in HIDDEN:
        await add(home.as_owner, title, **more)
        await add(home.as_owner, title, collections=[other], **more)
        await add(home.as_editor, title, collections=[hidden], **more)
    for title, more in SHOWN:
        await add(home.as_owner, title, collections=[verse], **more)
    path = f"{V1}/collections/{verse}/invitations"
    await invite(home.as_owner, home.stranger, path, "viewer")
    person = await alone(app)
    seen = 0
    for query in QUERIES:
        for more in ({}, {"kind": "card"}, {"limit": 1, "offset": 1}, {"widen": False}):
            found = await ask(home.as_stranger, query, **more)
            expected = await ask(person.client, query, **more)
            assert found.titles == expected.titles, (query, more)
            assert found.notes == expected.notes, (query, more)
            for mine, theirs in zip(found.results, expected.results, strict=True):
                assert mine["score"] == pytest.approx(theirs["score"], rel=1e-9), (query, more)
                assert mine["highlights"] == theirs["highlights"], (query, more)
            seen += len(found.titles)
    assert seen > 30
    assert (await ask(home.as_stranger, "lanterm")).notes["widenings"], "a slip is forgiven"


async def test_a_guest_finds_by_meaning_what_they_may_see(app: FastAPI, house: House) -> None:
    words = Words()
    house.add(SearchService(database=house.database, embedder=words, exact_up_to=0))
    async with household(app) as home:
        verse = await shelf(home.as_owner, "Verse")
        shown = {
            await add(home.as_owner, title, collections=[verse]): title
            for title in ("near one", "between", "far one")
        }
        hidden = {await add(home.as_owner, title): title for title in ("near two", "nearer")}
        space, index = UUID(home.id), SearchIndex()
        async with house.database.transaction(Scope.of_space(space)) as session:
            vectors = {each: words.vector(title) for each, title in (shown | hidden).items()}
            await index.set_vectors(session, space, words.model, vectors)
        await invite(
            home.as_owner, home.stranger, f"{V1}/collections/{verse}/invitations", "viewer"
        )
        guest = home.as_stranger
        by_meaning = await ask(guest, "near", mode="vector")
        assert by_meaning.titles == ["near one", "between", "far one"]
        both = await ask(guest, "near", mode="hybrid")
        assert both.titles[0] == "near one"
        assert both.results[0]["bm25_rank"] == both.results[0]["vector_rank"] == 1
        assert not set(both.titles) & set(hidden.values())
        assert (await ask(guest, "near -one", mode="vector")).titles == ["between"]


async def test_a_guests_search_follows_what_is_granted(home: Household) -> None:
    verse = await shelf(home.as_owner, "Verse")
    one = await add(home.as_owner, "Aurora", collections=[verse])
    two = await add(home.as_owner, "Aurora minor")
    path = f"{V1}/collections/{verse}/invitations"
    await invite(home.as_owner, home.stranger, path, "editor")
    guest = home.as_stranger
    assert (await ask(guest, "aurora")).titles == ["Aurora"]
    items = f"{V1}/collections/{verse}/items"
    await home.as_owner.post(items, json={"item_ids": [str(two)]})
    assert (await ask(guest, "aurora")).titles == ["Aurora", "Aurora minor"]
    await guest.patch(f"{V1}/items/{two}", json={"title": "Borealis"})
    assert (await ask(guest, "borealis")).titles == ["Borealis"]
    await home.as_owner.delete(f"{V1}/items/{one}")
    assert (await ask(guest, "aurora")).titles == []
    # In a space of their own they find their own things and nothing of the collection.
    own = client_of(home.as_owner._transport.app, home.stranger.access_token)
    assert (await ask(own, "borealis")).titles == []
    gone = await home.as_owner.delete(f"{V1}/collections/{verse}/grants/{home.stranger.id}")
    assert gone.status_code == 204, gone.text
    assert (await guest.get(f"{V1}/search", params={"q": "borealis"})).status_code == 404


async def test_a_room_tells_nothing_to_members_who_may_not_enter(home: Household) -> None:
    """No document, count, completion, correction, highlight or score tells of it."""
    room = await shelf(home.as_editor, "Presents", "private")
    for title, more in SHOWN:
        await add(home.as_owner, title, **more)
    before = {query: await ask(home.as_viewer, query) for query in QUERIES}
    for title, more in HIDDEN:
        await add(home.as_editor, title, collections=[room], **more)
    for member in (home.as_viewer, home.as_owner):
        for query in QUERIES:
            now = await ask(member, query)
            assert now.notes == before[query].notes, query
            assert now.results == before[query].results, query
    inside = await ask(home.as_editor, "zep")
    assert len(inside.titles) == 3
    assert inside.notes["widenings"][0]["terms"] == ["zeppelin", "zephyr"]
    mine = await ask(home.as_editor, "aurora")
    assert len(mine.titles) == 5
    assert sum(mine.notes["facets"]["kind"].values()) == 5


async def test_many_guests_at_once_are_answered_apart(home: Household) -> None:
    shelves = [await shelf(home.as_owner, name) for name in ("A", "B")]
    for at, name in enumerate(shelves):
        await add(home.as_owner, f"Aurora {at}", collections=[name])
    people = (home.stranger, home.viewer)
    await home.owner.client.delete(f"{V1}/spaces/{home.id}/members/{home.viewer.id}")
    for person, name in zip(people, shelves, strict=True):
        await invite(home.as_owner, person, f"{V1}/collections/{name}/invitations", "viewer")
    answers = await asyncio.gather(
        *(ask(client, "aurora") for client in (home.as_stranger, home.as_viewer) * 5)
    )
    assert [each.titles for each in answers] == [["Aurora 0"], ["Aurora 1"]] * 5
