"""The worker's door: the real process, from its start to SIGTERM."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from armarium.entry import worker as door
from armarium.entry.wiring import House
from armarium.platform.database import Scope
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.platform.workflows import Flows
from armarium.platform.workflows.jobs import Jobs
from armarium.platform.workflows.maintenance import CleanUpJobs
from tests.support.kills import Crew, crew_of
from tests.support.workflows import finished


@pytest.fixture
async def crew(database_urls: DatabaseUrls, tmp_path: Path) -> AsyncIterator[Crew]:
    env = {
        "ARMARIUM_APP_DATABASE_URL": database_urls.app,
        "ARMARIUM_MIGRATOR_DATABASE_URL": database_urls.migrator,
        "ARMARIUM_WORKER_DATABASE_URL": database_urls.worker,
        "ARMARIUM_DATA": str(tmp_path / "data"),
    }
    async with crew_of(database_urls, tmp_path, "armarium.entry.cli", "worker", **env) as crew:
        yield crew


async def clean_up(house: House) -> str:
    async with house.database.transaction(Scope()) as session:
        return await house.get(Flows).enqueue(session, CleanUpJobs())


async def test_the_process_runs_jobs_and_ends_when_told(crew: Crew, house: House) -> None:
    worker = crew.spawn()
    await crew.alive(1)
    job = await finished(Jobs(house.database), await clean_up(house))
    assert job.status == "done"
    assert worker.finished_steps(job.id) == ["clean_up"]
    os.kill(worker.process.pid, signal.SIGTERM)
    told = time.monotonic()
    assert await worker.died() == 0, crew.logs()
    assert time.monotonic() - told < 10
    assert (await Jobs(house.database).load()).workers == 0
    await house.database.close()


async def test_a_house_works_in_this_process(house: House) -> None:
    stop = asyncio.Event()
    working = asyncio.create_task(door.run(house, stop))
    job = await finished(Jobs(house.database), await clean_up(house))
    stop.set()
    await working
    assert job.status == "done"
