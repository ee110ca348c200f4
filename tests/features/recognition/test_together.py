"""Scans beside scans: photos at once, failures and second tries, strangers, and late workers."""

import asyncio
from typing import Any
from uuid import UUID

import anyio
import pytest
from sqlalchemy import text

from armarium.features.media import MediaService
from armarium.features.recognition import PhotoPipeline, ProcessPhoto
from armarium.features.recognition.service.pipeline import LOOKS_AT_ONCE
from armarium.kit.ids import new_id
from armarium.platform.database import Scope
from tests.features.recognition.conftest import CARDS
from tests.support.eyes import Eyes, Thing
from tests.support.pictures import picture


async def me(studio: Any) -> UUID:
    return UUID((await studio.get("/me"))["id"])


async def send(studio: Any, *photos: bytes) -> str:
    files = [("files", (f"{n}.jpg", photo, "image/jpeg")) for n, photo in enumerate(photos)]
    answer = await studio.client.post("/api/v1/scans", files=files, data={"kind": "card"})
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


async def ended(studio: Any, scan_id: str) -> dict[str, Any]:
    """The scan, once it and each of its photos have come to an end."""
    return await studio.until(
        f"/scans/{scan_id}",
        lambda scan: all(each["status"] in {"done", "failed"} for each in (scan, *scan["photos"])),
    )


async def delivered(studio: Any, space: UUID) -> None:
    """Wait until the room has been told of the job that failed."""
    deliveries = text("select id from jobs where name = 'DeliverEvent'")
    with anyio.fail_after(20):
        while True:
            async with studio.house.database.transaction(Scope.of_space(space)) as session:
                ids = (await session.scalars(deliveries)).all()
            if ids:
                break
            await anyio.sleep(0.02)
    for job_id in ids:
        assert (await studio.worker.finish(job_id)).status == "done"


async def redrive(studio: Any) -> None:
    """Send the only dead letter round again, and wait until it is done."""
    (letter,) = await studio.get("/dead-letters")
    await studio.post(f"/dead-letters/{letter['id']}/redrive", status=202)
    await studio.until(f"/jobs/{letter['id']}", lambda job: job["status"] == "done")


@pytest.mark.slow
async def test_ten_photos_at_once_end_once_and_progress_never_goes_back(studio):
    names = [CARDS[n % len(CARDS)] for n in range(10)]
    photos = [studio.eyes.show(f"{name} {CARDS.index(name) + 1}/102", "scrawl") for name in names]
    path = f"/scans/{await send(studio, *photos)}"
    seen: list[int] = []
    with anyio.fail_after(60):
        while (scan := await studio.get(path))["status"] in {"queued", "running"}:
            seen.append(scan["progress"]["done"])
            await anyio.sleep(0.01)
    assert scan["status"] == "done"
    assert scan["progress"] == {"done": 50, "total": 50, "note": ""}
    assert seen == sorted(seen)
    titles = [each["candidates"][0]["title"] for each in scan["detections"] if each["item_id"]]
    assert titles == names  # in the order of the photos
    assert len(await studio.get("/items")) == 10
    assert await studio.get("/review/count") == {"waiting": 10}


async def test_a_failed_photo_among_good_ones_is_tried_again(studio):
    unknown = picture(600, 300)
    scan = await ended(studio, await send(studio, studio.eyes.show("Charizard 4/102"), unknown))
    assert [photo["status"] for photo in scan["photos"]] == ["done", "failed"]
    assert (scan["status"], "nobody wrote down" in scan["error"]) == ("done", True)

    studio.eyes.remember(unknown, [Thing("Gyarados 6/102"), Thing("scrawl")])
    await redrive(studio)
    scan = await studio.get(f"/scans/{scan['id']}")
    assert [photo["status"] for photo in scan["photos"]] == ["done", "done"]
    assert (scan["status"], scan["error"]) == ("done", None)
    assert scan["progress"] == {"done": 10, "total": 10, "note": ""}
    assert len(scan["detections"]) == 3
    assert {item["title"] for item in await studio.get("/items")} == {"Charizard", "Gyarados"}


async def test_what_a_failed_photo_shows_can_be_named_by_hand(studio, monkeypatch):
    """Reading fails for good after the boxes were found; a person decides one of them."""

    async def refuse(_self: Any, _image: bytes, **_options: Any) -> None:
        raise RuntimeError("no more ink")

    with monkeypatch.context() as broken:
        broken.setattr(Eyes, "read", refuse)
        scan = await studio.scan(studio.eyes.show("Charizard 4/102", "Gyarados 6/102"), kind="card")
    assert "no more ink" in scan["error"]
    assert [each["state"] for each in scan["detections"]] == ["open", "open"]
    first = scan["detections"][0]["id"]
    named = {"title": "Torn card", "kind": "card"}
    decided = await studio.post(f"/detections/{first}/choose", named)

    await redrive(studio)
    scan = await studio.get(f"/scans/{scan['id']}")
    assert scan["status"] == "done"
    assert scan["detections"][0]["item_id"] == decided["item_id"]
    assert scan["detections"][1]["decision"] == "accepted"
    titles = {item["title"] for item in await studio.get("/items")}
    assert titles == {"Torn card", "Gyarados"}


