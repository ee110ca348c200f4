"""Lets only those through who hold a permission."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Depends, Request

from armarium.platform.errors import Forbidden, Unauthenticated
from armarium.platform.http.permissions import Permission
from armarium.platform.http.principal import Principal
from armarium.platform.http.scopes import ApiScope


class MissingPermission(Forbidden):
    """Your role on this server does not allow this."""

    code = "missing_permission"


def require(permission: Permission) -> Any:
    """A dependency that lets only holders of `permission` through and gives the caller.

    `caller: Annotated[Principal, require(Permission.AUDIT_READ)]`, or in a router's
    `dependencies`. A key of a program needs the scope `admin` besides.
    """
    return Depends(_demand(permission))


def _demand(permission: Permission) -> Callable[[Request], Awaitable[Principal]]:
    async def demand(request: Request) -> Any:
        caller: Principal | None = request.scope.get("principal")
        if caller is None:
            raise Unauthenticated
        if permission not in caller.permissions or not caller.has_scope(ApiScope.ADMIN):
            raise MissingPermission(permission=permission.value)
        return caller

    return demand
