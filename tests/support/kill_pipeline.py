"""A pipeline shaped like the photo's, as a worker process: `python -m tests.support.kill_pipeline`.

Steps, a wave, a transaction, a step. Each step notes what it did in the table `effects`.
"""

import asyncio
import os
import signal
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.platform.database import Database, Scope
from armarium.platform.observability import configure_logging
from armarium.platform.workflows import Flow, Flows, Step
from armarium.platform.workflows.maintenance import declare
from armarium.platform.workflows.retries import Retries
from armarium.platform.workflows.worker import Tuning, Worker

STEPS = ("decode", "thumbnails", "read-0", "read-1", "read-2", "draft", "index")
NOTE = text("insert into effects (job, step) values (:job, :step)")


@dataclass(frozen=True, slots=True)
class Develop:
    """One photo."""

    space_id: UUID


def pipeline(flows: Flows, database: Database) -> None:
    """Register the pipeline; the enqueuing test and the worker both do."""

    async def work(job: str, step: str) -> str:
        async with database.transaction(Scope()) as session:
            await session.execute(NOTE, {"job": job, "step": step})
        return step

    async def draft(session: AsyncSession, job: str) -> str:
        await session.execute(NOTE, {"job": job, "step": "draft"})
        return "drafted"

    async def develop(flow: Flow, command: Develop) -> None:
        job = flow.workflow_id
        for step in ("decode", "thumbnails"):
            await flow.step(step, work, job, step)
        await flow.gather(*(Step(f"read-{n}", work, (job, f"read-{n}")) for n in range(3)))
        await flow.transaction("draft", Scope.of_space(command.space_id), draft, job)
        await flow.step("index", work, job, "index")

    flows.handle(Develop, queue="photos", run=develop)


def new_flows(database: Database) -> Flows:
    flows = Flows()
    declare(flows)
    pipeline(flows, database)
    return flows


async def main() -> None:
    """Run until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    database = Database(os.environ["TEST_APP_URL"])
    lease = float(os.environ.get("TEST_LEASE", "9"))
    tuning = Tuning(
        retries=Retries(first=0.05), lease=lease, gone=min(2.0, lease / 2), beat=min(1.0, lease / 4)
    )
    worker = Worker(
        new_flows(database),
        database=database,
        url=os.environ["TEST_WORKER_URL"],
        tuning=tuning,
        queues=os.environ.get("TEST_QUEUES", "").split(),
    )
    await worker.start()
    await stop.wait()
    await worker.stop()
    await database.close()


if __name__ == "__main__":
    configure_logging("info")
    asyncio.run(main())
