"""Whose account is being erased may only look at that, download their archive, or take it back."""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from armarium.platform.errors import Forbidden
from armarium.platform.http.principal import Principal
from armarium.platform.http.problems import render

ME: Final = "/api/v1/me"
OPEN_PATHS: Final = ("/api/v1/auth/", "/api/v1/me/deletion", "/api/v1/me/proof")
READABLE: Final = (ME, "/api/v1/me/archives", "/api/v1/me/second-factors")
"""The last one says what a proof asks for."""
READING: Final = frozenset({"GET", "HEAD"})


class AccountClosing(Forbidden):
    """This account is going to be erased. Take that back first, or download its archive."""

    code = "account_closing"


class Closing:
    """Stands inside the authentication; the database hides everything besides."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse everything else while `closes_at` is set."""
        caller: Principal | None = scope.get("principal")
        if caller is None or caller.closes_at is None or _is_open(scope):
            await self.app(scope, receive, send)
            return
        problem = AccountClosing(closes_at=caller.closes_at.isoformat())
        await render(problem, scope["path"])(scope, receive, send)


def _is_open(scope: Scope) -> bool:
    path: str = scope["path"]
    if scope.get("open_to_all") or path.startswith(OPEN_PATHS):
        return True
    of_archives = path.startswith(f"{READABLE[1]}/")
    if of_archives and path.endswith("/link"):
        return True
    return (path in READABLE or of_archives) and scope["method"] in READING
