"""What we use of DBOS that it does not promise, and what becomes of work that lost its worker."""

import asyncio
import inspect
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import psycopg
import pytest
from dbos import DBOS
from dbos import _queue as dbos_queue
from dbos._sys_db import SystemDatabase

from armarium.kit.instants import now
from armarium.platform.database import Database, Scope
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from armarium.platform.workflows import Flow, Flows, schedule
from armarium.platform.workflows.doorbell import Doorbell
from armarium.platform.workflows.maintenance import declare
from armarium.platform.workflows.migrate import migrate_engine
from armarium.platform.workflows.pulse import HOLD
from armarium.platform.workflows.schedule import keep_time, last_tick, next_tick, tick_id
from tests.support.workflows import FAST, running_worker


@dataclass(frozen=True, slots=True)
class Chore:
    note: str = ""


@pytest.fixture
def runs() -> list[str]:
    return []


@pytest.fixture
def flows(runs: list[str]) -> Flows:
    flows = Flows()
    declare(flows)

    async def note(what: str) -> None:
        runs.append(what)

    async def run(flow: Flow, command: Chore) -> None:
        await flow.step("note", note, command.note)

    flows.handle(Chore, queue="chores", run=run)
    return flows


def test_the_version_is_the_one_that_these_tests_know() -> None:
    """An upgrade is a change of its own: read engine.py beside DBOS's changes, then raise this."""
    assert version("dbos") == "3.4.0"


def test_the_loop_of_a_queue_waits_on_the_event_that_it_is_given() -> None:
    loop = inspect.signature(dbos_queue.queue_worker_thread)
    assert list(loop.parameters) == ["stop_event", "dbos", "queue"]
    assert "stop_event.wait(timeout=" in inspect.getsource(dbos_queue.queue_worker_thread)


def test_recovery_is_limited_to_the_executors_that_are_named() -> None:
    assert "executor_ids" in inspect.signature(DBOS._recover_pending_workflows).parameters
    assert "queue_name" in inspect.signature(SystemDatabase.rewind_workflow).parameters
    assert "queue_name" in inspect.signature(SystemDatabase.resume_workflows).parameters


async def test_no_thread_sleeps_for_messages_that_are_not_used(
    flows: Flows, database: Database, database_urls: DatabaseUrls
) -> None:
    """A stop waited for its sleep, a second at most."""
    assert "target=self._sys_db.run_notifier" in inspect.getsource(DBOS._launch)
    async with running_worker(database_urls, flows, database):
        for thread in threading.enumerate():
            if "run_notifier" in thread.name:
                thread.join(10)
                assert not thread.is_alive()


async def test_work_of_a_dead_worker_is_taken_over(
    flows: Flows, runs: list[str], database: Database, database_urls: DatabaseUrls
) -> None:
    """As the kill tests, without the processes: the row says that somebody gone is running it."""
    async with database.transaction(Scope()) as session:
        job = await flows.enqueue(session, Chore("orphan"))
    with psycopg.connect(libpq(database_urls.admin), autocommit=True) as connection:
        connection.execute(
            "update dbos.workflow_status set status = 'PENDING', executor_id = 'gone',"
            " application_version = '1', recovery_attempts = 1"
        )
    async with running_worker(database_urls, flows, database) as worker:
        assert (await worker.finish(job)).attempts == 2
    assert runs == ["orphan"]


async def test_a_worker_that_keeps_its_connection_is_given_longer(
    flows: Flows, runs: list[str], database: Database, database_urls: DatabaseUrls
) -> None:
    """A machine so busy that no beat gets through is no death; an ended connection is one."""
    async with database.transaction(Scope()) as session:
        job = await flows.enqueue(session, Chore("starved"))
    tuning = replace(FAST, lease=30.0)
    with (
        psycopg.connect(libpq(database_urls.admin), autocommit=True) as admin,
        psycopg.connect(libpq(database_urls.worker), autocommit=True) as starved,
    ):
        starved.execute(HOLD, ("starved",))
        admin.execute(
            "insert into executors (id, host, pid, beat_at)"
            " values ('starved', '', 0, now() - interval '5 s')"
        )
        admin.execute(
            "update dbos.workflow_status set status = 'PENDING', executor_id = 'starved',"
            " application_version = '1', recovery_attempts = 1"
        )
        async with running_worker(database_urls, flows, database, tuning=tuning) as worker:
            await worker.run(Chore("mine"))
            await asyncio.sleep(1.0)
            assert runs == ["mine"]
            starved.close()
            assert (await worker.finish(job)).attempts == 2
    assert runs == ["mine", "starved"]


