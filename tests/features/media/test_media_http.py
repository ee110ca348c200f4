"""Uploads and pictures at the HTTP door, with the worker that makes the thumbnails."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pyvips
import time_machine
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import text

from armarium.entry.wiring import House
from armarium.features.media import MAX_UPLOAD_BYTES
from armarium.kit.ids import new_id
from armarium.platform.database import Scope
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.platform.workflows import Flows
from armarium.ports.blobs import BlobStore
from tests.support import pictures
from tests.support.api import client_of
from tests.support.media import presign, send_picture
from tests.support.workflows import RunningWorker, running_worker

SignIn = Callable[..., Awaitable[AsyncClient]]


@pytest.fixture(scope="module")
async def worker(
    app: FastAPI, house: House, module_database_urls: DatabaseUrls
) -> AsyncIterator[RunningWorker]:
    assert app.state.services, "the house has begun, and ends with its application"
    async with running_worker(module_database_urls, house.get(Flows), house.database) as running:
        yield running


async def objects(house: House, client: AsyncClient) -> list[Path]:
    """What lies in a person's part of the store, thumbnails aside: the worker is making them."""
    space = (await client.get("/api/v1/me")).json()["space_id"]
    folder = house.settings.data / "blobs" / space
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file for file in files if file.parent.name != "thumbnails"]


async def events_of(house: House, client: AsyncClient, kind: str) -> list[dict[str, Any]]:
    space = (await client.get("/api/v1/me")).json()["space_id"]
    async with house.database.transaction(Scope(spaces=(space,))) as session:
        rows = await session.execute(
            text("select data from events where type = :kind"), {"kind": kind}
        )
        return [row.data for row in rows]


@pytest.fixture
def visitor(app: FastAPI) -> AsyncClient:
    """Nobody."""
    return client_of(app)


