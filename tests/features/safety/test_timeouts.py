"""Requests that take too long, trickle, or are too much; on a real socket where that matters."""

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from httpx2 import ASGITransport, AsyncClient, Response
from starlette.exceptions import HTTPException

from armarium.platform.http import Guards, Timeouts, problems
from armarium.platform.http.bodies import MAX_DEPTH, demand_depth
from armarium.platform.http.protocol import PatientProtocol

pace = 0.5


@pytest.fixture(scope="module")
def app() -> FastAPI:
    app = FastAPI()
    problems.install(app)

    @app.get("/slow")
    async def slow(seconds: float) -> str:
        await asyncio.sleep(seconds)
        return "done"

    @app.post("/body")
    async def body(request: Request) -> int:
        return len(await request.body())

    @app.post("/form")
    async def form(request: Request) -> int:
        async with request.form() as found:
            return len(found)

    @app.post("/parsed")
    async def parsed(value: dict[str, Any]) -> int:
        return len(value)

    @app.get("/export")
    async def export(parts: int, gap: float) -> StreamingResponse:
        async def rows() -> AsyncIterator[bytes]:
            for _ in range(parts):
                await asyncio.sleep(gap)
                yield b"row\n"

        return StreamingResponse(rows(), media_type="text/csv")

    @app.get("/events")
    async def events() -> StreamingResponse:
        async def waiting() -> AsyncIterator[bytes]:
            await asyncio.sleep(pace * 1.5)
            yield b"data: late\n\n"

        return StreamingResponse(waiting(), media_type="text/event-stream")

    app.add_middleware(Timeouts, seconds=pace)
    app.add_middleware(Guards, max_body=100_000, max_upload=1_000_000)
    return app


async def ask(app: FastAPI, method: str, path: str, **given: Any) -> Response:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://probe") as client:
        return await client.request(method, path, **given)


async def test_what_takes_too_long_is_given_up(app: FastAPI) -> None:
    began = time.monotonic()
    answer = await ask(app, "GET", "/slow?seconds=20")
    assert (answer.status_code, answer.json()["code"]) == (504, "timeout")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert time.monotonic() - began < 5
    assert (await ask(app, "GET", "/slow?seconds=0")).status_code == 200


async def test_what_makes_progress_goes_on(app: FastAPI) -> None:
    answer = await ask(app, "GET", f"/export?parts=8&gap={pace / 5}")
    assert answer.text == "row\n" * 8

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(8):
            await asyncio.sleep(pace / 5)
            yield b"x" * 1000

    answer = await ask(app, "POST", "/body", content=chunks())
    assert answer.json() == 8000


async def test_an_event_stream_may_wait(app: FastAPI) -> None:
    assert (await ask(app, "GET", "/events")).text == "data: late\n\n"


async def test_a_body_that_stops_or_trickles_is_refused(app: FastAPI) -> None:
    async def stops() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.sleep(20)
        yield b"y"

    async def trickles() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b"x"
            await asyncio.sleep(pace / 4)

    for body in (stops(), trickles()):
        began = time.monotonic()
        answer = await ask(app, "POST", "/body", content=body)
        assert (answer.status_code, answer.json()["code"]) == (408, "body_timeout")
        assert time.monotonic() - began < 5


NESTED = [
    (b'{"a":' * 64 + b"1" + b"}" * 64, 200),
    (b'{"a":' * 65 + b"1" + b"}" * 65, 400),
    (b'{"a":' + b"[" * 50_000, 400),
    (b'{"a": "' + b"[" * 90_000 + b'"}', 200),
    (b'{"a": ' + b'"\\"' * 30_000, 422),
    (json.dumps({"many": [{}] * 5000}).encode(), 200),
]


