"""What every response carries and every request must fit in."""

import time
from collections.abc import Mapping

import structlog
from asgi_correlation_id import correlation_id
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from armarium.platform.errors import Problem
from armarium.platform.http.problems import render

log = structlog.get_logger("armarium.http")

FORMS = ("multipart/form-data", "application/octet-stream", "image/")

SECURITY_HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
}
PAGE_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' blob: data: {blobs}; media-src 'self' blob:; connect-src 'self' {blobs}; "
    "worker-src 'self' blob:; font-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""No inline script anywhere; inline styles stay, since the component library sets positions so."""


class TooLarge(Problem):
    """The request is larger than this server takes. Send fewer or smaller files at once."""

    code = "too_large"
    status = 413
    title = "Too large"


class Guards:
    """Security headers, the size of bodies, and one log line a request."""

    def __init__(
        self, app: ASGIApp, *, max_body: int, max_upload: int, blob_origins: str = ""
    ) -> None:
        """Limits in bytes: `max_upload` for forms and raw files, `max_body` for the rest."""
        self.app = app
        self._max_body = max_body
        self._max_upload = max_upload
        policy = PAGE_POLICY.format(blobs=blob_origins)
        self._headers = {**SECURITY_HEADERS, "Content-Security-Policy": " ".join(policy.split())}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap one HTTP exchange."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def dress(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        limit = self._max_upload if headers.get("content-type", "").startswith(FORMS) else None
        limit = limit or self._max_body
        try:
            if int(headers.get("content-length", "0")) > limit:
                refusal = TooLarge(limit_bytes=limit)
                await render(refusal, scope["path"])(scope, receive, dress)
            else:
                await self.app(scope, _bounded(receive, limit), dress)
        finally:
            _log_request(scope, status, started)


def _bounded(receive: Receive, limit: int) -> Receive:
    """Count a body that came without an honest length."""
    seen = 0

    async def read() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                # The framework lets this class alone through its body parser.
                raise HTTPException(TooLarge.status, TooLarge(limit_bytes=limit).detail)
        return message

    return read


def _log_request(scope: Scope, status: int, started: float) -> None:
    principal = scope.get("principal")
    route = scope.get("route")
    log.info(
        "request",
        request_id=correlation_id.get(),
        user_id=None if principal is None else str(principal.user_id),
        operation=getattr(route, "operation_id", None) or getattr(route, "path", scope["path"]),
        method=scope["method"],
        path=scope["path"],
        duration_ms=round((time.perf_counter() - started) * 1000, 1),
        status=status,
    )
