"""Health, jobs, dead letters, and the stream of events."""

from collections.abc import AsyncIterable, Awaitable, Callable
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import AwareDatetime

from armarium.features.operations import HealthService, JobService
from armarium.features.operations.exports import Form, lines
from armarium.features.operations.policy import demand_owner
from armarium.features.operations.schemas import (
    AliveOut,
    AuditActionOut,
    AuditEntryOut,
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
from armarium.kit.streams import begun
from armarium.platform.audit import Action, AuditEntry, AuditFilter, AuditLog
from armarium.platform.errors import NotFound
from armarium.platform.events.contract import contract
from armarium.platform.events.stream import LISTENING, RESYNC, EventStream, Hearing
from armarium.platform.http import (
    PageQuery,
    Permission,
    Principal,
    current_principal,
    idempotent,
    principal_again,
    provide,
    public,
    require,
    set_link,
)

Caller = Annotated[Principal, Depends(current_principal)]
Again = Annotated[Callable[[], Awaitable[Principal]], Depends(principal_again)]
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
audit = APIRouter(prefix="/admin/audit", tags=["admin"])
space_audit = APIRouter(prefix="/audit", tags=["spaces"])


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
        "Authorization header, or by EventSource with the cookie. It ends within seconds when the "
        "token or session does, or the seat in the space: come again with the next token."
    ),
    response_class=EventSourceResponse,
)
async def events_stream(
    request: Request, caller: Caller, again: Again, stream: Stream
) -> AsyncIterable[ServerSentEvent]:
    async def now_hearing() -> Hearing:
        return hearing_of(await again())

    async for message in stream.follow(hearing_of(caller), now_hearing):
        if message.type == LISTENING:
            yield ServerSentEvent(comment=LISTENING, retry=RETRY_MS)
            if "last-event-id" in request.headers:
                yield ServerSentEvent(event=RESYNC, data={})
            continue
        yield ServerSentEvent(event=message.type, data=message.data, id=message.id)


def hearing_of(caller: Principal) -> Hearing:
    """What a stream of theirs carries."""
    return Hearing(caller.spaces, caller.is_admin)


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


async def audit_filter(
    action: Annotated[
        str | None,
        Query(max_length=100, description="An action (`auth.login`) or a group (`auth`)."),
    ] = None,
    actor: Annotated[UUID | None, Query(description="Who did it.")] = None,
    space: Annotated[UUID | None, Query(description="Whose space it concerns.")] = None,
    target: Annotated[str | None, Query(max_length=200, description="Id of the target.")] = None,
    after: Annotated[AwareDatetime | None, Query(description="Not before this instant.")] = None,
    before: Annotated[AwareDatetime | None, Query(description="Before this instant.")] = None,
    q: Annotated[str | None, Query(max_length=200, description="Text in the entry.")] = None,
) -> AuditFilter:
    return AuditFilter(action, actor, space, target, after, before, q)


Wanted = Annotated[AuditFilter, Depends(audit_filter)]
Log = Annotated[AuditLog, provide(AuditLog)]
Auditor = Annotated[Principal, require(Permission.AUDIT_READ)]


@audit.get("", operation_id="audit_list", summary="Read the audit log")
async def audit_list(
    request: Request,
    response: Response,
    _caller: Auditor,
    log: Log,
    wanted: Wanted,
    page: PageQuery,
) -> list[AuditEntryOut]:
    found = await log.page(wanted, page)
    return set_link(request, response, found.map(AuditEntryOut.of))


@audit.get(
    "/actions", operation_id="audit_actions_list", summary="List the actions that are recorded"
)
async def audit_actions_list(_caller: Auditor) -> list[AuditActionOut]:
    return _actions()


@audit.get(
    "/export",
    operation_id="audit_export",
    summary="Take the audit log out as a file",
    description="CSV, or JSON lines; the export itself is recorded.",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}, "application/x-ndjson": {}}}},
)
async def audit_export(
    caller: Auditor,
    log: Log,
    wanted: Wanted,
    form: Annotated[Form, Query(alias="format")] = "csv",
) -> StreamingResponse:
    # The log is read from here on, so the export stands in the next one.
    entries = await begun(log.stream(wanted))
    await log.write(
        AuditEntry(
            action=Action.AUDIT_EXPORTED,
            actor=caller.user_id,
            detail={"format": form, **wanted.told()},
        )
    )
    return StreamingResponse(
        lines(entries, form),
        media_type="text/csv" if form == "csv" else "application/x-ndjson",
        headers={"Content-Disposition": f'attachment; filename="audit.{form}"'},
    )


@space_audit.get(
    "",
    operation_id="space_audit_list",
    summary="Read what happened in your space",
    description="For the owner of the space that you act in.",
)
async def space_audit_list(
    request: Request, response: Response, caller: Caller, log: Log, wanted: Wanted, page: PageQuery
) -> list[AuditEntryOut]:
    demand_owner(caller)
    found = await log.page(wanted, page, of_space=caller.space_id)
    mine = found.map(lambda entry: AuditEntryOut.of(entry, seen_by=caller.user_id))
    return set_link(request, response, mine)


@space_audit.get(
    "/actions",
    operation_id="space_audit_actions_list",
    summary="List the actions that are recorded, in words",
)
async def space_audit_actions_list(_caller: Caller) -> list[AuditActionOut]:
    return _actions()


def _actions() -> list[AuditActionOut]:
    return [AuditActionOut(action=each.value, meaning=each.meaning) for each in Action]
