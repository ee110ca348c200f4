"""Events from the transaction to the subscriber."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy import text

from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope
from armarium.platform.database.sessions import OutOfScope
from armarium.platform.events import Envelope, Event, Events, InstanceEvent, emit
from armarium.platform.events.event import rebuild
from armarium.platform.paging import PageParams
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.platform.workflows import Flow, Flows, Permanent
from armarium.platform.workflows.maintenance import declare
from tests.support.workflows import RunningWorker, running_worker


@dataclass(frozen=True, kw_only=True, slots=True)
class BoxOpened(Event):
    type: ClassVar[str] = "TestBoxOpened"
    source: ClassVar[str] = "tests"

    box_id: UUID
    label: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BellRung(InstanceEvent):
    type: ClassVar[str] = "TestBellRung"
    source: ClassVar[str] = "tests"

    times: int


@pytest.fixture
def flows() -> Flows:
    flows = Flows()
    declare(flows)
    return flows


@pytest.fixture
def events(flows: Flows) -> Events:
    return Events(flows)


@pytest.fixture
async def heard(
    events: Events, flows: Flows, database_urls: DatabaseUrls, database: Database
) -> AsyncIterator[tuple[RunningWorker, list[tuple[str, object]]]]:
    """Two subscribers of one type; the second refuses what is labeled `bad`."""
    log: list[tuple[str, object]] = []

    async def first(flow: Flow, event: BoxOpened) -> None:
        log.append((flow.workflow_id, event))

    async def second(flow: Flow, event: BoxOpened) -> None:
        if event.label == "bad":
            raise Permanent("refused")
        log.append((flow.workflow_id, event))

    events.subscribe(BoxOpened, first, name="tests.first")
    events.subscribe(BoxOpened, second, name="tests.second")
    async with running_worker(database_urls, flows, database, events=events) as worker:
        yield worker, log


async def test_an_event_reaches_each_subscriber_once_under_its_own_id(
    heard: tuple[RunningWorker, list[tuple[str, object]]], database: Database
) -> None:
    worker, log = heard
    space, box = new_id(), new_id()
    async with database.transaction(Scope.of_space(space)) as session:
        identifier = await emit(session, BoxOpened(space_id=space, box_id=box))
    await worker.idle()
    event = BoxOpened(space_id=space, box_id=box)
    assert sorted(log) == [
        (f"event:{identifier}:tests.first", event),
        (f"event:{identifier}:tests.second", event),
    ]


async def test_an_event_of_a_rolled_back_transaction_never_happened(
    heard: tuple[RunningWorker, list[tuple[str, object]]], database: Database
) -> None:
    worker, log = heard
    space = new_id()
    with suppress(ZeroDivisionError):
        async with database.transaction(Scope.of_space(space)) as session:
            await emit(session, BoxOpened(space_id=space, box_id=new_id()))
            _ = 1 // 0
    async with database.transaction(Scope()) as session:
        await emit(session, BellRung(times=1))
    await worker.idle()
    assert log == []


async def test_a_subscriber_that_fails_leaves_a_dead_letter_and_the_others_alone(
    heard: tuple[RunningWorker, list[tuple[str, object]]], database: Database
) -> None:
    worker, log = heard
    space = new_id()
    async with database.transaction(Scope.of_space(space)) as session:
        identifier = await emit(session, BoxOpened(space_id=space, box_id=new_id(), label="bad"))
    await worker.idle()
    job = await worker.finish(f"event:{identifier}:tests.second")
    assert (job.status, job.space_id) == ("failed", space)
    assert [name for name, _ in log] == [f"event:{identifier}:tests.first"]


async def test_events_emitted_while_no_worker_ran_are_delivered_when_one_starts(
    events: Events, flows: Flows, database_urls: DatabaseUrls, database: Database
) -> None:
    got: list[int] = []

    async def ring(_flow: Flow, event: BellRung) -> None:
        got.append(event.times)

    events.subscribe(BellRung, ring, name="tests.ring")
    async with database.transaction(Scope()) as session:
        for number in range(120):  # more than a batch
            await emit(session, BellRung(times=number))
    async with running_worker(database_urls, flows, database, events=events) as worker:
        await asyncio.sleep(0.05)
        await worker.idle()
    assert sorted(got) == list(range(120))


async def test_deliveries_are_listed_when_asked_for_or_when_they_fail(
    heard: tuple[RunningWorker, list[tuple[str, object]]], database: Database
) -> None:
    worker, _ = heard
    space = new_id()
    async with database.transaction(Scope.of_space(space)) as session:
        identifier = await emit(session, BoxOpened(space_id=space, box_id=new_id(), label="bad"))
    await worker.idle()
    scope = Scope.of_space(space)
    shown = (await worker.jobs.list(scope, PageParams())).rows
    asked = (await worker.jobs.list(scope, PageParams(), queue="events")).rows
    assert [job.id for job in shown] == [f"event:{identifier}:tests.second"]
    assert {job.id for job in asked} >= {f"event:{identifier}:tests.first"}


async def test_the_outbox_is_scoped(database: Database) -> None:
    space = new_id()
    async with database.transaction(Scope.of_space(space)) as session:
        await emit(session, BoxOpened(space_id=space, box_id=new_id()))
    count = text("select count(*) from events")
    async with database.transaction(Scope.of_space(new_id())) as session:
        assert await session.scalar(count) == 0
    with pytest.raises(OutOfScope):
        async with database.transaction(Scope.of_space(new_id())) as session:
            await emit(session, BoxOpened(space_id=space, box_id=new_id()))


def test_the_envelope_is_a_cloudevent() -> None:
    space, box, identifier = new_id(), new_id(), new_id()
    event = BoxOpened(space_id=space, box_id=box)
    envelope = Envelope(
        id=identifier,
        type=event.type,
        version=event.version,
        source=event.source,
        time=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        data=event.data(),
        spaceid=event.space,
    )
    assert envelope.as_json() == {
        "specversion": "1.0",
        "id": str(identifier),
        "type": "TestBoxOpened",
        "source": "tests",
        "time": "2026-01-02T03:04:05+00:00",
        "datacontenttype": "application/json",
        "dataschema": "/api/v1/event-schemas/TestBoxOpened.v1.json",
        "spaceid": str(space),
        "data": {"box_id": str(box), "label": None},
    }


def test_a_consumer_ignores_fields_that_it_does_not_know() -> None:
    space, box = new_id(), new_id()
    stored = {"box_id": str(box), "label": "x", "weight_g": 12}
    assert rebuild(BoxOpened, stored, space) == BoxOpened(space_id=space, box_id=box, label="x")


def test_a_subscribers_name_is_unique(events: Events) -> None:
    async def hear(_flow: Flow, _event: BellRung) -> None: ...

    events.subscribe(BellRung, hear, name="tests.hear")
    with pytest.raises(ValueError, match="unique"):
        events.subscribe(BellRung, hear, name="tests.hear")
