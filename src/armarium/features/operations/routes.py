"""Health, jobs, dead letters, and the stream of events."""

from collections.abc import AsyncIterable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from armarium.features.operations import HealthService, JobService
from armarium.features.operations.schemas import (
    AliveOut,
    DeadLetterGroupOut,
    EventSchemaOut,
    HealthOut,
    JobDetailOut,
    JobOut,
    JsonSchema,
    RedriveAllOut,
    RedriveOut,
    StatusIn,
    VersionOut,
)
from armarium.platform.errors import NotFound
from armarium.platform.events.contract import contract
from armarium.platform.events.stream import LISTENING, RESYNC, EventStream
from armarium.platform.http import (
    PageQuery,
    Principal,
    current_principal,
    idempotent,
    provide,
    public,
    set_link,
)

Caller = Annotated[Principal, Depends(current_principal)]
Health = Annotated[HealthService, provide(HealthService)]
Jobs = Annotated[JobService, provide(JobService)]
Stream = Annotated[EventStream, provide(EventStream)]
JobId = Annotated[str, Path(max_length=200)]
RETRY_MS = 2000

alive = APIRouter(prefix="/healthz", tags=["operations"])
health = APIRouter(prefix="/health", tags=["operations"])
jobs = APIRouter(prefix="/jobs", tags=["operations"])
dead_letters = APIRouter(prefix="/dead-letters", tags=["operations"])
events = APIRouter(tags=["events"])


@alive.get("", operation_id="healthz", summary="Is the process alive?")
@public
async def healthz() -> AliveOut:
    return AliveOut(status="ok")


@health.get(
    "/deep",
    operation_id="health_deep",
    summary="How every dependency is",
    description="503 when a part without which nothing works is not well; else 200.",
    responses={503: {"model": HealthOut, "description": "An essential part is not well."}},
)
async def health_deep(caller: Caller, service: Health, response: Response) -> HealthOut:
    report = await service.report(caller.scope)
    if report.status == "unhealthy":
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return HealthOut.model_validate(report)


@health.get("/version", operation_id="health_version", summary="What is deployed")
@public
async def health_version(service: Health) -> VersionOut:
    return VersionOut.of(service.build)


@jobs.get(
    "",
    operation_id="jobs_list",
    summary="List background jobs",
    description="Those of your spaces, newest first; administrators see the instance's too.",
)
async def jobs_list(
    request: Request,
    response: Response,
    caller: Caller,
    service: Jobs,
    page: PageQuery,
    status: Annotated[StatusIn | None, Query()] = None,
    queue: Annotated[str | None, Query(max_length=100)] = None,
) -> list[JobOut]:
    found = await service.recent(caller, page, status=status, queue=queue)
    return set_link(request, response, found.map(JobOut.model_validate))


@jobs.get("/{job_id}", operation_id="jobs_get", summary="Get a job with its steps")
async def jobs_get(job_id: JobId, caller: Caller, service: Jobs) -> JobDetailOut:
    return JobDetailOut.of(*await service.get(caller, job_id))


@dead_letters.get("", operation_id="dead_letters_list", summary="List jobs that failed for good")
async def dead_letters_list(
    request: Request, response: Response, caller: Caller, service: Jobs, page: PageQuery
) -> list[JobOut]:
    found = await service.dead_letters(caller, page)
    return set_link(request, response, found.map(JobOut.model_validate))


@dead_letters.get(
    "/groups",
    operation_id="dead_letters_groups",
    summary="Count dead letters by reason",
    description="By command and code of the failure, the most frequent first, with a sample.",
)
async def dead_letters_groups(caller: Caller, service: Jobs) -> list[DeadLetterGroupOut]:
    groups = await service.dead_letter_groups(caller)
    return [DeadLetterGroupOut.model_validate(group) for group in groups]


@dead_letters.post(
    "/redrive",
    operation_id="dead_letters_redrive_all",
    summary="Send all dead letters round again",
    status_code=202,
    dependencies=[Depends(idempotent)],
)
async def dead_letters_redrive_all(
    caller: Caller,
    service: Jobs,
    name: Annotated[str | None, Query(max_length=100, description="Of one command only.")] = None,
) -> RedriveAllOut:
    return RedriveAllOut(redriven=await service.redrive_all(caller, name=name))


@dead_letters.post(
    "/{job_id}/redrive",
    operation_id="dead_letters_redrive",
    summary="Send a dead letter round again",
    description="From the step that failed; finished steps are not repeated.",
    status_code=202,
    dependencies=[Depends(idempotent)],
)
async def dead_letters_redrive(job_id: JobId, caller: Caller, service: Jobs) -> RedriveOut:
    return RedriveOut(id=await service.redrive(caller, job_id))


@dead_letters.delete(
    "/{job_id}",
    operation_id="dead_letters_dismiss",
    summary="Take a dead letter off the list",
    status_code=204,
)
async def dead_letters_dismiss(job_id: JobId, caller: Caller, service: Jobs) -> None:
    await service.dismiss(caller, job_id)


@events.get(
    "/events",
    operation_id="events_stream",
    summary="Follow what happens",
    description=(
        "Server-sent events of your spaces as CloudEvents 1.0. `event` is the type. `resync` says "
        "that something may have been missed: load again what you show. Read it by fetch with the "
        "Authorization header, or by EventSource with the cookie."
    ),
    response_class=EventSourceResponse,
)
async def events_stream(
    request: Request, caller: Caller, stream: Stream
) -> AsyncIterable[ServerSentEvent]:
    async for message in stream.follow(caller.spaces, is_admin=caller.is_admin):
        if message.type == LISTENING:
            yield ServerSentEvent(comment=LISTENING, retry=RETRY_MS)
            if "last-event-id" in request.headers:
                yield ServerSentEvent(event=RESYNC, data={})
            continue
        yield ServerSentEvent(event=message.type, data=message.data, id=message.id)


@events.get(
    "/event-schemas",
    operation_id="event_schemas_list",
    summary="List the schemas of all events",
)
@public
async def event_schemas_list() -> list[EventSchemaOut]:
    return [EventSchemaOut(name=name, href=f"/api/v1/event-schemas/{name}") for name in contract()]


@events.get(
    "/event-schemas/{name}",
    operation_id="event_schemas_get",
    summary="Get the JSON Schema of an event's data",
)
@public
async def event_schemas_get(name: str) -> JsonSchema:
    if (schema := contract().get(name)) is None:
        raise NotFound
    return schema
