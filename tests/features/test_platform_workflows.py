"""Durable work by the door that rooms use: Flows and Flow, on a real engine and database."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.platform.workflows import Flow, Flows, Step
from armarium.platform.workflows.maintenance import declare
from tests.support.workflows import RunningWorker, running_worker


@dataclass(frozen=True, slots=True)
class Photo:
    space_id: UUID
    count: int = 3


@dataclass(frozen=True, slots=True)
class Chore:
    note: str = ""
    ids: list[UUID] = field(default_factory=list)


Run = Callable[[Flow, Chore], object]


@pytest.fixture
def flows() -> Flows:
    flows = Flows()
    declare(flows)
    return flows


@pytest.fixture
def calls() -> list[str]:
    return []


@pytest.fixture
async def start(
    database_urls: DatabaseUrls, database: Database, flows: Flows
) -> AsyncIterator[Callable[[], object]]:
    stack = []

    async def begin() -> RunningWorker:
        context = running_worker(database_urls, flows, database)
        stack.append(context)
        return await context.__aenter__()

    yield begin
    for context in stack:
        await context.__aexit__(None, None, None)


async def test_a_job_runs_its_steps_and_ends_done(flows, start, calls):
    async def shout(word: str) -> dict[str, object]:
        calls.append(word)
        return {"word": word.upper(), "id": new_id()}

    async def run(flow: Flow, command: Chore) -> None:
        first = await flow.step("shout", shout, command.note)
        assert first["word"] == "HELLO"
        assert isinstance(first["id"], str)
        assert isinstance(command.ids[0], UUID)
        await flow.gather(*(Step(f"branch-{n}", shout, (str(n),)) for n in range(3)))
        await flow.progress(2, 2, "said")

    flows.handle(Chore, queue="chores", run=run)
    worker = await start()
    job = await worker.run(Chore(note="hello", ids=[new_id()]))

    assert (job.status, job.error, job.attempts) == ("done", None, 1)
    assert (job.progress.done, job.progress.total, job.progress.note) == (2, 2, "said")
    assert sorted(calls) == ["0", "1", "2", "hello"]
    steps = await worker.jobs.steps(job.id, Scope(), everything=True)
    assert [step.name for step in steps] == ["shout", "branch-0", "branch-1", "branch-2"]