class TestTicket:
    async def test_from_ticket_to_thumbnails(
        self, sign_in: SignIn, worker: RunningWorker, house: House
    ) -> None:
        person = await sign_in()
        data = pictures.picture(300, 200)
        upload = await presign(person, size=len(data))
        ticket = upload["upload"]
        assert (ticket["method"], ticket["max_bytes"]) == ("PUT", len(data))
        visitor = AsyncClient(transport=person._transport, base_url=person.base_url)
        sent = await visitor.put(ticket["url"], content=data, headers=ticket["headers"])
        assert sent.status_code == 204, sent.text
        done = await person.post(f"/api/v1/uploads/{upload['id']}/complete")
        assert done.status_code == 200, done.text
        assert done.json()["status"] == "stored"
        assert (done.json()["width"], done.json()["height"]) == (300, 200)
        assert (await worker.finish(f"media:{upload['id']}")).status == "done"
        media = (await person.get(f"/api/v1/media/{upload['id']}")).json()
        assert media["status"] == "ready"
        assert media["sha256"] == hashlib.sha256(data).hexdigest()
        assert media["placeholder"].startswith("data:image/webp")
        for side in (128, 256, 512):
            got = await person.get(media["urls"][str(side)])
            assert got.headers["content-type"] == "image/webp"
            assert pyvips.Image.new_from_buffer(got.content, "").width == min(side, 300)
        assert (await person.get(media["urls"]["original"])).content == data
        (event,) = await events_of(house, person, "ImageProcessed")
        assert event["media_id"] == upload["id"]
        assert event["item_id"] is None
        assert event["user_id"] == (await person.get("/api/v1/me")).json()["id"]
        assert event["bucket"] == "local"
        assert event["original_key"].endswith(f"{upload['id']}.jpg")
        assert event["thumbnail_key"].endswith(f"thumbnails/{upload['id']}-512.webp")

    async def test_a_ticket_used_again_changes_nothing_that_was_checked(
        self, sign_in: SignIn, visitor: AsyncClient
    ) -> None:
        """The same ticket once replaced an original that had been checked and completed."""
        person = await sign_in()
        data, other = pictures.picture(60, 40), pictures.picture(50, 30)
        upload = await presign(person, size=len(data))
        ticket = upload["upload"]
        await visitor.put(ticket["url"], content=data, headers=ticket["headers"])
        await person.post(f"/api/v1/uploads/{upload['id']}/complete")
        await visitor.put(ticket["url"], content=other, headers=ticket["headers"])
        await person.post(f"/api/v1/uploads/{upload['id']}/complete")
        kept = await person.get(f"/api/v1/media/{upload['id']}/original")
        assert kept.content == data

    async def test_the_older_path_is_the_same(self, sign_in: SignIn, visitor: AsyncClient) -> None:
        person = await sign_in()
        body = {"filename": "a.png", "content_type": "IMAGE/PNG", "size": 10}
        assert (await person.post("/api/v1/upload/presign", json=body)).status_code == 200
        assert (await visitor.post("/api/v1/upload/presign", json=body)).status_code == 401

    async def test_completing_twice_is_completing_once(self, sign_in: SignIn) -> None:
        person = await sign_in()
        upload = await presign(person)
        await person.put(upload["upload"]["url"], content=pictures.picture())
        first = await person.post(f"/api/v1/uploads/{upload['id']}/complete")
        second = await person.post(f"/api/v1/uploads/{upload['id']}/complete")
        assert first.json() == second.json()

    async def test_nothing_sent_is_said(self, sign_in: SignIn) -> None:
        person = await sign_in()
        upload = await presign(person)
        done = await person.post(f"/api/v1/uploads/{upload['id']}/complete")
        assert (done.status_code, done.json()["code"]) == (409, "upload_incomplete")
        assert (await person.get(upload["media"]["urls"]["original"])).status_code == 404

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"size": MAX_UPLOAD_BYTES + 1}, "upload_too_large"),
            ({"content_type": "image/svg+xml"}, "unsupported_image"),
            ({"content_type": "text/html"}, "unsupported_image"),
            ({"size": 0}, None),
        ],
    )
    async def test_what_could_not_be_kept_gets_no_ticket(
        self, sign_in: SignIn, change: dict[str, Any], code: str | None
    ) -> None:
        person = await sign_in()
        body = {"filename": "x", "content_type": "image/jpeg", "size": 10, **change}
        answer = await person.post("/api/v1/uploads/presign", json=body)
        assert answer.status_code in {413, 415, 422}
        if code:
            assert answer.json()["code"] == code

    async def test_the_folder_takes_no_byte_more_than_the_ticket_says(
        self, sign_in: SignIn, house: House
    ) -> None:
        person = await sign_in()
        upload = await presign(person)
        url = upload["upload"]["url"]

        async def flood() -> AsyncIterator[bytes]:
            for _ in range(27):
                yield b"x" * 10_000

        sent = await person.put(url, content=flood(), headers={"Content-Type": "image/jpeg"})
        assert (sent.status_code, sent.json()["code"]) == (413, "upload_beyond_ticket")
        assert sent.json()["limit_bytes"] == 100_000
        assert await objects(house, person) == []

    async def test_a_store_that_took_more_than_was_announced_is_not_believed(
        self, sign_in: SignIn, house: House
    ) -> None:
        """Tickets were once good for 25 MB, whatever size had been declared."""
        person = await sign_in()
        data = pictures.picture(300, 200)
        upload = await presign(person, size=len(data) - 1)
        space = (await person.get("/api/v1/me")).json()["space_id"]
        await house.get(BlobStore).put(f"{space}/incoming/{upload['id']}", data)
        done = await person.post(f"/api/v1/uploads/{upload['id']}/complete")
        assert (done.status_code, done.json()["code"]) == (413, "upload_beyond_ticket")
        assert await objects(house, person) == []

    async def test_the_same_bytes_by_ticket_are_kept_once(
        self, sign_in: SignIn, house: House, worker: RunningWorker
    ) -> None:
        """Only pictures sent through the API were compared with what was there."""
        person = await sign_in()
        data = pictures.picture(90, 70)
        first = await send_picture(person, data)
        sent = []
        for _ in range(2):
            upload = await presign(person, size=len(data))
            await person.put(upload["upload"]["url"], content=data)
            done = await person.post(f"/api/v1/uploads/{upload['id']}/complete")
            assert done.json()["sha256"] == hashlib.sha256(data).hexdigest()
            again = await person.post(f"/api/v1/uploads/{upload['id']}/complete")
            assert again.status_code == 200
            sent.append(done.json())
        assert len(await objects(house, person)) == 1
        for each in (first, sent[0]):
            await worker.finish(f"media:{each['id']}")
            assert (await person.delete(f"/api/v1/media/{each['id']}")).status_code == 204
        await worker.finish(f"media:{sent[1]['id']}")
        assert (await person.get(sent[1]["urls"]["original"])).content == data

    async def test_links_die_and_can_not_be_bent(self, sign_in: SignIn) -> None:
        person = await sign_in()
        upload = await presign(person)
        url = upload["upload"]["url"]
        assert (await person.put(url[:-2], content=b"x")).status_code == 403
        assert (await person.get(url)).status_code == 403
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
            late = await person.put(url, content=b"x")
        assert (late.status_code, late.json()["code"]) == (403, "blob_url_refused")

    @pytest.mark.parametrize(
        ("data", "code", "status"),
        [
            (pictures.SVG, "unsupported_image", 415),
            (pictures.HTML, "unsupported_image", 415),
            (pictures.png_header(60_000, 60_000), "too_many_pixels", 422),
            (pictures.fake_heic(), "broken_image", 422),
            (b"\xff\xd8\xff\xe0" + pictures.HTML, "broken_image", 422),
        ],
    )
    async def test_hostile_bytes_are_gone_after_completion(
        self, sign_in: SignIn, house: House, data: bytes, code: str, status: int
    ) -> None:
        person = await sign_in()
        upload = await presign(person)
        await person.put(upload["upload"]["url"], content=data)
        done = await person.post(f"/api/v1/uploads/{upload['id']}/complete")
        assert (done.status_code, done.json()["code"]) == (status, code)
        assert await objects(house, person) == []
        assert (await person.get(f"/api/v1/media/{upload['id']}")).status_code == 404

    async def test_a_png_that_calls_itself_jpeg_is_taken_for_what_it_is(
        self, sign_in: SignIn
    ) -> None:
        person = await sign_in()
        upload = await presign(person)
        await person.put(upload["upload"]["url"], content=pictures.picture(kind="png"))
        done = await person.post(f"/api/v1/uploads/{upload['id']}/complete")
        assert done.json()["content_type"] == "image/png"


