"""What the engine says of jobs that died and were sent round again, and what a redrive undoes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope
from armarium.platform.events import Events, JobFailed, JobRedriven
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from armarium.platform.workflows import Flow, Flows, Permanent, StepFailed
from armarium.platform.workflows.jobs import Job, redrive
from armarium.platform.workflows.maintenance import declare
from armarium.platform.workflows.worker import accompany
from tests.support.workflows import RunningWorker, running_worker

COUNT = text("select count(*) from events where type in ('JobFailed', 'JobRedriven')")


@dataclass(frozen=True, slots=True)
class Errand:
    space_id: UUID
    shop: str


class Shop:
    """Closed until it is opened."""

    def __init__(self) -> None:
        self.is_open = False
        self.said: list[str] = []

    async def enter(self) -> None:
        if not self.is_open:
            raise Permanent("closed")

    async def apologize(self, _session: Any) -> None:
        self.said.append("sorry")

    async def buy(self, _session: Any) -> None:
        self.said.append("bought")


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def heard() -> list[JobFailed | JobRedriven]:
    return []


@pytest.fixture
async def worker(
    shop: Shop,
    heard: list[JobFailed | JobRedriven],
    database_urls: DatabaseUrls,
    database: Database,
) -> AsyncIterator[RunningWorker]:
    """Runs errands, and a listener that fails after it has noted what it heard."""
    flows = Flows()
    declare(flows)
    events = Events(flows)

    async def run(flow: Flow, command: Errand) -> None:
        scope = Scope.of_space(command.space_id)
        try:
            await flow.step("enter", shop.enter)
        except StepFailed:
            await flow.transaction("apologize", scope, shop.apologize)
            raise
        await flow.transaction("buy", scope, shop.buy)

    async def listen(_flow: Flow, event: JobFailed | JobRedriven) -> None:
        heard.append(event)
        raise Permanent("deaf from now on")

    flows.handle(Errand, queue="errands", run=run)
    events.subscribe(JobFailed, listen, name="tests.failed")
    events.subscribe(JobRedriven, listen, name="tests.redriven")
    async with running_worker(database_urls, flows, database, events=events) as running:
        yield running


async def fail(worker: RunningWorker, space: UUID) -> Job:
    job = await worker.run(Errand(space, "bakery"), Scope.of_space(space))
    assert job.status == "failed"
    await worker.idle()
    return job


async def send_round(worker: RunningWorker, job: Job) -> None:
    async with worker.database.transaction(Scope()) as session:
        await redrive(session, worker.flows, job)
    await worker.idle()


async def test_subscribers_hear_once_that_a_job_died_and_that_it_goes_round_again(
    worker: RunningWorker, heard: list[JobFailed | JobRedriven], shop: Shop
) -> None:
    space = new_id()
    job = await fail(worker, space)
    facts = {
        "space_id": space,
        "job_id": job.id,
        "name": "Errand",
        "command": {"space_id": str(space), "shop": "bakery"},
    }
    assert heard == [JobFailed(**facts)]
    shop.is_open = True
    await send_round(worker, job)
    assert heard == [JobFailed(**facts), JobRedriven(**facts)]


async def test_a_delivery_that_fails_tells_nobody(
    worker: RunningWorker, heard: list[JobFailed | JobRedriven], database: Database
) -> None:
    """Else its failing would be delivered too, and fail, for ever."""
    space = new_id()
    await fail(worker, space)
    async with database.transaction(Scope.of_space(space)) as session:
        assert await session.scalar(COUNT) == 1
    assert len(heard) == 1


async def test_a_job_given_up_after_its_workers_died_is_told_of_too(
    worker: RunningWorker,
    heard: list[JobFailed | JobRedriven],
    database: Database,
    database_urls: DatabaseUrls,
) -> None:
    space = new_id()
    job_id = "errand:killer"
    with psycopg.connect(libpq(database_urls.admin), autocommit=True) as connection:
        connection.execute(
            "create function kill_thrice() returns trigger language plpgsql as $$"
            " begin new.recovery_attempts := 3; return new; end $$"
        )
        connection.execute(
            "create trigger kill_thrice before insert on dbos.workflow_status for each row"
            f" when (new.workflow_uuid = '{job_id}') execute function kill_thrice()"
        )
    async with database.transaction(Scope.of_space(space)) as session:
        await worker.flows.enqueue(session, Errand(space, "mill"), workflow_id=job_id)
    job = await worker.finish(job_id)
    assert job.error
    assert job.error.code == "worker_killed"
    await worker.idle()
    assert [(type(each), each.job_id) for each in heard] == [(JobFailed, job_id)]


async def test_a_transaction_in_the_place_of_one_undone_runs(
    worker: RunningWorker, shop: Shop
) -> None:
    """Both are the job's second step: the first run's outcome must not answer for the other."""
    job = await fail(worker, new_id())
    shop.is_open = True
    await send_round(worker, job)
    assert (await worker.finish(job.id)).status == "done"
    assert shop.said == ["sorry", "bought"]


async def test_an_idle_worker_is_one_whose_next_job_is_far_off(
    worker: RunningWorker, shop: Shop
) -> None:
    shop.is_open = True
    space = new_id()
    async with worker.database.transaction(Scope.of_space(space)) as session:
        later = await worker.flows.enqueue(session, Errand(space, "tonight"), delay=3600.0)
        soon = await worker.flows.enqueue(session, Errand(space, "bakery"), delay=0.1)
    await worker.idle()
    statuses = [await worker.jobs.find(job, Scope(), everything=True) for job in (soon, later)]
    assert [job and job.status for job in statuses] == ["done", "queued"]


async def test_a_stop_that_meets_a_notification_is_a_stop() -> None:
    """The wait ended in the same turn of the loop as the task was cancelled."""
    swept = asyncio.Event()

    class Sweeper:
        channel = "test_sweeps"
        every = 60.0

        async def sweep(self) -> None:
            swept.set()

    wake = asyncio.Event()
    task = asyncio.create_task(accompany(Sweeper(), wake))
    await swept.wait()
    for _turn in range(3):
        await asyncio.sleep(0)
    wake.set()
    await asyncio.sleep(0)
    task.cancel()
    done, _running = await asyncio.wait([task], timeout=2.0)
    assert task in done
    assert task.cancelled()
