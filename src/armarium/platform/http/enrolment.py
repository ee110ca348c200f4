"""Who must have a second factor and has none may only set one up."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from armarium.platform.errors import Forbidden
from armarium.platform.http.principal import Principal
from armarium.platform.http.problems import render

OPEN_PATHS: Final = (
    "/api/v1/auth/",
    "/api/v1/me/second-factors",
    "/api/v1/me/passkeys",
    "/api/v1/me/proof",
)
ME: Final = "/api/v1/me"


class SecondFactorMissing(Forbidden):
    """This server asks for a second factor. Set one up, then go on."""

    code = "second_factor_missing"


class Enrolment:
    """Stands inside the authentication and lets the rest of the API wait."""

    def __init__(self, app: ASGIApp, *, is_missing: Callable[[Principal], bool]) -> None:
        """`is_missing` says whether this caller must first set up a second factor."""
        self.app = app
        self._is_missing = is_missing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is neither open to all nor needed to set one up."""
        caller: Principal | None = scope.get("principal")
        if caller is None or _is_needed(scope) or not self._is_missing(caller):
            await self.app(scope, receive, send)
            return
        refuse: Callable[[Scope, Receive, Send], Awaitable[None]] = render(
            SecondFactorMissing(), scope["path"]
        )
        await refuse(scope, receive, send)


def _is_needed(scope: Scope) -> bool:
    path: str = scope["path"]
    is_me = path == ME and scope["method"] in {"GET", "HEAD"}
    return is_me or bool(scope.get("open_to_all")) or path.startswith(OPEN_PATHS)
