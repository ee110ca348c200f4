"""The process that runs jobs: the engine, one loop a queue, the pulse, the clock.

Everything runs on the event loop that calls `start`, so services share one connection pool. The
engine launches nowhere else: the API only enqueues.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import structlog
from dbos import DBOS
from sqlalchemy.exc import SQLAlchemyError

from armarium.kit.ids import new_id
from armarium.platform.database import Database
from armarium.platform.postgres.urls import libpq
from armarium.platform.workflows.commands import from_json
from armarium.platform.workflows.durable import DurableFlow
from armarium.platform.workflows.engine import Engine
from armarium.platform.workflows.flows import Flows, Handler, Queue
from armarium.platform.workflows.maintenance import CleanUpJobs, Maintenance, RedriveJob
from armarium.platform.workflows.pulse import BEAT, GONE, LEASE, Hooks, Pulse
from armarium.platform.workflows.retries import Retries
from armarium.platform.workflows.schedule import keep_time

log = structlog.get_logger("armarium.workflows")

WORK_CHANNEL = "arm_work"
DRAIN_POLL = 0.02


class Companion(Protocol):
    """Work beside the jobs that a notification wakes and a slow sweep backs up."""

    channel: str
    every: float
    """Seconds between sweeps without a notification."""

    async def sweep(self) -> None:
        """Do what there is to do; called again at once when notified meanwhile."""
        ...


@dataclass(frozen=True, slots=True)
class Tuning:
    """What tests make smaller."""

    retries: Retries = field(default_factory=Retries)
    lease: float = LEASE
    beat: float = BEAT
    gone: float = GONE
    pool_size: int = 5


class UnknownQueue(Exception):
    """A worker was told to serve a queue that no command names; the message says which exist."""


class Worker:
    """Runs the registered commands, of all queues or of some, until stopped; one a process."""

    def __init__(
        self,
        flows: Flows,
        *,
        database: Database,
        url: str,
        companions: Sequence[Companion] = (),
        tuning: Tuning | None = None,
        queues: Collection[str] = (),
    ) -> None:
        """`database` is the app role's, for handlers; `url` the worker role's, for the engine.

        `queues` names those it takes jobs from, none for all. It keeps time, passes events on and
        puts the jobs of dead peers back on their queues all the same: that takes none of them.

        Raises:
            UnknownQueue: when one of `queues` is no handler's.
        """
        self._queues = _chosen(flows, queues)
        self._flows = flows
        self._database = database
        self._url = libpq(url)
        self._companions = companions
        self._tuning = tuning or Tuning()
        self._tasks: list[asyncio.Task[None]] = []
        self._wakes: dict[str, list[asyncio.Event]] = {}
        self.executor_id = str(new_id())
        self._pulse = Pulse(
            self._url,
            executor_id=self.executor_id,
            channels=[WORK_CHANNEL, *{companion.channel for companion in companions}],
            hooks=Hooks(self._heard, self._heard_nothing, self._recover),
            lease=self._tuning.lease,
            beat=self._tuning.beat,
            gone=self._tuning.gone,
        )

    async def start(self) -> None:
        """Take the lease, launch the engine on this loop, and begin to take jobs."""
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._pulse.take_lease)
        self._engine = Engine(
            self._url, executor_id=self.executor_id, pool_size=self._tuning.pool_size
        )
        for name, handler in self._handlers().items():
            self._register(name, handler)
        self._engine.launch()
        for queue in self._queues:
            await asyncio.to_thread(self._engine.open_queue, queue)
        for companion in self._companions:
            wake = asyncio.Event()
            self._wakes.setdefault(companion.channel, []).append(wake)
            self._tasks.append(asyncio.create_task(accompany(companion, wake)))
        self._tasks.append(asyncio.create_task(keep_time(self._flows, self._database)))
        self._pulse.follow()
        log.info(
            "worker_started",
            operation="worker",
            executor=self.executor_id,
            queues=[queue.name for queue in self._queues],
        )

    async def stop(self, grace: float = 10.0) -> None:
        """Claim nothing more, let running jobs end for `grace` seconds, hand over the rest."""
        self._engine.close_queues()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self._drained()
        if handed_over := self._engine.active():
            with contextlib.suppress(SQLAlchemyError):  # then it counts as an attempt
                await asyncio.to_thread(self._engine.give_back, handed_over)
        await asyncio.to_thread(self._shut_down)
        # The engine lent the loop its own pool, which is gone now.
        self._loop.set_default_executor(ThreadPoolExecutor(thread_name_prefix="asyncio"))
        log.info("worker_stopped", operation="worker", handed_over=handed_over)

    async def _drained(self) -> None:
        while self._engine.active():  # noqa: ASYNC110  # the engine has no event for it
            await asyncio.sleep(DRAIN_POLL)

    def _handlers(self) -> dict[str, Handler]:
        """The rooms' handlers, with the engine's own commands bound to this engine."""
        maintenance = Maintenance(self._engine.sql, self._engine.rewind, self._engine.resume)
        own: dict[str, Callable[..., Awaitable[None]]] = {
            RedriveJob.__name__: maintenance.redrive,
            CleanUpJobs.__name__: maintenance.clean_up,
        }
        return {
            name: replace(handler, run=own.get(name, handler.run))
            for name, handler in self._flows.handlers.items()
        }

    def _register(self, name: str, handler: Handler) -> None:
        async def run_job(command: dict[str, Any], context: dict[str, Any]) -> None:
            workflow_id = DBOS.workflow_id or ""
            with structlog.contextvars.bound_contextvars(
                workflow_id=workflow_id, job=name, **context
            ):
                flow = DurableFlow(
                    workflow_id, database=self._database, retries=self._tuning.retries
                )
                await _logged(name, handler.run(flow, from_json(handler.command, command)))

        self._engine.register(name, run_job, max_attempts=handler.max_attempts)

    def _heard(self, channel: str, payload: str) -> None:
        if channel == WORK_CHANNEL:
            self._engine.ring(payload)
            return
        for wake in self._wakes.get(channel, ()):
            self._loop.call_soon_threadsafe(wake.set)

    def _heard_nothing(self) -> None:
        """After a gap anything may have been missed: look everywhere."""
        self._engine.ring()
        for channel in self._wakes:
            self._heard(channel, "")

    def _recover(self, executor_ids: list[str]) -> None:
        self._engine.recover(executor_ids)

    def _shut_down(self) -> None:
        self._engine.destroy()
        # Last, so that no peer takes over a job that we might still have checkpointed.
        self._pulse.stop()


def _chosen(flows: Flows, names: Collection[str]) -> list[Queue]:
    known = flows.queues
    if unknown := sorted(set(names) - set(known)):
        raise UnknownQueue(
            f"No queue is called {', '.join(unknown)}; there are {', '.join(sorted(known))}."
        )
    return [queue for name, queue in known.items() if not names or name in names]


async def _logged(name: str, job: Awaitable[None]) -> None:
    started = time.perf_counter()
    status = "failed"
    try:
        await job
        status = "done"
    finally:
        spent = round((time.perf_counter() - started) * 1000, 1)
        log.info("job", operation=name, duration_ms=spent, status=status)


async def accompany(companion: Companion, wake: asyncio.Event) -> None:
    """Let it sweep whenever it is woken and after each pause, until cancelled."""
    while True:
        wake.clear()
        try:
            await companion.sweep()
        except Exception:
            log.exception("sweep_failed", operation=companion.channel)
            await asyncio.sleep(1.0)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(companion.every):
                await wake.wait()