async def test_a_worker_outlives_the_loss_of_its_connections(
    flows: Flows, runs: list[str], database: Database, database_urls: DatabaseUrls
) -> None:
    """A restart of the database: notifications are lost meanwhile, jobs are not."""
    async with running_worker(database_urls, flows, database) as worker:
        await worker.run(Chore("before"))
        with psycopg.connect(libpq(database_urls.admin), autocommit=True) as connection:
            connection.execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
        await worker.run(Chore("after"))
    assert runs == ["before", "after"]


async def test_a_stopped_worker_gives_its_lease_back(
    flows: Flows, database: Database, database_urls: DatabaseUrls
) -> None:
    async with running_worker(database_urls, flows, database) as worker:
        assert (await worker.jobs.load()).workers == 1
        jobs = worker.jobs
    assert (await jobs.load()).workers == 0


def test_the_engines_schema_is_made_once(database_urls: DatabaseUrls) -> None:
    begun = time.monotonic()
    migrate_engine(database_urls.migrator)
    assert time.monotonic() - begun < 1.0
    with psycopg.connect(libpq(database_urls.admin), autocommit=True) as connection:
        connection.execute("comment on schema dbos is 'of an older version'")
        connection.execute("drop trigger armarium_moved on dbos.workflow_status")
    migrate_engine(database_urls.migrator)
    with psycopg.connect(libpq(database_urls.admin), autocommit=True) as connection:
        triggers = connection.execute(
            "select tgname from pg_trigger where tgname like 'armarium%' order by 1"
        ).fetchall()
    assert triggers == [("armarium_enqueued",), ("armarium_moved",)]


def test_a_doorbell_wakes_at_once_looks_twice_and_says_stop_only_when_closed() -> None:
    bell = Doorbell(lambda: False)
    threading.Timer(0.05, bell.ring).start()
    begun = time.monotonic()
    assert bell.wait(10) is False
    assert bell.wait(10) is False  # the second look after a ring
    assert time.monotonic() - begun < 5
    bell.set()
    assert bell.wait(10) is True


def test_a_busy_queue_is_looked_at_more_often() -> None:
    begun = time.monotonic()
    assert Doorbell(lambda: True).wait(10) is False
    assert time.monotonic() - begun < 5


def test_ticks_are_named_alike_everywhere(flows: Flows) -> None:
    flows.cron("nightly", "0 30 3 * * *", Chore())
    cron = flows.crons["nightly"]
    tick = next_tick(cron, datetime(2026, 1, 2, 4, tzinfo=UTC))
    assert tick_id(cron, tick) == "cron:nightly:2026-01-03T03:30:00Z"


async def test_a_night_that_was_slept_through_is_made_up_once(
    flows: Flows,
    database: Database,
    database_urls: DatabaseUrls,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two starts, and two workers at each: one job for one tick."""
    flows.cron("nightly", "0 30 3 * * *", Chore("care"))
    monkeypatch.setattr(schedule, "SETTLED", timedelta(0))
    for _ in range(2):
        keepers = [asyncio.create_task(keep_time(flows, database)) for _ in range(2)]
        await asyncio.sleep(0.5)
        for each in keepers:
            each.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)
    with psycopg.connect(libpq(database_urls.admin)) as admin:
        found = admin.execute("select id from jobs where id like 'cron:nightly:%'").fetchall()
    assert [each[0] for each in found] == [
        tick_id(flows.crons["nightly"], last_tick(flows.crons["nightly"], now()))
    ]


async def test_stops_in_the_middle_are_no_deaths(
    flows: Flows, database: Database, database_urls: DatabaseUrls
) -> None:
    """A long job outlives any number of nights on which somebody turns the machine off."""
    begun, may_end = asyncio.Event(), asyncio.Event()

    @dataclass(frozen=True)
    class Long:
        pass

    async def long(_flow: Flow, _command: Long) -> None:
        begun.set()
        await may_end.wait()

    flows.handle(Long, queue="chores", run=long)
    async with database.transaction(Scope()) as session:
        job_id = await flows.enqueue(session, Long())
    for _ in range(4):
        begun.clear()
        async with running_worker(database_urls, flows, database, grace=0.1):
            async with asyncio.timeout(20):
                await begun.wait()
    may_end.set()
    async with running_worker(database_urls, flows, database) as worker:
        assert (await worker.finish(job_id)).status == "done"


async def test_one_loop_serves_jobs_and_callers(
    flows: Flows, database: Database, database_urls: DatabaseUrls
) -> None:
    """Jobs run on the loop that started the worker, so both may share a connection pool."""
    loops: list[asyncio.AbstractEventLoop] = []

    @dataclass(frozen=True)
    class Where:
        pass

    async def where(_flow: Flow, _command: Where) -> None:
        loops.append(asyncio.get_running_loop())

    flows.handle(Where, queue="chores", run=where)
    async with running_worker(database_urls, flows, database) as worker:
        await worker.run(Where())
    assert loops == [asyncio.get_running_loop()]
