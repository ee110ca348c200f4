"""DBOS 3.4 behind one class: what of it is private is touched here and nowhere else.

The version is pinned, and tests/features/test_platform_workflows_engine.py fails when one of
these parts changes its name or its ways.
"""

# pyright: reportPrivateUsage=false
# ruff: noqa: SLF001
# The public interface has no way to wake a queue, to hear of a dead peer, or to redrive by step.

import logging
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from dbos import DBOS, DBOSConfig
from dbos._queue import queue_worker_thread
from dbos._serialization import DBOSPortableJSON, PortableWorkflowError
from dbos._sys_db_postgres import PostgresSystemDatabase
from sqlalchemy import Engine as SqlEngine
from sqlalchemy import text

from armarium.platform.workflows.doorbell import IDLE_POLL, Doorbell
from armarium.platform.workflows.flows import Queue
from armarium.platform.workflows.migrate import SCHEMA

__all__ = ["Engine", "PortableWorkflowError"]

APPLICATION = "armarium"
QUIET = 60.0
"""Seconds between polls of what the product does not use."""
VERSION = "1"
"""Constant: recovery filters by it, and a new release must take over the old one's jobs. Change
workflow code compatibly in place of raising it."""

Job = Callable[[dict[str, Any], dict[str, Any]], Awaitable[None]]
"""(command, context) of a job, as JSON."""


GIVE_BACK = text(
    f"update {SCHEMA}.workflow_status"  # noqa: S608  # a constant
    " set recovery_attempts = greatest(recovery_attempts - 1, 0)"
    " where workflow_uuid = any(:ids) and status = 'PENDING'"
)


class Engine:
    """One launched engine a process; jobs run on the event loop that calls `launch`."""

    def __init__(self, url: str, *, executor_id: str, pool_size: int) -> None:
        """`url` is libpq's form, of the worker's role."""
        self._threads: list[threading.Thread] = []
        self._bells: dict[str, Doorbell] = {}
        self._dbos = DBOS(config=_config(url, executor_id, pool_size))
        # It prints for itself unless told otherwise; our log is one pipe, in JSON.
        own = logging.getLogger("dbos")
        own.handlers.clear()
        own.propagate = True

    def register(self, name: str, job: Job, *, max_attempts: int) -> None:
        """Before `launch`. The engine counts recoveries, which are attempts after the first."""
        DBOS.workflow(name=name, max_recovery_attempts=max_attempts - 1)(job)

    def launch(self) -> None:
        """Call on the event loop itself: the engine adopts the loop it is launched from."""
        # Our queues have loops of their own; the engine's would poll every second, and its
        # internal queue never holds a job, since all of ours name one.
        DBOS.listen_queues([])
        # It tells of messages and streams, which are not used, from a sleep that a stop waits for.
        PostgresSystemDatabase.run_notifier = _nothing
        self._dbos._registry.get_internal_queue()._polling_interval_sec = QUIET
        DBOS.launch()

    def open_queue(self, queue: Queue) -> None:
        """Register the queue's limits and begin to take its jobs. Blocks; call in a thread."""
        rate = queue.rate
        registered = DBOS.register_queue(
            queue.name,
            global_concurrency=queue.concurrency,
            worker_concurrency=queue.worker_concurrency,
            limiter=None if rate is None else {"limit": rate[0], "period": rate[1]},
            polling_interval_sec=IDLE_POLL if rate is None else min(IDLE_POLL, rate[1] / 2),
        )
        bell = Doorbell(lambda: self._dbos._active_workflows_set.count_for_queue(queue.name) > 0)
        thread = threading.Thread(
            target=queue_worker_thread,
            args=(bell, self._dbos, registered),
            name=f"armarium-queue-{queue.name}",
            daemon=True,
        )
        self._bells[queue.name] = bell
        self._threads.append(thread)
        thread.start()

    def ring(self, queue: str | None = None) -> None:
        """Look at one queue now, or at all."""
        if queue is not None:
            if bell := self._bells.get(queue):
                bell.ring()
            return
        for bell in self._bells.values():
            bell.ring()

    def close_queues(self) -> None:
        """Claim nothing more."""
        for bell in self._bells.values():
            bell.set()

    def active(self) -> list[str]:
        """Ids of the jobs that run here now."""
        return list(self._dbos._active_workflows_set.activeList())

    def recover(self, executor_ids: list[str]) -> None:
        """Put the unfinished jobs of dead executors back on their queues; twice is harmless."""
        DBOS._recover_pending_workflows(executor_ids)

    def give_back(self, job_ids: list[str]) -> None:
        """Take one attempt off each: they did not kill this worker, which stops. Blocks."""
        with self.sql().begin() as connection:
            connection.execute(GIVE_BACK, {"ids": job_ids})

    def rewind(self, job_id: str, first_step: int, queue: str) -> None:
        """Run a failed job again, its steps before `first_step` answering from checkpoints."""
        self._dbos._rewind_workflow(job_id, first_step, queue_name=queue)

    def resume(self, job_id: str, queue: str) -> None:
        """Give a job that killed its workers a fresh count of attempts."""
        self._dbos._sys_db.resume_workflows([job_id], queue_name=queue)

    def sql(self) -> SqlEngine:
        """The engine's own pool, as the worker's role."""
        return self._dbos._sys_db.engine

    def destroy(self) -> None:
        """End every thread and connection. Blocks; call in a thread, not on the loop."""
        for thread in self._threads:
            thread.join(timeout=5)
        DBOS.destroy(destroy_registry=True)


def _nothing(self: PostgresSystemDatabase) -> None:
    """In place of a thread that has nothing to do."""


def _config(url: str, executor_id: str, pool_size: int) -> DBOSConfig:
    return {
        "name": APPLICATION,
        "system_database_url": url,
        "dbos_system_schema": SCHEMA,
        "application_version": VERSION,
        "executor_id": executor_id,
        "run_migrations": False,
        "sys_db_pool_size": pool_size,
        # Plain JSON everywhere: a row of the database never becomes code.
        "serializer": DBOSPortableJSON,
        "max_executor_threads": 16,
        # Our own clock enqueues; the engine's schedules stay empty.
        "scheduler_polling_interval_sec": 3600.0,
        # Messages and streams between jobs are not used, so nothing waits for it.
        "notification_listener_polling_interval_sec": QUIET,
        "enable_otlp": False,
        "log_level": "WARNING",
    }
