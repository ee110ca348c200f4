"""Spaces, who may do what in them, named collections, invitations, shared links, profiles."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal
from uuid import UUID

Role = Literal["owner", "editor", "viewer"]
Kind = Literal["household", "shop", "gallery"]
Visibility = Literal["space", "private", "public"]
Target = Literal["item", "collection", "space"]

ROLES: Final[tuple[Role, ...]] = ("viewer", "editor", "owner")
"""From the least to the most."""
MAX_COLLECTIONS: Final = 1000
"""Of one space."""
DEFAULT_DAYS, MAX_DAYS = 14, 90
"""How long an invitation waits to be answered."""

WRITERS: Final = frozenset({"owner", "editor"})
PERSON = "person"


@dataclass(frozen=True, slots=True)
class Membership:
    """One person's role (owner, editor, viewer) in one space."""

    space_id: UUID
    role: str
    sees_money: bool = True
    rooms: int = 0
    """How many private rooms the space has, whoever may enter them."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What one person may do with one collection."""

    space_id: UUID
    collection_id: UUID
    role: str
    sees_money: bool
    is_room: bool = False
    """The collection is private."""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Everywhere that a person may act."""

    memberships: Sequence[Membership] = ()
    grants: Sequence[Grant] = ()


@dataclass(frozen=True, slots=True)
class Space:
    """The owner of a collection, as one of its members or guests sees it."""

    id: UUID
    kind: str
    name: str | None
    role: str
    created_at: datetime
    sees_money: bool = True
    version: int = 1
    deleted_at: datetime | None = None
    collections: tuple[UUID, ...] = ()
    """For a guest: the collections that were granted."""


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a space, as the others see them."""

    user_id: UUID
    email: str
    display_name: str | None
    role: str
    sees_money: bool
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Collection:
    """A named collection of items within a space."""

    space_id: UUID
    id: UUID
    name: str
    description: str
    cover_media_id: UUID | None
    visibility: str
    position: int
    version: int
    created_at: datetime
    updated_at: datetime
    created_by: UUID | None


@dataclass(frozen=True, slots=True)
class CollectionDraft:
    """A collection to make."""

    name: str
    description: str = ""
    visibility: str = "space"
    cover_media_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CollectionChange:
    """What to change of a collection; only what `values` names."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Seat:
    """What is offered to somebody: a membership, or one collection."""

    role: str
    sees_money: bool
    collection_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """An offered seat. Its token is shown once, to whoever made it."""

    space_id: UUID
    id: UUID
    email: str | None
    seat: Seat
    created_by: UUID
    created_at: datetime
    expires_at: datetime
    answer: str | None
    answered_at: datetime | None
    space_name: str | None = None
    collection_name: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True)
class InvitationGlance:
    """What a stranger who holds an invitation's link is told of it."""

    inviter_name: str | None
    space_name: str | None
    collection_name: str | None
    role: str


@dataclass(frozen=True, slots=True)
class SendInvitation:
    """Command: write to whom an invitation names."""

    space_id: UUID
    invitation_id: UUID


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to make."""

    target: Target
    target_id: UUID
    label: str = ""
    days: int = 30
    password: str | None = None
    with_prices: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link that shows one thing to whoever holds it. Its token is shown once."""

    space_id: UUID
    id: UUID
    target: str
    target_id: UUID
    label: str
    has_password: bool
    with_prices: bool
    views: int
    last_viewed_at: datetime | None
    created_by: UUID
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person shows to everyone."""

    user_id: UUID
    handle: str
    display_name: str
    about: str
    is_public: bool
    shows_wishes: bool
    indexed: bool
    version: int


class Resource(StrEnum):
    """What can be bounded. Storage is in bytes; model calls are a person's of this month."""

    STORAGE = "storage_bytes"
    ITEMS = "items"
    MODEL_CALLS = "model_calls"
