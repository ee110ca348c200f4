"""Commands about background jobs; they talk to this machine's database, as its administrator."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

import typer

from armarium.entry.terminal import put_record, put_rows

jobs = typer.Typer(help="Background jobs.", no_args_is_help=True, rich_markup_mode=None)
dead_letters = typer.Typer(
    help="Jobs that failed for good.", no_args_is_help=True, rich_markup_mode=None
)

T = TypeVar("T")
COLUMNS = ("created_at", "id", "name", "queue", "status", "attempts", "progress", "error")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(min=1, max=200, help="How many at most.")]


@jobs.callback()
def about_jobs() -> None:
    """Background jobs."""


@dead_letters.callback()
def about_dead_letters() -> None:
    """Jobs that failed for good."""


@jobs.command("list")
def list_jobs(
    *,
    status: Annotated[
        str | None, typer.Option(help="queued, running, done, failed or cancelled.")
    ] = None,
    queue: Annotated[str | None, typer.Option(help="Of one queue only.")] = None,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """List jobs, the newest first."""
    from armarium.platform.paging import PageParams  # noqa: PLC0415  # heavy, only when run
    from armarium.platform.workflows.jobs import STATES  # noqa: PLC0415  # same

    chosen = None if status is None else status.lower()
    if chosen is not None and chosen not in STATES:
        raise typer.BadParameter(f"one of {', '.join(STATES)}", param_hint="--status")

    async def read(service: Any, operator: Any) -> list[dict[str, Any]]:
        found = await service.recent(operator, PageParams(limit), status=chosen, queue=queue)
        return [_shown(job) for job in found.rows]

    put_rows(_with_jobs(read), COLUMNS, as_json=as_json)


@dead_letters.command("list")
def list_dead_letters(*, limit: Limit = 50, as_json: Json = False) -> None:
    """List jobs that failed for good, the newest first."""
    from armarium.platform.paging import PageParams  # noqa: PLC0415  # heavy, only when run

    async def read(service: Any, operator: Any) -> list[dict[str, Any]]:
        found = await service.dead_letters(operator, PageParams(limit))
        return [_shown(job) for job in found.rows]

    put_rows(_with_jobs(read), COLUMNS, as_json=as_json)


@dead_letters.command("redrive")
def redrive_dead_letters(
    job_id: Annotated[str | None, typer.Argument(help="Id of the job.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    name: Annotated[str | None, typer.Option(help="With --all: of one command only.")] = None,
    as_json: Json = False,
) -> None:
    """Send dead letters round again, from the step that failed."""
    if (job_id is None) is not every:
        raise typer.BadParameter("name a job, or say --all")

    async def send(service: Any, operator: Any) -> int:
        if job_id is None:
            return await service.redrive_all(operator, name=name)
        await service.redrive(operator, job_id)
        return 1

    put_record({"redriven": _with_jobs(send)}, as_json=as_json)


def _with_jobs(act: Callable[[Any, Any], Awaitable[T]]) -> T:
    """Run `act(service, operator)` on a house of this machine's database."""
    from armarium.entry.databases import database_for  # noqa: PLC0415  # heavy, only when run
    from armarium.entry.settings import Settings  # noqa: PLC0415  # same
    from armarium.entry.wiring import build  # noqa: PLC0415  # same
    from armarium.features.operations import JobService, operator  # noqa: PLC0415  # same

    settings = Settings()

    async def run(urls: Any) -> T:
        house = build(settings, urls)
        try:
            return await act(house.get(JobService), operator())
        finally:
            await house.database.close()

    with database_for(settings) as cluster:
        return asyncio.run(run(cluster.urls))


def _shown(job: Any) -> dict[str, Any]:
    created: datetime = job.created_at
    return {
        "created_at": created.isoformat(timespec="seconds"),
        "id": job.id,
        "name": job.name,
        "queue": job.queue,
        "status": job.status,
        "attempts": job.attempts,
        "progress": job.progress and f"{job.progress.done}/{job.progress.total}",
        "error": job.error and f"{job.error.code}: {job.error.message}",
    }
