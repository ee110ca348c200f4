"""Health by asking every dependency, and the jobs of the caller's spaces."""

import asyncio
import time
from collections.abc import Sequence
from itertools import chain
from uuid import UUID

from armarium.features.operations.errors import NotADeadLetter
from armarium.features.operations.models import (
    PATIENCE,
    Check,
    CheckResult,
    DeadLetterGroup,
    HealthReport,
    Outcome,
)
from armarium.kit.instants import now
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Database, Scope, Session
from armarium.platform.errors import NotFound
from armarium.platform.http.principal import Principal
from armarium.platform.observability import Build
from armarium.platform.paging import Page, PageParams
from armarium.platform.workflows import Flows
from armarium.platform.workflows.jobs import Job, Jobs, Status, StepRecord, dismiss, redrive

NOBODY = UUID(int=0)
GROUPED_AT_MOST = 1000
"""Dead letters that a summary or a redrive of all looks at; more are told apart by paging."""


def operator() -> Principal:
    """Who acts at the command line of the machine itself: may see all jobs, has no space."""
    return Principal(user_id=NOBODY, email="operator", space_id=NOBODY, spaces=(), is_admin=True)


class HealthService:
    """Asks all at once; one that hangs or breaks says so for itself alone."""

    def __init__(self, *, checks: Sequence[Check], build: Build, environment: str) -> None:
        self._checks = checks
        self.build = build
        self._environment = environment

    async def report(self, scope: Scope) -> HealthReport:
        """`unhealthy` when an essential part is, `degraded` when any other is not well."""
        started = time.perf_counter()
        results = await asyncio.gather(*(self._look(check, scope) for check in self._checks))
        checks = {check.name: result for check, result in zip(self._checks, results, strict=True)}
        essential = [checks[check.name].status for check in self._checks if check.is_essential]
        status: Outcome = "healthy"
        if any(result.status != "healthy" for result in results):
            status = "degraded"
        if "unhealthy" in essential:
            status = "unhealthy"
        return HealthReport(
            status=status,
            timestamp=now(),
            version=self.build.label,
            environment=self._environment,
            total_latency_ms=_since(started),
            checks=checks,
        )

    async def _look(self, check: Check, scope: Scope) -> CheckResult:
        started = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                facts = dict(await check.probe(scope))
        except TimeoutError:
            return CheckResult("unhealthy", _since(started), error="no answer in time")
        except Exception as error:  # noqa: BLE001  # whatever a dependency throws is its health
            # The class alone: messages of drivers may carry addresses and credentials.
            return CheckResult("unhealthy", _since(started), error=type(error).__name__)
        status: Outcome = facts.pop("status", "healthy")
        return CheckResult(status, _since(started), facts)


class JobService:
    """Jobs and dead letters of the caller's spaces; administrators see the instance's too."""

    def __init__(self, *, database: Database, jobs: Jobs, flows: Flows) -> None:
        self._database = database
        self._jobs = jobs
        self._flows = flows

    async def recent(
        self,
        caller: Principal,
        page: PageParams,
        *,
        status: Status | None = None,
        queue: str | None = None,
    ) -> Page[Job]:
        """Newest first."""
        return await self._jobs.list(
            caller.scope, page, status=status, queue=queue, everything=caller.is_admin
        )

    async def get(self, caller: Principal, job_id: str) -> tuple[Job, Sequence[StepRecord]]:
        """A job with the history of its steps."""
        job = await self._find(caller, job_id)
        steps = await self._jobs.steps(job_id, caller.scope, everything=caller.is_admin)
        return job, steps

    async def dead_letters(self, caller: Principal, page: PageParams) -> Page[Job]:
        """Jobs that failed for good, newest first."""
        return await self._jobs.dead_letters(caller.scope, page, everything=caller.is_admin)

    async def dead_letter_groups(self, caller: Principal) -> list[DeadLetterGroup]:
        """Dead letters by command and reason, the most frequent first."""
        groups: dict[tuple[str, str], list[Job]] = {}
        for job in await self._all_dead(caller):
            code = job.error.code if job.error else "unknown"
            groups.setdefault((job.name, code), []).append(job)
        found = [
            DeadLetterGroup(
                name=name,
                code=code,
                count=len(jobs),
                sample_id=jobs[0].id,
                sample_message=jobs[0].error.message if jobs[0].error else "",
                newest=jobs[0].created_at,
            )
            for (name, code), jobs in groups.items()
        ]
        return sorted(found, key=lambda group: -group.count)

    async def redrive(self, caller: Principal, job_id: str) -> str:
        """Send one dead letter round again from the step that failed; id of the job doing it."""
        job = await self._find(caller, job_id)
        if job.status != "failed":
            raise NotADeadLetter
        async with self._database.transaction(caller.scope) as session:
            await _tell(session, Action.JOB_REDRIVEN, caller, [job])
            return await redrive(session, self._flows, job)

    async def redrive_all(self, caller: Principal, *, name: str | None = None) -> int:
        """Send all (of one command) round again; how many."""
        jobs = [job for job in await self._all_dead(caller) if name in {None, job.name}]
        async with self._database.transaction(caller.scope) as session:
            for job in jobs:
                await redrive(session, self._flows, job)
            for space in dict.fromkeys(job.space_id for job in jobs):
                theirs = [job for job in jobs if job.space_id == space]
                await _tell(session, Action.JOB_REDRIVEN, caller, theirs)
        return len(jobs)

    async def dismiss(self, caller: Principal, job_id: str) -> None:
        """Take a dead letter off the list; the job stays on record."""
        job = await self._find(caller, job_id)
        async with self._database.transaction(caller.scope) as session:
            if not await dismiss(session, job_id, everything=caller.is_admin):
                raise NotADeadLetter
            await _tell(session, Action.JOB_DISMISSED, caller, [job])

    async def _find(self, caller: Principal, job_id: str) -> Job:
        job = await self._jobs.find(job_id, caller.scope, everything=caller.is_admin)
        if job is None:
            raise NotFound
        return job

    async def _all_dead(self, caller: Principal) -> list[Job]:
        pages: list[Sequence[Job]] = []
        page = PageParams(limit=200)
        while sum(map(len, pages)) < GROUPED_AT_MOST:
            found = await self.dead_letters(caller, page)
            pages.append(found.rows)
            if found.next_cursor is None:
                break
            page = PageParams(limit=200, cursor=found.next_cursor)
        return list(chain.from_iterable(pages))


async def _tell(session: Session, action: Action, caller: Principal, jobs: Sequence[Job]) -> None:
    """One entry for the jobs of one space, or of none: its owner reads what became of them."""
    only = jobs[0] if len(jobs) == 1 else None
    names = {job.name for job in jobs}
    entry = AuditEntry(
        action=action,
        actor=None if caller.user_id == NOBODY else caller.user_id,
        impersonator=caller.impersonator,
        space_id=jobs[0].space_id,
        target_type="job" if only else "jobs",
        target_id=only and only.id,
        detail={"count": len(jobs), "names": names},
    )
    await record(session, entry)


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
