"""uvicorn's HTTP/1.1 with a clock on the head of a request, which can be read in one way only.

uvicorn bounds the size of a head (64 kB and h11's own count) and the idle time between two
requests, but waits for ever for the first one and for the rest of a head: a few thousand
connections that send a byte now and then would take all places (slow loris).
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
HEAD_BYTES = 16 * 1024
"""What h11 takes where uvicorn is told nothing."""


class PlainConnection(h11.Connection):
    """Refuses a body that is measured twice.

    h11 believes `Transfer-Encoding` over `Content-Length`, as RFC 9112 (6.1) allows; a proxy before
    us that believes the other one would see another request begin where we see the body go on.
    """

    def next_event(self) -> Any:
        """As h11's."""
        event = super().next_event()
        if isinstance(event, h11.Request):
            names = {name for name, _ in event.headers}
            if {b"content-length", b"transfer-encoding"} <= names:
                raise h11.RemoteProtocolError("a body is measured once")
        return event


class PatientProtocol(H11Protocol):
    """Closes a connection whose request head is late, or can be read in two ways."""

    head_seconds = HEAD_SECONDS
    _head_timer: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        """As uvicorn's, with our connection in the place of its own."""
        super().__init__(*args, **options)
        bound = self.config.h11_max_incomplete_event_size
        self.conn = PlainConnection(h11.SERVER, HEAD_BYTES if bound is None else bound)

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
