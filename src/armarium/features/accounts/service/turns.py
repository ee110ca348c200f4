"""Turns at something costly: a flood from one place delays that place, not the others."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from enum import IntEnum

from armarium.features.accounts.errors import TooManyAttempts

LONGEST_LINE = 8


class Rank(IntEnum):
    """Whose line comes first."""

    KNOWN = 0
    STRANGER = 1
    SUSPECT = 2


Lines = OrderedDict[str, deque[asyncio.Future[None]]]
BUSY_SECONDS = 2


class Turns:
    """At most `at_once` inside; those who wait stand in a line per place, and lines take turns.

    Some lines come before others: who has been here before, then strangers, then suspects, which
    have just failed again and again.
    """

    def __init__(self, at_once: int, *, longest_line: int = LONGEST_LINE) -> None:
        """A place whose line is full is refused at once."""
        self._free = at_once
        self._longest = longest_line
        self._lines: dict[Rank, Lines] = {rank: OrderedDict() for rank in Rank}

    async def refuse_if_full(self, place: str) -> None:
        """Refuse a place with a full line before anything else is done for it.

        The answer takes its time: who asks again at once would keep us busy with refusing.
        """
        if any(len(lines.get(place, ())) >= self._longest for lines in self._lines.values()):
            await asyncio.sleep(BUSY_SECONDS)
            raise TooManyAttempts(retry_after=BUSY_SECONDS)

    @asynccontextmanager
    async def turn(self, place: str, rank: Rank = Rank.STRANGER) -> AsyncGenerator[None]:
        """Wait for a turn and keep it for the block."""
        await self._enter(place, self._lines[rank])
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, place: str, lines: Lines) -> None:
        if self._free > 0:
            self._free -= 1
            return
        await self.refuse_if_full(place)
        line = lines.setdefault(place, deque())
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append(waiting)
        try:
            await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():
                self._leave()
            raise

    def _leave(self) -> None:
        while lines := next((each for each in self._lines.values() if each), None):
            place, line = next(iter(lines.items()))
            waiting = line.popleft()
            if line:
                lines.move_to_end(place)
            else:
                del lines[place]
            if not waiting.done():
                waiting.set_result(None)
                return
        self._free += 1
