"""The switchboard of commands: which queue runs which command, and how one is enqueued."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from armarium.platform.workflows.flow import Flow

C = TypeVar("C")
Run = Callable[[Flow, C], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Queue:
    """How much of one kind of work may run at once.

    `concurrency` bounds all workers together, `worker_concurrency` one process, and `rate`
    (count, seconds) how many may start in a rolling window over all workers.
    """

    name: str
    concurrency: int | None = None
    worker_concurrency: int | None = 4
    rate: tuple[int, float] | None = None


class Flows:
    """Built once a process by wiring; rooms register with it, services enqueue through it."""

    def queue(self, queue: Queue) -> None:
        """Set the limits of a queue; a queue that is only named gets the defaults."""
        raise NotImplementedError

    def handle(self, command: type[C], *, queue: str, run: Run[C], max_attempts: int = 3) -> None:
        """Register `run` for a command: a frozen dataclass of UUIDs, text, numbers and lists.

        A command with a `space_id` field belongs to that space: its job is listed there and only
        there. `max_attempts` counts dispatches: a job whose worker dies that many times becomes a
        dead letter. The API and the worker both register; only the worker runs.
        """
        raise NotImplementedError

    async def enqueue(
        self,
        session: AsyncSession,
        command: Any,
        *,
        workflow_id: str | None = None,
        priority: int = 0,
        delay: float = 0.0,
    ) -> str:
        """Enqueue in the caller's transaction: it starts on commit, and never on a rollback.

        A `workflow_id` seen before is not run again (idempotent); it is otherwise made here.
        Lower `priority` runs first (0 = interactive). `delay` is in seconds.
        """
        raise NotImplementedError

    def cron(self, name: str, schedule: str, command: Any) -> None:
        """Enqueue `command` at each tick of `schedule` (UTC; six fields, seconds first).

        One workflow a tick over all workers; ticks missed while no worker ran are not made up.
        """
        raise NotImplementedError
