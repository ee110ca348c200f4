"""Turns at something costly: a flood from one place delays that place, not the others."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from armarium.features.accounts.errors import TooManyAttempts

LONGEST_LINE = 8
BUSY_SECONDS = 2


class Turns:
    """At most `at_once` inside; those who wait stand in a line per place, and lines take turns."""

    def __init__(self, at_once: int, *, longest_line: int = LONGEST_LINE) -> None:
        """A place whose line is full is refused at once."""
        self._free = at_once
        self._longest = longest_line
        self._lines: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def turn(self, place: str) -> AsyncGenerator[None]:
        """Wait for a turn and keep it for the block."""
        await self._enter(place)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, place: str) -> None:
        if self._free > 0:
            self._free -= 1
            return
        line = self._lines.setdefault(place, deque())
        if len(line) >= self._longest:
            raise TooManyAttempts(retry_after=BUSY_SECONDS)
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append(waiting)
        try:
            await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():
                self._leave()
            raise

    def _leave(self) -> None:
        while self._lines:
            place, line = next(iter(self._lines.items()))
            waiting = line.popleft()
            if line:
                self._lines.move_to_end(place)
            else:
                del self._lines[place]
            if not waiting.done():
                waiting.set_result(None)
                return
        self._free += 1
