"""Keeps the embedded server running from one thread that never ends before it."""

import json
import logging
import os
import signal
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from armarium.platform.postgres.errors import PostgresError
from armarium.platform.postgres.folder import (
    Folder,
    hold_program_lock,
    leave_runtime_folder,
    write_private,
)
from armarium.platform.postgres.server import Server

log = logging.getLogger(__name__)

BACKOFF_S = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
FAST_STOP_S = 30.0
IMMEDIATE_STOP_S = 5.0


class EmbeddedPostgres:
    """A PostgreSQL of our own below the data folder; a context manager.

    The server is started and, when it dies, restarted by one thread: the kernel ends the server
    when that thread ends, however it ends, so a kill -9 of this process leaves no orphan.
    """

    def __init__(self, data: Path, *, overrides: Mapping[str, str] | None = None) -> None:
        """`overrides` are server settings over those of tuning.py (tests turn fsync off)."""
        self.folder = Folder(data.absolute())
        self.restarts = 0
        self._server = Server(self.folder, overrides or {})
        self._program_lock: int | None = None
        self._thread = threading.Thread(target=self._keep, name="postgres", daemon=True)
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._settled = threading.Event()
        self._failure: BaseException | None = None

    def __enter__(self) -> Self:
        """Start, as `start()`."""
        self.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Stop, as `stop()`."""
        self.stop()

    @property
    def runtime(self) -> Path:
        """The short private folder for sockets; others may put theirs beside the server's."""
        return self._server.runtime

    @property
    def sockets(self) -> Path:
        """The folder of the server's socket: libpq's `host`."""
        return self._server.sockets

    @property
    def pid(self) -> int | None:
        """The server's process, None while it is down."""
        process = self._process
        return None if process is None or process.returncode is not None else process.pid

    def start(self) -> None:
        """Take the folder, make the cluster if need be, run it until `stop()`."""
        self.folder.prepare()
        self._program_lock = hold_program_lock(self.folder)
        self.folder.runtime_note.unlink(missing_ok=True)
        try:
            self._server.prepare()
            self._thread.start()
            self._await_first_start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Fast shutdown: clients are cut, everything acknowledged is on disk."""
        with self._guard:
            self._stopping.set()
            self._signal(signal.SIGINT)
        for patience, harder in ((FAST_STOP_S, signal.SIGQUIT), (IMMEDIATE_STOP_S, signal.SIGKILL)):
            if self._thread.is_alive():
                self._thread.join(patience)
            if self._thread.is_alive():
                log.warning("PostgreSQL did not stop in time, sending %s", harder.name)
                self._signal(harder)
        if self._thread.is_alive():
            self._thread.join()
        if self._program_lock is not None:
            self.folder.runtime_note.unlink(missing_ok=True)
            if self.runtime.is_absolute():  # nothing was prepared otherwise
                leave_runtime_folder(self.runtime)
            os.close(self._program_lock)
            self._program_lock = None

    def announce(self) -> None:
        """Tell other processes of this machine that the database may be used."""
        note = {"pid": os.getpid(), "runtime": str(self.runtime), "sockets": str(self.sockets)}
        write_private(self.folder.runtime_note, json.dumps(note))

    def _await_first_start(self) -> None:
        self._settled.wait()
        if self._failure is not None:
            raise self._failure

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)

    def _keep(self) -> None:
        """The immortal thread."""
        try:
            process = self._launch()
        except BaseException as error:  # noqa: BLE001 # raised again in start()
            self._failure = error
            return
        finally:
            self._settled.set()
        failures = 0
        while process is not None:
            code = process.wait()
            if self._stopping.is_set():
                return
            log.error("PostgreSQL ended with %s, starting it again", code)
            process = None
            while process is None and not self._stopping.wait(
                BACKOFF_S[min(failures, len(BACKOFF_S) - 1)]
            ):
                try:
                    process = self._launch()
                except (PostgresError, OSError) as error:
                    failures += 1
                    log.error("PostgreSQL could not be started again: %s", error)  # noqa: TRY400
                else:
                    failures = 0
                    self.restarts += 1

    def _launch(self) -> subprocess.Popen[bytes] | None:
        with self._guard:
            if self._stopping.is_set():
                return None
            self._process = self._server.launch()
        self._server.wait_ready(self._process)
        return self._process
