"""What the engine itself says of a space's jobs, so that rooms can follow what they enqueued.

Written by the trigger of platform/workflows/migrate.py in the transaction that moves the job: a
worker that was killed says nothing any more, but its job is given up by another one. Subscribers
load the job's state anew (`job_in`), since either event may come late.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from armarium.platform.events.event import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class JobFailed(Event):
    """A job became a dead letter: its steps failed for good, or it killed its workers."""

    type: ClassVar[str] = "JobFailed"
    source: ClassVar[str] = "armarium.workflows"

    job_id: str
    name: str
    command: dict[str, Any]

    @property
    def subject(self) -> str:
        """The job."""
        return self.job_id


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRedriven(Event):
    """A dead letter was sent round again."""

    type: ClassVar[str] = "JobRedriven"
    source: ClassVar[str] = "armarium.workflows"

    job_id: str
    name: str
    command: dict[str, Any]

    @property
    def subject(self) -> str:
        """The job."""
        return self.job_id
