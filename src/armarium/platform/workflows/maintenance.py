"""The engine's own jobs: sending dead letters round again, and forgetting what is long done."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, text

from armarium.platform.workflows.errors import Permanent
from armarium.platform.workflows.flow import Flow
from armarium.platform.workflows.flows import Flows, Queue

QUEUE = "maintenance"
KEEP_DAYS = 30

FIND = text(
    """
    select j.queue, s.status, f.function_id as failed,
           (select coalesce(max(function_id), 0) from dbos.operation_outputs
            where workflow_uuid = j.id) as last,
           exists (select from dbos.operation_outputs later
                   where later.workflow_uuid = j.id and later.function_id > f.function_id
                     and later.started_at_epoch_ms >= f.completed_at_epoch_ms) as went_on
    from jobs j join dbos.workflow_status s on s.workflow_uuid = j.id
    left join lateral (
      select function_id, completed_at_epoch_ms from dbos.operation_outputs
      where workflow_uuid = j.id and error is not null order by function_id limit 1) f on true
    where j.id = :id
    """
)
FORGET_FAILURES = text(
    "delete from dbos.operation_outputs where workflow_uuid = :id and error is not null"
)
FORGET_OUTCOMES = text("delete from job_outcomes where job_id = :id and step >= :first")
UNDISMISS = text("update jobs set dismissed_at = null where id = :id")

CLEAN = (
    """
    with gone as (
      delete from jobs j using dbos.workflow_status s
      where s.workflow_uuid = j.id and s.status in ('SUCCESS', 'CANCELLED')
        and s.completed_at < (extract(epoch from now()) - :days * 86400) * 1000
      returning j.id),
    statuses as (delete from dbos.workflow_status where workflow_uuid in (select id from gone)),
    inputs as (delete from dbos.workflow_input where workflow_uuid in (select id from gone)),
    outputs as (delete from dbos.workflow_output where workflow_uuid in (select id from gone)),
    steps as (delete from dbos.operation_outputs where workflow_uuid in (select id from gone))
    delete from job_outcomes where job_id in (select id from gone)
    """,
    """
    delete from events where dispatched_at < now() - make_interval(days => :days)
    """,
)


@dataclass(frozen=True, slots=True)
class RedriveJob:
    """Send one dead letter round again; its finished steps are kept."""

    job_id: str


@dataclass(frozen=True, slots=True)
class CleanUpJobs:
    """Forget finished jobs and delivered events; dead letters stay until someone decides."""

    days: int = KEEP_DAYS


def declare(flows: Flows) -> None:
    """What every process knows: the commands and their queue, without the means to run them."""
    flows.queue(Queue(QUEUE, worker_concurrency=2))
    flows.handle(RedriveJob, queue=QUEUE, run=_not_here)
    flows.handle(CleanUpJobs, queue=QUEUE, run=_not_here)
    flows.cron("workflows.clean_up", "0 30 3 * * *", CleanUpJobs())


async def _not_here(_flow: Flow, _command: Any) -> None:
    raise Permanent("only the worker's engine runs this")


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Runs the engine's own commands, with the engine's connection."""

    engine: Callable[[], Engine]
    rewind: Callable[[str, int, str], None]
    """(job id, first step to run again, queue), of a job that failed."""
    resume: Callable[[str, str], None]
    """(job id, queue), of a job that killed its workers."""

    async def redrive(self, flow: Flow, command: RedriveJob) -> None:
        """Handler of `RedriveJob`."""
        await flow.step("redrive", self._in_thread, self._redrive, command.job_id)

    async def clean_up(self, flow: Flow, command: CleanUpJobs) -> None:
        """Handler of `CleanUpJobs`."""
        await flow.step("clean_up", self._in_thread, self._clean_up, command.days)

    async def _in_thread(self, work: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.to_thread(work, *args)

    def _redrive(self, job_id: str) -> str:
        with self.engine().begin() as connection:
            found = connection.execute(FIND, {"id": job_id}).one_or_none()
            if found is None:
                raise Permanent(f"there is no job {job_id}")
            connection.execute(UNDISMISS, {"id": job_id})
            if found.status == "ERROR" and not found.went_on:
                # Branches of the same wave that finished keep their answers.
                connection.execute(FORGET_FAILURES, {"id": job_id})
        if found.status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
            self.resume(job_id, found.queue)
        elif found.status == "ERROR":
            first = found.failed if found.went_on else found.last + 1
            with self.engine().begin() as connection:
                # Steps are numbered: another one may come to stand in the place of one undone.
                connection.execute(FORGET_OUTCOMES, {"id": job_id, "first": first})
            self.rewind(job_id, first, found.queue)
        return found.status

    def _clean_up(self, days: int) -> int:
        gone = 0
        with self.engine().begin() as connection:
            for statement in CLEAN:
                gone += connection.execute(text(statement), {"days": days}).rowcount
        return gone
