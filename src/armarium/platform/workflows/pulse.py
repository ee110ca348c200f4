"""A worker's pulse: one connection that hears notifications, renews the lease, and finds the dead.

A thread of its own, so that a busy event loop never misses a beat; the operating system ends it
with the process, which is the point.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psycopg
import structlog

log = structlog.get_logger("armarium.workflows")

BEAT = 1.0
"""Seconds between beats."""
LEASE = 4.0
"""Seconds without a beat after which a worker is taken for dead."""

RENEW = """
insert into executors (id, host, pid) values (%(id)s, %(host)s, %(pid)s)
on conflict (id) do update set beat_at = clock_timestamp()
"""
FIND_DEAD = """
select distinct s.executor_id from dbos.workflow_status s
where s.status = 'PENDING' and s.executor_id is not null
  and not exists (
    select from executors e
    where e.id = s.executor_id and e.beat_at > clock_timestamp() - make_interval(secs => %s))
"""
FORGET_LONG_DEAD = "delete from executors where beat_at < clock_timestamp() - interval '1 day'"


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the pulse calls, from its own thread.

    `heard(channel, payload)`; `reconnected()` after any gap in which notifications may have been
    lost; `recover(executor ids)` for the work of the dead.
    """

    heard: Callable[[str, str], None]
    reconnected: Callable[[], None]
    recover: Callable[[list[str]], None]


class Pulse:
    """`take_lease`, launch the engine, `follow`; `stop` gives the lease back to our peers."""

    def __init__(
        self,
        url: str,
        *,
        executor_id: str,
        channels: Sequence[str],
        hooks: Hooks,
        lease: float = LEASE,
        beat: float = BEAT,
    ) -> None:
        """`url` is libpq's form, of the worker's role."""
        self._url = url
        self._executor_id = executor_id
        self._channels = channels
        self._hooks = hooks
        self._lease = lease
        self._beat = beat
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="armarium-pulse", daemon=True)

    def take_lease(self) -> None:
        """Before any job can be claimed."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            self._renew(connection)
            connection.execute(FORGET_LONG_DEAD)

    def follow(self) -> None:
        """Keep the lease and listen, in the background."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and give the lease back."""
        self._stop.set()
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(f"notify {self._channels[0]}".encode())
            self._thread.join(timeout=self._beat + 5)
            connection.execute("delete from executors where id = %s", (self._executor_id,))

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._url, autocommit=True) as connection:
                    self._follow(connection)
            except psycopg.Error as error:
                if not self._stop.wait(self._beat / 2):
                    log.warning("pulse_lost", operation="pulse", error=str(error).strip())

    def _follow(self, connection: psycopg.Connection) -> None:
        for channel in self._channels:
            connection.execute(f"listen {channel}".encode())
        self._hooks.reconnected()
        # After a gap every lease looks stale, our peers' too: let them beat first.
        first_look = time.monotonic() + self._lease
        while not self._stop.is_set():
            self._renew(connection)
            if time.monotonic() >= first_look:
                self._recover_from_dead(connection)
            for notice in connection.notifies(timeout=self._beat):
                if self._stop.is_set():
                    return
                self._hooks.heard(notice.channel, notice.payload)

    def _renew(self, connection: psycopg.Connection) -> None:
        connection.execute(
            RENEW,
            {"id": self._executor_id, "host": socket.gethostname(), "pid": os.getpid()},
            prepare=True,
        )

    def _recover_from_dead(self, connection: psycopg.Connection) -> None:
        rows = connection.execute(FIND_DEAD, (self._lease,), prepare=True).fetchall()
        dead = [row[0] for row in rows]
        if dead:
            log.warning("workers_lost", operation="recover", executors=dead)
            self._hooks.recover(dead)
