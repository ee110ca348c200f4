"""The switchboard of commands: which queue runs which command, and how one is enqueued."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from croniter import croniter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.kit.ids import new_id
from armarium.platform.observability import current_request_id
from armarium.platform.workflows.commands import require_command, space_of, to_json
from armarium.platform.workflows.flow import Flow

C = TypeVar("C")
Run = Callable[[Flow, C], Awaitable[None]]

ENQUEUE = text(
    "select engine.enqueue("
    ":id, :name, :queue, cast(:command as json), :space, :priority, :delay_ms, :request_id)"
)


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


@dataclass(frozen=True, slots=True)
class Handler:
    """What runs a command."""

    command: type[Any]
    queue: str
    run: Run[Any]
    max_attempts: int


@dataclass(frozen=True, slots=True)
class Cron:
    """A command enqueued at each tick; `schedule` has six fields, seconds first, in UTC."""

    name: str
    schedule: str
    command: Any


class UnknownCommand(LookupError):
    """Nothing handles this command: register it with `Flows.handle` first."""


class Flows:
    """Built once a process by wiring; rooms register with it, services enqueue through it."""

    def __init__(self) -> None:
        self._handlers: dict[str, Handler] = {}
        self._queues: dict[str, Queue] = {}
        self._crons: dict[str, Cron] = {}

    def queue(self, queue: Queue) -> None:
        """Set the limits of a queue; a queue that is only named gets the defaults."""
        self._queues[queue.name] = queue

    def handle(self, command: type[C], *, queue: str, run: Run[C], max_attempts: int = 3) -> None:
        """Register `run` for a command: a frozen dataclass of UUIDs, text, numbers and lists.

        A command with a `space_id` field belongs to that space: its job is listed there and only
        there. `max_attempts` counts dispatches: a job whose worker dies that many times becomes a
        dead letter. The API and the worker both register; only the worker runs.
        """
        require_command(command)
        name = command.__name__
        if name in self._handlers:
            raise ValueError(f"{name} has a handler already; command names are unique")
        self._handlers[name] = Handler(command, queue, run, max_attempts)
        self._queues.setdefault(queue, Queue(queue))

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

        Raises:
            UnknownCommand: when no room registered it.
            sqlalchemy.exc.ProgrammingError: when `space_id` is outside the session's scope.
        """
        name = type(command).__name__
        if name not in self._handlers:
            raise UnknownCommand(name)
        identifier = workflow_id or str(new_id())
        await session.execute(
            ENQUEUE,
            {
                "id": identifier,
                "name": name,
                "queue": self._handlers[name].queue,
                "command": json.dumps(to_json(command)),
                "space": space_of(command),
                "priority": priority,
                "delay_ms": int(delay * 1000),
                "request_id": current_request_id(),
            },
        )
        return identifier

    def cron(self, name: str, schedule: str, command: Any) -> None:
        """Enqueue `command` at each tick of `schedule` (UTC; six fields, seconds first).

        One workflow a tick over all workers; ticks missed while no worker ran are not made up.
        """
        if not croniter.is_valid(schedule, second_at_beginning=True) or len(schedule.split()) != 6:  # noqa: PLR2004  # seconds first
            raise ValueError(f"{schedule!r} is no schedule of six fields, seconds first")
        if type(command).__name__ not in self._handlers:
            raise UnknownCommand(type(command).__name__)
        self._crons[name] = Cron(name, schedule, command)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By the command's name."""
        return self._handlers

    @property
    def queues(self) -> Mapping[str, Queue]:
        """Every queue that some handler names, by name."""
        named = {handler.queue for handler in self._handlers.values()}
        return {name: queue for name, queue in self._queues.items() if name in named}

    @property
    def crons(self) -> Mapping[str, Cron]:
        """By name."""
        return self._crons
