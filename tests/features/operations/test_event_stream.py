"""Events in the browser: a real server, real streams."""

import asyncio
import json
import signal
import socket
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import pytest
import uvicorn
from httpx2 import AsyncClient
from sqlalchemy import text

from armarium.entry.api import create_app
from armarium.entry.wiring import House
from armarium.kit.ids import new_id
from armarium.platform.database import Scope
from armarium.platform.errors import Unauthenticated
from armarium.platform.events import Event, InstanceEvent, emit
from armarium.platform.events import stream as stream_module
from armarium.platform.events.serving import StreamingServer
from armarium.platform.events.stream import BACKLOG, EventStream, Hearing, Message
from armarium.platform.workflows import Flow, Flows
from tests.support.api import PASSWORD
from tests.support.workflows import running_worker


@dataclass(frozen=True, kw_only=True, slots=True)
class LidOpened(Event):
    type: ClassVar[str] = "TestLidOpened"
    source: ClassVar[str] = "tests"
    box: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GongRung(InstanceEvent):
    type: ClassVar[str] = "TestGongRung"
    source: ClassVar[str] = "tests"


@dataclass(frozen=True, slots=True)
class Dust:
    space_id: UUID


class Stream:
    """The lines of an open stream, as events."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self) -> dict[str, Any]:
        """The next event, comments skipped."""
        event: dict[str, Any] = {}
        async with asyncio.timeout(10):
            async for line in self._lines:
                name, _, value = line.partition(": ")
                if name:
                    event[name] = json.loads(value) if name == "data" else value
                elif "data" in event:
                    return event
                elif not line:
                    event = {}
        raise EOFError


@dataclass
class Running:
    url: str
    server: StreamingServer
    house: House
    clients: AsyncExitStack

    async def person(self) -> tuple[AsyncClient, UUID]:
        client = await self.clients.enter_async_context(AsyncClient(base_url=self.url))
        body = {"email": f"{new_id().hex}@example.org", "password": PASSWORD}
        tokens = (await client.post("/api/v1/auth/register", json=body)).json()
        client.cookies.clear()
        client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        return client, UUID((await client.get("/api/v1/me")).json()["space_id"])

    @asynccontextmanager
    async def stream(self, client: AsyncClient, **headers: str) -> AsyncGenerator[Stream]:
        async with client.stream("GET", "/api/v1/events", headers=headers) as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            lines = response.aiter_lines()
            assert await anext(lines) == ": listening"
            yield Stream(lines)

    async def say(self, *events: Event | InstanceEvent) -> None:
        for event in events:
            scope = Scope.of_space(event.space) if event.space else Scope()
            async with self.house.database.transaction(scope) as session:
                await emit(session, event)


@pytest.fixture
async def running(house: House) -> AsyncIterator[Running]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        config = uvicorn.Config(create_app(house), log_config=None, access_log=False)
        server = StreamingServer(config, on_exit=house.let_go)
        task = asyncio.create_task(server.serve([listener]))
        while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.01)
        async with AsyncExitStack() as clients:
            yield Running(f"http://127.0.0.1:{port}", server, house, clients)
        server.should_exit = True
        house.let_go()
        await task


async def test_a_person_hears_their_space_and_the_instance_and_nobody_else(
    running: Running,
) -> None:
    one, space = await running.person()
    async with running.stream(one) as stream:
        await running.say(
            LidOpened(space_id=new_id(), box="theirs"),
            LidOpened(space_id=space, box="mine"),
            GongRung(),
        )
        first, second = await stream.next(), await stream.next()
    assert (first["event"], first["data"]["data"]) == ("TestLidOpened", {"box": "mine"})
    assert first["data"]["specversion"] == "1.0"
    assert first["data"]["spaceid"] == str(space)
    assert first["data"]["dataschema"].endswith("TestLidOpened.v1.json")
    assert first["id"] == first["data"]["id"]
    assert second["event"] == "TestGongRung"


async def test_a_page_follows_its_job_to_the_end(running: Running) -> None:
    flows = running.house.get(Flows)

    async def dust(flow: Flow, _command: Dust) -> None:
        await flow.progress(1, 2, "half")

    flows.handle(Dust, queue="dusting", run=dust)
    house = running.house
    one, space = await running.person()
    async with (
        running_worker(house.urls, flows, house.database) as worker,
        running.stream(one) as stream,
    ):
        job = await worker.run(Dust(space), Scope.of_space(space))
        seen = [(await stream.next())["data"] for _ in range(4)]
    assert {message["type"] for message in seen} == {"JobChanged"}
    assert {message["subject"] for message in seen} == {job.id}
    steps = [(message["data"]["status"], message["data"]["note"]) for message in seen]
    assert steps == [("queued", None), ("running", None), ("running", "half"), ("done", "half")]


async def test_after_a_gap_the_page_is_told_to_load_again(running: Running) -> None:
    one, space = await running.person()
    async with running.stream(one, **{"last-event-id": str(new_id())}) as stream:
        assert (await stream.next())["event"] == "resync"
    async with running.stream(one) as stream:
        await cut_listener(running.house)
        assert (await stream.next())["event"] == "resync"
        await running.say(LidOpened(space_id=space, box="after"))
        assert (await stream.next())["data"]["data"] == {"box": "after"}


async def cut_listener(house: House) -> None:
    async with house.database.transaction(Scope()) as session:
        cut = (
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where query like :mine and datname = current_database()"
        )
        await session.execute(text(cut), {"mine": "listen arm_events%"})


async def test_a_stranger_gets_no_stream(running: Running) -> None:
    async with AsyncClient(base_url=running.url) as stranger:
        assert (await stranger.get("/api/v1/events")).status_code == 401


async def test_open_streams_do_not_delay_the_end_of_the_process(running: Running) -> None:
    one, _ = await running.person()
    async with running.stream(one) as stream:
        told = time.monotonic()
        running.server.handle_exit(signal.SIGTERM, None)
        running.server._captured_signals.clear()  # uvicorn would raise it again, at pytest
        with pytest.raises(EOFError):
            await stream.next()
        assert time.monotonic() - told < 2.0


async def test_a_slow_reader_is_told_to_load_again_in_place_of_filling_memory(
    anyio_backend: str,
) -> None:
    del anyio_backend
    stream = EventStream("postgresql://unused")
    space = new_id()
    mine = Hearing((space,), is_admin=False)
    following = stream.follow(mine, answering(mine))
    assert (await anext(following)).type == "listening"
    say: Callable[[], None] = lambda: stream._fan_out(  # noqa: E731  # short
        json.dumps({"type": "T", "spaceid": str(space), "data": {}})
    )
    say()
    assert (await anext(following)).type == "T"
    for _ in range(BACKLOG + 1):
        say()
    assert (await anext(following)).type == "resync"
    stream._close()
    with pytest.raises(StopAsyncIteration):
        await anext(following)
    assert stream.listeners == 0


def answering(hearing: Hearing) -> Callable[[], Awaitable[Hearing]]:
    """Somebody whose rights stay as they are."""

    async def again() -> Hearing:
        return hearing

    return again


async def test_what_was_queued_for_a_room_is_not_read_after_leaving_it(anyio_backend: str) -> None:
    del anyio_backend
    stream, home, room = EventStream("postgresql://unused"), new_id(), new_id()
    rights = [Hearing((home, room), is_admin=False)]

    async def again() -> Hearing:
        if not rights:
            raise Unauthenticated
        return rights[0]

    following = stream.follow(rights[0], again)
    assert await anext(following) == Message("listening")
    (listener,) = stream._listeners
    secret = json.dumps({"type": "T", "spaceid": str(home), "roomid": str(room), "data": {}})
    stream._fan_out(secret)
    stream._fan_out(secret)
    rights[0], listener.checked = Hearing((home,), is_admin=False), 0.0
    assert (await anext(following)).type == "resync"
    stream._fan_out(secret)
    stream._fan_out(json.dumps({"type": "Open", "spaceid": str(home), "data": {}}))
    assert (await anext(following)).type == "Open"
    stream._fan_out(json.dumps({"type": "Open", "spaceid": str(home), "data": {}}))
    rights.clear()
    listener.checked = 0.0
    with pytest.raises(StopAsyncIteration):
        await anext(following)


async def test_a_stream_ends_with_what_opened_it(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stream_module.CHECK_SECONDS <= 5
    monkeypatch.setattr(stream_module, "CHECK_SECONDS", 0.6)
    owner, _ = await running.person()
    guest, own_space = await running.person()
    made = await owner.post("/api/v1/spaces", json={"kind": "household", "name": "Lovelace"})
    space = UUID(made.json()["id"])
    offered = await owner.post(f"/api/v1/spaces/{space}/invitations", json={"role": "viewer"})
    token = {"token": offered.json()["token"]}
    assert (await guest.post("/api/v1/invitations/accept", json=token)).status_code == 200
    new = await guest.post("/api/v1/me/api-keys", json={"name": "k", "scopes": ["events:read"]})
    key = await running.clients.enter_async_context(AsyncClient(base_url=running.url))
    key.headers["Authorization"] = f"Bearer {new.json()['secret']}"

    async def ends(stream: Stream) -> float:
        began = time.monotonic()
        with pytest.raises(EOFError):
            await stream.next()
        return time.monotonic() - began

    async with (
        running.stream(guest, **{"X-Space": str(space)}) as of_the_space,
        running.stream(guest) as own,
        running.stream(key) as program,
    ):
        await running.say(LidOpened(space_id=space, box="before"))
        assert (await of_the_space.next())["data"]["data"] == {"box": "before"}
        removed = await owner.delete(f"/api/v1/spaces/{space}/members/{own_space}")
        assert removed.status_code == 204, removed.text
        assert await ends(of_the_space) < 3
        await guest.delete(f"/api/v1/me/api-keys/{new.json()['api_key']['id']}")
        assert await ends(program) < 3
        # Their own goes on until they log out.
        await running.say(LidOpened(space_id=own_space, box="own"))
        assert (await own.next())["data"]["data"] == {"box": "own"}
        assert (await guest.post("/api/v1/auth/logout")).status_code == 204
        assert await ends(own) < 3
