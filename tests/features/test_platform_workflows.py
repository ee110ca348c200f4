"""Durable work by the door that rooms use: Flows and Flow, on a real engine and database."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope
from armarium.platform.errors import NotFound
from armarium.platform.paging import PageParams
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from armarium.platform.workflows import Flow, Flows, Permanent, Queue, Step, StepFailed, Temporary
from armarium.platform.workflows.flows import UnknownCommand
from armarium.platform.workflows.jobs import dismiss, redrive
from armarium.platform.workflows.maintenance import CleanUpJobs, declare
from tests.support.workflows import RunningWorker, running_worker

ALL = Scope()
WRITE = text(
    "insert into events (id, space_id, type, version, source, data, dispatched_at)"
    " values (gen_random_uuid(), :space, 'T', 1, 's', '{}', now())"
)


@dataclass(frozen=True, slots=True)
class Photo:
    space_id: UUID


@dataclass(frozen=True, slots=True)
class Chore:
    note: str = ""
    ids: list[UUID] = field(default_factory=list)


Run = Callable[[Flow, Chore], Awaitable[None]]
Start = Callable[[], Awaitable[RunningWorker]]


@pytest.fixture
def flows() -> Flows:
    flows = Flows()
    declare(flows)
    return flows


@pytest.fixture
async def start(
    database_urls: DatabaseUrls, database: Database, flows: Flows
) -> AsyncIterator[Start]:
    """Start the worker once the test has registered its handlers."""
    async with AsyncExitStack() as stack:

        async def begin() -> RunningWorker:
            return await stack.enter_async_context(running_worker(database_urls, flows, database))

        yield begin


class Counter:
    """A step that notes each call, and fails as often as it is told."""

    def __init__(self, *failures: Exception) -> None:
        self.calls: list[object] = []
        self.times: list[float] = []
        self.failures = list(failures)

    async def __call__(self, *args: object) -> object:
        self.calls.append(args)
        self.times.append(time.monotonic())
        if self.failures:
            raise self.failures.pop(0)
        return len(self.calls)


def one_step(counter: Counter, name: str = "work") -> Run:
    async def run(flow: Flow, _command: Chore) -> None:
        await flow.step(name, counter)

    return run


async def test_a_job_runs_its_steps_and_ends_done(flows: Flows, start: Start) -> None:
    said: list[str] = []

    async def say(word: str) -> dict[str, object]:
        said.append(word)
        return {"word": word.upper(), "id": new_id()}

    async def run(flow: Flow, command: Chore) -> None:
        first = await flow.step("say", say, command.note)
        assert first["word"] == "HELLO"
        assert isinstance(first["id"], str)
        assert isinstance(command.ids[0], UUID)
        wave = await flow.gather(*(Step(f"branch-{n}", say, (str(n),)) for n in range(3)))
        assert [answer["word"] for answer in wave] == ["0", "1", "2"]
        await flow.progress(2, 2, "said")

    flows.handle(Chore, queue="chores", run=run)
    worker = await start()
    job = await worker.run(Chore(note="hello", ids=[new_id()]))

    assert (job.status, job.error, job.attempts) == ("done", None, 1)
    assert job.progress
    assert (job.progress.done, job.progress.total, job.progress.note) == (2, 2, "said")
    assert sorted(said) == ["0", "1", "2", "hello"]
    steps = await worker.jobs.steps(job.id, ALL, everything=True)
    assert [step.name for step in steps] == ["say", "branch-0", "branch-1", "branch-2"]
    assert all(step.error is None and step.finished_at for step in steps)


async def test_an_enqueued_job_starts_at_once_without_polling(flows: Flows, start: Start) -> None:
    """The interactive path: 5 s lie between polls, so a start within 2 s was a notification.

    bench/ measures how soon: about 7 ms after the commit on an idle machine.
    """
    counter = Counter()
    flows.handle(Chore, queue="chores", run=one_step(counter))
    worker = await start()
    await worker.run(Chore())
    waits: list[float] = []
    for _ in range(5):
        await asyncio.sleep(0.15)  # past the second look that follows a ring
        async with worker.database.transaction(ALL) as session:
            job = await flows.enqueue(session, Chore())
        committed = time.monotonic()
        await worker.finish(job)
        waits.append(counter.times[-1] - committed)
    assert max(waits) < 2.0


async def test_a_rollback_takes_the_job_with_it(
    flows: Flows, start: Start, database: Database
) -> None:
    counter = Counter()
    flows.handle(Chore, queue="chores", run=one_step(counter))
    worker = await start()
    with suppress(ZeroDivisionError):
        async with database.transaction(ALL) as session:
            job = await flows.enqueue(session, Chore())
            _ = 1 // 0
    await worker.run(Chore())
    assert len(counter.calls) == 1
    assert await worker.jobs.find(job, ALL, everything=True) is None


async def test_a_workflow_id_runs_once_however_often_it_is_enqueued(
    flows: Flows, start: Start
) -> None:
    counter = Counter()
    flows.handle(Chore, queue="chores", run=one_step(counter))
    worker = await start()
    first = await worker.run(Chore(), workflow_id="scan:7")
    again = await worker.run(Chore(note="other"), workflow_id="scan:7")
    assert first.id == again.id == "scan:7"
    assert len(counter.calls) == 1


async def test_a_failing_step_is_tried_three_times_with_growing_waits(
    flows: Flows, start: Start
) -> None:
    counter = Counter(TimeoutError("slow"), Temporary("busy"))
    flows.handle(Chore, queue="chores", run=one_step(counter))
    worker = await start()
    job = await worker.run(Chore())
    assert job.status == "done"
    first, second, third = counter.times
    assert second - first >= 0.01  # the test's policy: 10 ms, then twice that
    assert third - second >= 0.02


async def test_a_provider_may_ask_for_a_wait_of_its_own(flows: Flows, start: Start) -> None:
    counter = Counter(Temporary("later", delay=0.25))
    flows.handle(Chore, queue="chores", run=one_step(counter))
    worker = await start()
    await worker.run(Chore())
    assert counter.times[1] - counter.times[0] >= 0.25


@pytest.mark.parametrize("refusal", [Permanent("bad picture"), NotFound("bad picture")])
async def test_a_refusal_is_not_tried_again(flows: Flows, start: Start, refusal: Exception) -> None:
    counter = Counter(refusal)
    flows.handle(Chore, queue="chores", run=one_step(counter))
    worker = await start()
    job = await worker.run(Chore())
    assert job.status == "failed"
    assert job.error
    assert job.error.message == "bad picture"
    assert job.error.code in {"Permanent", "not_found"}
    assert len(counter.calls) == 1


async def test_a_dead_letter_is_listed_and_goes_round_again_from_the_failed_step(
    flows: Flows, start: Start
) -> None:
    before, broken, beside, after = (
        Counter(),
        Counter(*[OSError("disk")] * 3),
        Counter(),
        Counter(),
    )

    async def run(flow: Flow, _command: Chore) -> None:
        await flow.step("before", before)
        await flow.gather(Step("broken", broken), Step("beside", beside))
        await flow.step("after", after)

    flows.handle(Chore, queue="chores", run=run)
    worker = await start()
    job = await worker.run(Chore())
    assert job.error
    assert (job.status, job.error.code) == ("failed", "OSError")
    letters = await worker.jobs.dead_letters(ALL, PageParams(), everything=True)
    assert [letter.id for letter in letters.rows] == [job.id]

    async with worker.database.transaction(ALL) as session:
        await redrive(session, flows, job)
        await redrive(session, flows, job)
    await worker.idle()
    assert (await worker.finish(job.id)).status == "done"
    assert [len(c.calls) for c in (before, broken, beside, after)] == [1, 4, 1, 1]
    letters = await worker.jobs.dead_letters(ALL, PageParams(), everything=True)
    assert letters.rows == []


async def test_a_job_that_went_on_after_a_failure_is_redriven_from_there(
    flows: Flows, start: Start
) -> None:
    broken, fallback, last = (
        Counter(*[OSError("disk")] * 3),
        Counter(),
        Counter(
            Permanent("no"),
        ),
    )

    codes: list[str] = []

    async def run(flow: Flow, _command: Chore) -> None:
        try:
            await flow.step("first choice", broken)
        except StepFailed as failure:
            codes.append(failure.code)
            await flow.step("fallback", fallback)
        await flow.step("last", last)

    flows.handle(Chore, queue="chores", run=run)
    worker = await start()
    job = await worker.run(Chore())
    async with worker.database.transaction(ALL) as session:
        await redrive(session, flows, job)
    await worker.idle()
    assert (await worker.finish(job.id)).status == "done"
    assert [len(c.calls) for c in (broken, fallback, last)] == [4, 1, 2]
    assert codes == ["OSError"]


async def test_a_job_that_killed_its_workers_is_a_dead_letter_and_goes_round_again(
    flows: Flows, start: Start, database: Database, database_urls: DatabaseUrls
) -> None:
    """The kill tests do it with real processes; here three deaths are written into the row."""
    counter = Counter()
    flows.handle(Chore, queue="chores", run=one_step(counter))
    async with database.transaction(ALL) as session:
        job_id = await flows.enqueue(session, Chore())
    with psycopg.connect(libpq(database_urls.admin), autocommit=True) as connection:
        connection.execute("update dbos.workflow_status set recovery_attempts = 3")
    worker = await start()
    job = await worker.finish(job_id)
    assert job.error
    assert (job.status, job.error.code, job.queue) == ("failed", "worker_killed", "chores")
    assert counter.calls == []

    async with worker.database.transaction(ALL) as session:
        await redrive(session, flows, job)
    await worker.idle()
    assert (await worker.finish(job_id)).status == "done"
    assert len(counter.calls) == 1


async def test_a_dismissed_dead_letter_leaves_the_list(flows: Flows, start: Start) -> None:
    flows.handle(Chore, queue="chores", run=one_step(Counter(Permanent("no"))))
    worker = await start()
    job = await worker.run(Chore())
    async with worker.database.transaction(Scope.of_space(new_id())) as session:
        assert not await dismiss(session, job.id)
    async with worker.database.transaction(ALL) as session:
        assert await dismiss(session, job.id, everything=True)
    letters = await worker.jobs.dead_letters(ALL, PageParams(), everything=True)
    assert letters.rows == []


async def test_a_transaction_commits_its_writes_with_its_outcome_exactly_once(
    flows: Flows, start: Start
) -> None:
    """The same step again, as after a crash between commit and checkpoint: the outcome answers."""
    ran: list[int] = []

    async def write(session: AsyncSession, space: str) -> dict[str, str]:
        ran.append(1)
        await session.execute(WRITE, {"space": space})
        return {"answer": "kept"}

    async def run(flow: Flow, command: Photo) -> None:
        scope = Scope.of_space(command.space_id)
        assert await flow.transaction("write", scope, write, str(command.space_id)) == {
            "answer": "kept"
        }

    flows.handle(Photo, queue="photos", run=run)
    worker = await start()
    space = new_id()
    job = await worker.run(Photo(space), Scope.of_space(space))
    assert job.status == "done"
    forget_checkpoint(worker, job.id)
    async with worker.database.transaction(ALL) as session:
        await redrive_anything(worker, job.id)
    await worker.idle()
    assert len(ran) == 1
    async with worker.database.transaction(Scope.of_space(space)) as session:
        assert await session.scalar(text("select count(*) from events")) == 1


def forget_checkpoint(worker: RunningWorker, job_id: str) -> None:
    """What a kill -9 between the commit and the engine's checkpoint leaves behind."""
    with worker.worker._engine.sql().begin() as connection:
        connection.execute(
            text("delete from dbos.operation_outputs where workflow_uuid = :id"), {"id": job_id}
        )


