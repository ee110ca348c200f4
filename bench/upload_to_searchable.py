"""From the upload of a photo to its item being found by search; prints JSON.

    python bench/upload_to_searchable.py [--data FOLDER] [--photos 20] [--batch 10] [--size WxH]

Against the real product: `armarium up` in a folder of its own, the tarot catalogue imported and
described, photos composed of one card each (bench/sheets.py: plain, wood, cloth), sent to
POST /scans and followed by the event stream. The clock starts before the request and stops when
GET /search answers with the item. Steps are the workers' own checkpoints. Every photo is measured
a second time by the baseline in the same run: the same steps called one after the other in this
process, on the same database, files and models, without workflow, queue and HTTP. Processor
seconds are those of all processes of the product, which a busy machine does not blur.
"""

# ruff: noqa: E402  # run by hand, from its folder

import argparse
import asyncio
import json
import os
import statistics
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

import cv2
import httpx2
import numpy as np

import sheets
from _product import Product, command, machine, product, sign_up, spread, until_quiet
from armarium.entry.databases import urls_of
from armarium.entry.house import House
from armarium.entry.settings import Settings
from armarium.entry.wiring import build
from armarium.features.media import MediaKeeper, MediaService
from armarium.features.recognition import (
    IdentificationService,
    PhotoPipeline,
    ProcessPhoto,
    ScanService,
)
from armarium.features.recognition.service.scans import Upload
from armarium.features.search import SearchQuery, SearchService
from armarium.platform.database import Scope
from armarium.platform.http.principal import Principal
from armarium.platform.observability import configure_logging

DATA = Path(os.environ.get("ARMARIUM_TEST_DATA", "/nowhere"))
FORM = {"kind": "card"}
ENDED = {"done", "failed"}
BACKGROUNDS = ("plain", "wood", "cloth")
"""Where one photo has one item; a busy background adds boxes that are none."""


def photos(folder: Path, count: int, size: tuple[int, int], seed: int) -> list[bytes]:
    """Photos of one card each, of different cards where there are enough."""
    rng = np.random.default_rng(seed)
    scans = sorted(folder.glob("*.jpg"))
    chosen = rng.permutation(len(scans))
    made: list[bytes] = []
    for n in range(count):
        path = scans[chosen[n % len(scans)]]
        card = (path.stem, cv2.imread(str(path)))
        background = BACKGROUNDS[n % len(BACKGROUNDS)]
        made.append(sheets.compose(rng, [card], background, size=size).jpeg())
    return made


class Follower:
    """Listens to the event stream as the web app does; wakes who waits for a scan."""

    def __init__(self, address: str, token: str) -> None:
        self._address = address
        self._token = token
        self._ended: dict[str, int] = defaultdict(int)
        self._changed = threading.Condition()
        self._open = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        self._open.wait(30)

    def wait(self, scan_id: str, photos: int, within_s: float) -> None:
        """Until so many photos of the scan have ended."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended[scan_id] >= photos, within_s)

    def _listen(self) -> None:
        headers = {"Authorization": self._token, "Accept": "text/event-stream"}
        with httpx2.stream(
            "GET", f"{self._address}/api/v1/events", headers=headers, timeout=None
        ) as answer:
            self._open.set()
            for line in answer.iter_lines():
                if not line.startswith("data:"):
                    continue
                event = json.loads(line[5:])
                facts = event.get("data", {})
                if event.get("type") == "ScanProgressed" and facts.get("note") in ENDED:
                    with self._changed:
                        self._ended[facts["scan_id"]] += 1
                        self._changed.notify_all()


class Door:
    """The product as a client sees it."""

    def __init__(self, running: Product, client: httpx2.Client) -> None:
        self._running = running
        self._client = client
        self._follower = Follower(running.address, client.headers["Authorization"])

    def scan(self, images: Sequence[bytes]) -> dict[str, Any]:
        """Upload, follow, find: seconds in all, and what the steps took."""
        before = self._running.cpu_s()
        begun = time.perf_counter()
        files = [("files", (f"{n}.jpg", image, "image/jpeg")) for n, image in enumerate(images)]
        started = self._client.post("/scans", files=files, data=FORM)
        started.raise_for_status()
        accepted_s = time.perf_counter() - begun
        self._follower.wait(started.json()["id"], len(images), 600)
        scan = self._client.get(f"/scans/{started.json()['id']}").json()
        found = [each for each in scan["detections"] if each["item_id"]]
        for detection in found:
            self._until_found(detection)
        total = time.perf_counter() - begun
        jobs = [self._ended(f"/jobs/photo:{photo['id']}") for photo in scan["photos"]]
        return {
            "seconds": total,
            "answer_s": accepted_s,
            "cpu_s": {part: used - before[part] for part, used in self._running.cpu_s().items()},
            "photos": len(images),
            "detections": len(scan["detections"]),
            "searchable": len({each["media_id"] for each in found}),
            "failed": sum(photo["status"] == "failed" for photo in scan["photos"]),
            "queued_s": [seconds(job["created_at"], job["started_at"]) for job in jobs],
            "job_s": [seconds(job["started_at"], job["finished_at"]) for job in jobs],
            "steps": [step for job in jobs for step in job["steps"]],
        }

    def _ended(self, path: str) -> dict[str, Any]:
        """A job, which ends a moment after its item can be found."""
        while (job := self._client.get(path).json())["finished_at"] is None:
            time.sleep(0.02)
        return job

    def _until_found(self, detection: dict[str, Any]) -> None:
        query = {"q": detection["candidates"][0]["title"], "limit": 50}
        while True:
            answer = self._client.get("/search", params=query).json()
            if any(hit["item_id"] == detection["item_id"] for hit in answer):
                return
            time.sleep(0.01)


def seconds(begin: str, end: str) -> float:
    """Between two instants of an answer."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()


