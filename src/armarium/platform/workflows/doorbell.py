"""Waking one queue's loop at once, in place of at its next poll.

The engine's loop for a queue sleeps in `stop_event.wait(interval)`. It is given a `Doorbell` as
that event: the wait ends early when someone rings, and says "stop" only when it is closed.
"""

import threading
from collections.abc import Callable

IDLE_POLL = 5.0
"""Seconds between looks at a quiet queue: the fallback for a notification that got lost."""
BUSY_POLL = 0.5
"""Seconds between looks while this process runs jobs of the queue."""
ECHO = 0.1
"""After a ring the queue is looked at once more: a peer may have held the lock, or a slot freed."""


class Doorbell(threading.Event):
    """A stop event whose wait can be cut short by `ring`."""

    def __init__(self, is_busy: Callable[[], bool]) -> None:
        super().__init__()
        self._is_busy = is_busy
        self._condition = threading.Condition()
        self._rings = 0
        self._seen = 0
        self._echoes = 0

    def ring(self) -> None:
        """The queue may have work, or room for more."""
        with self._condition:
            self._rings += 1
            self._condition.notify_all()

    def set(self) -> None:
        """Stop the loop."""
        super().set()
        with self._condition:
            self._condition.notify_all()

    def wait(self, timeout: float | None = None) -> bool:
        """Sleep until rung, closed or `timeout`; True only when closed."""
        pause = IDLE_POLL if timeout is None else timeout
        if self._echoes:
            self._echoes -= 1
            pause = min(pause, ECHO)
        elif self._is_busy():
            pause = min(pause, BUSY_POLL)
        with self._condition:
            self._condition.wait_for(lambda: self.is_set() or self._rings != self._seen, pause)
            if self._rings != self._seen:
                self._seen = self._rings
                self._echoes = 1
        return self.is_set()
