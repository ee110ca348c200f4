"""An administrator who acts as somebody else: what they may not, and that it is written down."""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from armarium.platform.audit import Action, AuditEntry, acting_from, current_origin
from armarium.platform.audit.origin import Origin
from armarium.platform.errors import Forbidden
from armarium.platform.http.principal import Principal
from armarium.platform.http.problems import render

END: Final = "/api/v1/me/impersonation"
ME: Final = "/api/v1/me"
CLOSED: Final = ("/api/v1/me/archives", "/api/v1/admin", "/api/v1/auth", "/oauth")
LASTING: Final = (
    f"{ME}/",
    "/api/v1/spaces",
    "/api/v1/shares",
    "/api/v1/invitations",
    "/api/v1/profile",
)
"""What lets somebody in would outlive the half hour."""
SHARING: Final = re.compile(r"/api/v1/collections(/[^/]+(/(grants|invitations)(/.*)?)?)?/?")
"""A collection itself, too: it says who sees what is in it, the public page included."""
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class NotWhileImpersonating(Forbidden):
    """An administrator who acts as somebody else may not do this for them."""

    code = "not_while_impersonating"


class Impersonation:
    """Stands inside the authentication."""

    def __init__(self, app: ASGIApp, *, write: Callable[[AuditEntry], Awaitable[None]]) -> None:
        """`write` puts an entry into the audit log."""
        self.app = app
        self._write = write

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what would take the account over; record every change with both names."""
        caller: Principal | None = scope.get("principal")
        if caller is None or caller.impersonator is None:
            await self.app(scope, receive, send)
            return
        path, method = str(scope["path"]), str(scope["method"])
        if _is_closed(path, method):
            await render(NotWhileImpersonating(), path)(scope, receive, send)
            return
        origin = current_origin()
        with acting_from(Origin(origin.ip, origin.agent, caller.impersonator)):
            if method not in READING:
                await self._write(
                    AuditEntry(
                        action=Action.IMPERSONATED,
                        actor=caller.user_id,
                        impersonator=caller.impersonator,
                        space_id=caller.user_id,
                        detail={"method": method, "path": path},
                    )
                )
            await self.app(scope, receive, send)


def _is_closed(path: str, method: str) -> bool:
    if path == END:
        return False
    if path.startswith(CLOSED):
        return True
    if method in READING:
        return False
    return path == ME or path.startswith(LASTING) or SHARING.fullmatch(path) is not None
