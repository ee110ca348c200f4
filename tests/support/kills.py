"""Killing real worker processes (-9) at a chosen moment of a chosen step, and watching the rest.

A pipeline's own test gives `spawn` (its worker as a process) and `enqueue` (one job), and gets a
`Survival` to assert on. What each process ran is read from its log.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from armarium.platform.postgres.urls import DatabaseUrls, libpq
from armarium.platform.processes import spawn

ROOT = Path(__file__).parents[2]
RECORDED = (
    "select function_name from dbos.operation_outputs"
    " where workflow_uuid = %s and completed_at_epoch_ms <= %s"
)
MARK = "struck"
"""Made by the process that kills itself, just before."""
STATUS = "select status, recovery_attempts from dbos.workflow_status where workflow_uuid = %s"
LIVE = "select count(*) from executors where beat_at > clock_timestamp() - interval '4 seconds'"
ENDED = {"SUCCESS", "ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}


@dataclass(slots=True)
class WorkerProcess:
    """One worker, its log in a file."""

    process: subprocess.Popen[bytes]
    log: Path

    def finished_steps(self, job_id: str) -> list[str]:
        """Steps of the job that this process ran to their end."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line[:1] == "{"]
        return [
            line["operation"]
            for line in lines
            if line.get("message") == "step"
            and line.get("status") == "done"
            and line.get("workflow_id") == job_id
        ]

    async def died(self, within: float = 30.0) -> int:
        """Wait for its end; the exit code (-9 when it was killed)."""
        deadline = time.monotonic() + within
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                raise TimeoutError(f"still alive:\n{self.log.read_text()[-3000:]}")
            await asyncio.sleep(0.02)
        return self.process.wait()


@dataclass(slots=True)
class Crew:
    """The worker processes of one test, on one database."""

    urls: DatabaseUrls
    arguments: Sequence[str]
    env: Mapping[str, str]
    folder: Path
    members: list[WorkerProcess] = field(default_factory=list[WorkerProcess])

    def spawn(self, **env: str) -> WorkerProcess:
        """One more worker."""
        log = self.folder / f"worker-{len(self.members)}.log"
        with log.open("wb") as out:
            process = spawn(
                [sys.executable, "-m", *self.arguments],
                death_signal=signal.SIGKILL,
                cwd=ROOT,
                env={**os.environ, **self.env, **env},
                output=out,
            )
        member = WorkerProcess(process, log)
        self.members.append(member)
        return member

    async def alive(self, count: int, within: float = 60.0) -> None:
        """Wait until so many hold a lease."""
        await self._until(lambda: self._scalar(LIVE) >= count, within, f"{count} workers")
        await asyncio.sleep(0.3)  # from the lease to the open queues

    async def ended(self, job_id: str, within: float) -> tuple[str, int]:
        """Wait for the job's end: its state and how often it was dispatched."""
        await self._until(lambda: self._row(STATUS, job_id)[0] in ENDED, within, "the job's end")
        state, attempts = self._row(STATUS, job_id)
        return str(state), int(str(attempts))

    def recorded(self, job_id: str) -> set[str]:
        """Names of the steps that the job had checkpointed at the kill.

        By their time: a second worker may have taken over before anybody looks.
        """
        struck_ms = (self.folder / MARK).stat().st_mtime_ns // 1_000_000
        with psycopg.connect(libpq(self.urls.admin)) as connection:
            return {row[0] for row in connection.execute(RECORDED, (job_id, struck_ms))}

    def stop(self) -> None:
        """End who is left."""
        for member in self.members:
            if member.process.poll() is None:
                member.process.send_signal(signal.SIGTERM)
        for member in self.members:
            try:
                member.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                member.process.kill()
                member.process.wait()

    def logs(self) -> str:
        return "\n".join(f"== {m.log.name}\n{m.log.read_text()[-4000:]}" for m in self.members)

    def _row(self, statement: str, *values: object) -> tuple[object, ...]:
        with psycopg.connect(libpq(self.urls.admin)) as connection:
            return connection.execute(statement.encode(), values).fetchone() or (None, None)

    def _scalar(self, statement: str) -> int:
        return int(str(self._row(statement)[0]))

    async def _until(self, holds: Callable[[], bool], within: float, what: str) -> None:
        deadline = time.monotonic() + within
        while not await asyncio.to_thread(holds):
            if time.monotonic() > deadline:
                raise TimeoutError(f"waiting for {what}:\n{self.logs()}")
            await asyncio.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Survival:
    """How a job fared that lost its worker."""

    job_id: str
    state: str
    attempts: int
    takeover_s: float
    """From the kill to the job's end."""
    repeated: set[str]
    """Steps that were checkpointed before the kill and ran again after it: must be empty."""
    runs: Counter[str]
    """How often each step ran to its end, over all processes."""


@asynccontextmanager
async def crew_of(
    urls: DatabaseUrls, folder: Path, *arguments: str, **env: str
) -> AsyncGenerator[Crew]:
    """Workers started as `python -m ARGUMENTS`; all are ended in the end."""
    crew = Crew(urls, arguments, env, folder)
    try:
        yield crew
    finally:
        await asyncio.to_thread(crew.stop)


async def survive(
    crew: Crew,
    enqueue: Callable[[], Awaitable[str]],
    fault: str,
    *,
    peer: bool,
    within: float = 15.0,
) -> Survival:
    """Let the first worker that reaches `fault` (`step:moment`) die there.

    With `peer`, a second worker is already running; without, a new one is started at once.
    """
    env = {
        "ARMARIUM_ALLOW_FAULTS": "1",
        "ARMARIUM_FAULT": fault,
        "ARMARIUM_FAULT_MARK": str(crew.folder / MARK),
    }
    workers = [crew.spawn(**env) for _ in range(2 if peer else 1)]
    await crew.alive(len(workers))
    job_id = await enqueue()
    victim = await first_to_die(crew, workers)
    killed_at = time.monotonic()
    if not peer:
        crew.spawn(**env)
    recorded = await asyncio.to_thread(crew.recorded, job_id)
    state, attempts = await crew.ended(job_id, within)
    runs: Counter[str] = Counter()
    later: set[str] = set()
    for member in crew.members:
        finished = member.finished_steps(job_id)
        runs.update(finished)
        if member is not victim:
            later.update(finished)
    return Survival(job_id, state, attempts, time.monotonic() - killed_at, recorded & later, runs)


async def first_to_die(
    crew: Crew, workers: list[WorkerProcess], within: float = 60.0
) -> WorkerProcess:
    """Wait until one of them has killed itself."""
    deadline = time.monotonic() + within
    while True:
        for worker in workers:
            if worker.process.poll() is not None:
                assert worker.process.wait() == -signal.SIGKILL, crew.logs()
                return worker
        if time.monotonic() > deadline:
            raise TimeoutError(f"nobody died:\n{crew.logs()}")
        await asyncio.sleep(0.02)
