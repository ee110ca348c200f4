"""A worker's pulse: one connection that hears notifications, renews the lease, and finds the dead.

A thread of its own, so that a busy event loop never misses a beat; the operating system ends it
with the process, which is the point.

Death shows in two ways. The connection holds an advisory lock: the server drops it the moment that
the process ends, so a worker without lock and without a beat for `GONE` is dead. One that keeps its
lock may only be starved of processor time by a busy machine, and is given the longer `LEASE` before
it is taken for hung or cut off.
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
LEASE = 9.0
"""Seconds without a beat after which a worker is taken for dead, though its connection stands."""
GONE = 2.0
"""The same where the server has seen its connection end: long enough to connect anew."""
STARTING_BEAT = 0.2

RENEW = """
insert into executors (id, host, pid) values (%(id)s, %(host)s, %(pid)s)
on conflict (id) do update set beat_at = clock_timestamp()
"""
HOLD = "select pg_advisory_lock_shared(hashtext('armarium.executor'), hashtext(%s))"
"""Shared, so that a connection which the server has not yet missed can't keep us waiting."""
FIND_DEAD = """
select distinct s.executor_id from dbos.workflow_status s
where s.status = 'PENDING' and s.executor_id is not null
  and not exists (
    select from executors e
    where e.id = s.executor_id and e.beat_at > clock_timestamp() - make_interval(secs =>
      case when exists (
        select from pg_locks l
        where l.locktype = 'advisory' and l.objsubid = 2 and l.granted
          and l.database = (select oid from pg_database where datname = current_database())
          and l.classid = (hashtext('armarium.executor')::bigint & 4294967295)::oid
          and l.objid = (hashtext(e.id)::bigint & 4294967295)::oid)
      then %(lease)s else %(gone)s end))
"""
SERVER_AGE = "select extract(epoch from clock_timestamp() - pg_postmaster_start_time())::float8"
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
        gone: float = GONE,
    ) -> None:
        """`url` is libpq's form, of the worker's role."""
        self._url = url
        self._executor_id = executor_id
        self._channels = channels
        self._hooks = hooks
        self._lease = lease
        self._gone = gone
        self._beat = beat
        self._stop = threading.Event()
        self._following = threading.Event()
        self._thread = threading.Thread(target=self._run, name="armarium-pulse", daemon=True)

    def take_lease(self) -> None:
        """Before any job can be claimed; from here on the heart beats."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            self._renew(connection)
            connection.execute(FORGET_LONG_DEAD)
        self._thread.start()

    def follow(self) -> None:
        """The engine is up: pass on what is heard, and take over from the dead."""
        self._following.set()
        self._hooks.reconnected()

    def stop(self) -> None:
        """End the thread and give the lease back."""
        self._stop.set()
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(f"notify {self._channels[0]}".encode())
            self._thread.join(timeout=self._beat + 5)
            connection.execute("delete from executors where id = %s", (self._executor_id,))

    def _run(self) -> None:
        fresh = True
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._url, autocommit=True) as connection:
                    self._beat_on(connection, fresh=fresh)
            except psycopg.Error as error:
                fresh = False
                if not self._stop.wait(self._beat / 2):
                    log.warning("pulse_lost", operation="pulse", error=str(error).strip())

    def _beat_on(self, connection: psycopg.Connection, *, fresh: bool) -> None:
        connection.execute(HOLD, (self._executor_id,))
        self._renew(connection)
        for channel in self._channels:
            connection.execute(f"listen {channel}".encode())
        if self._following.is_set():
            self._hooks.reconnected()
        first_look = time.monotonic() + self._until_peers_are_back(connection, fresh=fresh)
        while not self._stop.is_set():
            self._renew(connection)
            following = self._following.is_set()
            if following and time.monotonic() >= first_look:
                self._recover_from_dead(connection)
            pause = self._beat if following else min(STARTING_BEAT, self._beat)
            for notice in connection.notifies(timeout=pause):
                if self._stop.is_set():
                    return
                if self._following.is_set():
                    self._hooks.heard(notice.channel, notice.payload)

    def _until_peers_are_back(self, connection: psycopg.Connection, *, fresh: bool) -> float:
        """Seconds: what cut us off cut off our peers too, and they need time to connect anew.

        A process that has just begun was cut off by nothing, unless the server has just begun too.
        """
        if not fresh:
            return 2 * self._gone
        row = connection.execute(SERVER_AGE).fetchone()
        return max(0.0, 2 * self._gone - row[0]) if row else 0.0

    def _renew(self, connection: psycopg.Connection) -> None:
        connection.execute(
            RENEW,
            {"id": self._executor_id, "host": socket.gethostname(), "pid": os.getpid()},
            prepare=True,
        )

    def _recover_from_dead(self, connection: psycopg.Connection) -> None:
        bounds = {"lease": self._lease, "gone": self._gone}
        rows = connection.execute(FIND_DEAD, bounds, prepare=True).fetchall()
        dead = [row[0] for row in rows]
        if dead:
            log.warning("workers_lost", operation="recover", executors=dead)
            self._hooks.recover(dead)
