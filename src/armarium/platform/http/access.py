"""Authenticated by default: the middleware refuses before a byte of the body is read.

A route is open only by wearing `@public`. The accounts room implements `Authenticator`.
"""

import re
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Request
from fastapi.routing import iter_route_contexts
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from armarium.platform.errors import Forbidden, Invalid, Problem, Unauthenticated
from armarium.platform.http.principal import Principal
from armarium.platform.http.problems import render
from armarium.platform.http.scopes import ApiScope, MissingScope, scope_of

ACCESS_COOKIE = "armarium_access"
REFRESH_COOKIE = "armarium_refresh"
CSRF_COOKIE = "armarium_csrf"
CSRF_HEADER = "x-csrf-token"
SPACE_HEADER = "x-space"
SPACE_COOKIE = "armarium_space"
"""What the header says, for what a browser loads by itself and can send no header with: pictures.
Only where something is read: a write never depends on what another tab chose."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class CrossSiteRequest(Forbidden):
    """The request came with this site's cookie but not from this site, so it was refused."""

    code = "cross_site_request"


class ReadOnlySpace(Forbidden):
    """You may look at this space but not change it. Ask its owner to make you an editor."""

    code = "read_only_space"


class Authenticator(Protocol):
    """Turns an access token into the person behind it."""

    async def authenticate(self, token: str, space_id: UUID | None) -> Principal:
        """Raise `Unauthenticated` for a bad token, `NotFound` for a space that is not theirs."""
        ...


def public(endpoint: Endpoint) -> Endpoint:
    """Open a route to everyone. Put it under the route decorator, nearest to the function."""
    endpoint.__public__ = True  # pyright: ignore[reportFunctionMemberAccess]  # a mark that travels with the function
    return endpoint


def is_public(endpoint: object) -> bool:
    """Whether `@public` marks this endpoint."""
    return getattr(endpoint, "__public__", False)


async def current_principal(request: Request) -> Principal:
    """The caller of a route that demands authentication (all but those marked `@public`)."""
    principal = request.scope.get("principal")
    if principal is None:
        raise Unauthenticated
    return principal


async def principal_again(request: Request) -> Callable[[], Awaitable[Principal]]:
    """Ask the same question later, for answers that stay open: who is calling, and whether still.

    What it gives raises as the request itself would be refused by then.
    """
    again: Callable[[], Awaitable[Principal]] | None = request.scope.get("principal_again")
    if again is None:
        raise Unauthenticated
    return again


async def optional_principal(request: Request) -> Principal | None:
    """The caller of a public route, when a valid token came along."""
    return request.scope.get("principal")


def assert_same_site(headers: Headers, cookies: dict[str, str], trusted: Iterable[str]) -> None:
    """Refuse an unsafe request that a browser sent from another site with our cookie.

    Fetch metadata first, then Origin against Host, then the double-submitted token for callers
    that send neither.
    """
    origin = headers.get("origin")
    if origin is not None:
        if urlsplit(origin).netloc == headers.get("host") or origin in trusted:
            return
        raise CrossSiteRequest
    if headers.get("sec-fetch-site") in {"same-origin", "none"}:
        return
    sent = headers.get(CSRF_HEADER)
    if not sent or sent != cookies.get(CSRF_COOKIE):
        raise CrossSiteRequest