def by_step(scans: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Seconds of each step over all jobs; crops of one kind of step together."""
    taken: dict[str, list[float]] = defaultdict(list)
    for scan in scans:
        for step in scan["steps"]:
            name = step["name"].rpartition("-")[0] or step["name"]
            taken[name].append(seconds(step["started_at"], step["finished_at"]))
    return {name: spread(values) for name, values in taken.items()}


class Nowhere:
    """Takes commands and lets them go: the baseline runs the steps itself."""

    async def enqueue(self, *_command: Any, **_options: Any) -> str:
        """Nothing."""
        return ""


class InProcess:
    """The same work without the pipes."""

    def __init__(self, house: House, person: UUID) -> None:
        self._house = house
        self._principal = Principal(
            user_id=person, email="bench@example.org", space_id=person, spaces=(person,)
        )
        self._pipeline = house.get(PhotoPipeline)
        flows: Any = Nowhere()
        self._scans = ScanService(
            database=house.database,
            flows=flows,
            media=house.get(MediaService),
            keeper=house.get(MediaKeeper),
            identification=house.get(IdentificationService),
        )

    async def scan(self, image: bytes) -> dict[str, float]:
        """Seconds of each step, one after the other."""
        clock = Clock()
        upload = Upload("photo.jpg", image)
        scan = await self._scans.start(self._principal, [upload], kind="card", catalogue=None)
        person = self._principal.user_id
        job = ProcessPhoto(person, person, scan.id, scan.photos[0].id)
        clock.lap("keep")
        await self._pipeline.thumbnails(job)
        clock.lap("thumbnails")
        found = await self._pipeline.detect(job)
        clock.lap("detect")
        await self._write(self._pipeline.found, job, found)
        clock.lap("found")
        results = [await self._understand(job, each, clock) for each in found["detections"]]
        await self._write(self._pipeline.draft, job, results)
        clock.lap("draft")
        for result in results:
            if result["decision"] == "accepted":
                title = result["candidates"][0]["title"]
                service = self._house.get(SearchService)
                await service.search(self._principal, SearchQuery(text=title))
        clock.lap("search")
        return clock.laps

    async def _understand(
        self, job: ProcessPhoto, detection: dict[str, Any], clock: "Clock"
    ) -> dict[str, Any]:
        crop = detection["crop_media_id"]
        reading = await self._pipeline.read(job, crop)
        clock.lap("read")
        features = await self._pipeline.describe(job, crop)
        clock.lap("look")
        answer = await self._pipeline.identify(job, reading, features)
        clock.lap("identify")
        if answer["rotation"]:
            crop = await self._pipeline.upright(job, crop, answer["rotation"])
            clock.lap("upright")
        return {"id": detection["id"], "crop_media_id": crop, "reading": reading, **answer}

    async def _write(self, step: Any, *arguments: Any) -> None:
        scope = Scope.of_space(self._principal.space_id)
        async with self._house.database.transaction(scope) as session:
            await step(session, *arguments)


class Clock:
    """Adds up laps by name."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = defaultdict(float)
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """What went by since the last lap belongs to `name`."""
        now = time.perf_counter()
        self.laps[name] += now - self._last
        self._last = now


async def measure(running: Product, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """All scenarios on one running product."""
    size: Any = tuple(int(side) for side in options.size.split("x"))
    client = sign_up(running.address)
    running.run("catalogue", "import", str(folder / "cards.json"), "--format", "tarot")
    described_s = until_quiet(client)
    images = photos(folder, options.photos + options.batch + 3, size, options.seed)
    door = Door(running, client)
    door.scan([images[0]])  # caches of statements and files, once for all
    until_quiet(client)
    running.end_models()
    cold = door.scan([images[1]])
    warm_up = door.scan([images[2]])
    os.environ |= {name: running.env[name] for name in ("ARMARIUM_DATA", "ARMARIUM_PORT")}
    settings = Settings(inference_socket=running.inference_socket())
    house = build(settings, await asyncio.to_thread(urls_of, settings))
    baseline = InProcess(house, UUID(client.get("/me").json()["id"]))
    await baseline.scan(images[2])
    warm: list[dict[str, Any]] = []
    alone: list[dict[str, float]] = []
    for image in images[3 : 3 + options.photos]:
        warm.append(await asyncio.to_thread(door.scan, [image]))
        alone.append(await baseline.scan(image))
    batch = await asyncio.to_thread(door.scan, images[3 + options.photos :])
    await house.database.close()
    return {
        "described_s": round(described_s, 1),
        "one_photo_warm": report(warm),
        "baseline_in_process": {
            "seconds": spread(sum(laps.values()) for laps in alone),
            "steps": {name: spread(laps[name] for laps in alone) for name in alone[0]},
        },
        "first_after_idle_s": round(cold["seconds"], 3),
        "second_after_idle_s": round(warm_up["seconds"], 3),
        "photos_at_once": {
            **report([batch]),
            "per_photo_s": round(batch["seconds"] / batch["photos"], 3),
        },
    }


def report(scans: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Figures of several scans."""
    return {
        "photos": sum(scan["photos"] for scan in scans),
        "detections": sum(scan["detections"] for scan in scans),
        "searchable": sum(scan["searchable"] for scan in scans),
        "failed": sum(scan["failed"] for scan in scans),
        "seconds": spread(scan["seconds"] for scan in scans),
        "answer_s": spread(scan["answer_s"] for scan in scans),
        "cpu_s_a_photo": by_part(scans),
        "queued_s": spread(flat(scans, "queued_s")),
        "job_s": spread(flat(scans, "job_s")),
        "steps": by_step(scans),
    }


def by_part(scans: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Median processor seconds of a photo, by part of the product."""
    parts = {part for scan in scans for part in scan["cpu_s"]}
    used = {
        part: statistics.median(scan["cpu_s"].get(part, 0.0) / scan["photos"] for scan in scans)
        for part in sorted(parts)
    }
    return {part: round(value, 3) for part, value in (*used.items(), ("all", sum(used.values())))}


def flat(scans: Sequence[dict[str, Any]], name: str) -> Iterator[float]:
    """The values of all scans."""
    return (value for scan in scans for value in scan[name])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the test data")
    parser.add_argument("--photos", type=int, default=20)
    parser.add_argument("--batch", type=int, default=10)
    parser.add_argument("--size", default="1600x1200", help="pixels of a photo")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    folder = options.data / "photos" / "tarot"
    if not folder.is_dir():
        sys.exit("ARMARIUM_TEST_DATA (or --data) names no folder with photos/tarot")
    configure_logging("error", stream=sys.stderr)
    with TemporaryDirectory(prefix="armarium-bench-") as place:
        before = machine()
        with product(Path(place) / "data") as running:
            measured = asyncio.run(measure(running, folder, options))
        figures = {
            "benchmark": "upload_to_searchable",
            "command": command(sys.argv),
            "machine": {**before, "load_1m_after": machine()["load_1m"]},
            "photo": options.size,
            **measured,
        }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
