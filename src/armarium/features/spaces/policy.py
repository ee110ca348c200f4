"""What a member's role allows, and how names are written. Pure."""

import re
from uuid import UUID

from armarium.features.spaces.errors import (
    InvalidSharing,
    MoneyHidden,
    NotAnEditor,
    NotForGuests,
)
from armarium.features.spaces.models import ROLES, WRITERS, Grant, Membership, Standing
from armarium.kit.text import clean_line
from armarium.platform.http import Principal

HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])")
RESERVED = frozenset({"admin", "api", "armarium", "me", "people", "shared", "support", "system"})
MAX_NAME, MAX_TEXT = 200, 2000


def demand_editor(caller: Principal) -> None:
    """Refuse those who may only look; every room asks before it writes for a person."""
    if caller.space_role == "viewer":
        raise NotAnEditor


def demand_member(caller: Principal) -> None:
    """Refuse guests of single collections, where an act concerns the whole space."""
    if caller.is_guest:
        raise NotForGuests


def demand_money(caller: Principal) -> None:
    """Refuse those who may not see what things cost."""
    if not caller.sees_money:
        raise MoneyHidden


def role_of(text: str, *, pointer: str = "/role") -> str:
    """The stored spelling of a role."""
    role = text.strip().lower()
    if role not in ROLES:
        raise InvalidSharing(f"Choose one of: {', '.join(ROLES)}.", pointer=pointer)
    return role


def sees_money_of(role: str, asked: bool | None) -> bool:  # noqa: FBT001  # the flag is the subject
    """Owners always see prices; editors unless told otherwise, viewers only when told."""
    return role == "owner" or (role == "editor" if asked is None else asked)


def name_of(text: str, *, pointer: str = "/name") -> str:
    """A name of one line."""
    name = clean_line(text)
    if not name or len(name) > MAX_NAME:
        raise InvalidSharing(f"From 1 to {MAX_NAME} characters.", pointer=pointer)
    return name


def handle_of(text: str) -> str:
    """A handle as it stands in addresses."""
    handle = text.strip().lower()
    if not HANDLE.fullmatch(handle) or handle in RESERVED:
        raise InvalidSharing(
            "From 3 to 40 small letters, digits and hyphens, none at the ends.", pointer="/handle"
        )
    return handle


def acting_in(standing: Standing, space_id: UUID) -> tuple[Membership | None, list[Grant]]:
    """What a person is in one space: a member with rooms, or a guest with grants, or nothing."""
    member = next((each for each in standing.memberships if each.space_id == space_id), None)
    return member, [each for each in standing.grants if each.space_id == space_id]


def may_write(role: str) -> bool:
    """Whether a role changes things."""
    return role in WRITERS
