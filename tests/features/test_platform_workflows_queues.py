"""Workers that serve some queues: a fleet may give each kind of work rights of its own."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from armarium.entry import worker as door
from armarium.entry.settings import Settings
from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from armarium.platform.workflows import Flow, Flows
from armarium.platform.workflows.maintenance import declare
from armarium.platform.workflows.worker import UnknownQueue, Worker
from tests.support.api import make_house
from tests.support.kill_pipeline import STEPS, Develop, new_flows
from tests.support.kills import crew_of, first_to_die
from tests.support.workflows import running_worker

WHERE = "select status, executor_id, queue_name from dbos.workflow_status where workflow_uuid = %s"


@dataclass(frozen=True, slots=True)
class Darken:
    plate: str


@dataclass(frozen=True, slots=True)
class Frame:
    plate: str


def studio(done: list[str]) -> Flows:
    flows = Flows()
    declare(flows)

    async def darken(_flow: Flow, command: Darken) -> None:
        done.append(f"darkened {command.plate}")

    async def frame(_flow: Flow, command: Frame) -> None:
        done.append(f"framed {command.plate}")

    flows.handle(Darken, queue="photos", run=darken)
    flows.handle(Frame, queue="frames", run=frame)
    return flows


async def test_a_worker_of_one_queue_leaves_the_others_waiting(
    database_urls: DatabaseUrls, database: Database
) -> None:
    done: list[str] = []
    flows = studio(done)
    async with database.transaction(Scope()) as session:
        waiting = await flows.enqueue(session, Frame("1"))
    async with running_worker(database_urls, flows, database, queues=("photos",)) as worker:
        await worker.run(Darken("1"))
        worker.worker._heard("arm_work", "frames")  # a notification of theirs is none of ours
        await worker.run(Darken("2"))
        left = await worker.jobs.find(waiting, Scope(), everything=True)
        assert left is not None
        assert (left.status, left.attempts) == ("queued", 0)
    assert done == ["darkened 1", "darkened 2"]


async def test_the_worker_of_the_other_queue_runs_what_waited(
    database_urls: DatabaseUrls, database: Database
) -> None:
    done: list[str] = []
    flows = studio(done)
    async with database.transaction(Scope()) as session:
        waiting = await flows.enqueue(session, Frame("1"))
    async with running_worker(database_urls, flows, database, queues=("frames",)) as worker:
        assert (await worker.finish(waiting)).status == "done"
    assert done == ["framed 1"]


async def test_an_unknown_queue_is_refused_with_those_that_exist(database: Database) -> None:
    with pytest.raises(UnknownQueue, match=r"called phtos; there are frames, maintenance, photos"):
        Worker(studio([]), database=database, url="postgresql:///x", queues=["phtos", "photos"])


async def test_the_settings_say_which(
    database_urls: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARMARIUM_WORKER_QUEUES", "scans, media")
    house = make_house(database_urls, tmp_path, worker_queues=Settings().worker_queues)
    served = [queue.name for queue in door.worker_of(house)._queues]
    assert sorted(served) == ["media", "scans"]
    await house.stop()


def test_the_command_ends_with_a_sentence(
    database_urls: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARMARIUM_WORKER_QUEUES", "scan")
    monkeypatch.setenv("ARMARIUM_DATA", str(tmp_path))
    monkeypatch.setattr(door, "urls_of", lambda _settings: database_urls)
    monkeypatch.setattr(door, "configure_logging", lambda *_: None)
    with pytest.raises(SystemExit, match=r"ARMARIUM_WORKER_QUEUES: .* scan; there are .*scans"):
        door.main()


async def test_a_photo_of_a_killed_worker_waits_for_one_of_its_queue(
    database_urls: DatabaseUrls, database: Database, tmp_path: Path
) -> None:
    """Whoever finds the dead puts their job back, and takes it only when it serves its queue."""
    with psycopg.connect(libpq(database_urls.admin), autocommit=True) as connection:
        connection.execute("create table effects (job text, step text)")
        connection.execute("grant select, insert on effects to arm_app")
    env = {
        "TEST_APP_URL": database_urls.app,
        "TEST_WORKER_URL": database_urls.worker,
        "TEST_LEASE": "0.8",
    }
    async with crew_of(database_urls, tmp_path, "tests.support.kill_pipeline", **env) as crew:
        fault = {"ARMARIUM_ALLOW_FAULTS": "1", "ARMARIUM_FAULT": "thumbnails:inside"}
        photographer = crew.spawn(TEST_QUEUES="photos", **fault)
        caretaker = crew.spawn(TEST_QUEUES="maintenance")
        await crew.alive(2)
        space = new_id()
        async with database.transaction(Scope.of_space(space)) as session:
            job = await new_flows(database).enqueue(session, Develop(space))
        await first_to_die(crew, [photographer])
        for _ in range(100):
            status, _executor, queue = crew._row(WHERE, job)
            if status == "ENQUEUED":
                break
            await asyncio.sleep(0.05)
        assert (status, queue) == ("ENQUEUED", "photos")
        crew.spawn(TEST_QUEUES="photos")
        assert await crew.ended(job, 15.0) == ("SUCCESS", 2)
        assert caretaker.finished_steps(job) == []
        assert len(crew.members[2].finished_steps(job)) == len(STEPS) - 1
