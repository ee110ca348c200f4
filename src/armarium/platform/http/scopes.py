"""What a program's key or personal token may be used for: one table, by a route's tag and method.

Enforced by the authentication middleware for every route; a test refuses a tag without a row.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from armarium.platform.errors import Forbidden

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class ApiScope(StrEnum):
    """A part of the API that a key may be given."""

    ITEMS_READ = "items:read"
    ITEMS_WRITE = "items:write"
    MEDIA_READ = "media:read"
    MEDIA_WRITE = "media:write"
    CATALOGUE_READ = "catalogue:read"
    CATALOGUE_WRITE = "catalogue:write"
    SCAN_READ = "scan:read"
    SCAN_WRITE = "scan:write"
    SPACES_READ = "spaces:read"
    SPACES_WRITE = "spaces:write"
    SHARES_READ = "shares:read"
    SHARES_WRITE = "shares:write"
    ACCOUNT_READ = "account:read"
    ACCOUNT_WRITE = "account:write"
    JOBS_READ = "jobs:read"
    JOBS_WRITE = "jobs:write"
    EVENTS_READ = "events:read"
    ADMIN = "admin"


SCOPES_BY_TAG: Final[Mapping[str, tuple[ApiScope, ApiScope]]] = {
    "accounts": (ApiScope.ACCOUNT_READ, ApiScope.ACCOUNT_WRITE),
    "admin": (ApiScope.ADMIN, ApiScope.ADMIN),
    "catalogue": (ApiScope.CATALOGUE_READ, ApiScope.CATALOGUE_WRITE),
    "collection": (ApiScope.ITEMS_READ, ApiScope.ITEMS_WRITE),
    "events": (ApiScope.EVENTS_READ, ApiScope.EVENTS_READ),
    "media": (ApiScope.MEDIA_READ, ApiScope.MEDIA_WRITE),
    "operations": (ApiScope.JOBS_READ, ApiScope.JOBS_WRITE),
    "recognition": (ApiScope.SCAN_READ, ApiScope.SCAN_WRITE),
    "search": (ApiScope.ITEMS_READ, ApiScope.ITEMS_READ),
    "sharing": (ApiScope.SHARES_READ, ApiScope.SHARES_WRITE),
    "spaces": (ApiScope.SPACES_READ, ApiScope.SPACES_WRITE),
    "templates": (ApiScope.ITEMS_READ, ApiScope.ITEMS_WRITE),
}
"""(reading, writing) by the first tag of a route's router."""


class MissingScope(Forbidden):
    """This key may not be used for that. Make one with the scope that is named."""

    code = "missing_scope"


def scope_of(tags: Iterable[object], method: str) -> ApiScope | None:
    """What a key must hold to call a route with these tags; None for an undeclared tag."""
    for tag in tags:
        if (pair := SCOPES_BY_TAG.get(str(tag))) is not None:
            return pair[0] if method in READING else pair[1]
    return None
