"""No request holds its place for ever: not one that works too long, nor one that trickles in."""

import asyncio
import time

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from armarium.platform.errors import Problem
from armarium.platform.http.paths import told_path
from armarium.platform.http.problems import render

log = structlog.get_logger("armarium.http")

LEAST_BYTES_A_SECOND = 1000
"""Of a body, on average after the grace: slower than any line that is worth waiting for."""
EVENT_STREAM = "text/event-stream"


class RequestTimeout(Problem):
    """The request took longer than this server works on one. Ask for less, or try again later."""

    code = "timeout"
    status = 504
    title = "Timeout"


class BodyTimeout(Problem):
    """The rest of the request did not arrive in time."""

    code = "body_timeout"
    status = 408
    title = "Timeout"


class Timeouts:
    """Ends an exchange that made no progress for `seconds`.

    Progress is a part of the body that arrived or a part of the answer that was taken, so a long
    upload or export may go on for as long as it moves. An event stream waits by nature.
    """

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        """`seconds` 0 switches it off."""
        self.app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap one HTTP exchange."""
        if scope["type"] != "http" or not self._seconds:
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(self._seconds, receive, send)
        try:
            async with asyncio.timeout(self._seconds) as exchange.timer:
                await self.app(scope, exchange.receive, exchange.send)
        except TimeoutError:
            if not exchange.timer.expired():
                raise
            if exchange.started:
                # The server closes the connection, so the client sees that the end is missing.
                raise
            late = BodyTimeout if exchange.reading else RequestTimeout
            log.warning("request_timeout", path=told_path(scope["path"]), reading=exchange.reading)
            await render(late(seconds=self._seconds), scope["path"])(scope, receive, send)


class _Exchange:
    """Both directions of one request, moving the deadline."""

    timer: asyncio.Timeout

    def __init__(self, seconds: float, receive: Receive, send: Send) -> None:
        self._seconds = seconds
        self._receive = receive
        self._send = send
        self._waited = 0.0
        self._arrived = 0
        self._whole = False
        self.started = False
        self.reading = False

    async def receive(self) -> Message:
        """A part of the body in time, and at a least speed."""
        if self._whole:
            return await self._receive()
        self.reading = True
        began = time.monotonic()
        message = await self._receive()
        self.reading = False
        if message["type"] == "http.request":
            self._waited += time.monotonic() - began
            self._arrived += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if not self._is_trickling():
                self._move()
        return message

    async def send(self, message: Message) -> None:
        """A part of the answer, which the client must take."""
        if message["type"] == "http.response.start":
            self.started = True
            kind = Headers(raw=message["headers"]).get("content-type", "")
            if kind.startswith(EVENT_STREAM):
                self._seconds = 0
        await self._send(message)
        self._move()

    def _is_trickling(self) -> bool:
        return self._waited > self._seconds + self._arrived / LEAST_BYTES_A_SECOND

    def _move(self) -> None:
        if not self.timer.expired():
            loop = asyncio.get_running_loop()
            self.timer.reschedule(loop.time() + self._seconds if self._seconds else None)