class TestDirect:
    async def test_send_and_see(self, sign_in: SignIn, worker: RunningWorker) -> None:
        person = await sign_in()
        data = pictures.with_place()
        media = await send_picture(person, data, filename="../../C:\\photos\\my front.jpg")
        assert media["filename"] == "my front.jpg"
        assert (await person.get(media["urls"]["512"])).status_code == 404
        await worker.finish(f"media:{media['id']}")
        assert (await person.get(media["urls"]["original"])).content == data
        for name in ("128", "256", "512", "display"):
            got = await person.get(media["urls"][name])
            assert got.status_code == 200
            assert b"SecretPhone" not in got.content
        again = await person.get(f"/api/v1/media/{media['id']}/display")
        assert again.status_code == 200

    async def test_too_large_and_empty(self, sign_in: SignIn) -> None:
        person = await sign_in()
        big = await person.post("/api/v1/media", files={"file": b"x" * (MAX_UPLOAD_BYTES + 1)})
        assert (big.status_code, big.json()["code"]) == (413, "upload_too_large")
        empty = await person.post("/api/v1/media", files={"file": ("a.jpg", b"", "image/jpeg")})
        assert (empty.status_code, empty.json()["code"]) == (422, "upload_empty")
        wrong = await person.post("/api/v1/media", files={"file": ("a.jpg", pictures.SVG)})
        assert (wrong.status_code, wrong.json()["code"]) == (415, "unsupported_image")

    async def test_the_same_bytes_are_kept_once(self, sign_in: SignIn, house: House) -> None:
        person = await sign_in()
        data = pictures.picture()
        one, two = await send_picture(person, data), await send_picture(person, data)
        assert one["id"] != two["id"]
        assert len(await objects(house, person)) == 1
        assert (await person.delete(f"/api/v1/media/{one['id']}")).status_code == 204
        assert (await person.get(two["urls"]["original"])).content == data

    async def test_a_broken_photo_fails_in_words(
        self, sign_in: SignIn, worker: RunningWorker, house: House
    ) -> None:
        person = await sign_in()
        whole = pictures.picture(400, 300)
        media = await send_picture(person, whole[: len(whole) // 2])
        job = await worker.finish(f"media:{media['id']}")
        assert job.status == "done", "the file is at fault, not the job"
        shown = (await person.get(f"/api/v1/media/{media['id']}")).json()
        assert (shown["status"], shown["problem"]) == ("failed", "broken_image")
        assert (await events_of(house, person, "ImageFailed"))[0]["problem"] == "broken_image"

    async def test_bytes_leave_with_safe_headers(self, sign_in: SignIn) -> None:
        person = await sign_in()
        media = await send_picture(person, pictures.polyglot(), filename="a\r\nX-Evil: 1.html")
        got = await person.get(media["urls"]["original"])
        assert got.headers["content-type"] == "image/jpeg"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in got.headers["content-security-policy"]
        assert got.headers["cache-control"].startswith("private")
        assert "x-evil" not in got.headers
        tag = got.headers["etag"]
        again = await person.get(media["urls"]["original"], headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")

    async def test_what_browsers_do_not_show_is_a_download(self, sign_in: SignIn) -> None:
        person = await sign_in()
        media = await send_picture(person, pictures.picture(kind="tif"), filename="scan é.tif")
        got = await person.get(media["urls"]["original"])
        assert got.headers["content-disposition"].startswith("attachment")

    async def test_a_link_works_without_logging_in_and_then_dies(
        self, sign_in: SignIn, visitor: AsyncClient
    ) -> None:
        person = await sign_in()
        data = pictures.picture()
        media = await send_picture(person, data)
        link = (await person.post(f"/api/v1/media/{media['id']}/link")).json()
        got = await visitor.get(link["url"])
        assert got.content == data
        tag = {"If-None-Match": got.headers["etag"]}
        assert (await visitor.get(link["url"], headers=tag)).status_code == 304
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
            assert (await visitor.get(link["url"])).status_code == 403

    async def test_what_a_link_gave_is_not_kept_longer_than_the_link(
        self, sign_in: SignIn, visitor: AsyncClient
    ) -> None:
        """Browsers were told to keep it for a day; and each link was another address."""
        person = await sign_in()
        media = await send_picture(person)
        quarter = int(datetime.now(UTC).timestamp()) // 900 * 900 + 900
        with time_machine.travel(datetime.fromtimestamp(quarter + 60, UTC), tick=False) as clock:
            link = (await person.post(f"/api/v1/media/{media['id']}/link")).json()
            clock.shift(60)
            again = (await person.post(f"/api/v1/media/{media['id']}/link")).json()
            assert again["url"] == link["url"]
            clock.shift(600)
            got = await visitor.get(link["url"])
            left = datetime.fromisoformat(link["expires_at"]) - datetime.now(UTC)
            assert got.headers["cache-control"] == f"private, max-age={int(left.total_seconds())}"
            assert left < timedelta(minutes=4)
            later = (await person.post(f"/api/v1/media/{media['id']}/link")).json()
            assert later["url"] != link["url"]

    async def test_idempotency_key_makes_one_picture(self, sign_in: SignIn) -> None:
        person = await sign_in()
        data, key = pictures.picture(), {"Idempotency-Key": str(new_id())}
        boundary = {"Content-Type": "multipart/form-data; boundary=b"}
        form = (
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
            b"Content-Type: image/jpeg\r\n\r\n" + data + b"\r\n--b--\r\n"
        )
        one, two = [
            await person.post("/api/v1/media", content=form, headers={**key, **boundary})
            for _ in range(2)
        ]
        assert one.status_code == two.status_code == 201
        assert one.json()["id"] == two.json()["id"]


class TestOthers:
    async def test_another_space_sees_nothing(
        self, sign_in: SignIn, worker: RunningWorker, visitor: AsyncClient
    ) -> None:
        owner, stranger = await sign_in(), await sign_in()
        media = await send_picture(owner)
        upload = await presign(owner)
        await worker.finish(f"media:{media['id']}")
        mine = f"/api/v1/media/{media['id']}"
        for path in (mine, f"{mine}/128", f"{mine}/original", f"{mine}/display"):
            assert (await owner.get(path)).status_code == 200
            assert (await stranger.get(path)).status_code == 404
            assert (await visitor.get(path)).status_code == 401
        assert (await stranger.delete(mine)).status_code == 404
        assert (await stranger.post(f"{mine}/link")).status_code == 404
        done = await stranger.post(f"/api/v1/uploads/{upload['id']}/complete")
        assert done.status_code == 404
        assert (await owner.get(mine)).status_code == 200

    async def test_bytes_equal_to_anothers_are_not_shared(
        self, sign_in: SignIn, house: House
    ) -> None:
        data = pictures.picture()
        for _ in range(2):
            person = await sign_in()
            await send_picture(person, data)
            assert len(await objects(house, person)) == 1