async def redrive_anything(worker: RunningWorker, job_id: str) -> None:
    engine = worker.worker._engine
    await asyncio.to_thread(engine.rewind, job_id, 1, "photos")


async def test_a_worker_that_was_overtaken_takes_the_others_answer(
    flows: Flows, start: Start, database_urls: DatabaseUrls
) -> None:
    """Stopped, given up for dead, and continued: the peer has committed this step meanwhile."""
    answers: list[str] = []

    async def write(session: AsyncSession, job: str, space: str) -> str:
        await session.execute(WRITE, {"space": space})
        with psycopg.connect(libpq(database_urls.admin), autocommit=True) as peer:
            theirs = '{"answer": "theirs"}'
            peer.execute("insert into job_outcomes values (%s, 1, %s)", (job, theirs))
        return "ours"

    async def run(flow: Flow, command: Photo) -> None:
        scope = Scope.of_space(command.space_id)
        space = str(command.space_id)
        answers.append(await flow.transaction("write", scope, write, flow.workflow_id, space))

    flows.handle(Photo, queue="photos", run=run)
    worker = await start()
    space = new_id()
    await worker.run(Photo(space), Scope.of_space(space))
    assert answers == ["theirs"]
    async with worker.database.transaction(Scope.of_space(space)) as session:
        assert await session.scalar(text("select count(*) from events")) == 0


