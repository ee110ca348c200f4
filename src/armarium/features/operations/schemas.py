"""Health and jobs on the wire."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    model_validator,
)

from armarium.features.operations.models import Archive
from armarium.platform.audit import AuditRecord
from armarium.platform.observability import Build
from armarium.platform.workflows.jobs import Job, Progress, Status, StepRecord

Micros = Annotated[
    datetime, PlainSerializer(lambda instant: instant.isoformat(timespec="microseconds"))
]
"""ISO 8601 with microseconds and the offset written out: what health answers carry."""


def lowered(value: object) -> object:
    """`FAILED` is as good as `failed`."""
    return value.lower() if isinstance(value, str) else value


StatusIn = Annotated[Status, BeforeValidator(lowered)]


class AliveOut(BaseModel):
    status: str = Field("ok", examples=["ok"])


Outcome = Literal["healthy", "degraded", "unhealthy"]


class CheckOut(BaseModel):
    """Facts about the part stand beside what all parts have."""

    model_config = ConfigDict(extra="allow")

    @model_validator(mode="before")
    @classmethod
    def beside(cls, result: Any) -> Any:
        if isinstance(result, dict):
            return result
        common = {name: getattr(result, name) for name in ("status", "latency_ms", "error")}
        return {**result.facts, **common}

    status: Outcome
    latency_ms: float = Field(examples=[4.8])
    error: str | None = Field(None, examples=[None])


class HealthOut(BaseModel):
    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "status": "healthy",
                    "timestamp": "2026-01-02T10:30:00.123456+00:00",
                    "version": "2026.01.02-9033e57",
                    "environment": "production",
                    "total_latency_ms": 45.2,
                    "checks": {
                        "database": {"status": "healthy", "latency_ms": 4.8, "item_count": 152},
                        "blobs": {
                            "status": "healthy",
                            "latency_ms": 2.3,
                            "bucket": "armarium",
                            "has_objects": True,
                        },
                        "auth": {"status": "healthy", "latency_ms": 1.1},
                    },
                }
            ]
        },
    )

    status: Outcome
    timestamp: Micros
    version: str
    environment: str
    total_latency_ms: float
    checks: dict[str, CheckOut]


class VersionOut(BaseModel):
    version: str = Field(examples=["2026.01.02-9033e57"])
    release: str = Field(examples=["0.1.0"])
    commit: str | None = Field(examples=["9033e57"])
    committed_on: str | None = Field(examples=["2026-01-02"])
    python: str = Field(examples=["3.12.4"])
    started_at: Micros

    @classmethod
    def of(cls, build: Build) -> "VersionOut":
        return cls(
            version=build.label,
            release=build.release,
            commit=build.commit,
            committed_on=build.committed_on,
            python=build.python,
            started_at=build.started_at,
        )


class FailureOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    code: str = Field(description="Sorts failures of one kind.", examples=["image_too_large"])
    message: str


class ProgressOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    done: int = Field(examples=[3])
    total: int = Field(examples=[9])
    note: str = Field(examples=["Reading card 4"])


class JobOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str = Field(examples=["01a1f7a7-73ae-74b5-82de-d719e8b8415e"])
    name: str = Field(description="The command that it runs.", examples=["ProcessPhoto"])
    queue: str = Field(examples=["scans"])
    status: Status
    attempts: int = Field(description="How often a worker took it.", examples=[1])
    progress: ProgressOut | None
    error: FailureOut | None
    space_id: UUID | None = Field(description="None for the instance's own jobs.")
    request_id: str | None = Field(description="Of the request that asked for it.")
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class StepOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: int
    name: str
    error: FailureOut | None
    started_at: datetime | None
    finished_at: datetime | None


class JobDetailOut(JobOut):
    steps: list[StepOut]

    @classmethod
    def of(cls, job: Job, steps: Sequence[StepRecord]) -> "JobDetailOut":
        return cls(
            **JobOut.model_validate(job).model_dump(),
            steps=[StepOut.model_validate(step) for step in steps],
        )


class DeadLetterGroupOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    code: str
    count: int
    sample_id: str
    sample_message: str
    newest: datetime


class RedriveOut(BaseModel):
    id: str = Field(description="The job that sends it round.")


class RedriveAllOut(BaseModel):
    redriven: int = Field(examples=[4])


class EventSchemaOut(BaseModel):
    name: str = Field(examples=["ImageProcessed.v1.json"])
    href: str = Field(examples=["/api/v1/event-schemas/ImageProcessed.v1.json"])


class AuditEntryOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: Micros
    position: int | None = Field(description="Its place in the chain.", examples=[4711])
    action: str = Field(examples=["auth.login"])
    actor: UUID | None = Field(description="Who did it; null for nobody known.")
    impersonator: UUID | None = Field(description="The administrator who acted in their name.")
    space_id: UUID | None = Field(description="Whose space it concerns.")
    target_type: str | None = Field(examples=["member"])
    target_id: str | None
    detail: dict[str, Any] = Field(examples=[{"role": ["viewer", "editor"]}])
    ip: str | None = Field(description="In a space's own log: of your own acts only.")
    agent: str | None = Field(description="The caller's program; the same.")
    request_id: str | None

    @classmethod
    def of(cls, entry: AuditRecord, *, seen_by: UUID | None = None) -> "AuditEntryOut":
        """`seen_by` is a space's owner, who need not know where the members sit."""
        shown = cls.model_validate(entry)
        if seen_by is not None and entry.actor != seen_by:
            shown.ip = shown.agent = None
        return shown


class AuditActionOut(BaseModel):
    action: str = Field(examples=["auth.login"])
    meaning: str = Field(examples=["Somebody logged in."])


JsonSchema = dict[str, Any]


class ArchiveOut(BaseModel):
    """An archive of everything in your own space."""

    id: UUID
    status: str = Field(examples=["ready"], description="queued, ready, failed or expired.")
    created_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None = Field(description="When its file is deleted.")
    size: int | None = Field(examples=[48210331])
    sha256: str | None
    counts: dict[str, int] = Field(examples=[{"items": 120}], description="Rows by table.")
    progress: ProgressOut | None = Field(
        default=None, description="Asked for alone, while it is being made: pictures packed."
    )

    @classmethod
    def of(cls, archive: Archive, progress: Progress | None = None) -> Self:
        """With how far it is while it is being made."""
        return cls(
            **{name: getattr(archive, name) for name in ARCHIVE_FIELDS},
            progress=None if progress is None else ProgressOut.model_validate(progress),
        )


ARCHIVE_FIELDS = ArchiveOut.model_fields.keys() - {"progress"}


class ArchiveLinkOut(BaseModel):
    """Where the file of an archive is fetched, for a few minutes."""

    model_config = ConfigDict(from_attributes=True)

    url: str = Field(description="Needs no login. Ask again rather than keep it.")
    expires_at: datetime


class ArchiveImportOut(BaseModel):
    """An archive that is brought into your own space."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(examples=["01a1f7a7-73ae-74b5-82de-d719e8b8415e"])
    status: Status
    progress: ProgressOut | None = Field(description="Once it is done, `note` says what came.")
    error: FailureOut | None = Field(description="Why nothing was brought in.")
    created_at: datetime
    finished_at: datetime | None


class DeletionTermsOut(BaseModel):
    """What would happen to an account whose erasure is asked for, or does already."""

    grace_days: int = Field(examples=[14])
    closes_at: datetime | None = Field(description="Null while nobody asked for it.")


class DeletionOut(BaseModel):
    """What happens to an account whose erasure was asked for."""

    closes_at: datetime = Field(description="Until then you may log in and take it back.")
    archive: ArchiveOut
