"""What the platform's roles may do beyond their own spaces, as an enum that routes ask for.

What somebody may do inside a space is another matter: owner, editor or viewer, held by the spaces
room and by the database's policies.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from fastapi import Depends, Request

from armarium.platform.errors import Forbidden, Unauthenticated
from armarium.platform.http.scopes import ApiScope

if TYPE_CHECKING:
    from armarium.platform.http.principal import Principal


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


class MissingPermission(Forbidden):
    """Your role on this server does not allow this."""

    code = "missing_permission"


def permissions_of(role: str) -> frozenset[Permission]:
    """What a role may do; an unknown role may do nothing."""
    return PERMISSIONS_BY_ROLE.get(role, frozenset())


def require(permission: Permission) -> Any:
    """A dependency that lets only holders of `permission` through and gives the caller.

    `caller: Annotated[Principal, require(Permission.AUDIT_READ)]`, or in a router's
    `dependencies`. A key of a program needs the scope `admin` besides.
    """
    return Depends(_demand(permission))


def _demand(permission: Permission) -> "Callable[[Request], Principal]":
    def demand(request: Request) -> Any:
        caller: Principal | None = request.scope.get("principal")
        if caller is None:
            raise Unauthenticated
        if permission not in caller.permissions or not caller.has_scope(ApiScope.ADMIN):
            raise MissingPermission(permission=permission.value)
        return caller

    return demand
