"""Letting go of open streams at once when the process is told to end."""

from collections.abc import Callable
from types import FrameType

import uvicorn


class StreamingServer(uvicorn.Server):
    """uvicorn, which else waits for every open stream before it stops."""

    def __init__(self, config: uvicorn.Config, *, on_exit: Callable[[], None]) -> None:
        """`on_exit` is called in the signal handler: `EventStream.close_soon`."""
        super().__init__(config)
        self._on_exit = on_exit

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM or Ctrl-C."""
        self._on_exit()
        super().handle_exit(sig, frame)
