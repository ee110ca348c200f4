"""Catalogues at the HTTP door: browse, search, correct, own entries, import, pictures."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import AsyncClient

from armarium.entry.wiring import House
from armarium.features.catalogue import CatalogueTidying, ImportReport, TidyCatalogues
from armarium.features.catalogue.service import tidying
from armarium.ports.blobs import BlobStore
from tests.features.catalogue.conftest import Import
from tests.support.catalogues import CARDS, SHELF, write_deck, write_lines
from tests.support.workflows import RunningWorker

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


class TestImport:
    async def send(self, person: AsyncClient, data: bytes, **form: str | list[str]):
        return await person.post(
            "/api/v1/catalogues/imports", files={"file": ("shelf.csv", data)}, data=form
        )

    async def test_by_an_admin_as_a_job(
        self, sign_in: SignIn, worker: RunningWorker, house: House
    ) -> None:
        owner = await sign_in()
        answer = await self.send(
            owner, SHELF.encode(), format="CSV", catalogue="library", map=["tag=-", "series=series"]
        )
        assert answer.status_code == 202, answer.text
        assert (await worker.finish(answer.json()["job_id"])).status == "done"
        (shown,) = (await owner.get("/api/v1/catalogues")).json()
        assert (shown["slug"], shown["entry_count"], shown["state"]) == ("library", 5, "ready")
        told = shown["last_import"]
        assert (told["file_name"], told["state"], told["read"], told["added"]) == (
            "shelf.csv",
            "done",
            7,
            5,
        )
        assert sum(each["count"] for each in told["skipped"].values()) == 2
        left = [blob.key async for blob in house.services[BlobStore].list("catalogues")]
        assert left == []

    async def test_a_bad_file_is_a_dead_letter(
        self, sign_in: SignIn, worker: RunningWorker
    ) -> None:
        owner = await sign_in()
        answer = await self.send(owner, b"", format="csv")
        job = await worker.finish(answer.json()["job_id"])
        assert job.status == "failed"

    async def test_a_file_that_turns_out_broken_leaves_nothing_importing(
        self, sign_in: SignIn, worker: RunningWorker
    ) -> None:
        owner = await sign_in()
        answer = await self.send(owner, b"[" * 100_000, format="tcgdex", catalogue="deep")
        assert (await worker.finish(answer.json()["job_id"])).status == "failed"
        (shown,) = (await owner.get("/api/v1/catalogues")).json()
        assert (shown["slug"], shown["state"]) == ("deep", "empty")
        assert shown["last_import"]["state"] == "failed"
        assert shown["last_import"]["error"]

    async def test_a_picture_as_marc_fails_in_words(
        self, sign_in: SignIn, worker: RunningWorker
    ) -> None:
        """It ended done, with an empty catalogue."""
        owner = await sign_in()
        data = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 40
        answer = await self.send(owner, data, format="marc", catalogue="Old Books")
        job = await worker.finish(answer.json()["job_id"])
        assert job.status == "failed"
        shown = (await owner.get(f"/api/v1/jobs/{job.id}")).json()
        # Read after "The import stopped: ", so no name of a step stands before it.
        assert shown["error"]["message"].startswith("“shelf.csv”: It is a JPEG picture. Expected")

    async def test_a_file_larger_than_is_taken_is_refused(
        self, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("armarium.features.catalogue.service.uploading.MAX_FILE", 10)
        answer = await self.send(await sign_in(), SHELF.encode(), format="csv")
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/file"

    async def test_the_name_that_was_given_is_kept(
        self, sign_in: SignIn, worker: RunningWorker
    ) -> None:
        owner = await sign_in()
        answer = await self.send(owner, SHELF.encode(), format="csv", catalogue="Our Library")
        assert (await worker.finish(answer.json()["job_id"])).status == "done"
        (shown,) = (await owner.get("/api/v1/catalogues")).json()
        assert (shown["slug"], shown["name"]) == ("our-library", "Our Library")

    async def test_the_name_of_a_file_leads_nowhere(
        self, sign_in: SignIn, worker: RunningWorker
    ) -> None:
        owner = await sign_in()
        for name in ("..", "../../x.csv", "n" * 400 + ".csv"):
            files = {"file": (name, b"title\nx\n")}
            form = {"format": "csv", "catalogue": "c"}
            answer = await owner.post("/api/v1/catalogues/imports", files=files, data=form)
            assert (await worker.finish(answer.json()["job_id"])).status == "done"

    async def test_refused(self, sign_in: SignIn) -> None:
        owner, guest = await sign_in(), await sign_in()
        assert (await self.send(guest, b"title\nx\n", format="csv")).status_code == 403
        assert (await self.send(owner, b"title\nx\n", format="pdf")).status_code == 422
        bad = await self.send(owner, b"title\nx\n", format="csv", map=["nonsense"])
        assert bad.json()["errors"][0]["pointer"] == "/map"
        unaddressable = await self.send(owner, b"title\nx\n", format="csv", catalogue="/")
        assert unaddressable.json()["errors"][0]["pointer"] == "/catalogue"


class TestTidying:
    """What a failed import and a replaced picture left lay in the store for ever."""

    @pytest.fixture(autouse=True)
    def settled(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tidying, "SETTLING", timedelta(0))

    async def kept(self, house: House) -> list[str]:
        return sorted([blob.key async for blob in house.services[BlobStore].list("catalogues")])

    async def failed(self, owner: AsyncClient, worker: RunningWorker) -> str:
        form, files = {"format": "csv"}, {"file": ("x.csv", b"title\n")}
        sent = await owner.post("/api/v1/catalogues/imports", files=files, data=form)
        assert (await worker.finish(sent.json()["job_id"])).status == "failed"
        return sent.json()["job_id"]

    async def test_a_failed_import_is_kept_until_it_is_dismissed(
        self, sign_in: SignIn, worker: RunningWorker, house: House
    ) -> None:
        owner = await sign_in()
        first, second = await self.failed(owner, worker), await self.failed(owner, worker)
        dismissed = await owner.delete(f"/api/v1/dead-letters/{first}")
        assert dismissed.status_code == 204, dismissed.text
        assert (await worker.run(TidyCatalogues())).status == "done"
        assert await self.kept(house) == [f"catalogues/uploads/{second}"]
        again = await owner.post(f"/api/v1/dead-letters/{second}/redrive")
        assert again.status_code == 202
        await worker.idle()
        shown = (await owner.get(f"/api/v1/jobs/{second}")).json()
        assert "no records" in shown["error"]["message"]

    async def test_a_failed_import_is_kept_for_a_week(
        self,
        sign_in: SignIn,
        worker: RunningWorker,
        house: House,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        await self.failed(await sign_in(), worker)
        monkeypatch.setattr(tidying, "KEEP", timedelta(0))
        assert (await worker.run(TidyCatalogues())).status == "done"
        assert await self.kept(house) == []

    async def test_what_waits_to_be_imported_stays(
        self, sign_in: SignIn, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tidying, "KEEP", timedelta(0))
        files = {"file": ("x.csv", SHELF.encode())}
        owner = await sign_in()
        sent = await owner.post("/api/v1/catalogues/imports", files=files, data={"format": "csv"})
        assert await house.get(CatalogueTidying).tidy() == {"deleted": 0}
        assert await self.kept(house) == [f"catalogues/uploads/{sent.json()['job_id']}"]

    async def test_a_replaced_picture_goes_and_the_others_stay(
        self, sign_in: SignIn, bring: Import, house: House, tmp_path: Path
    ) -> None:
        deck = write_deck(tmp_path)
        await bring(deck, "tarot")
        before = await self.kept(house)
        (tmp_path / "m00.jpg").write_bytes((tmp_path / "m01.jpg").read_bytes() + b"\0")
        assert (await bring(deck, "tarot")).images == 2
        assert len(await self.kept(house)) == 3
        tidied = house.get(CatalogueTidying)
        assert [await tidied.tidy(), await tidied.tidy()] == [{"deleted": 1}, {"deleted": 0}]
        assert len(set(await self.kept(house)) & set(before)) == 1
        person = await sign_in()
        rows = await all_pages(person, "/api/v1/catalogues/tarot/entries")
        for url in (row["image_url"] for row in rows if row["image_url"]):
            assert (await person.get(url)).status_code == 200


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
