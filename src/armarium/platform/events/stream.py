"""From the database to the browsers: one listening connection a process, fan-out in memory."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
import structlog
from sqlalchemy.exc import SQLAlchemyError

from armarium.platform.errors import Problem
from armarium.platform.events.event import schema_name

log = structlog.get_logger("armarium.events")

EVENTS_CHANNEL = "arm_events"
RETRY_SECONDS = 0.5
BACKLOG = 500
"""Messages that a slow browser may be behind; after that it is told to load everything again."""
RESYNC = "resync"
LISTENING = "listening"
CHECK_SECONDS = 3.0
"""How long a stream may outlive the right to it while nothing happens."""
FRESH_SECONDS = 0.5
"""Before it says something, a stream asks again unless it did so that recently."""


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a stream: `type` names it, `data` is a CloudEvent in its structured form."""

    type: str
    data: dict[str, Any] = field(default_factory=dict[str, Any])
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """What somebody may hear of now: of which spaces and private rooms, and of the server."""

    spaces: tuple[UUID, ...]
    is_admin: bool


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream: whose events it carries, and what waits to be sent."""

    spaces: frozenset[str]
    is_admin: bool
    waiting: asyncio.Queue[Message | None]
    checked: float = field(default_factory=time.monotonic)
    """When the right to it was last looked at, by the monotonic clock."""

    def may_hear(self, notice: dict[str, Any]) -> bool:
        """Events of the caller's spaces, and the instance's; the instance's jobs are an admin's."""
        space = notice.get("spaceid")
        if space is not None:
            room = notice.get("roomid")
            return space in self.spaces and (room is None or room in self.spaces)
        return self.is_admin or notice.get("type") != "JobChanged"

    def put(self, message: Message) -> None:
        """Queue for sending; a full queue becomes one `resync`."""
        try:
            self.waiting.put_nowait(message)
        except asyncio.QueueFull:
            self._start_over()

    def now_hears(self, hearing: Hearing) -> None:
        """Take over what they may hear; where it differs, what waits is not theirs for sure."""
        before = (self.spaces, self.is_admin)
        self.spaces = frozenset(str(space) for space in hearing.spaces)
        self.is_admin = hearing.is_admin
        if before != (self.spaces, self.is_admin):
            self._start_over()

    def _start_over(self) -> None:
        is_over = False
        while not self.waiting.empty():
            is_over |= self.waiting.get_nowait() is None
        self.waiting.put_nowait(None if is_over else Message(RESYNC))


class EventStream:
    """Built by wiring for the API process; `start` and `stop` with it."""

    def __init__(self, url: str) -> None:
        """`url` in libpq form, of any role that may LISTEN."""
        self._url = url
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    async def start(self) -> None:
        """Begin to listen."""
        self._loop = asyncio.get_running_loop()
        self._closed = False
        self._task = asyncio.create_task(self._listen_forever())

    async def stop(self) -> None:
        """End every stream, then the connection."""
        self._close()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def close_soon(self) -> None:
        """End every stream, from a signal handler: open streams would delay the shutdown."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._close)

    @property
    def listeners(self) -> int:
        """How many streams are open."""
        return len(self._listeners)

    async def follow(
        self, hearing: Hearing, again: Callable[[], Awaitable[Hearing]]
    ) -> AsyncIterator[Message]:
        """What they may hear, after a first `listening`; ends when the process does.

        `again` says what they may hear by now, or raises a `Problem` once they may not listen at
        all: logged out, revoked, expired, no longer of the space. That ends the stream, before the
        next message and within `CHECK_SECONDS`. It is asked of every stream so often, so it must
        be cheap: the session and the standing behind it are kept and forgotten by notification.
        """
        with self._listening(hearing) as listener:
            yield Message(LISTENING)
            while await self._may_go_on(listener, again):
                try:
                    async with asyncio.timeout(CHECK_SECONDS):
                        message = await listener.waiting.get()
                except TimeoutError:
                    continue
                if message is None:
                    return
                heard = (listener.spaces, listener.is_admin)
                if not await self._may_go_on(listener, again):
                    return
                # What was meant for a room that they have left meanwhile is not theirs to read.
                if heard == (listener.spaces, listener.is_admin):
                    yield message

    async def _may_go_on(self, listener: Listener, again: Callable[[], Awaitable[Hearing]]) -> bool:
        at = time.monotonic()
        if at - listener.checked < FRESH_SECONDS:
            return True
        try:
            now = await again()
        except (Problem, SQLAlchemyError, OSError):
            # Also where the database is away: whoever may listen comes again.
            return False
        listener.checked = at
        listener.now_hears(now)
        return True

    @contextlib.contextmanager
    def _listening(self, hearing: Hearing) -> Generator[Listener]:
        listener = Listener(
            frozenset(str(space) for space in hearing.spaces),
            hearing.is_admin,
            asyncio.Queue(BACKLOG),
        )
        if self._closed:
            listener.waiting.put_nowait(None)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def _close(self) -> None:
        self._closed = True
        for listener in self._listeners:
            while listener.waiting.full():
                listener.waiting.get_nowait()
            listener.waiting.put_nowait(None)

    async def _listen_forever(self) -> None:
        heard_before = False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True
                ) as connection:
                    await connection.execute(f"listen {EVENTS_CHANNEL}".encode())
                    if heard_before:
                        self._tell_all(Message(RESYNC))
                    heard_before = True
                    async for notice in connection.notifies():
                        self._fan_out(notice.payload)
            except psycopg.Error as error:
                log.warning("event_stream_lost", operation="events", error=str(error).strip())
                await asyncio.sleep(RETRY_SECONDS)

    def _fan_out(self, payload: str) -> None:
        if not self._listeners:
            return
        notice = json.loads(payload)
        message = Message(notice["type"], _cloud_event(dict(notice)), notice.get("id"))
        for listener in self._listeners:
            if listener.may_hear(notice):
                listener.put(message)

    def _tell_all(self, message: Message) -> None:
        for listener in self._listeners:
            listener.put(message)


def _cloud_event(notice: dict[str, Any]) -> dict[str, Any]:
    """The envelope around a notification; signals that are not kept have no id and no schema."""
    version = notice.pop("version", None)
    notice.pop("roomid", None)
    envelope = {"specversion": "1.0", **{k: v for k, v in notice.items() if v is not None}}
    if version is not None:
        envelope["dataschema"] = schema_name(notice["type"], version)
    return envelope
