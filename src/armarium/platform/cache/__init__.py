"""Answers kept in the process for seconds, forgotten everywhere the moment they change.

A writer calls `Cache.forget(session, key)` in its own transaction; PostgreSQL tells every process
on commit. While a process cannot hear, it keeps nothing, so that no answer is ever stale.
"""

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

import psycopg
import structlog
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession

CHANNEL = "arm_cache"
RETRY_SECONDS = 1.0
NOTIFY = text("select pg_notify(:channel, :key)")

log = structlog.get_logger("armarium.cache")

T = TypeVar("T")


class Cache:
    """A bounded map with a time to live, one a process."""

    def __init__(self, url: str, *, ttl_seconds: float = 30, capacity: int = 5000) -> None:
        """`url` in libpq form, of any role that may LISTEN."""
        self._url = url
        self._ttl = ttl_seconds
        self._capacity = capacity
        self._kept: OrderedDict[str, tuple[float, Any]] = OrderedDict()
        self._hearing = False
        self._task: asyncio.Task[None] | None = None
        self._changes = 0

    async def start(self) -> None:
        """Begin to listen, and so to keep."""
        self._task = asyncio.create_task(self._listen_forever())

    async def stop(self) -> None:
        """Stop listening; from now on nothing is kept."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._task = None
        self._deafen()

    async def get(self, key: str, load: Callable[[], Awaitable[T]]) -> T:
        """The kept answer, or `load`'s, which is then kept. None is an answer too."""
        if key in self._kept:
            until, value = self._kept[key]
            if until > time.monotonic():
                return cast("T", value)
        changes = self._changes
        value = await load()
        # What changed while we were loading may already be outdated.
        if self._hearing and changes == self._changes:
            self._kept[key] = (time.monotonic() + self._ttl, value)
            self._kept.move_to_end(key)
            while len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
        return value

    async def forget(self, session: AsyncSession, key: str) -> None:
        """Make this process forget `key` the moment `session` commits, the others just after."""
        event.listen(
            session.sync_session, "after_commit", lambda _session: self.drop(key), once=True
        )
        await session.execute(NOTIFY, {"channel": CHANNEL, "key": key})

    def drop(self, key: str) -> None:
        """Forget here and now."""
        self._changes += 1
        self._kept.pop(key, None)

    def _deafen(self) -> None:
        self._hearing = False
        self._changes += 1
        self._kept.clear()

    async def _listen_forever(self) -> None:
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                log.warning("cache_deaf", reason=str(error))
            finally:
                self._deafen()
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
        async with connection:
            await connection.execute(f"listen {CHANNEL}".encode())
            self._hearing = True
            async for notice in connection.notifies():
                self.drop(notice.payload)
