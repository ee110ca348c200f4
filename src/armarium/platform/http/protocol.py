"""uvicorn's HTTP/1.1 with a clock on the head of a request.

uvicorn bounds the size of a head (64 kB and h11's own count) and the idle time between two
requests, but waits for ever for the first one and for the rest of a head: a few thousand
connections that send a byte now and then would take all places (slow loris).
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0


class PatientProtocol(H11Protocol):
    """Closes a connection whose request head is not complete in time."""

    head_seconds = HEAD_SECONDS
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A new connection must ask for something."""
        super().connection_made(transport)
        self._arm()

    def data_received(self, data: bytes) -> None:
        """The clock of a head runs from its first byte to its end, whatever comes between."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._arm()
        else:
            self._disarm()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client went."""
        self._disarm()
        super().connection_lost(exc)

    def _arm(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self._give_up)

    def _disarm(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        self._head_timer = None
        if not self.transport.is_closing():
            self.transport.close()