async def test_a_failed_step_fails_the_same_way_on_a_replay(flows: Flows, start: Start) -> None:
    broken, last = Counter(NotFound("gone")), Counter()
    seen: list[tuple[str, str, str]] = []

    async def run(flow: Flow, _command: Chore) -> None:
        try:
            await flow.step("look", broken)
        except StepFailed as failure:
            seen.append((failure.step, failure.code, str(failure)))
        await flow.step("last", last)

    flows.handle(Chore, queue="chores", run=run)
    worker = await start()
    job = await worker.run(Chore())
    await asyncio.to_thread(worker.worker._engine.rewind, job.id, 2, "chores")
    await worker.idle()
    assert seen == [("look", "not_found", "gone")] * 2
    assert (len(broken.calls), len(last.calls)) == (1, 2)


async def test_a_failed_transaction_leaves_nothing(flows: Flows, start: Start) -> None:
    attempts = Counter(TimeoutError("first"))

    async def write(session: AsyncSession, space: str) -> None:
        await session.execute(WRITE, {"space": space})
        await attempts()

    async def run(flow: Flow, command: Photo) -> None:
        await flow.transaction(
            "write", Scope.of_space(command.space_id), write, str(command.space_id)
        )

    flows.handle(Photo, queue="photos", run=run)
    worker = await start()
    space = new_id()
    assert (await worker.run(Photo(space), Scope.of_space(space))).status == "done"
    async with worker.database.transaction(Scope.of_space(space)) as session:
        assert await session.scalar(text("select count(*) from events")) == 1