@pytest.mark.parametrize(("body", "status"), NESTED, ids=range(len(NESTED)))
async def test_depth_of_json(app: FastAPI, body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await ask(app, "POST", "/parsed", content=body, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize(
    "body", [b'"' * 2_000_000, b'\\"' * 1_000_000, b'"\\' * 1_000_000, b'"a\\"' * 500_000 + b"\\"]
)
def test_looking_at_the_depth_takes_linear_time(body: bytes) -> None:
    began = time.monotonic()
    demand_depth(body)
    assert time.monotonic() - began < 2


def test_the_bound_is_exact() -> None:
    demand_depth(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    with pytest.raises(HTTPException):
        demand_depth(b"[" * (MAX_DEPTH + 1))


async def test_heads_that_promise_nonsense(app: FastAPI) -> None:
    for headers, status, code in (
        ({"Content-Length": "99999999999999999999999"}, 413, "too_large"),
        ({"Content-Length": "-5"}, 400, "bad_length"),
        ({"Content-Length": "\u00b2"}, 400, "bad_length"),
        ({"Content-Encoding": "gzip"}, 415, "encoded_body"),
        ({"Content-Encoding": "br, gzip"}, 415, "encoded_body"),
    ):
        raw = [(k.encode(), v.encode("latin-1")) for k, v in headers.items()]
        answer = await ask(app, "POST", "/body", headers=raw, content=b"")
        assert (answer.status_code, answer.json()["code"]) == (status, code), headers


async def test_a_body_without_a_length_is_counted(app: FastAPI) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 50_000

    answer = await ask(app, "POST", "/body", content=endless())
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_form_of_too_many_parts_is_refused(app: FastAPI) -> None:
    answer = await ask(app, "POST", "/form", files={f"f{n}": b"x" for n in range(1001)})
    assert answer.status_code == 400
    answer = await ask(app, "POST", "/form", files={f"f{n}": b"x" for n in range(20)})
    assert answer.json() == 20


class Hasty(PatientProtocol):
    head_seconds = 0.3


@contextmanager
def listening(app: FastAPI) -> Generator[int]:
    config = uvicorn.Config(app, port=0, log_config=None, http=Hasty, limit_concurrency=20)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def port(app: FastAPI) -> Generator[int]:
    with listening(app) as found:
        yield found


def closed_after(connection: socket.socket, deadline: float = 5) -> float:
    """Seconds until the server hangs up."""
    began = time.monotonic()
    connection.settimeout(deadline)
    while connection.recv(4096):
        pass
    return time.monotonic() - began


def test_a_connection_that_asks_nothing_is_closed(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as silent:
        assert closed_after(silent) < 3


def test_a_head_that_trickles_in_is_closed(port: int) -> None:
    """Slow loris: a byte now and then keeps a naive server waiting for ever."""
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(b"GET /slow?seconds=0 HTTP/1.1\r\nHost: x\r\n")
        began = time.monotonic()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for n in range(100):
                slow.sendall(f"X-{n}: y\r\n".encode())
                time.sleep(0.05)
        assert time.monotonic() - began < 3


def test_the_second_request_of_a_connection_has_the_same_time(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as kept:
        kept.settimeout(5)
        for _ in range(3):
            kept.sendall(b"GET /slow?seconds=0 HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b""
            while not answer.endswith(b'"done"'):
                answer += kept.recv(4096)
            time.sleep(0.2)
        kept.sendall(b"GET /slow")
        assert closed_after(kept) < 3


def test_a_slow_answer_is_not_a_slow_head(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as patient:
        patient.settimeout(5)
        patient.sendall(b"GET /events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = b""
        while part := patient.recv(4096):
            answer += part
        assert b"data: late" in answer


def test_a_body_that_is_measured_twice_is_refused(port: int) -> None:
    """A proxy that believes the other length would see a request where we see the body go on."""
    head = (
        b"POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port)) as smuggler:
        smuggler.settimeout(5)
        smuggler.sendall(head + b"0\r\n\r\nGET /slow?seconds=0 HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = b""
        while part := smuggler.recv(4096):
            answer += part
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1


def test_heads_and_addresses_that_are_too_long(port: int) -> None:
    for head in (
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Long: " + b"a" * 70_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(9000)),
    ):
        with socket.create_connection(("127.0.0.1", port)) as greedy:
            greedy.settimeout(5)
            try:
                greedy.sendall(head)
                answer = greedy.recv(4096)
            except (BrokenPipeError, ConnectionResetError):
                continue
            assert answer[:12] in {b"HTTP/1.1 400", b"HTTP/1.1 414", b"HTTP/1.1 431"}


def test_connections_past_the_bound_are_told_so(port: int) -> None:
    time.sleep(0.5)
    kept = [socket.create_connection(("127.0.0.1", port)) for _ in range(25)]
    try:
        last = kept[-1]
        last.settimeout(5)
        last.sendall(b"GET /slow?seconds=0 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert last.recv(4096).startswith(b"HTTP/1.1 503")
    finally:
        for each in kept:
            each.close()
