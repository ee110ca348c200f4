"""Models on demand: the parent listens, and starts the inference process when someone calls.

While no process lives, the parent watches the listening socket; a waiting connection starts one,
which inherits the socket and accepts. It ends by itself when idle, and the watch begins again;
a call that arrives between the two waits in the socket's backlog and is not lost.
"""

import selectors
import socket
from pathlib import Path
from types import TracebackType
from typing import Self

from armarium.entry.children import Child

VARIABLE = "ARMARIUM_INFERENCE_SOCKET"
MODULE = "armarium.entry.inference"
BACKLOG = 64


class Activation:
    """The listening socket and the process behind it; a context manager."""

    def __init__(self, runtime: Path, selector: selectors.BaseSelector) -> None:
        """`selector` is the parent's; the socket is named below `runtime`."""
        self.path = runtime / "inference.sock"
        self._selector = selector
        self._watching = False
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        arguments = [MODULE, "--fd", str(self._listener.fileno())]
        fds = (self._listener.fileno(),)
        self.child = Child("inference", arguments, pass_fds=fds, patience_s=5.0, restarts=False)

    @property
    def env(self) -> dict[str, str]:
        """Tells the other processes where to call."""
        return {VARIABLE: str(self.path)}

    def __enter__(self) -> Self:
        """Listen; the folder's own mode keeps other users out."""
        self.path.unlink(missing_ok=True)
        self._listener.bind(str(self.path))
        self.path.chmod(0o600)
        self._listener.listen(BACKLOG)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Stop listening; the process itself is stopped with the other children."""
        self._ignore()
        self._listener.close()
        self.path.unlink(missing_ok=True)

    def watch(self) -> None:
        """Called every turn: watch while nobody accepts and no crash is being waited out."""
        if self.child.may_start() and not self._watching:
            self._selector.register(self._listener, selectors.EVENT_READ, self._called)
            self._watching = True

    def _called(self) -> None:
        self._ignore()
        self.child.start()

    def _ignore(self) -> None:
        if self._watching:
            self._selector.unregister(self._listener)
            self._watching = False
