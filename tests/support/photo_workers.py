"""Hiring and burying the workers of `tests.support.photo_worker`, and counting what they made."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from armarium.platform.postgres.urls import DatabaseUrls, libpq
from tests.support.kills import ROOT, Crew, WorkerProcess

GRACE = 20.0


class Nursery:
    """The process that has everything loaded, and forks workers from itself."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._turn = threading.Lock()

    def ask(self, **order: Any) -> Any:
        with self._turn:
            assert self._process.stdin
            assert self._process.stdout
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())


@contextmanager
def nursery() -> Generator[Nursery]:
    """One a test session or module; its children are ended by their crews."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.photo_worker"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Nursery(process)
    finally:
        process.communicate(timeout=GRACE)


class Forked:
    """A forked worker, with the methods of `Popen` that a `Crew` uses."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self._nursery = nursery
        self._code: int | None = None
        self.pid = pid

    def poll(self) -> int | None:
        if self._code is None:
            self._code = self._nursery.ask(poll=self.pid)
        return self._code

    def wait(self, timeout: float = GRACE) -> int:
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("worker", timeout)
            time.sleep(0.02)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@dataclass(slots=True)
class PhotoCrew(Crew):
    """Workers of the photo pipeline; `env` of each names its faults."""

    nursery: Nursery = field(kw_only=True)
    data: Path = field(kw_only=True)
    lease: float = field(kw_only=True)

    def spawn(self, **env: str) -> WorkerProcess:
        """One more worker, forked."""
        log = self.folder / f"worker-{len(self.members)}.log"
        log.touch()
        order = {
            "log": str(log),
            "env": {**self.env, **env},
            "urls": asdict(self.urls),
            "data": str(self.data),
            "scenes": str(self.folder),
            "lease": self.lease,
        }
        forked: Any = Forked(self.nursery, self.nursery.ask(spawn=order))
        member = WorkerProcess(forked, log)
        self.members.append(member)
        return member


COUNTS = """
select json_build_object(
  'scans', (select array_agg(status) from scans),
  'photos', (select array_agg(status || ' ' || done) from scan_photos),
  'detections', (select count(*) from detections),
  'states', (select array_agg(state order by position) from detections),
  'items of detections', (select count(distinct item_id) from detections),
  'items', (select count(*) from items),
  'item pictures', (select count(*) from item_images),
  'search documents', (select count(*) from search_document),
  'originals', (select count(*) from media where parent_id is null),
  'crops', (select count(*) from media where parent_id is not null),
  'held crops', (select count(*) from media where parent_id is not null and holds > 0),
  'unfinished media', (select count(*) from media where status <> 'ready'),
  'variants', (select count(*) from media_variants),
  'blobs', (select count(*) from blobs),
  'unfinished blobs', (select count(*) from blobs where state <> 'stored'),
  'events', (select json_object_agg(type, n) from
    (select type, count(*) n from events group by type) e))
"""


def counts(urls: DatabaseUrls) -> Mapping[str, Any]:
    """What the whole database holds of scans and of what came of them."""
    with psycopg.connect(libpq(urls.admin)) as connection:
        row = connection.execute(COUNTS.encode()).fetchone()
    assert row
    return row[0]


def job_of(photo_id: str | UUID) -> str:
    """The job of a photo."""
    return f"photo:{photo_id}"
