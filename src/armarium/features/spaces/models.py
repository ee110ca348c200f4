"""Spaces and what people may do in them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Membership:
    """One person's role (owner, editor, viewer) in one space."""

    space_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class Space:
    """The owner of a collection, as one of its members sees it."""

    id: UUID
    kind: str
    name: str | None
    role: str
    created_at: datetime
