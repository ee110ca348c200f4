"""What every response carries and every request must fit in."""

import logging
import time
from collections.abc import Mapping
from http import HTTPStatus

import structlog
from asgi_correlation_id import correlation_id
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from armarium.platform.errors import Problem
from armarium.platform.http.addresses import client_address
from armarium.platform.http.bodies import bounded
from armarium.platform.http.paths import told_path
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
MAX_ADDRESS = 8192
MAX_HEADERS = 32_768
HSTS = "max-age=31536000"
"""Browsers heed it only where they trust the certificate."""
PAGE_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' blob: data: {blobs}; media-src 'self' blob:; connect-src 'self' {blobs}; "
    "worker-src 'self' blob:; font-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""No inline script anywhere; inline styles stay, since the component library sets positions so."""


FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""Of whatever is no page: a picture that is also a page (a polyglot) must not act as one when
somebody opens its address, whatever a browser takes it for. Viewers of PDF need the sandbox off."""
PAGE_TYPE, PDF_TYPE = "text/html", "application/pdf"


class TooLarge(Problem):
    """The request is larger than this server takes. Send fewer or smaller files at once."""

    code = "too_large"
    status = 413
    title = "Too large"


class BadLength(Problem):
    """The Content-Length of the request is no number."""

    code = "bad_length"
    title = "Bad request"


class AddressTooLong(Problem):
    """The address of the request is longer than this server takes. Send less in the query."""

    code = "address_too_long"
    status = 414
    title = "Address too long"


class HeadersTooLarge(Problem):
    """The headers of the request are larger than this server takes. Clear this site's cookies."""

    code = "headers_too_large"
    status = 431
    title = "Headers too large"


class EncodedBody(Problem):
    """Compressed request bodies are not taken. Send the body as it is."""

    code = "encoded_body"
    status = 415
    title = "Unsupported encoding"


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
        self._page_policy = " ".join(policy.split())

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
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", self._policy(scope, headers))
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", HSTS)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        is_form = headers.get("content-type", "").startswith(FORMS)
        limit = self._max_upload if is_form else self._max_body
        try:
            if (refusal := _refusal(scope, headers, limit)) is not None:
                await render(refusal, scope["path"])(scope, receive, dress)
            else:
                await self.app(scope, bounded(receive, headers, limit), dress)
        finally:
            _log_request(scope, status, started)

    def _policy(self, scope: Scope, headers: MutableHeaders) -> str:
        kind = headers.get("content-type", "")
        if not scope["path"].startswith("/api/") or kind.startswith((PAGE_TYPE, PDF_TYPE)):
            return self._page_policy
        return FILE_POLICY


def _refusal(scope: Scope, headers: Headers, limit: int) -> Problem | None:
    """What the head alone shows to be too much, or not to be read here."""
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MAX_ADDRESS:
        return AddressTooLong(limit_bytes=MAX_ADDRESS)
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADERS:
        return HeadersTooLarge(limit_bytes=MAX_HEADERS)
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        return BadLength()
    if int(length[:20]) > limit:
        return TooLarge(limit_bytes=limit)
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        # Nothing is unpacked, so nothing can be a bomb.
        return EncodedBody()
    return None


def _log_request(scope: Scope, status: int, started: float) -> None:
    """The files of the web app and the probes of a supervisor are for those who debug."""
    principal = scope.get("principal") or scope.get("identified")
    route = scope.get("route")
    path = told_path(scope["path"])
    quiet = status < HTTPStatus.BAD_REQUEST and (
        scope["path"] == "/healthz" or not scope["path"].startswith("/api/")
    )
    log.log(
        logging.DEBUG if quiet else logging.INFO,
        "request",
        request_id=correlation_id.get(),
        user_id=None if principal is None else str(principal.user_id),
        operation=getattr(route, "operation_id", None) or getattr(route, "path", path),
        method=scope["method"],
        path=path,
        address=client_address(scope),
        duration_ms=round((time.perf_counter() - started) * 1000, 1),
        status=status,
    )