async def test_a_workers_transaction_sees_one_space_only(flows: Flows, start: Start) -> None:
    async def write(session: AsyncSession, space: str) -> None:
        await session.execute(WRITE, {"space": space})

    async def run(flow: Flow, command: Photo) -> None:
        await flow.transaction("write", Scope.of_space(command.space_id), write, str(new_id()))

    flows.handle(Photo, queue="photos", run=run)
    worker = await start()
    space = new_id()
    job = await worker.run(Photo(space), Scope.of_space(space))
    assert job.error
    assert "not yours to change" in job.error.message


async def test_a_job_belongs_to_its_space(flows: Flows, start: Start, database: Database) -> None:
    async def run(flow: Flow, _command: Photo) -> None:
        await flow.progress(1, 1)

    flows.handle(Photo, queue="photos", run=run)
    worker = await start()
    mine, other = new_id(), new_id()
    job = await worker.run(Photo(mine), Scope(spaces=(mine,), user_id=mine))
    jobs = worker.jobs
    assert [j.id for j in (await jobs.list(Scope.of_space(mine), PageParams())).rows] == [job.id]
    assert (await jobs.list(Scope.of_space(other), PageParams())).rows == []
    assert await jobs.find(job.id, Scope.of_space(other)) is None
    assert await jobs.steps(job.id, Scope.of_space(other)) == []
    assert job.user_id == mine
    with pytest.raises(ProgrammingError, match="out of scope"):
        async with database.transaction(Scope.of_space(other)) as session:
            await flows.enqueue(session, Photo(mine))


