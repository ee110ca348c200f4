"""Catalogues at the HTTP door: browse, search, correct, own entries, pictures."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import AsyncClient

from armarium.entry.wiring import House
from armarium.features.catalogue import ImportReport
from armarium.ports.blobs import BlobStore
from tests.features.catalogue.conftest import Import
from tests.support.catalogues import CARDS, write_deck, write_lines

SignIn = Callable[..., Awaitable[AsyncClient]]
ENTRIES = "/api/v1/catalogues/tcgdex/entries"


async def all_pages(person: AsyncClient, url: str, **params: str | int) -> list[dict]:
    found: list[dict] = []
    while True:
        answer = await person.get(url, params=params)
        assert answer.status_code == 200, answer.text
        found += answer.json()
        if "Link" not in answer.headers:
            return found
        link = answer.headers["Link"].partition(">")[0].strip("<")
        params = {**params, "cursor": parse_qs(urlsplit(link).query)["cursor"][0]}


async def entry_named(person: AsyncClient, key: str) -> dict:
    rows = await all_pages(person, ENTRIES)
    return next(row for row in rows if row["external_ids"]["tcgdex"] == key)


async def test_catalogues_and_sets_are_listed(sign_in: SignIn, cards: ImportReport) -> None:
    person = await sign_in()
    (shown,) = (await person.get("/api/v1/catalogues")).json()
    assert (shown["slug"], shown["kind"], shown["entry_count"], shown["licence"]) == (
        "tcgdex",
        "card",
        6,
        "MIT",
    )
    sets = (await person.get("/api/v1/catalogues/tcgdex/sets")).json()
    assert {each["code"]: each["official_count"] for each in sets} == {
        "base1": 102,
        "base4": 130,
        "promo": None,
    }
    assert cards.entry_count == 6


async def test_browsing_goes_by_set_and_number_in_pages(
    sign_in: SignIn, cards: ImportReport
) -> None:
    person = await sign_in()
    rows = await all_pages(person, ENTRIES, limit=2)
    assert [row["external_ids"]["tcgdex"] for row in rows] == [
        "base1-2",
        "base1-4",
        "base1-58",
        "base4-4",
        "base4-87",
        "promo-SWSH045",
    ]
    assert rows[1]["subtitle"] == "Set base1 · 4/102 · Rare"
    only = await all_pages(person, ENTRIES, limit=1, set="base4")
    assert [row["number"] for row in only] == ["4/130", "87/130"]
    assert (await person.get(ENTRIES, params={"cursor": "x"})).status_code == 422
    one = await person.get(f"/api/v1/catalogue/entries/{rows[0]['id']}")
    assert one.json()["variants"] == [{"type": "holo"}]


async def test_searching_finds_by_any_name_number_or_misspelling(
    sign_in: SignIn, cards: ImportReport
) -> None:
    person = await sign_in()
    for words, first in (
        ("Glurak", "base1-4"),
        ("pikachu 87/130", "base4-87"),
        ("Blastoize", "base1-2"),
        ("ピカチュウ", "base1-58"),
        ("SWSH045", "promo-SWSH045"),
    ):
        rows = await all_pages(person, ENTRIES, q=words)
        assert rows[0]["external_ids"]["tcgdex"] == first, words
    assert len(await all_pages(person, ENTRIES, q="charizard", limit=1)) >= 2
    within = await all_pages(person, ENTRIES, q="pikachu", set="base4")
    assert [row["set_code"] for row in within] == ["base4"]
    assert await all_pages(person, ENTRIES, q="zzzz") == []


async def test_what_is_not_there_is_404(sign_in: SignIn, cards: ImportReport) -> None:
    person = await sign_in()
    nothing = "0192f5b0-0000-7000-8000-000000000000"
    for url in (
        "/catalogues/nope/entries",
        "/catalogues/nope/sets",
        f"/catalogue/entries/{nothing}",
        f"/catalogue/images/{nothing}",
    ):
        answer = await person.get(f"/api/v1{url}")
        assert answer.status_code == 404, url
    put = await person.put(f"/api/v1/catalogue/entries/{nothing}/override", json={"title": "x"})
    assert put.json()["code"] == "no_such_entry"
    gone = await person.delete(f"/api/v1/catalogue/entries/{nothing}/override")
    assert gone.status_code == 404


async def test_a_correction_is_the_spaces_own(sign_in: SignIn, cards: ImportReport) -> None:
    ann, bob = await sign_in(), await sign_in()
    entry = await entry_named(ann, "base1-4")
    url = f"/api/v1/catalogue/entries/{entry['id']}/override"
    changed = await ann.put(url, json={"title": "Charizard!", "fields": {"rarity": "Rare Holo"}})
    assert changed.json()["title"] == "Charizard!"
    assert changed.json()["fields"]["rarity"] == "Rare Holo"
    assert changed.json()["fields"]["name"] == "Charizard"
    assert changed.json()["overridden"] is True
    assert changed.headers["ETag"] == 'W/"1"'

    stale = await ann.put(url, json={"title": "Late"}, headers={"If-Match": 'W/"7"'})
    assert stale.status_code == 412
    bad = await ann.put(url, json={"fields": {"grade": 12, "nonsense": 1}})
    assert {each["pointer"] for each in bad.json()["errors"]} == {
        "/fields/grade",
        "/fields/nonsense",
    }

    assert (await entry_named(bob, "base1-4"))["title"] == "Charizard"
    assert (await bob.delete(url)).status_code == 404
    assert (await ann.delete(url)).status_code == 204
    assert (await entry_named(ann, "base1-4"))["overridden"] is False


class TestTogether:
    """Two people at one entry: the later one is told, and nobody meets a fault of the server."""

    async def puts(self, person: AsyncClient, url: str, version: int | None = None) -> list[int]:
        headers = {} if version is None else {"If-Match": f'W/"{version}"'}
        sent = (person.put(url, json={"title": f"T{n}"}, headers=headers) for n in range(8))
        return sorted(answer.status_code for answer in await asyncio.gather(*sent))

    async def test_corrections(self, sign_in: SignIn, cards: ImportReport) -> None:
        ann = await sign_in()
        entry = f"/api/v1/catalogue/entries/{(await entry_named(ann, 'base1-4'))['id']}"
        url = f"{entry}/override"
        assert await self.puts(ann, url) == [200] * 8
        assert (await ann.get(entry)).json()["version"] == 8
        assert await self.puts(ann, url, 8) == [200, *[412] * 7]
        beside = [ann.put(url, json={"title": "x"}) if n % 2 else ann.delete(url) for n in range(8)]
        codes = {answer.status_code for answer in await asyncio.gather(*beside)}
        assert codes <= {200, 204, 404}

    async def test_own_entries(self, sign_in: SignIn, cards: ImportReport) -> None:
        ann = await sign_in()
        own = {"kind": "book", "title": "The Heron Almanac"}
        made = (await ann.post("/api/v1/catalogue/entries", json=own)).json()
        url = f"/api/v1/catalogue/entries/{made['id']}/override"
        assert await self.puts(ann, url, 1) == [200, *[412] * 7]
        beside = [ann.put(url, json={"title": "x"}) if n % 2 else ann.delete(url) for n in range(8)]
        codes = [answer.status_code for answer in await asyncio.gather(*beside)]
        assert set(codes) <= {200, 204, 404}
        assert codes.count(204) == 1

    async def test_a_correction_that_was_taken_back(
        self, sign_in: SignIn, cards: ImportReport
    ) -> None:
        ann = await sign_in()
        entry = f"/api/v1/catalogue/entries/{(await entry_named(ann, 'base1-4'))['id']}"
        untouched = {"If-Match": (await ann.get(entry)).headers["ETag"]}
        url = f"{entry}/override"
        made = await ann.put(url, json={"title": "A"}, headers=untouched)
        assert made.status_code == 200
        read = {"If-Match": made.headers["ETag"]}
        assert (await ann.delete(url, headers=read)).status_code == 204
        late = await ann.put(url, json={"title": "B"}, headers=read)
        assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
        assert (await ann.get(entry)).json()["overridden"] is False


async def test_own_entries_are_private_and_identified(sign_in: SignIn, cards: ImportReport) -> None:
    ann, bob = await sign_in(), await sign_in()
    body = {
        "kind": "Book",
        "fields": {"title": "The Heron Almanac", "authors": ["Quillfeather, Ida"]},
    }
    made = await ann.post("/api/v1/catalogue/entries", json=body)
    assert made.status_code == 201, made.text
    entry = made.json()
    assert (entry["title"], entry["creators"], entry["catalogue"]) == (
        "The Heron Almanac",
        ["Quillfeather, Ida"],
        None,
    )
    url = f"/api/v1/catalogue/entries/{entry['id']}"
    assert (await bob.get(url)).status_code == 404

    asked = {"kind": "book", "text": "THE HERON ALMANAC ida quillfeather"}
    found = (await ann.post("/api/v1/identify", json=asked)).json()
    assert [each["catalogue_entry_id"] for each in found["candidates"]] == [entry["id"]]
    assert (await bob.post("/api/v1/identify", json=asked)).json()["candidates"] == []

    renamed = await ann.put(f"{url}/override", json={"title": "The Bittern Almanac"})
    assert (renamed.json()["title"], renamed.json()["version"]) == ("The Bittern Almanac", 2)
    assert (await ann.delete(f"{url}/override")).status_code == 204
    assert (await ann.get(url)).status_code == 404


async def test_what_a_space_says_itself_is_listed_and_told_apart(
    sign_in: SignIn, cards: ImportReport
) -> None:
    ann, bob = await sign_in(), await sign_in()
    entry = await entry_named(ann, "base1-4")
    url = f"/api/v1/catalogue/entries/{entry['id']}/override"
    assert (await ann.get(url)).status_code == 404
    change = {"title": None, "fields": {"rarity": "Rare Holo"}, "note": "As printed."}
    await ann.put(url, json=change)
    assert (await ann.get(url)).json() == change
    assert (await bob.get(url)).status_code == 404

    own = {"kind": "book", "fields": {"title": "The Heron Almanac"}}
    made = (await ann.post("/api/v1/catalogue/entries", json=own)).json()
    told = (await ann.get(f"/api/v1/catalogue/entries/{made['id']}/override")).json()
    assert told == {"title": "The Heron Almanac", "fields": own["fields"], "note": ""}
    listed = (await ann.get("/api/v1/catalogue/entries")).json()
    assert [(each["title"], each["catalogue"]) for each in listed] == [
        ("Charizard", "tcgdex"),
        ("The Heron Almanac", None),
    ]
    books = (await ann.get("/api/v1/catalogue/entries", params={"kind": "Book"})).json()
    assert [each["title"] for each in books] == ["The Heron Almanac"]
    assert (await bob.get("/api/v1/catalogue/entries")).json() == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "stamp", "title": "x"}, "no_such_kind"),
        ({"kind": "book"}, "invalid"),
        ({"kind": "book", "fields": {"isbn": "1"}}, "invalid"),
    ],
)
async def test_own_entries_are_checked(sign_in: SignIn, body: dict, code: str) -> None:
    person = await sign_in()
    answer = await person.post("/api/v1/catalogue/entries", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_a_correction_counts_in_identification(sign_in: SignIn, cards: ImportReport) -> None:
    ann = await sign_in()
    entry = await entry_named(ann, "base1-2")
    url = f"/api/v1/catalogue/entries/{entry['id']}/override"
    await ann.put(url, json={"title": "Schildkröterich"})
    asked = {"kind": "card", "text": "Schildkröterich 2/102"}
    found = (await ann.post("/api/v1/identify", json=asked)).json()
    assert found["candidates"][0]["catalogue_entry_id"] == entry["id"]
    assert found["candidates"][0]["title"] == "Schildkröterich"


async def test_pictures_are_served_and_go_with_their_catalogue(
    sign_in: SignIn, bring: Import, house: House, tmp_path: Path
) -> None:
    await bring(write_deck(tmp_path), "tarot")
    await bring(write_lines(tmp_path / "c.jsonl", CARDS), "tcgdex")
    owner, guest = await sign_in(), await sign_in()
    rows = await all_pages(guest, "/api/v1/catalogues/tarot/entries")
    pictured = [row["image_url"] for row in rows]
    assert [url is None for url in pictured] == [False, False, True]
    answer = await guest.get(pictured[0])
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8")
    again = await guest.get(pictured[0], headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304

    assert (await guest.delete("/api/v1/catalogues/tarot")).status_code == 403
    assert (await owner.delete("/api/v1/catalogues/tarot")).status_code == 204
    assert (await owner.delete("/api/v1/catalogues/tarot")).status_code == 404
    assert (await guest.get(pictured[0])).status_code == 404
    slugs = [each["slug"] for each in (await guest.get("/api/v1/catalogues")).json()]
    assert slugs == ["tcgdex"]
    assert [blob.key async for blob in house.services[BlobStore].list("catalogues")] == []
