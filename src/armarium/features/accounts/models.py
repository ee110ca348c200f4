"""People and their tokens, as the rest of the program sees them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class User:
    """A person with an account."""

    id: UUID
    email: str
    email_verified: bool
    display_name: str | None
    role: str
    preferences: dict[str, Any]
    version: int
    created_at: datetime

    @property
    def is_admin(self) -> bool:
        """Whether this person runs the server."""
        return self.role == "admin"


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request came from, for the person's list of sessions."""

    ip: str | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a login gives: a short access token and the one-time key to the next pair."""

    access_token: str
    expires_in: int
    refresh_token: str
    refresh_expires_in: int


@dataclass(frozen=True, slots=True)
class Identity:
    """What a valid access token says, not yet checked against the database."""

    user_id: UUID
    session_id: UUID
    email: str


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """What a person may change about themselves; absent keys stay."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])
