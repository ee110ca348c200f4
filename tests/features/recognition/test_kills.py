"""Real workers of the photo pipeline, killed with -9 at every step: nothing lost, nothing twice.

The scan comes in at the HTTP door; the workers are processes of their own. One case runs always,
the whole matrix with `make test-all`.
"""

import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import pytest
from httpx2 import AsyncClient

from armarium.entry.house import House
from armarium.platform.workflows.pulse import LEASE
from tests.features.recognition.conftest import import_cards
from tests.support.eyes import Eyes, Thing
from tests.support.kills import Survival, survive
from tests.support.photo_worker import keep_scenes
from tests.support.photo_workers import Nursery, PhotoCrew, counts, job_of, nursery

PATIENCE = 15.0
"""Seconds from a kill to the end of the job."""

STEPS = (
    "thumbnails",
    "detect",
    "found",
    "read-0",
    "read-1",
    "look-0",
    "look-1",
    "read",
    "identify-0",
    "identify-1",
    "upright-0",
    "identified",
    "draft",
)

WHOLE = {
    "scans": ["done"],
    "photos": ["done 5"],
    "detections": 2,
    "states": ["accepted", "open"],
    "items of detections": 1,
    "items": 1,
    "item pictures": 2,
    "search documents": 1,
    "originals": 1,
    "crops": 3,  # two as cut, one turned upright
    "held crops": 2,
    "unfinished media": 0,
    "variants": 12,
    "blobs": 16,
    "unfinished blobs": 0,
}
"""What a photo of a readable card lying on its side and of a scrawl leaves, killed or not."""
EVENTS = {"ImageProcessed": 1, "AnalysisComplete": 2, "ItemCreated": 1}


@pytest.fixture(scope="module")
def forks() -> Iterator[Nursery]:
    with nursery() as process:
        yield process


@dataclass
class Darkroom:
    """A person's scan, and the workers that it meets."""

    client: AsyncClient
    crew: PhotoCrew
    photo: bytes

    async def upload(self) -> str:
        """Scan the photo; its job's id."""
        files = [("files", ("table.jpg", self.photo, "image/jpeg"))]
        answer = await self.client.post("/api/v1/scans", files=files, data={"kind": "card"})
        assert answer.status_code == 202, answer.text
        (scan,) = await self.get("/scans")
        return job_of((await self.get(f"/scans/{scan['id']}"))["photos"][0]["id"])

    async def get(self, path: str) -> Any:
        answer = await self.client.get(f"/api/v1{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def scan(self, status: str) -> dict[str, Any]:
        """The only scan, once it has this status."""
        (listed,) = await self.get("/scans")
        path = f"/scans/{listed['id']}"
        with anyio.fail_after(PATIENCE):
            while (scan := await self.get(path))["status"] != status:  # noqa: ASYNC110
                await anyio.sleep(0.02)  # a process of its own is at work
        return scan


@pytest.fixture
async def darkroom(
    house: House,
    eyes: Eyes,
    sign_in: Callable[..., Awaitable[AsyncClient]],
    forks: Nursery,
    tmp_path: Path,
) -> AsyncIterator[Darkroom]:
    await import_cards(house, tmp_path)
    photo = eyes.show(Thing("Charizard 4/102", rotation=90), "scrawl")
    keep_scenes(eyes, {"table.jpg": photo}, tmp_path)
    crew = PhotoCrew(
        house.urls, (), {}, tmp_path, nursery=forks, data=house.settings.data, lease=0.8
    )
    try:
        yield Darkroom(await sign_in(), crew, photo)
    finally:
        await anyio.to_thread.run_sync(crew.stop)


def assert_exactly_once(darkroom: Darkroom, survival: Survival) -> None:
    assert survival.state == "SUCCESS"
    assert survival.attempts == 2
    assert survival.takeover_s < PATIENCE
    assert survival.repeated == set()
    assert set(survival.runs) == set(STEPS)
    assert_whole(darkroom)


def assert_whole(darkroom: Darkroom) -> None:
    found = counts(darkroom.crew.urls)
    assert {name: found[name] for name in WHOLE} == WHOLE
    assert {name: found["events"].get(name) for name in EVENTS} == EVENTS


async def test_a_peer_finishes_the_photo_of_a_killed_worker(darkroom: Darkroom) -> None:
    survival = await survive(darkroom.crew, darkroom.upload, "draft:inside", peer=True)
    assert_exactly_once(darkroom, survival)
    assert survival.runs["draft"] == 2  # it ran again, and found its outcome


@pytest.mark.slow
async def test_a_photo_that_kills_its_worker_each_time_fails_and_can_be_tried_again(
    darkroom: Darkroom,
) -> None:
    fault = {"ARMARIUM_ALLOW_FAULTS": "1", "ARMARIUM_FAULT": "read-1:before"}
    workers = [darkroom.crew.spawn(**fault)]
    await darkroom.crew.alive(1)
    job = await darkroom.upload()
    workers.extend(darkroom.crew.spawn(**fault) for _ in range(2))
    for worker in workers:
        assert await worker.died() == -signal.SIGKILL
    darkroom.crew.spawn()  # a healthy one, which gives the job up
    failed = await darkroom.scan("failed")
    assert "stopped unexpectedly" in failed["error"]
    assert [each["state"] for each in failed["detections"]] == ["open", "open"]
    assert len(await darkroom.get("/review")) == 2
    (letter,) = await darkroom.get("/dead-letters")
    assert (letter["id"], letter["error"]["code"]) == (job, "worker_killed")

    assert (await darkroom.client.post(f"/api/v1/dead-letters/{job}/redrive")).status_code == 202
    done = await darkroom.scan("done")
    assert done["error"] is None
    assert_whole(darkroom)


# Before a step is after the one that went before it, so only the first wave has that case.
FAULTS = (
    "thumbnails:before",
    "detect:before",
    *(f"{step}:{when}" for step in STEPS for when in ("inside", "after")),
)


@pytest.mark.slow
@pytest.mark.parametrize("peer", [False, True], ids=["alone", "with a peer"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_every_step_survives_a_kill(
    darkroom: Darkroom,
    fault: str,
    *,
    peer: bool,
) -> None:
    darkroom.crew.lease = LEASE
    survival = await survive(darkroom.crew, darkroom.upload, fault, peer=peer, within=PATIENCE)
    assert_exactly_once(darkroom, survival)
