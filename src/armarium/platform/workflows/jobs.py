"""Reading jobs: what a page, the command line and the operations room show of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.platform.database import Database, Scope
from armarium.platform.paging import BadCursor, Page, PageParams, decode_cursor, encode_cursor
from armarium.platform.workflows.flows import Flows
from armarium.platform.workflows.maintenance import RedriveJob

Status = Literal["queued", "running", "done", "failed", "cancelled"]

STATES: dict[Status, list[str]] = {
    "queued": ["ENQUEUED", "DELAYED"],
    "running": ["PENDING"],
    "done": ["SUCCESS"],
    "failed": ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
    "cancelled": ["CANCELLED"],
}
STATUS_OF: dict[str, Status] = {state: status for status, all_ in STATES.items() for state in all_}
KILLED_ITS_WORKERS = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"

LIST = text("select * from engine.jobs(:all, :states, :queue, :before, :before_id, :limit)")
DEAD = text("select * from engine.dead_letters(:all, :before, :before_id, :limit)")
ONE = text("select * from engine.job(:all, :id)")
STEPS = text("select * from engine.job_steps(:all, :id)")
LOAD = text(
    "select (select count(*) from engine.executors()) as workers,"
    " coalesce(sum(jobs) filter (where state = 'ENQUEUED'), 0)::int as queued,"
    " coalesce(sum(jobs) filter (where state = 'PENDING'), 0)::int as running,"
    " min(oldest) filter (where state = 'ENQUEUED') as oldest"
    " from engine.queue_depths()"
)
DISMISS = text("select engine.dismiss(:all, :id)")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job or a step failed. `code` sorts dead letters; `message` is for people."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job says it is."""

    done: int
    total: int
    note: str


@dataclass(frozen=True, slots=True)
class Job:
    """One enqueued command and how it fares; `attempts` counts how often a worker took it."""

    id: str
    name: str
    queue: str
    status: Status
    attempts: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    progress: Progress | None
    error: Failure | None
    space_id: UUID | None
    user_id: UUID | None
    request_id: str | None
    dismissed_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepRecord:
    """A finished or failed step, as it was checkpointed."""

    number: int
    name: str
    error: Failure | None
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Load:
    """What all workers together have to do."""

    workers: int
    queued: int
    running: int
    oldest_queued_at: datetime | None


class Jobs:
    """Jobs of the scope's spaces; with `everything`, which is for administrators, all of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(
        self,
        scope: Scope,
        page: PageParams,
        *,
        status: Status | None = None,
        queue: str | None = None,
        everything: bool = False,
    ) -> Page[Job]:
        """Newest first."""
        parameters = {
            "all": everything,
            "states": None if status is None else STATES[status],
            "queue": queue,
        }
        return await self._page(LIST, scope, page, parameters)

    async def dead_letters(
        self, scope: Scope, page: PageParams, *, everything: bool = False
    ) -> Page[Job]:
        """What failed for good and nobody has dismissed, newest first."""
        return await self._page(DEAD, scope, page, {"all": everything})

    async def find(self, job_id: str, scope: Scope, *, everything: bool = False) -> Job | None:
        """One job, or None where it is not the scope's."""
        async with self._database.transaction(scope) as session:
            return await job_in(session, job_id, everything=everything)

    async def steps(
        self, job_id: str, scope: Scope, *, everything: bool = False
    ) -> Sequence[StepRecord]:
        """The job's checkpoints in their order."""
        async with self._database.transaction(scope) as session:
            rows = (await session.execute(STEPS, {"all": everything, "id": job_id})).all()
        return [
            StepRecord(row.number, row.name, _failure(row.error), row.started_at, row.finished_at)
            for row in rows
        ]

    async def load(self) -> Load:
        """Live workers and the queues' lengths, over all spaces: numbers alone."""
        async with self._database.transaction(Scope()) as session:
            row = (await session.execute(LOAD)).one()
        return Load(row.workers, row.queued, row.running, row.oldest)

    async def _page(
        self, statement: Any, scope: Scope, page: PageParams, parameters: dict[str, Any]
    ) -> Page[Job]:
        before, before_id = _bookmark(page.cursor)
        async with self._database.transaction(scope) as session:
            rows = (
                await session.execute(
                    statement,
                    {
                        **parameters,
                        "before": before,
                        "before_id": before_id,
                        "limit": page.limit + 1,
                    },
                )
            ).all()
        jobs = [_job(row) for row in rows[: page.limit]]
        if len(rows) <= page.limit:
            return Page(jobs)
        last = jobs[-1]
        return Page(jobs, encode_cursor(f"{last.created_at.isoformat()}|{last.id}"))


async def job_in(session: AsyncSession, job_id: str, *, everything: bool = False) -> Job | None:
    """One job as the caller's transaction sees it, or None where it is not the scope's."""
    result = await session.execute(ONE, {"all": everything, "id": job_id})
    row = result.one_or_none()
    return None if row is None else _job(row)


async def redrive(session: AsyncSession, flows: Flows, job: Job) -> str:
    """Ask the worker to send a dead letter round again; id of the job that does so.

    The caller has checked that the job may be seen and is failed. Twice is harmless.
    """
    tries = f"{job.attempts}:{job.finished_at.isoformat() if job.finished_at else ''}"
    return await flows.enqueue(
        session, RedriveJob(job_id=job.id), workflow_id=f"redrive:{job.id}:{tries}"
    )


async def dismiss(session: AsyncSession, job_id: str, *, everything: bool = False) -> bool:
    """Take a dead letter off the list; a redrive brings it back if it fails again."""
    return bool(await session.scalar(DISMISS, {"all": everything, "id": job_id}))


def _bookmark(cursor: str | None) -> tuple[datetime | None, str | None]:
    if cursor is None:
        return None, None
    instant, _, identifier = decode_cursor(cursor).partition("|")
    try:
        return datetime.fromisoformat(instant), identifier
    except ValueError as error:
        raise BadCursor(pointer="query:cursor") from error


def _job(row: Row[Any]) -> Job:
    progress = None
    if row.total is not None:
        progress = Progress(row.done or 0, row.total, row.note or "")
    error = _failure(row.error)
    if row.state == KILLED_ITS_WORKERS:
        error = Failure("worker_killed", "The worker died each time it ran this job.")
    return Job(
        id=row.id,
        name=row.name,
        queue=row.queue,
        status=STATUS_OF[row.state],
        attempts=row.attempts or 0,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        progress=progress,
        error=error,
        space_id=row.space_id,
        user_id=row.user_id,
        request_id=row.request_id,
        dismissed_at=row.dismissed_at,
    )


def _failure(stored: str | None) -> Failure | None:
    """The engine's portable error record; text that is none is shown as it stands."""
    if stored is None:
        return None
    try:
        record = json.loads(stored)
        return Failure(str(record.get("code") or record["name"]), str(record["message"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Failure("unknown", stored[:500])
