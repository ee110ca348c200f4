"""An inference process of one's own: for tests, the command line and a worker without `up`.

It lives as long as its standard input is open, so it ends with its owner, however that ended.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Lock

from armarium.ports.inference import InferenceUnavailable

_MODULE = "armarium.entry.inference"
_START_LIMIT_S = 30.0


class OwnProcess:
    """Started on demand, again when it has ended; thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def socket(self) -> Path:
        """The socket of the running process, which is started first if need be."""
        with self._lock:
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(prefix="arm-")
            path = Path(self._folder.name) / "inference.sock"
            if self._process is None or self._process.poll() is not None:
                path.unlink(missing_ok=True)
                self._start(path)
            return path

    def _start(self, path: Path) -> None:
        self._close_pipe()
        self._process = subprocess.Popen(  # noqa: S603  # our own module, no input from outside
            [sys.executable, "-m", _MODULE, "--socket", str(path), "--with-parent"],
            stdin=subprocess.PIPE,
        )
        deadline = time.monotonic() + _START_LIMIT_S
        while not path.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise InferenceUnavailable("The inference process did not start.")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it and remove its socket."""
        with self._lock:
            if self._process is not None:
                self._process.terminate()
                try:
                    self._process.wait(5)
                except subprocess.TimeoutExpired:
                    self._process.kill()
                    self._process.wait()
            self._close_pipe()
            self._process = None
            if self._folder is not None:
                self._folder.cleanup()
                self._folder = None

    def _close_pipe(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
