"""What the platform's roles may do beyond their own spaces, as an enum that routes ask for.

What somebody may do inside a space is another matter: owner, editor or viewer, held by the spaces
room and by the database's policies.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """One act on the server as a whole."""

    USERS_MANAGE = "users:manage"
    SPACES_MANAGE = "spaces:manage"
    SETTINGS_MANAGE = "settings:manage"
    QUOTAS_MANAGE = "quotas:manage"
    JOBS_MANAGE = "jobs:manage"
    AUDIT_READ = "audit:read"
    KEYS_MANAGE = "keys:manage"
    IMPERSONATE = "impersonate"
    CATALOGUE_MODERATE = "catalogue:moderate"
    SHARES_MODERATE = "shares:moderate"


MODERATOR: Final = frozenset({Permission.CATALOGUE_MODERATE, Permission.SHARES_MODERATE})

PERMISSIONS_BY_ROLE: Final[Mapping[str, frozenset[Permission]]] = {
    "user": frozenset(),
    "moderator": MODERATOR,
    "admin": frozenset(Permission),
}


def permissions_of(role: str) -> frozenset[Permission]:
    """What a role may do; an unknown role may do nothing."""
    return PERMISSIONS_BY_ROLE.get(role, frozenset())
