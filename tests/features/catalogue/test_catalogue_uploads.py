"""Catalogue files over HTTP: imported by a job, refused, and cleared away at last."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from httpx2 import AsyncClient

from armarium.entry.wiring import House
from armarium.features.catalogue import CatalogueTidying, TidyCatalogues
from armarium.features.catalogue.service import tidying
from armarium.ports.blobs import BlobStore
from tests.features.catalogue.conftest import Import
from tests.support.catalogues import SHELF, write_deck
from tests.support.workflows import RunningWorker

SignIn = Callable[..., Awaitable[AsyncClient]]


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
        rows = (await person.get("/api/v1/catalogues/tarot/entries")).json()
        for url in (row["image_url"] for row in rows if row["image_url"]):
            assert (await person.get(url)).status_code == 200