class Authentication:
    """Resolves the caller of every request under /api, or refuses it."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        routes: Callable[[], list[BaseRoute]],
        authenticator: Authenticator,
        trusted_origins: Iterable[str] = (),
    ) -> None:
        """`routes` is asked once, on the first request, when every room has joined."""
        self.app = app
        self._routes = routes
        self._authenticator = authenticator
        self._trusted = frozenset(trusted_origins)
        self._open: list[tuple[re.Pattern[str], frozenset[str]]] | None = None
        self._scopes: list[tuple[re.Pattern[str], str, ApiScope | None]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Only HTTP under /api carries callers; pages and health stand outside."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        scope["open_to_all"] = self._is_open(scope)
        try:
            scope["principal"] = await self._caller(scope)
            scope["principal_again"] = partial(self._caller, scope)
        except Problem as problem:
            if not scope["open_to_all"]:
                await render(problem, scope["path"])(scope, receive, send)
                return
            scope["principal"] = None
        await self.app(scope, receive, send)

    async def _caller(self, scope: Scope) -> Principal:
        connection = HTTPConnection(scope)
        token = self._token(scope["method"], connection)
        caller = await self._authenticator.authenticate(token, _space(scope["method"], connection))
        # For the log: who was refused below is known, though never let in.
        scope["identified"] = caller
        if caller.space_role == "viewer" and scope["method"] not in SAFE_METHODS:
            raise ReadOnlySpace
        if caller.scopes is not None:
            self._demand_scope(caller, scope)
        return caller

    def _demand_scope(self, caller: Principal, scope: Scope) -> None:
        """A key of a program reaches what its scopes name, and nothing that names no scope."""
        if self._scopes is None:
            self._scopes = list(_scoped_routes(self._routes()))
        for pattern, method, needed in self._scopes:
            if method == scope["method"] and pattern.match(scope["path"]):
                if needed is None or not caller.has_scope(needed):
                    raise MissingScope(scope=needed)
                return

    def _token(self, method: str, connection: HTTPConnection) -> str:
        if (token := _bearer(connection.headers)) is not None:
            return token
        if (cookie := connection.cookies.get(ACCESS_COOKIE)) is None:
            raise Unauthenticated
        if method not in SAFE_METHODS:
            assert_same_site(connection.headers, connection.cookies, self._trusted)
        return cookie

    def _is_open(self, scope: Scope) -> bool:
        if scope["method"] == "OPTIONS":
            return True
        if self._open is None:
            self._open = list(_open_routes(self._routes()))
        return any(
            scope["method"] in methods and pattern.match(scope["path"])
            for pattern, methods in self._open
        )


def bearer_or_cookie(request: Request) -> str | None:
    """The access token as it came, unchecked."""
    return _bearer(request.headers) or request.cookies.get(ACCESS_COOKIE)


def _bearer(headers: Headers) -> str | None:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    return (value.strip() or None) if scheme.lower() == "bearer" else None


def _open_routes(
    routes: list[BaseRoute],
) -> Iterable[tuple[re.Pattern[str], frozenset[str]]]:
    """The public ones, as the pattern and methods that the router itself matches by."""
    for route in iter_route_contexts(routes):
        if route.path_format is not None and is_public(route.endpoint):
            methods = frozenset(route.methods or ())
            yield route.path_regex, methods | ({"HEAD"} if "GET" in methods else frozenset())


def _scoped_routes(
    routes: list[BaseRoute],
) -> Iterable[tuple[re.Pattern[str], str, ApiScope | None]]:
    """What a key needs, by the pattern and method that the router itself matches by."""
    for route in iter_route_contexts(routes):
        if route.path_format is not None and not is_public(route.endpoint):
            methods = set(route.methods or ())
            for method in methods | ({"HEAD"} if "GET" in methods else set()):
                yield route.path_regex, method, scope_of(_tags(route.route), method)


def _tags(route: BaseRoute) -> list[object]:
    return list(getattr(route, "tags", None) or ())


def _space(method: str, connection: HTTPConnection) -> UUID | None:
    value = connection.headers.get(SPACE_HEADER)
    if value is None:
        return _chosen_space(connection) if method in SAFE_METHODS else None
    try:
        return UUID(value)
    except ValueError:
        raise Invalid("X-Space is not an id.", pointer="header:X-Space") from None


def _chosen_space(connection: HTTPConnection) -> UUID | None:
    """Of a browser whose session comes by cookie; nonsense is as good as nothing."""
    if _bearer(connection.headers) is not None:
        return None
    try:
        return UUID(connection.cookies.get(SPACE_COOKIE, ""))
    except ValueError:
        return None