async def test_a_split_that_cannot_be_read_waits_in_the_inbox(studio, monkeypatch):
    scan = await studio.scan(studio.eyes.show("scrawl", "scribble"), kind="card")
    (first, _second) = (each["id"] for each in scan["detections"])
    boxes = [
        [[0, 0], [150, 0], [150, 300], [0, 300]],
        [[310, 0], [590, 0], [590, 300], [310, 300]],
    ]

    async def refuse(_self: Any, _image: bytes, **_options: Any) -> None:
        raise RuntimeError("no more ink")

    with monkeypatch.context() as broken:
        broken.setattr(Eyes, "read", refuse)
        made = await studio.post(f"/detections/{first}/split", {"boxes": boxes})
        found = [await studio.read(each["id"]) for each in made]
    assert [each["state"] for each in found] == ["open", "open"]
    assert all(each["crop_url"] for each in found)
    await redrive(studio)
    found = [await studio.get(f"/detections/{each['id']}") for each in made]
    assert [each["ocr"]["text"] for each in found] == ["scrawl", "scribble"]
    await studio.post(f"/detections/{made[0]['id']}/undo")
    assert len(await studio.get("/review")) == 2


async def test_a_job_for_a_photo_of_another_space_touches_nothing(studio, sign_in):
    scan = await studio.scan(studio.eyes.show("scrawl"), kind="card")
    stranger = await sign_in()
    space = UUID((await stranger.get("/api/v1/me")).json()["id"])
    forged = ProcessPhoto(space, space, UUID(scan["id"]), UUID(scan["photos"][0]["id"]))
    job = await studio.worker.run(forged, Scope.of_space(space))
    assert job.status == "failed"
    await delivered(studio, space)
    assert await studio.get(f"/scans/{scan['id']}") == scan
    assert (await stranger.get("/api/v1/scans")).json() == []


async def test_a_scan_removed_in_the_middle_leaves_no_item(studio, monkeypatch):
    looking, gone = asyncio.Event(), asyncio.Event()
    see = Eyes.detect

    async def slowly(self: Eyes, image: bytes, **options: Any) -> Any:
        looking.set()
        await gone.wait()
        return await see(self, image, **options)

    monkeypatch.setattr(Eyes, "detect", slowly)
    scan_id = await send(studio, studio.eyes.show("Charizard 4/102"))
    await looking.wait()
    space = await me(studio)
    async with studio.house.database.transaction(Scope.of_space(space)) as session:
        await session.execute(text("delete from scans where id = :id"), {"id": UUID(scan_id)})
    gone.set()
    await delivered(studio, space)
    (letter,) = await studio.get("/dead-letters")
    assert "removed" in letter["error"]["message"]
    assert await studio.get("/items") == []
    assert (await studio.client.get(f"/api/v1/scans/{scan_id}")).status_code == 404


async def test_the_same_photo_twice_at_once_is_two_scans_over_one_file(studio):
    photo = studio.eyes.show("Charizard 4/102")
    first, second = await asyncio.gather(send(studio, photo), send(studio, photo))
    scans = [await ended(studio, scan) for scan in (first, second)]
    items = {scan["detections"][0]["item_id"] for scan in scans}
    assert [scan["status"] for scan in scans] == ["done", "done"]
    assert len(items) == 2
    media = studio.house.get(MediaService)
    ids = [UUID(each["media_id"]) for scan in scans for each in scan["photos"]]
    pictures = await media.many(Scope.of_space(await me(studio)), ids)
    assert len(pictures) == 2
    assert all(each.status == "ready" for each in pictures.values())


async def test_a_worker_taken_for_dead_says_nothing_more(studio):
    """It wakes up after another one finished its photo, and reports the step it was at."""
    scan = await studio.scan(studio.eyes.show("Charizard 4/102"), kind="card")
    space = await me(studio)
    late = ProcessPhoto(space, space, UUID(scan["id"]), UUID(scan["photos"][0]["id"]))
    await studio.house.get(PhotoPipeline).step_done(late, 3, "identifying")
    assert await studio.get(f"/scans/{scan['id']}") == scan


async def test_many_things_are_looked_at_a_few_at_a_time(studio, monkeypatch):
    """More calls at once than the models' process lets wait would be turned away."""
    busy, most = 0, 0
    read = Eyes.read

    async def counted(self: Eyes, image: bytes, **options: Any) -> Any:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await anyio.sleep(0.002)
        busy -= 1
        return await read(self, image, **options)

    monkeypatch.setattr(Eyes, "read", counted)
    monkeypatch.setattr("tests.support.eyes.SIDE", 40)
    scan = await studio.scan(studio.eyes.show(*(f"scrawl {new_id()}" for _ in range(20))))
    assert len(scan["detections"]) == 20
    assert 1 < most <= LOOKS_AT_ONCE
