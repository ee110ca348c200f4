"""One child process of `armarium up`: started, restarted with patience, stopped in time."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from armarium.platform.processes import spawn

log = logging.getLogger(__name__)

BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 5.0, 5.0, 5.0, 10.0, 30.0)
"""The long waits are for what never starts: a worker killed now and then must be back in time."""
STEADY_AFTER_S = 30.0
"""A child that lived that long is forgiven its earlier crashes."""
WAIT_STEP_S = 0.02


@dataclass(slots=True)
class Child:
    """A module of ours that is to run for as long as the parent does.

    Its death signal is SIGKILL: when the parent was killed, there is nobody left to wait.
    """

    name: str
    arguments: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    pass_fds: Sequence[int] = ()
    patience_s: float = 15.0
    restarts: bool = True
    """Whether it is started again whenever it ends; otherwise on demand only."""
    crashes: int = 0
    due: float = 0.0
    """Not to be started before this instant of the monotonic clock."""
    _process: subprocess.Popen[bytes] | None = None
    _since: float = 0.0

    @property
    def alive(self) -> bool:
        """Whether it runs, as of the last `reap`."""
        return self._process is not None

    @property
    def pid(self) -> int | None:
        """Its process, if it runs."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """From the main thread only: the child's life is tied to the calling thread."""
        self._since = time.monotonic()
        self._process = spawn(
            [sys.executable, "-m", *self.arguments],
            death_signal=signal.SIGKILL,
            env={**os.environ, **self.env},
            pass_fds=self.pass_fds,
        )

    def reap(self) -> int | None:
        """The exit code, once, when it has ended since the last look."""
        if self._process is None or (code := self._process.poll()) is None:
            return None
        self._process = None
        now = time.monotonic()
        if now - self._since >= STEADY_AFTER_S:
            self.crashes = 0
        if code != 0 or self.restarts:
            self.due = now + BACKOFF_S[min(self.crashes, len(BACKOFF_S) - 1)]
            self.crashes += 1
            log.warning("The %s process ended with %s", self.name, code)
        return code

    def may_start(self) -> bool:
        """Whether it is down and its patience is over."""
        return self._process is None and time.monotonic() >= self.due

    def ask_to_stop(self) -> None:
        """SIGTERM."""
        if self._process is not None:
            self._process.terminate()

    def wait_stopped(self, impatient: Callable[[], bool] = lambda: False) -> None:
        """Wait, then kill: after `patience_s`, or as soon as `impatient` says so."""
        deadline = time.monotonic() + self.patience_s
        while self._process is not None and self._process.poll() is None:
            if impatient() or time.monotonic() > deadline:
                log.warning("The %s process did not stop in time and is killed", self.name)
                self._process.kill()
                self._process.wait()
            else:
                time.sleep(WAIT_STEP_S)
        self._process = None