async def test_the_app_role_cannot_touch_the_engine(database: Database) -> None:
    for statement in (
        "select count(*) from dbos.workflow_status",
        "delete from jobs",
        "select * from executors",
        "select * from job_outcomes",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with database.transaction(ALL) as session:
                await session.execute(text(statement))


async def test_jobs_come_in_pages_newest_first_and_by_status(flows: Flows, start: Start) -> None:
    async def run(_flow: Flow, command: Chore) -> None:
        if command.note == "bad":
            raise Permanent("bad")

    flows.handle(Chore, queue="chores", run=run)
    worker = await start()
    ids = [(await worker.run(Chore(note=note))).id for note in ("", "bad", "")]
    jobs = worker.jobs
    first = await jobs.list(ALL, PageParams(limit=2), everything=True)
    second = await jobs.list(ALL, PageParams(2, first.next_cursor), everything=True)
    assert [job.id for job in (*first.rows, *second.rows)] == ids[::-1]
    assert second.next_cursor is None
    failed = await jobs.list(ALL, PageParams(), status="failed", everything=True)
    assert [job.id for job in failed.rows] == [ids[1]]
    none = await jobs.list(ALL, PageParams(), queue="photos", everything=True)
    assert none.rows == []


async def test_a_queue_bounds_what_runs_at_once_and_drains_without_polling(
    flows: Flows, start: Start
) -> None:
    running, most = 0, 0

    async def hold() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1

    async def run(flow: Flow, _command: Chore) -> None:
        await flow.step("hold", hold)

    flows.queue(Queue("narrow", worker_concurrency=2))
    flows.handle(Chore, queue="narrow", run=run)
    worker = await start()
    begun = time.monotonic()
    async with worker.database.transaction(ALL) as session:
        ids = [await flows.enqueue(session, Chore()) for _ in range(6)]
    for job in ids:
        await worker.finish(job)
    assert most == 2
    assert time.monotonic() - begun < 4.0  # three rounds; one lost wake would cost 5 s


async def test_a_queue_bounds_all_workers_together_and_how_many_start_in_a_window(
    flows: Flows, start: Start
) -> None:
    starts: list[float] = []

    async def run(_flow: Flow, _command: Chore) -> None:
        starts.append(time.monotonic())

    flows.queue(Queue("rated", concurrency=3, worker_concurrency=3, rate=(2, 1.0)))
    flows.handle(Chore, queue="rated", run=run)
    worker = await start()
    async with worker.database.transaction(ALL) as session:
        ids = [await flows.enqueue(session, Chore()) for _ in range(3)]
    for job in ids:
        await worker.finish(job)
    assert starts[1] - starts[0] < 0.5
    assert starts[2] - starts[0] > 0.9


async def test_priority_decides_who_waits(flows: Flows, start: Start) -> None:
    order: list[str] = []

    async def run(_flow: Flow, command: Chore) -> None:
        order.append(command.note)

    flows.queue(Queue("line", worker_concurrency=1))
    flows.handle(Chore, queue="line", run=run)
    worker = await start()
    async with worker.database.transaction(ALL) as session:
        await flows.enqueue(session, Chore(note="bulk"), priority=10)
        await flows.enqueue(session, Chore(note="person"), priority=0)
    await worker.idle()
    assert order == ["person", "bulk"]


async def test_a_delayed_job_waits(flows: Flows, start: Start) -> None:
    counter = Counter()
    flows.handle(Chore, queue="chores", run=one_step(counter))
    worker = await start()
    asked = time.monotonic()
    job = await worker.run(Chore(), delay=0.4)
    assert job.status == "done"
    assert counter.times[0] - asked >= 0.4


async def test_cron_enqueues_one_job_a_tick(flows: Flows, start: Start) -> None:
    counter = Counter()
    flows.handle(Chore, queue="chores", run=one_step(counter))
    flows.cron("each.second", "* * * * * *", Chore(note="tick"))
    worker = await start()
    await asyncio.sleep(2.2)
    jobs = await worker.jobs.list(ALL, PageParams(), queue="chores", everything=True)
    ids = {job.id for job in jobs.rows}
    assert all(job.startswith("cron:each.second:20") for job in ids)
    assert len(counter.calls) == len(ids) in {2, 3}


async def test_what_is_long_done_is_forgotten_and_dead_letters_stay(
    flows: Flows, start: Start
) -> None:
    async def run(flow: Flow, command: Chore) -> None:
        await flow.step("work", Counter(*([Permanent("no")] if command.note else [])))

    flows.handle(Chore, queue="chores", run=run)
    worker = await start()
    done, dead = await worker.run(Chore()), await worker.run(Chore(note="bad"))
    await worker.run(CleanUpJobs(days=0))
    assert await worker.jobs.find(done.id, ALL, everything=True) is None
    assert await worker.jobs.find(dead.id, ALL, everything=True) is not None
    with worker.worker._engine.sql().begin() as connection:
        left = connection.execute(text("select distinct workflow_uuid from dbos.operation_outputs"))
        assert done.id not in {row[0] for row in left}


def test_a_command_is_a_frozen_dataclass_with_one_handler(flows: Flows) -> None:
    @dataclass
    class Loose:
        note: str = ""

    with pytest.raises(TypeError, match="frozen"):
        flows.handle(Loose, queue="chores", run=one_step(Counter()))  # type: ignore[arg-type]
    flows.handle(Chore, queue="chores", run=one_step(Counter()))
    with pytest.raises(ValueError, match="unique"):
        flows.handle(Chore, queue="chores", run=one_step(Counter()))
    with pytest.raises(ValueError, match="seconds first"):
        flows.cron("five fields", "* * * * *", Chore())
    with pytest.raises(UnknownCommand):
        flows.cron("nobody", "0 * * * * *", Photo(new_id()))


async def test_a_command_that_nobody_handles_is_refused(flows: Flows, database: Database) -> None:
    with pytest.raises(UnknownCommand, match="Photo"):
        async with database.transaction(ALL) as session:
            await flows.enqueue(session, Photo(new_id()))
