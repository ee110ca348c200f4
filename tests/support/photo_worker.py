"""The product's worker with scripted eyes, as processes that can be killed.

`python -m tests.support.photo_worker` loads the house once and then forks a worker for each line
of JSON on stdin: importing costs seconds, and a matrix of kills needs a hundred processes.
`tests.support.photo_workers` is the other end.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from armarium.entry.house import House
from armarium.entry.settings import Settings
from armarium.entry.wiring import build
from armarium.entry.worker import worker_of
from armarium.platform.observability import configure_logging
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.platform.workflows import faults
from armarium.platform.workflows.retries import Retries
from armarium.platform.workflows.worker import Tuning
from tests.support.eyes import Eyes, Thing

SCENES = "scenes.json"


def keep_scenes(eyes: Eyes, photos: dict[str, bytes], folder: Path) -> None:
    """Write photos and what they show, for the workers' eyes."""
    shown = {}
    for name, photo in photos.items():
        (folder / name).write_bytes(photo)
        shown[name] = [vars(thing) for thing in eyes.scene_of(photo)]
    (folder / SCENES).write_text(json.dumps(shown))


async def open_eyes(folder: Path) -> Eyes:
    """The eyes of a worker that knows all crops, also those that a dead one cut."""
    eyes = Eyes()
    for name, things in json.loads((folder / SCENES).read_text()).items():
        photo = (folder / name).read_bytes()
        eyes.remember(photo, [Thing(**thing) for thing in things])
        await eyes.detect(photo)
    return eyes


async def work(order: dict[str, Any]) -> None:
    """Run jobs until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    eyes = await open_eyes(Path(order["scenes"]))
    house: House = build(
        Settings(data=Path(order["data"])), DatabaseUrls(**order["urls"]), vision=eyes, reader=eyes
    )
    lease = float(order["lease"])
    tuning = Tuning(
        retries=Retries(first=0.05), lease=lease, gone=min(2.0, lease / 2), beat=min(1.0, lease / 4)
    )
    worker = worker_of(house, tuning)
    await worker.start()
    await stop.wait()
    await worker.stop()
    await house.database.close()


def become_worker(order: dict[str, Any]) -> None:
    """In the forked child: never returns."""
    code = 1
    try:
        out = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.environ.update(order["env"])
        faults.FAULT = faults.chosen_fault()
        configure_logging("info", stream=os.fdopen(1, "w", buffering=1))
        asyncio.run(work(order))
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


def serve() -> None:
    """One order a line: `{"spawn": …}`, `{"poll": pid}`; one answer a line."""
    for line in sys.stdin:
        order = json.loads(line)
        if "spawn" in order:
            pid = os.fork()
            if pid == 0:
                become_worker(order["spawn"])
            answer = pid
        else:
            ended, status = os.waitpid(order["poll"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if ended else None
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
