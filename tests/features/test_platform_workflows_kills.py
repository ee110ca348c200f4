"""What a kill -9 may cost: nothing that was finished, and nothing done twice.

One case of each kind runs always; the whole matrix with `make test-all`.
"""

import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import psycopg
import pytest

from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from armarium.platform.workflows.faults import chosen_fault
from tests.support.kill_pipeline import STEPS, Develop, new_flows
from tests.support.kills import Crew, Survival, crew_of, survive

PATIENCE = 15.0
log = logging.getLogger(__name__)
Enqueue = Callable[[], Awaitable[str]]


@pytest.fixture
async def enqueue(database_urls: DatabaseUrls, database: Database) -> Enqueue:
    with psycopg.connect(libpq(database_urls.admin), autocommit=True) as connection:
        connection.execute("create table effects (job text, step text)")
        connection.execute("grant select, insert on effects to arm_app")
    flows = new_flows(database)

    async def one() -> str:
        space = new_id()
        async with database.transaction(Scope.of_space(space)) as session:
            return await flows.enqueue(session, Develop(space))

    return one


@pytest.fixture
async def quick(database_urls: DatabaseUrls, tmp_path: Path) -> AsyncIterator[Crew]:
    """Workers whose lease is short, so that the test is."""
    async with crew_of(database_urls, tmp_path, *PIPELINE, **env_of(database_urls, "0.8")) as crew:
        yield crew


@pytest.fixture
async def real(database_urls: DatabaseUrls, tmp_path: Path) -> AsyncIterator[Crew]:
    """Workers as they are shipped."""
    async with crew_of(database_urls, tmp_path, *PIPELINE, **env_of(database_urls, "9")) as crew:
        yield crew


PIPELINE = ("tests.support.kill_pipeline",)


def env_of(urls: DatabaseUrls, lease: str) -> dict[str, str]:
    return {"TEST_APP_URL": urls.app, "TEST_WORKER_URL": urls.worker, "TEST_LEASE": lease}


def effects(crew: Crew, job_id: str) -> dict[str, int]:
    with psycopg.connect(libpq(crew.urls.admin)) as connection:
        rows = connection.execute(
            "select step, count(*) from effects where job = %s group by step", (job_id,)
        )
        return dict(rows.fetchall())


def assert_survived(crew: Crew, survival: Survival, fault: str) -> None:
    step = fault.partition(":")[0]
    assert survival.state == "SUCCESS"
    assert survival.attempts == 2
    assert survival.takeover_s < PATIENCE
    assert survival.repeated == set()
    done = effects(crew, survival.job_id)
    assert set(done) == set(STEPS)
    # A plain step that was not checkpointed yet may run again, and so may its neighbors in a
    # wave; a transaction never.
    assert done["draft"] == 1
    in_wave = step.startswith("read")
    may_repeat = {name for name in STEPS if name.startswith("read")} if in_wave else {step}
    assert all(done[name] == 1 for name in STEPS if name not in may_repeat)
    assert all(done[name] <= 2 for name in STEPS)


async def test_a_new_worker_takes_over_from_one_killed_between_commit_and_checkpoint(
    quick: Crew, enqueue: Enqueue
) -> None:
    survival = await survive(quick, enqueue, "draft:inside", peer=False)
    assert_survived(quick, survival, "draft:inside")
    assert survival.runs["draft"] == 2  # it ran again, and found its outcome


@pytest.mark.slow
async def test_a_job_that_kills_its_worker_each_time_becomes_a_dead_letter(
    quick: Crew, enqueue: Enqueue
) -> None:
    fault = {"ARMARIUM_ALLOW_FAULTS": "1", "ARMARIUM_FAULT": "thumbnails:before"}
    workers = [quick.spawn(**fault)]
    await quick.alive(1)
    job_id = await enqueue()
    workers.extend(quick.spawn(**fault) for _ in range(2))
    for worker in workers:
        assert await worker.died() == -signal.SIGKILL
    quick.spawn()  # a healthy one, which gives the job up
    state, attempts = await quick.ended(job_id, PATIENCE)
    assert state == "MAX_RECOVERY_ATTEMPTS_EXCEEDED"
    assert attempts == 4  # three that died, and the look that gave up
    assert effects(quick, job_id) == {"decode": 1}


def test_a_fault_needs_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARMARIUM_FAULT", "decode:before")
    monkeypatch.delenv("ARMARIUM_ALLOW_FAULTS", raising=False)
    assert chosen_fault() is None
    monkeypatch.setenv("ARMARIUM_ALLOW_FAULTS", "1")
    assert chosen_fault() == "decode:before"


# Before a step is after the one that went before it, so only the first step has that case.
FAULTS = ("decode:before", *(f"{step}:{when}" for step in STEPS for when in ("inside", "after")))


@pytest.mark.slow
@pytest.mark.parametrize("peer", [False, True], ids=["alone", "with a peer"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_every_step_survives_a_kill(
    real: Crew,
    enqueue: Enqueue,
    fault: str,
    *,
    peer: bool,
) -> None:
    survival = await survive(real, enqueue, fault, peer=peer)
    assert_survived(real, survival, fault)
    log.info("%s, peer %s: done %.1f s after the kill", fault, peer, survival.takeover_s)
