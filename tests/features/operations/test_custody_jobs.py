"""Archives, imports and erasures as the real worker does them, asked for at the real door."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from httpx2 import AsyncClient

from armarium.entry.wiring import House
from armarium.features.operations import Archives
from armarium.features.operations.models import CloseAccounts
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.events import Events
from armarium.platform.workflows import Flows
from armarium.ports.blobs import BlobStore
from tests.features.operations.test_archives import changed, edit_row, fill
from tests.support.workflows import RunningWorker, running_worker

SignIn = Callable[..., Awaitable[AsyncClient]]
SENT = {"Content-Type": "application/octet-stream"}


@pytest.fixture
async def worker(house: House) -> AsyncIterator[RunningWorker]:
    async with running_worker(
        house.urls, house.get(Flows), house.database, events=house.get(Events)
    ) as running:
        yield running


async def archived(person: AsyncClient, worker: RunningWorker) -> bytes:
    asked = await person.post("/api/v1/me/archives")
    assert asked.status_code == 202, asked.text
    done = await worker.finish(f"archive:{asked.json()['id']}")
    assert done.status == "done"
    ready = (await person.get(f"/api/v1/me/archives/{asked.json()['id']}")).json()
    assert ready["status"] == "ready", ready
    link = await person.post(f"/api/v1/me/archives/{asked.json()['id']}/link")
    sent = await person.get(link.json()["url"])
    assert sent.status_code == 200
    return sent.content


async def send(person: AsyncClient, data: bytes, worker: RunningWorker) -> dict[str, object]:
    asked = await person.post("/api/v1/me/imports", content=data, headers=SENT)
    assert asked.status_code == 202, asked.text
    await worker.finish(asked.json()["id"])
    (newest, *_) = (await person.get("/api/v1/me/imports")).json()
    assert newest["id"] == asked.json()["id"]
    return newest


async def uploads(house: House) -> list[str]:
    return [each.key async for each in house.services[BlobStore].list("imports")]


async def test_the_worker_makes_an_archive_and_brings_it_in_for_another(
    sign_in: SignIn, house: House, worker: RunningWorker
) -> None:
    ada, bea = await sign_in("ada@example.org"), await sign_in("bea@example.org")
    await fill(ada)
    data = await archived(ada, worker)
    brought = await send(bea, data, worker)
    assert brought["status"] == "done", brought
    progress = brought["progress"]
    assert isinstance(progress, dict)
    assert progress["note"] == (
        "Items brought in: 2. Pictures: 1. Items that were there already: 0."
    )
    assert len((await bea.get("/api/v1/items")).json()) == 2
    again = await send(bea, data, worker)
    assert again["progress"] == {
        "done": 1,
        "total": 1,
        "note": "Items brought in: 0. Pictures: 0. Items that were there already: 2.",
    }
    assert len((await bea.get("/api/v1/items")).json()) == 2
    assert (await ada.get("/api/v1/me/imports")).json() == []
    assert await uploads(house) == []


async def test_a_hostile_archive_fails_in_words_and_leaves_nothing(
    sign_in: SignIn, house: House, worker: RunningWorker
) -> None:
    ada, bea = await sign_in("ada@example.org"), await sign_in("bea@example.org")
    await fill(ada)
    stolen = changed(await archived(ada, worker), edit_row("items", kind="weapon"))
    for hostile in (stolen, b"PK\x03\x04", b"no archive"):
        told = await send(bea, hostile, worker)
        assert told["status"] == "failed"
        error = told["error"]
        assert isinstance(error, dict)
        assert error["code"] == "bad_archive", error
        assert error["message"].startswith(("items holds a row", "This file is no ZIP"))
        assert (await bea.get("/api/v1/items")).json() == []
        assert await uploads(house) == []


async def test_an_archive_says_how_far_it_is(sign_in: SignIn, house: House) -> None:
    person = await sign_in()
    space = await fill(person)
    asked = (await person.post("/api/v1/me/archives")).json()
    assert asked["progress"] is None
    told: list[tuple[int, int, str]] = []
    seen: list[dict[str, object]] = []

    async def tell(done: int, total: int, note: str) -> None:
        told.append((done, total, note))
        seen.append((await person.get(f"/api/v1/me/archives/{asked['id']}")).json())

    await house.get(Archives).make(space, UUID(asked["id"]), tell)
    assert told == [(0, 1, "Pictures")]
    assert seen[0]["status"] == "queued"


async def test_one_import_at_a_time_and_the_same_request_once(
    sign_in: SignIn, house: House
) -> None:
    """No worker runs, so the first one waits."""
    person = await sign_in()
    headers = {**SENT, "Idempotency-Key": "once"}
    first = await person.post("/api/v1/me/imports", content=b"x", headers=headers)
    assert first.status_code == 202, first.text
    assert first.json()["status"] == "queued"
    same = await person.post("/api/v1/me/imports", content=b"x", headers=headers)
    assert same.json() == first.json()
    refused = await person.post("/api/v1/me/imports", content=b"y", headers=SENT)
    assert refused.status_code == 409
    assert refused.json()["code"] == "import_under_way"
    assert len(await uploads(house)) == 1


async def test_what_a_dead_worker_left_goes_with_the_next_import_or_the_account(
    sign_in: SignIn, house: House
) -> None:
    person = await sign_in()
    space = UUID((await person.get("/api/v1/me")).json()["id"])
    blobs = house.services[BlobStore]
    await blobs.put(f"imports/{space}/left", b"x")
    await blobs.put(f"imports/{new_id()}/other", b"x")
    asked = await person.post("/api/v1/me/imports", content=b"y", headers=SENT)
    assert asked.status_code == 202, asked.text
    left = await uploads(house)
    assert len(left) == 2
    assert not any(key.endswith("/left") for key in left)
    await house.get(Archives).erase_files(space)
    assert [key for key in await uploads(house) if str(space) in key] == []


async def test_a_file_beyond_the_bound_is_not_kept(sign_in: SignIn, house: House) -> None:
    person = await sign_in()
    most = house.settings.max_upload_bytes

    async def endless() -> AsyncIterator[bytes]:
        piece = bytes(1_000_000)
        for _ in range(most // len(piece) + 2):
            yield piece

    refused = await person.post("/api/v1/me/imports", content=endless(), headers=SENT)
    assert refused.status_code == 413
    assert refused.json()["code"] == "too_large"
    assert await uploads(house) == []


async def test_an_archive_that_cannot_be_made_says_so(
    sign_in: SignIn, house: House, worker: RunningWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> dict[str, int]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(house.get(Archives), "write", full)
    person = await sign_in()
    asked = (await person.post("/api/v1/me/archives")).json()
    assert (await worker.finish(f"archive:{asked['id']}")).status == "failed"
    told = (await person.get(f"/api/v1/me/archives/{asked['id']}")).json()
    assert told["status"] == "failed"


async def test_the_worker_erases_an_account_whose_time_is_over(
    sign_in: SignIn, house: House, worker: RunningWorker
) -> None:
    await sign_in("admin@example.org")
    ada = await sign_in("ada@example.org")
    person = UUID(str(await fill(ada)))
    terms = (await ada.get("/api/v1/me/deletion")).json()
    assert terms == {"grace_days": 14, "closes_at": None}
    asked = await ada.post("/api/v1/me/deletion")
    assert asked.status_code == 202, asked.text
    await worker.idle()
    archives = [e.key async for e in house.services[BlobStore].list(f"archives/{person}")]
    assert len(archives) == 1
    with time_machine.travel(now() + timedelta(days=15), tick=True):
        assert (await worker.run(CloseAccounts())).status == "done"
        await worker.idle()
    left = [e.key async for e in house.services[BlobStore].list("") if str(person) in e.key]
    assert left == []
    gone = await ada.post(
        "/api/v1/auth/login", json={"email": "ada@example.org", "password": "Correct-Horse-42"}
    )
    assert gone.status_code == 401
