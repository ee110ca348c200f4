"""A worker inside the test's own event loop, with waits made short."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text

from armarium.platform.database import Database, Scope
from armarium.platform.events import Dispatcher, Events
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.platform.workflows import Flows
from armarium.platform.workflows.jobs import Job, Jobs
from armarium.platform.workflows.retries import Retries
from armarium.platform.workflows.worker import Companion, Tuning, Worker

PENDING = text(
    "select (select count(*) from engine.queue_depths())"
    " + (select count(*) from dbos.workflow_status where status = 'DELAYED'"
    "    and delay_until_epoch_ms < (extract(epoch from now()) + :within) * 1000)"
    " + (select count(*) from events where dispatched_at is null)"
)
FAST = Tuning(retries=Retries(first=0.01, factor=2.0, attempts=3), lease=0.6, gone=0.3, beat=0.1)


class RunningWorker:
    """What a test holds: wait for jobs, enqueue, look."""

    def __init__(self, worker: Worker, flows: Flows, database: Database) -> None:
        self.worker = worker
        self.flows = flows
        self.database = database
        self.jobs = Jobs(database)

    async def run(self, command: Any, scope: Scope | None = None, **options: Any) -> Job:
        """Enqueue in a transaction of its own and wait for the end."""
        async with self.database.transaction(scope or Scope()) as session:
            job_id = await self.flows.enqueue(session, command, **options)
        return await self.finish(job_id)

    async def finish(self, job_id: str, within: float = 20.0) -> Job:
        """Wait until the job is done or failed."""
        return await finished(self.jobs, job_id, within)

    async def idle(self, within: float = 20.0) -> None:
        """Wait until nothing is queued, running, or undelivered.

        A job delayed for longer than we wait (a nightly sweep) is none of our business.
        """
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if not await asyncio.to_thread(self._pending, within):
                return
            await asyncio.sleep(0.01)
        raise TimeoutError("the worker is still busy")

    def _pending(self, within: float) -> int:
        with self.worker._engine.sql().begin() as connection:
            return connection.execute(PENDING, {"within": within}).scalar_one()


async def finished(jobs: Jobs, job_id: str, within: float = 20.0) -> Job:
    deadline = time.monotonic() + within
    while True:
        job = await jobs.find(job_id, Scope(), everything=True)
        if job is not None and job.status in {"done", "failed", "cancelled"}:
            return job
        if time.monotonic() > deadline:
            raise TimeoutError(f"{job_id} is {job and job.status}")
        await asyncio.sleep(0.005)


@asynccontextmanager
async def running_worker(
    urls: DatabaseUrls,
    flows: Flows,
    database: Database,
    *,
    events: Events | None = None,
    companions: tuple[Companion, ...] = (),
    tuning: Tuning = FAST,
    queues: tuple[str, ...] = (),
    grace: float = 2.0,
) -> AsyncIterator[RunningWorker]:
    """The engine on the test's database and loop; one at a time in a process."""
    if events is not None:
        companions = (*companions, Dispatcher(events, flows, database))
    worker = Worker(
        flows,
        database=database,
        url=urls.worker,
        companions=companions,
        tuning=tuning,
        queues=queues,
    )
    await worker.start()
    try:
        yield RunningWorker(worker, flows, database)
    finally:
        await worker.stop(grace=grace)
