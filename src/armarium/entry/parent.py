"""The parent of a running Armarium: database, migrations, API, workers, models on demand.

Only the standard library and our own small modules are imported here; `python -m
armarium.entry.parent PLAN` is what `armarium up` becomes.
"""

import errno
import json
import logging
import os
import selectors
import signal
import socket
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from armarium.entry.activation import Activation
from armarium.entry.children import Child
from armarium.platform.postgres import EmbeddedPostgres, PostgresError
from armarium.platform.postgres.folder import (
    Folder,
    hold_program_lock,
    leave_runtime_folder,
    runtime_folder,
)

log = logging.getLogger(__name__)

API = ("armarium.entry.cli", "api")
WORKER = ("armarium.entry.cli", "worker")
PREPARATION = ("armarium.entry.databases",)
FRUGAL = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""For glibc: threads share two heaps and give back what they free (18 MB of an idle worker)."""
STARTING_TURN_S = 0.05
IDLE_TURN_S = 60.0
GIVE_UP_AFTER = 2
"""Crashes of the API before it ever answered: it will not get better by itself."""
STOPPING = "Stopping …  (Ctrl-C again does not wait for what runs)\n"
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the settings said; written by entry/up.py."""

    data: str
    host: str
    port: int
    address: str
    workers: int
    external: bool


class CannotStart(Exception):
    """Something outside must change first; the message says what."""


class Parent:
    """One run, from start to clean stop. In the main thread: children die with it."""

    def __init__(self, plan: Plan) -> None:
        """Nothing is touched before `run()`."""
        self._plan = plan
        self._selector = selectors.DefaultSelector()
        self._server: EmbeddedPostgres | None = None
        self._children: list[Child] = []
        self._stops = 0

    def run(self) -> int:
        """Everything; the exit code is 0 after a clean stop."""
        require_port(self._plan.host, self._plan.port)
        with ExitStack() as stack:
            self._hear_signals(stack)
            runtime = self._open_database(stack)
            activation = stack.enter_context(Activation(runtime, self._selector))
            stack.callback(self._stop_children)
            self._children = [*self._define(activation), activation.child]
            if not self._prepare():
                return 1
            return self._serve(activation)

    def _hear_signals(self, stack: ExitStack) -> None:
        """Signals wake the selector; a second request to stop is an impatient one."""
        reader, writer = socket.socketpair()
        for end in (reader, writer):
            end.setblocking(False)
            stack.callback(end.close)
        stack.callback(signal.set_wakeup_fd, signal.set_wakeup_fd(writer.fileno()))
        for number in (*STOP_SIGNALS, signal.SIGCHLD):
            stack.callback(signal.signal, number, signal.signal(number, self._heard))
        self._selector.register(reader, selectors.EVENT_READ, lambda: reader.recv(4096))
        stack.callback(self._selector.close)

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        if number not in STOP_SIGNALS:
            return
        self._stops += 1
        if self._stops == 1:
            # At once, also while the database is being made; a stream may be half-way in a write.
            os.write(sys.stderr.fileno(), STOPPING.encode())

    def _open_database(self, stack: ExitStack) -> Path:
        """The running server, or only the lock where the database is external."""
        data = Path(self._plan.data)
        folder = Folder(data)
        if self._plan.external:
            folder.prepare()
            stack.callback(os.close, hold_program_lock(folder))
            runtime = runtime_folder(data, None)
            stack.callback(leave_runtime_folder, runtime)
            return runtime
        if not folder.cluster.exists():
            say(f"Making the database in {data} …")
        self._server = stack.enter_context(EmbeddedPostgres(data))
        return self._server.runtime

    def _define(self, activation: Activation) -> list[Child]:
        """The workers are stopped after the API: nothing new comes in while they finish."""
        env = {**FRUGAL, "ARMARIUM_DATA": self._plan.data, **activation.env}
        api = Child("API", API, env)
        workers = [Child("worker", WORKER, env, patience_s=20.0) for _ in range(self._plan.workers)]
        return [api, *workers]

    def _prepare(self) -> bool:
        """Roles and schema, in a process that ends.

        With the embedded server the others load their code meanwhile: they wait for `announce()`
        before they touch the database.
        """
        sockets = [] if self._server is None else [str(self._server.sockets)]
        env = {"ARMARIUM_DATA": self._plan.data}
        preparing = Child("migration", [*PREPARATION, *sockets], env, restarts=False)
        preparing.start()
        if self._server is not None:
            self._start_due()
        while (code := preparing.reap()) is None:
            if self._stops:
                preparing.ask_to_stop()
                preparing.wait_stopped()
                return True
            self._turn(STARTING_TURN_S)
        if code == 0 and self._server is not None:
            self._server.announce()
        return code == 0

    def _serve(self, activation: Activation) -> int:
        """Until asked to stop."""
        api = self._children[0]
        answers = False
        while not self._stops:
            self._start_due()
            activation.watch()
            self._turn(self._next_due() if answers else STARTING_TURN_S)
            for child in self._children:
                child.reap()
            if not answers:
                answers = api.alive and accepts(self._plan.host, self._plan.port)
                if answers:
                    say(f"Armarium runs on {self._plan.address}  (Ctrl-C stops it)")
                elif api.crashes >= GIVE_UP_AFTER:
                    say("The API does not start; its messages are above.")
                    return 1
        return 0

    def _turn(self, timeout_s: float) -> None:
        for key, _mask in self._selector.select(timeout_s):
            key.data()

    def _start_due(self) -> None:
        for child in self._children:
            if child.restarts and child.may_start():
                child.start()

    def _next_due(self) -> float:
        waiting = [child.due for child in self._children if not child.alive and child.due]
        return max(0.0, min([IDLE_TURN_S, *(due - time.monotonic() for due in waiting)]))

    def _stop_children(self) -> None:
        for child in self._children:
            child.ask_to_stop()
            child.wait_stopped(impatient=lambda: self._stops > 1)


def require_port(host: str, port: int) -> None:
    """Refuse before anything is started when the address cannot be had.

    Raises:
        CannotStart: saying why and what to do.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = {
            errno.EADDRINUSE: (
                f"Port {port} on {host} is in use by another program. Stop that one, or choose "
                f"another port: ARMARIUM_PORT={port + 1}."
            ),
            errno.EACCES: (
                f"This user may not listen on port {port}. Choose one above 1023 with "
                "ARMARIUM_PORT."
            ),
        }.get(error.errno or 0, f"Cannot listen on {host}:{port}: {error.strerror}.")
        raise CannotStart(reason) from error


def accepts(host: str, port: int) -> bool:
    """Whether something takes connections there."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 # compared with
    try:
        socket.create_connection((near, port), timeout=0.2).close()
    except OSError:
        return False
    return True


def say(text: str) -> None:
    """To the person at the terminal, at once."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def main() -> int:
    """Run the plan in the first argument."""
    logging.basicConfig(format="%(levelname)s %(message)s", level=logging.WARNING)
    try:
        return Parent(Plan(**json.loads(sys.argv[1]))).run()
    except (PostgresError, CannotStart) as error:
        say(str(error))
    except OSError as error:
        say(f"Armarium could not start: {error}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
