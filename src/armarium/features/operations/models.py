"""What health checks and job pages are made of."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from armarium.platform.database import Scope

Outcome = Literal["healthy", "degraded", "unhealthy"]
PATIENCE = 3.0
"""Seconds that one check may take before it counts as failed."""


Probe = Callable[[Scope], Awaitable[Mapping[str, Any]]]
"""Looks at one dependency as the asker's scope; raising means that it is not there. It answers
facts to show; `status` among them overrides `healthy`."""


Tell = Callable[[int, int, str], Awaitable[None]]
"""Called with how much is done, of how much, and with what."""


async def tell_nobody(_done: int, _total: int, _note: str) -> None:
    """Whoever waits at a terminal sees the end."""


@dataclass(frozen=True, slots=True)
class Check:
    """One probe and what its failure means: without an essential part nothing works."""

    name: str
    probe: Probe
    is_essential: bool = False


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How one dependency is."""

    status: Outcome
    latency_ms: float
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    error: str | None = None


@dataclass(frozen=True, slots=True)
class HealthReport:
    """How everything is, as row by row of the deep health check."""

    status: Outcome
    timestamp: datetime
    version: str
    environment: str
    total_latency_ms: float
    checks: Mapping[str, CheckResult]


@dataclass(frozen=True, slots=True)
class DeadLetterGroup:
    """Dead letters that failed alike: a sample to look at, and how many there are."""

    name: str
    code: str
    count: int
    sample_id: str
    sample_message: str
    newest: datetime


@dataclass(frozen=True, slots=True)
class Archive:
    """Everything of a person's own space in one file."""

    space_id: UUID
    id: UUID
    status: str
    created_at: datetime
    requested_by: UUID | None = None
    ready_at: datetime | None = None
    expires_at: datetime | None = None
    size: int | None = None
    sha256: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class MakeArchive:
    """Command: write an archive that was asked for."""

    space_id: UUID
    archive_id: UUID


@dataclass(frozen=True, slots=True)
class DropArchive:
    """Command: delete an archive whose time is over."""

    space_id: UUID
    archive_id: UUID


@dataclass(frozen=True, slots=True)
class BringArchive:
    """Command: bring an uploaded archive into its sender's own space."""

    space_id: UUID
    blob_key: str


@dataclass(frozen=True, slots=True)
class CloseAccounts:
    """Command: erase the accounts whose grace period is over."""


@dataclass(frozen=True, slots=True)
class EraseAccount:
    """Command: erase one account for good, if it is still due."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import added, and what was there already, by table."""

    added: Mapping[str, int]
    present: Mapping[str, int]
    pictures: int

    @property
    def words(self) -> str:
        """For the person who brought it."""
        there = self.present.get("items", 0)
        return (
            f"Items brought in: {self.added.get('items', 0)}. Pictures: {self.pictures}."
            f" Items that were there already: {there}."
        )


@dataclass(frozen=True, slots=True)
class SpaceLine:
    """A space as an administrator sees it: how much is in it, not what."""

    id: UUID
    kind: str
    name: str | None
    created_at: datetime
    deleted_at: datetime | None
    members: int
    owner: str | None = None
    """The address of the person whose it is; of several owners, the first."""
    items: int = 0
    storage_bytes: int = 0
