"""What the engine's own schema does not hold: whose job it is, how far it is, who is alive."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Index, PrimaryKeyConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from armarium.platform.database import Base


class JobRow(Base):
    """One enqueued command; its state lives in the engine's row of the same id.

    `queue` is kept here because the engine forgets it for jobs that killed their workers.
    """

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(primary_key=True)
    space_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]
    name: Mapped[str]
    queue: Mapped[str]
    command: Mapped[dict[str, Any]] = mapped_column(JSONB)
    request_id: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    done: Mapped[int | None]
    total: Mapped[int | None]
    note: Mapped[str | None]
    dismissed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


Index("ix_jobs_space_id_created_at", JobRow.space_id, JobRow.created_at, JobRow.id)
Index("ix_jobs_created_at", JobRow.created_at, JobRow.id)


class ExecutorRow(Base):
    """A worker process's lease: whoever has not beaten for four seconds is taken for dead."""

    __tablename__ = "executors"

    id: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str]
    pid: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    beat_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class OutcomeRow(Base):
    """The answer of a `Flow.transaction`, committed with its writes: what makes it exactly once."""

    __tablename__ = "job_outcomes"
    __table_args__ = (PrimaryKeyConstraint("job_id", "step", name="pk_job_outcomes"),)

    job_id: Mapped[str]
    step: Mapped[int]
    answer: Mapped[Any] = mapped_column(JSONB(none_as_null=False))
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
